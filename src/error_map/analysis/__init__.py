"""Pure numbers: accounting, rates, signatures, models beside each other."""

from .accounting import FAILED, STUDIED, Accounting, Tally, accounting, tallies
from .consensus import consensus
from .heatmap import Heatmap, heatmap
from .rates import Rate, Stratum, wilson
from .signature import CategoryRate, ShownAs, Signature, folding, signature
from .transitions import (
    NOT_STUDIED,
    PASSED,
    Change,
    Flow,
    Transitions,
    moved_examples,
    transitions,
)

__all__ = [
    "FAILED",
    "NOT_STUDIED",
    "PASSED",
    "STUDIED",
    "Accounting",
    "CategoryRate",
    "Change",
    "Flow",
    "Heatmap",
    "Rate",
    "ShownAs",
    "Signature",
    "Stratum",
    "Tally",
    "Transitions",
    "accounting",
    "consensus",
    "folding",
    "heatmap",
    "moved_examples",
    "signature",
    "tallies",
    "transitions",
    "wilson",
]
