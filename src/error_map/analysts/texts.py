"""Texts made to fit: clipped, shortened in the middle, visibly; names made into ids."""

import re
from collections.abc import Sequence
from typing import Final

CHARS_A_TOKEN: Final = 3.5
"""Characters that a token stands for, on the careful side for English and code."""
_NOT_ID: Final = re.compile(r"[^a-z0-9]+")
_MAX_ID: Final = 60


def clipped(text: str, most: int) -> str:
    """The text, or as much of its beginning as fits with an ellipsis behind it.

    Example:
        >>> clipped("abc", 3), clipped("abcd", 3)
        ('abc', 'ab…')
    """
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def shortened(text: str, limit: int) -> str:
    r"""The text, or its two ends with a note of what was left out between them.

    Args:
        text: Any.
        limit: Characters to keep, at least 1; the note comes on top.

    Example:
        >>> shortened("abcdefghij", 4)
        'ab\n[… 6 characters left out …]\nij'
    """
    if len(text) <= limit:
        return text
    head = (limit + 1) // 2
    tail = limit - head
    note = f"\n[… {len(text) - limit:,} characters left out …]\n"
    return text[:head] + note + (text[-tail:] if tail else "")


def fitted(texts: Sequence[str], limit: int) -> list[str]:
    """The texts, the longest of them shortened until all together keep to the limit.

    Args:
        texts: Any.
        limit: Characters for all of them.

    Example:
        >>> [len(text.split("[")[0].strip()) for text in fitted(["ab", "x" * 100], 20)]
        [2, 9]
    """
    allowed = sorted(map(len, texts))
    spare = limit
    cap = max(allowed, default=0)
    for place, length in enumerate(allowed):
        share = spare // (len(allowed) - place)
        if length > share:
            cap = max(share, 1)
            break
        spare -= length
    return [shortened(text, cap) for text in texts]


def slug(name: str, taken: Sequence[str] = ()) -> str:
    """A name as an identifier that none of `taken` is.

    Example:
        >>> slug("Unit & Scale Error"), slug("unit scale", ["unit_scale"]), slug("单位")
        ('unit_scale_error', 'unit_scale_2', 'category')
    """
    base = _NOT_ID.sub("_", name.casefold()).strip("_")[:_MAX_ID] or "category"
    number = 1
    unique = base
    while unique in taken:
        number += 1
        unique = f"{base}_{number}"
    return unique
