"""Excerpts of long texts around their evidence, with the omitted characters counted."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeAlias

Span: TypeAlias = tuple[int, int]
"""Start and end in characters; the end is exclusive."""

_CONTEXT_CHARS: Final = 160
"""Characters retained on each side of a mark: about two lines of text."""
_MAX_MARK_CHARS: Final = 400
"""A longer mark is truncated: evidence that is the whole output would undo the excerpt."""
_MAX_MARKS: Final = 6
"""More marks than this would make the excerpt as long as the text."""
_MAX_QUOTE_CHARS: Final = 2_000
"""Characters of a quotation that are searched for with flexible whitespace: bounds the size of the
pattern that a hostile quotation can cause."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text, or the number of characters that are omitted in its place."""

    text: str = ""
    marked: bool = False
    left_out: int = 0
    """Characters omitted here; 0 where `text` is shown."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A text, whole or in pieces."""

    pieces: tuple[Piece, ...]
    chars: int
    """Length of the whole text."""

    @property
    def left_out(self) -> int:
        """Number of omitted characters."""
        return sum(piece.left_out for piece in self.pieces)

    @property
    def marked(self) -> int:
        """Number of marked pieces."""
        return sum(piece.marked for piece in self.pieces)

    def __str__(self) -> str:
        return "".join(
            _gap(piece.left_out) if piece.left_out else piece.text for piece in self.pieces
        )


def excerpt(text: str, *, limit: int, spans: Iterable[Span] = ()) -> Excerpt:
    """An excerpt of about `limit` characters: both ends of the text, and the marks in context.

    Args:
        text: Any text.
        limit: Characters to retain at the ends; marks and their context are added to these.
        spans: Places to mark, as offsets into the text, in any order.

    Example:
        >>> str(excerpt("a" * 50 + "b", limit=10))
        'aaaaaa [… 41 characters …] aaab'
    """
    marks = _separate(spans, len(text))
    windows = [(0, len(text))] if len(text) <= limit else _windows(len(text), limit, marks)
    return Excerpt(pieces=tuple(_pieces(text, windows, marks)), chars=len(text))


def truncated(text: str, limit: int) -> str:
    """The first `limit` characters of a text, and how many follow.

    Example:
        >>> truncated("abc", 3), truncated("abcde", 3)
        ('abc', 'abc [… 2 characters …]')
    """
    return text if len(text) <= limit else text[:limit] + _gap(len(text) - limit).rstrip()


def quotation(quote: str, text: str) -> Span | None:
    r"""Where a text contains a quotation: exactly, or else with other whitespace.

    Example:
        >>> quotation("2 +  2 = 5", "So 2 + 2\n = 5."), quotation("the moon", "2 + 2")
        ((3, 13), None)
    """
    words = quote[:_MAX_QUOTE_CHARS].split()
    if not words:
        return None
    # the exact match first: it is faster and its offsets are certain
    start = text.find(quote)
    if start >= 0:
        return start, start + len(quote)
    match = re.search(r"\s+".join(map(re.escape, words)), text)
    return match.span() if match else None


def united(windows: Iterable[Span], length: int) -> list[Span]:
    """Windows onto a text in order, with those that overlap or touch united.

    Args:
        windows: In any order; they may exceed the text.
        length: Length of the text.

    Example:
        >>> united([(8, 20), (-2, 3), (3, 5)], 10)
        [(0, 5), (8, 10)]
    """
    result: list[Span] = []
    for start, end in sorted((max(0, start), min(length, end)) for start, end in windows):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return result


def _gap(chars: int) -> str:
    return f" [… {chars:,} characters …] "


def _separate(spans: Iterable[Span], length: int) -> list[Span]:
    """Marks in order, without overlaps, bounded in length and number."""
    marks: list[Span] = []
    for start, end in sorted(spans):
        first = max(start, marks[-1][1] if marks else 0)
        last = min(end, start + _MAX_MARK_CHARS, length)
        if first < last and len(marks) < _MAX_MARKS:
            marks.append((first, last))
    return marks


def _windows(length: int, limit: int, marks: Sequence[Span]) -> list[Span]:
    """The parts of a long text that are shown, in order, without overlaps."""
    # two thirds from the beginning: a working is read from its start, the answer is short
    head, tail = 2 * limit // 3, limit - 2 * limit // 3
    if marks:
        head, tail = head // 2, tail // 2
    around = [(start - _CONTEXT_CHARS, end + _CONTEXT_CHARS) for start, end in marks]
    return united([(0, head), *around, (length - tail, length)], length)


def _pieces(text: str, windows: Sequence[Span], marks: Sequence[Span]) -> Iterator[Piece]:
    after = 0
    for start, end in windows:
        if start > after:
            yield Piece(left_out=start - after)
        edges = [start, *(edge for mark in marks if mark[0] >= start for edge in mark), end]
        inside = sorted({edge for edge in edges if start <= edge <= end})
        for first, last in pairwise(inside):
            yield Piece(text[first:last], marked=(first, last) in marks)
        after = end
    if after < len(text):
        yield Piece(left_out=len(text) - after)
