"""A long text cut down to its evidence, with what is left out counted."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeAlias

Span: TypeAlias = tuple[int, int]

_ABOUT: Final = 160
"""Characters that are kept on each side of a place."""
_LONGEST_MARK: Final = 400
"""Characters of one marked place."""
_MOST_MARKS: Final = 6
_LONGEST_SOUGHT: Final = 2_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text; where `left_out` is over 0, so many characters are missing instead."""

    text: str = ""
    marked: bool = False
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A text, whole or in pieces."""

    pieces: tuple[Piece, ...]
    chars: int
    """Of the whole text."""

    @property
    def left_out(self) -> int:
        """Characters of the whole that are not here."""
        return sum(piece.left_out for piece in self.pieces)

    @property
    def marked(self) -> int:
        """Places that are marked."""
        return sum(piece.marked for piece in self.pieces)

    def __str__(self) -> str:
        return "".join(
            f" [… {piece.left_out:,} characters …] " if piece.left_out else piece.text
            for piece in self.pieces
        )


def excerpt(text: str, *, limit: int, spans: Iterable[Span] = ()) -> Excerpt:
    """A text of about `limit` characters at the most: its ends and what stands around the marks.

    Args:
        text: Any.
        limit: Characters to keep; marks and what is around them come on top.
        spans: Places to mark, as offsets into the text, in any order.

    Example:
        >>> str(excerpt("a" * 50 + "b", limit=10))
        'aaaaaa [… 41 characters …] aaab'
    """
    marks = _apart(spans, len(text))
    shown = [(0, len(text))] if len(text) <= limit else _windows(len(text), limit, marks)
    return Excerpt(pieces=tuple(_pieces(text, shown, marks)), chars=len(text))


def places(quotes: Iterable[str], text: str) -> Iterator[Span]:
    """Where quotations stand in a text, whitespace aside; those that stand nowhere are left out."""
    for quote in quotes:
        words = quote[:_LONGEST_SOUGHT].split()
        if words and (found := re.search(r"\s+".join(map(re.escape, words)), text)):
            yield found.span()


def _apart(spans: Iterable[Span], length: int) -> list[Span]:
    """Marks in order that do not overlap, none too long, not too many."""
    kept: list[Span] = []
    for start, end in sorted(spans):
        first = max(start, kept[-1][1] if kept else 0)
        last = min(end, start + _LONGEST_MARK, length)
        if first < last and len(kept) < _MOST_MARKS:
            kept.append((first, last))
    return kept


def _windows(length: int, limit: int, marks: Sequence[Span]) -> list[Span]:
    """The parts of a long text that are shown, in order and apart."""
    head, tail = 2 * limit // 3, limit - 2 * limit // 3
    if marks:
        head, tail = head // 2, tail // 2
    around = [(max(0, start - _ABOUT), min(length, end + _ABOUT)) for start, end in marks]
    joined: list[Span] = []
    for start, end in sorted([(0, head), *around, (length - tail, length)]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _pieces(text: str, shown: Sequence[Span], marks: Sequence[Span]) -> Iterator[Piece]:
    after = 0
    for start, end in shown:
        if start > after:
            yield Piece(left_out=start - after)
        edges = [start, *(edge for mark in marks if mark[0] >= start for edge in mark), end]
        inside = sorted({edge for edge in edges if start <= edge <= end})
        for first, last in pairwise(inside):
            yield Piece(text[first:last], marked=(first, last) in marks)
        after = end
    if after < len(text):
        yield Piece(left_out=len(text) - after)
