"""Checks whether a CSV file's quotes are such that every parser finds the same fields."""

from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

Offsets: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]

_QUOTE, _NEWLINE, _RETURN = ord('"'), ord("\n"), ord("\r")
_CHUNK: Final = 1 << 20
"""Bytes that are processed together, so that they stay in the processor's cache."""


def canonical_quotes(data: bytes, separator: int) -> Offsets | None:
    """Offsets of all quotes if each opens, closes or doubles as in RFC 4180, else None.

    A carriage return that does not end a line gives None too.

    Args:
        data: Bytes of the whole file.
        separator: The byte between fields.
    """
    buffer = np.frombuffer(data, np.uint8)
    found: list[tuple[Offsets, Flags, Flags]] = []
    for start in range(0, len(buffer), _CHUNK):
        marks = _quotes(buffer, start, separator)
        if marks is None:
            return None
        found.append(marks)
    quotes, opens, closes = (np.concatenate(parts) for parts in zip(*found, strict=True))
    # An odd number of quotes means that one is never closed.
    if len(quotes) % 2:
        return None
    opened, closed = opens[0::2], closes[1::2]
    doubled = quotes[1:-1:2] + 1 == quotes[2::2]
    inner = (opened[1:] | doubled).all() and (closed[:-1] | doubled).all()
    return quotes if inner and opened[:1].all() and closed[-1:].all() else None


def _quotes(
    buffer: npt.NDArray[np.uint8], start: int, separator: int
) -> tuple[Offsets, Flags, Flags] | None:
    """A chunk's quotes, and whether each is at the start and at the end of a field."""
    chunk = buffer[start : start + _CHUNK]
    marks = np.flatnonzero((chunk == _QUOTE) | (chunk == _RETURN)) + start
    before = buffer[np.maximum(marks - 1, 0)]
    after = buffer[np.minimum(marks + 1, len(buffer) - 1)]
    quote = buffer[marks] == _QUOTE
    if (after[~quote] != _NEWLINE).any():
        return None
    marks, before, after = marks[quote], before[quote], after[quote]
    opens = (marks == 0) | (before == separator) | (before == _NEWLINE)
    closes = (after == separator) | (after == _NEWLINE) | (after == _RETURN)
    return marks, opens, closes | (marks == len(buffer) - 1)


def separators_outside(data: bytes, quotes: Offsets, separator: int) -> int:
    """The number of separators outside the quotes, which must be canonical."""
    buffer = np.frombuffer(data, np.uint8)
    outside = 0
    for start in range(0, len(buffer), _CHUNK):
        places = np.flatnonzero(buffer[start : start + _CHUNK] == separator) + start
        outside += int((np.searchsorted(quotes, places) % 2 == 0).sum())
    return outside
