"""Tolerances: how far two numbers may differ and still count as equal, each with its reason.

All are shares of a number, so relative. Those without an exact reason are round bounds: wide ones
only excuse a difference, so they cost findings that are missed, never wrong findings.
"""

import math
from fractions import Fraction
from typing import Final

FLOAT_NOISE: Final = 1e-9
"""The same number, computed in floating point or printed by a machine."""
# Doubles carry 15 digits or more; printed results such as 3.0000000004 keep at least nine of them.

DERIVED: Final = 1e-6
"""The same quantity, derived in two ways with roots, angles and logarithms."""
# Subtracting nearly equal doubles loses digits: three more than `FLOAT_NOISE` are allowed for that.

SHOWN: Final = 1e-4
"""A value as a text shows it."""
# Rounding to five significant digits changes a value by at most 5e-5, to four by up to 5e-4.

CLAIM_TAKEN_UP: Final = 1 / 200
"""A claimed value that a text takes up again, perhaps with fewer digits."""
# Rounding to three significant digits changes a value by at most 0.5 %.

CONVERSION: Final = 0.01
"""A ratio of two values that is taken for a factor between units, or for a power of ten."""
# Two values with three significant digits, each off by at most 0.5 %.

RESCALED: Final = 0.012
"""A value that may be another one, rounded, in another power of ten or as a rise."""
# Measured on 19,500 answers to MMLU-Pro: with 1 % five more of the 7,948 right answers are reported
# to miss the options, which have 1.415 where the working has 1.40.

ROUNDED_OPERAND: Final = 0.01
"""The result of an operation with operands that were shown rounded to two decimals or more."""
# An operand from 0.5 on, shown with two decimals, is off by at most 1 %.

WRONG_SUM: Final = 0.01
"""A stated total that is taken for the sum of listed numbers, although it was added up wrongly."""
# A round bound: a slip in the last two digits of a total in the thousands.

ROUNDED: Final = 0.02
"""A value that was rounded carelessly, or calculated from numerals with two decimals or more."""
# The product of two operands that are off by 1 % each, as in `ROUNDED_OPERAND`.

ABOUT: Final = 0.03
"""A value that a formula gives with a sign for "about equal"."""
# A round bound between `ROUNDED` and `ROUGH`.

ROUGH: Final = 0.15
"""A value that the text calls rough, estimated or nearly right."""
# A round bound: it excuses 1,500 for 1,650, but not a slip by a factor.


def nearly_equal(
    left: Fraction | float, right: Fraction | float, *, within: float = FLOAT_NOISE
) -> bool:
    """Whether two numbers differ by at most a share of the larger one.

    Args:
        left: A number that fits a float, as `right` does.
        right: The other one.
        within: The share, one of the tolerances of this module.

    Example:
        >>> nearly_equal(Fraction(1, 3), 1 / 3), nearly_equal(0.33, 1 / 3, within=ROUNDED)
        (True, True)
        >>> nearly_equal(0, 1e-12)
        False
    """
    return math.isclose(float(left), float(right), rel_tol=within)


def power_of_ten(
    above: Fraction | float, below: Fraction | float, *, within: float = CONVERSION
) -> int | None:
    """The exponent where the ratio of two positive numbers is nearly a power of ten.

    Example:
        >>> power_of_ten(1503, 1.5), power_of_ten(7, 7), power_of_ten(2, 1)
        (3, 0, None)
    """
    exponent = math.log10(above) - math.log10(below)
    whole = round(exponent)
    return whole if abs(10 ** (exponent - whole) - 1) < within else None
