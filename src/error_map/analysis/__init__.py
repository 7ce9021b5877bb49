"""Pure numbers: accounting, rates, signatures, and comparisons of models."""

from .accounting import FAILED, STUDIED, Accounting, Tally, accounting, studied_by_dataset, tallies
from .chance import binomial_tail
from .consensus import CONSENSUS_COLUMNS, consensus
from .heatmap import Heatmap, heatmap
from .paired import LEVEL, holm, mcnemar
from .rates import Rate, Stratum, wilson
from .signature import (
    TIERS,
    CategoryRate,
    DisplayPath,
    Signature,
    Tier,
    folding,
    signature,
    tier_of,
)
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
    "LEVEL",
    "NOT_STUDIED",
    "PASSED",
    "STUDIED",
    "TIERS",
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
    "Tier",
    "Transition",
    "Transitions",
    "accounting",
    "binomial_tail",
    "consensus",
    "flow_examples",
    "folding",
    "heatmap",
    "holm",
    "mcnemar",
    "signature",
    "studied_by_dataset",
    "tallies",
    "tier_of",
    "transition_of",
    "transitions",
    "wilson",
]
