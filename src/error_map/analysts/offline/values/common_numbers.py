"""Numbers that occur in so many texts that meeting one again proves nothing."""

from fractions import Fraction
from typing import Final

LARGEST_COMMON: Final = 10
"""Whole numbers up to this occur in almost any working of a word problem."""
# Measured on 5,276 answers to GSM8K and the other result sets: with 12 some 200 failures lose the
# step of the reference that is missing, as in "4 * 3 = 12; the working has 12 nowhere".

LARGEST_COMMON_CLAIM: Final = 12
"""Whole numbers up to this occur in most right answers, so one there does not confirm a claim."""
# Measured on 41,000 answers: with 10 four equations such as "24 - 24 = 12" count as shared with a
# right answer and are no longer reported; one right answer is reported less.


def telling(value: Fraction | float, *, above: int = LARGEST_COMMON) -> bool:
    """Whether meeting the value again is more than chance.

    Args:
        value: Positive or negative.
        above: Whole numbers up to this are common.

    Example:
        >>> telling(7), telling(-7), telling(7.5), telling(42)
        (False, False, True, True)
    """
    return abs(float(value)) > above or value != int(value)
