"""Pure numbers: accounting, rates, signatures, and comparisons of models."""

from .accounting import FAILED, STUDIED, Accounting, Tally, accounting, tallies
from .chance import binomial_tail
from .consensus import CONSENSUS_COLUMNS, consensus
from .heatmap import Heatmap, heatmap
from .rates import Rate, Stratum, wilson
from .signature import CategoryRate, DisplayPath, Signature, folding, signature
from .transitions import (
    NOT_STUDIED,
    PASSED,
    Flow,
    Stream,
    Transition,
    Transitions,
    flow_examples,
    transition_of,
    transitions,
)

__all__ = [
    "CONSENSUS_COLUMNS",
    "FAILED",
    "NOT_STUDIED",
    "PASSED",
    "STUDIED",
    "Accounting",
    "CategoryRate",
    "DisplayPath",
    "Flow",
    "Heatmap",
    "Rate",
    "Signature",
    "Stratum",
    "Stream",
    "Tally",
    "Transition",
    "Transitions",
    "accounting",
    "binomial_tail",
    "consensus",
    "flow_examples",
    "folding",
    "heatmap",
    "signature",
    "tallies",
    "transition_of",
    "transitions",
    "wilson",
]
