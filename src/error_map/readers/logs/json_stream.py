"""Reads JSON piece by piece, so that a long list is never in memory as a whole."""

import codecs
import json
import re
from collections.abc import Collection, Generator, Iterable, Iterator
from pathlib import Path
from typing import Final

from ...errors import InputError
from ..compressed import pieces

MAX_VALUE_CHARS: Final = 1 << 28
"""Longest value that is read as a whole: bounds the memory of its Python objects."""
_CUT_CHARS: Final = 16
"""A word or an escape that is cut off at the end of what was read is shorter than this."""
_CUT_NUMBER: Final = 3
"""Characters after a number that show that it does not go on."""
_DECODER: Final = json.JSONDecoder(strict=False)
_SPACE: Final = re.compile(r"[ \t\n\r]*")


def json_fields(
    parts: Iterable[bytes], *, where: str, each: Collection[str] = ()
) -> Iterator[tuple[str, object]]:
    """The fields of a JSON object in their order; of some lists, the items one by one.

    Args:
        parts: The text in UTF-8, cut anywhere.
        where: Names the text in messages.
        each: Names of fields whose lists are given item by item, under the same name.

    Raises:
        InputError: It is no JSON object, for example because it is cut off.

    Example:
        >>> list(json_fields([b'{"version": 2, "sam', b'ples": [7, 8]}'], where="log.json",
        ...     each=["samples"]))
        [('version', 2), ('samples', 7), ('samples', 8)]
    """
    text = _Text(parts, where)
    for key in text.names():
        if key in each and text.next_mark() == "[":
            for item in text.items():
                yield key, item
        else:
            yield key, text.value()
    text.end()


def json_items(parts: Iterable[bytes], *, where: str) -> Iterator[object]:
    """The items of a JSON list one by one; see `json_fields`.

    Example:
        >>> list(json_items([b'[1, {"a": 2', b"}]"], where="list.json"))
        [1, {'a': 2}]
    """
    text = _Text(parts, where)
    yield from text.items()
    text.end()


class NestedItems:
    """The items of one list inside the object in a file, one by one.

    Args:
        path: The file, possibly compressed.
        keys: Names that lead from the outermost object to the list.
    """

    def __init__(self, path: Path, *keys: str) -> None:
        self._path = path
        self._keys = keys
        self.others: dict[tuple[str, ...], object] = {}
        """The values next to the path, by their own paths; complete once all items were read."""

    def __iter__(self) -> Iterator[object]:
        """Reads the items, and the file to its end.

        Raises:
            InputError: It is no JSON object, for example because it is cut off, or has no such
                list.
        """
        self.others.clear()
        text = _Text(pieces(self._path), str(self._path))
        found = yield from self._object(text, ())
        text.end()
        if not found:
            raise InputError(f"no list {'.'.join(self._keys)!r}", where=str(self._path))

    def _object(self, text: "_Text", path: tuple[str, ...]) -> Generator[object, None, bool]:
        """The items below an object; returns whether the list was there."""
        found = False
        for key in text.names():
            here = (*path, key)
            mark = text.next_mark()
            if here == self._keys and mark == "[":
                yield from text.items()
                found = True
            elif here == self._keys[: len(here)] and mark == "{":
                found |= yield from self._object(text, here)
            else:
                self.others[here] = text.value()
        return found


class _Text:
    """A JSON text of which only the part is in memory that is read at the moment."""

    def __init__(self, pieces: Iterable[bytes], where: str) -> None:
        self._pieces = iter(pieces)
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._where = where
        self._text = ""
        self._at = 0
        self._passed = 0
        """Characters before those in memory."""

    def names(self) -> Iterator[str]:
        """The names in the object that begins here; the caller reads each value."""
        self.take("{")
        if self.next_mark() == "}":
            self.take("}")
            return
        while True:
            key = self.value()
            if not isinstance(key, str):
                raise self.refused("a key that is no text")
            self.take(":")
            yield key
            if self.take(",}") == "}":
                return

    def items(self) -> Iterator[object]:
        """The items of the list that begins here."""
        self.take("[")
        if self.next_mark() == "]":
            self.take("]")
            return
        while True:
            yield self.value()
            if self.take(",]") == "]":
                return

    def next_mark(self) -> str:
        """The next character that is no space, which stays unread; empty at the end."""
        while True:
            space = _SPACE.match(self._text, self._at)
            self._at = space.end() if space else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._read_more():
                return ""

    def take(self, marks: str) -> str:
        """Reads one of some characters."""
        mark = self.next_mark()
        if not mark or mark not in marks:
            expected = " or ".join(repr(one) for one in marks)
            raise self.refused(f"{mark!r} instead of {expected}" if mark else "it is cut off")
        self._at += 1
        return mark

    def end(self) -> None:
        """Makes sure that nothing follows."""
        if self.next_mark():
            raise self.refused("more follows")

    def value(self) -> object:
        """Reads a value as a whole."""
        self.next_mark()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                place = self._passed + error.pos
                if self._may_be_cut(error) and self._read_more():
                    continue
                raise self.refused(error.msg, place=place) from error
            except RecursionError as error:
                raise self.refused("it is nested too deeply") from error
            except ValueError as error:  # a number of more digits than Python converts
                raise self.refused(str(error)) from error
            # A number at the end of what is in memory may go on; `1e-` is read as 1.
            length = end - self._at
            if len(self._text) - end < _CUT_NUMBER and self._read_more():
                continue
            self._at += length
            return value

    def _may_be_cut(self, error: json.JSONDecodeError) -> bool:
        return error.msg.startswith("Unterminated") or error.pos > len(self._text) - _CUT_CHARS

    def _read_more(self) -> bool:
        """Reads as much again as is in memory, so that a long value is parsed only a few times."""
        parts = [self._text[self._at :]]
        self._passed += self._at
        self._at = 0
        preferred = max(1, len(parts[0]))
        if preferred > MAX_VALUE_CHARS:
            raise self.refused(f"a value of more than {MAX_VALUE_CHARS:,} characters")
        size = 0
        while size < preferred:
            piece = next(self._pieces, None)
            try:
                text = self._decoder.decode(piece or b"", final=piece is None)
            except UnicodeDecodeError as error:
                raise self.refused(f"it is no UTF-8: {error.reason}") from error
            parts.append(text)
            size += len(text)
            if piece is None:
                break
        self._text = "".join(parts)
        return size > 0

    def refused(self, why: str, *, place: int | None = None) -> InputError:
        """The error of a place in the whole text; of the current one if none is given."""
        place = self._passed + self._at if place is None else place
        return InputError(f"no valid JSON at character {place:,}: {why}", where=self._where)
