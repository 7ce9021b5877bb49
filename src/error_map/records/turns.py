"""The turns of a transcript: where each one begins, and in which one an offset lies."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

_HEADING: Final = re.compile(r"\s*\[turn \d+[,\]]")
"""Begins the heading of each turn; readers of logs write it, so it is looked for only there."""
_OWN_HEADING: Final = re.compile(r"\s*\[turn \d+, assistant\b")


def turn_starts(output: str, composed: Sequence[tuple[int, int]]) -> tuple[int, ...]:
    r"""The offset at which each turn begins, in order; empty if the output is no transcript.

    Args:
        output: The output of a record.
        composed: Its spans that a reader wrote.

    Example:
        >>> turn_starts("[turn 1, a]\nHi\n\n[turn 2, b]\n[turn 9, c]", [(0, 12), (14, 28)])
        (0, 14)
    """
    return tuple(start for start, end in composed if _HEADING.match(output, start, end))


def turn_at(starts: Sequence[int], offset: int) -> int | None:
    """The number of the turn in which an offset lies, from 1; None before the first turn.

    Args:
        starts: See `turn_starts`.
        offset: Offset into the output, in characters.

    Example:
        >>> turn_at((0, 17), 16), turn_at((0, 17), 17), turn_at((), 5)
        (1, 2, None)
    """
    return bisect_right(starts, offset) or None


def last_message(output: str, composed: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    r"""The span of the text with which a transcript ends, if the model wrote it.

    None if the last turn is a call, the reply of a tool or of a user, and for other outputs.

    Args:
        output: The output of a record.
        composed: Its spans that a reader wrote.

    Example:
        >>> last_message("[turn 1, tool]\n4\n\n[turn 2, assistant]\nIt is 4.", [(0, 15), (16, 38)])
        (38, 46)
    """
    if not composed:
        return None
    start, end = composed[-1]
    return (end, len(output)) if _OWN_HEADING.match(output, start, end) else None
