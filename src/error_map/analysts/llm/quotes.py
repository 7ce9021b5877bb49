"""Verifies that quoted evidence occurs in a text."""

from typing import Final

from rapidfuzz import fuzz

# Forgives about one changed character in ten, such as typographic quotes or a dropped word.
MIN_SIMILARITY: Final = 90.0
"""Similarity in percent from which a quotation counts as verified."""
# Bounds the time of the fuzzy search, which grows with quotation times text.
_MAX_FUZZY_CHARS: Final = 2_000


def is_quoted(quote: str, text: str) -> bool:
    r"""Whether a quotation occurs in a text, ignoring whitespace and small differences.

    Example:
        >>> is_quoted("2 +  2 = 5", "So 2 + 2\n= 5."), is_quoted("the moon", "So 2 + 2 = 5.")
        (True, False)
    """
    needle, haystack = " ".join(quote.split()), " ".join(text.split())
    if not needle:
        return False
    if needle in haystack:
        return True
    return len(needle) <= _MAX_FUZZY_CHARS and bool(
        fuzz.partial_ratio(needle, haystack, score_cutoff=MIN_SIMILARITY)
    )
