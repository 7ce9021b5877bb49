"""Plotly figures as pure functions of a run's numbers."""

from .bars import MAX_BARS, failure_rate_figure, signature_figure
from .flows import transition_figure
from .heat import (
    FEW_COLUMNS,
    MAX_COLUMNS,
    MAX_ROWS,
    Measure,
    counts_of,
    heatmap_figure,
    select_rate,
)
from .tree import MAX_SECTORS, Shape, taxonomy_figure

__all__ = [
    "FEW_COLUMNS",
    "MAX_BARS",
    "MAX_COLUMNS",
    "MAX_ROWS",
    "MAX_SECTORS",
    "Measure",
    "Shape",
    "counts_of",
    "failure_rate_figure",
    "heatmap_figure",
    "select_rate",
    "signature_figure",
    "taxonomy_figure",
    "transition_figure",
]
