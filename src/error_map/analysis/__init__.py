"""Pure numbers: accounting, rates, signatures."""

from .accounting import FAILED, STUDIED, Accounting, Tally, accounting, tallies
from .consensus import consensus
from .rates import Rate, Stratum, wilson
from .signature import CategoryRate, ShownAs, Signature, folding, signature

__all__ = [
    "FAILED",
    "STUDIED",
    "Accounting",
    "CategoryRate",
    "Rate",
    "ShownAs",
    "Signature",
    "Stratum",
    "Tally",
    "accounting",
    "consensus",
    "folding",
    "signature",
    "tallies",
    "wilson",
]
