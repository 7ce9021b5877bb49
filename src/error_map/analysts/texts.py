"""Truncates texts visibly, and makes ids out of names."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

CHARS_A_TOKEN: Final = 3.5
"""Characters per token. English has about 4.5 and code 3: a low figure keeps prompts in limits."""
_NOT_ID: Final = re.compile(r"[^a-z0-9]+")
_MAX_ID: Final = 60
"""Tables show ids, and longer ones would push the numbers out of sight."""


def clipped(text: str, limit: int) -> str:
    """The text, truncated at its end with an ellipsis.

    Args:
        text: Any text.
        limit: Maximum characters of the result, the ellipsis included.

    Example:
        >>> clipped("abc", 3), clipped("abcd", 3)
        ('abc', 'ab…')
    """
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def shortened(text: str, limit: int) -> str:
    r"""The text, truncated in its middle with a note of how much is left out.

    Args:
        text: Any text.
        limit: Characters to keep, at least 1; the note is extra.

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
    """The texts, the longest of them truncated until their total length is within the limit.

    Args:
        texts: Any texts.
        limit: Characters for all of them together; the notes are extra.

    Example:
        >>> [len(text.split("[")[0].strip()) for text in fitted(["ab", "x" * 100], 20)]
        [2, 9]
    """
    cap = fair_share(map(len, texts), limit)
    return [shortened(text, cap) for text in texts]


def fair_share(lengths: Iterable[int], limit: int) -> int:
    """The length to which the longest texts must be truncated, so that all are within a limit.

    Args:
        lengths: Of all texts.
        limit: For all of them together.

    Example:
        >>> fair_share([2, 100, 50], 20), fair_share([2, 8], 20)
        (9, 8)
    """
    ordered = sorted(lengths)
    spare = limit
    for shorter, length in enumerate(ordered):  # short texts leave their share to longer ones
        share = spare // (len(ordered) - shorter)
        if length > share:
            return max(share, 1)
        spare -= length
    return max(ordered, default=0)


def slug(name: str, taken: Sequence[str] = ()) -> str:
    """Turns a name into an identifier that is not among `taken`.

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
