"""Whether a quotation really stands in a text."""

from typing import Final

from rapidfuzz import fuzz

CLOSE: Final = 90.0
"""Percent of similarity from which a quotation counts as found."""
_FUZZY_CHARS: Final = 2_000


def found(quote: str, text: str) -> bool:
    r"""Whether the quotation stands in the text, whitespace aside and small slips forgiven.

    Example:
        >>> found("2 +  2 = 5", "So 2 + 2\n= 5."), found("the moon", "So 2 + 2 = 5.")
        (True, False)
    """
    wanted, whole = " ".join(quote.split()), " ".join(text.split())
    if not wanted:
        return False
    if wanted in whole:
        return True
    return len(wanted) <= _FUZZY_CHARS and bool(
        fuzz.partial_ratio(wanted, whole, score_cutoff=CLOSE)
    )
