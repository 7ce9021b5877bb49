"""Plotly figures as pure functions of a run's numbers."""

from .bars import MOST_BARS, failure_rates, signature_bars
from .flows import MOST_CATEGORIES, flow_picture
from .heat import FEW_COLUMNS, MOST_COLUMNS, MOST_ROWS, Measure, heat_picture, measured
from .tree import MOST_SECTORS, Shape, tree_picture

__all__ = [
    "FEW_COLUMNS",
    "MOST_BARS",
    "MOST_CATEGORIES",
    "MOST_COLUMNS",
    "MOST_ROWS",
    "MOST_SECTORS",
    "Measure",
    "Shape",
    "failure_rates",
    "flow_picture",
    "heat_picture",
    "measured",
    "signature_bars",
    "tree_picture",
]
