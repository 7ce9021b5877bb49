"""Reads the items of a long list inside a JSON file one at a time."""

import json
from codecs import getincrementaldecoder
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Final

from ...errors import InputError
from ..compressed import pieces

_DECODER: Final = json.JSONDecoder(strict=False)
_BLANKS: Final = " \t\n\r"
_CUT_NUMBER: Final = 3
"""Characters after a number that show that it does not go on."""


class JsonItems:
    """The items of one list in a JSON file, read as a stream.

    Only one item is in memory at a time, and each value outside the list.

    Args:
        path: The file: an object, possibly compressed.
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
            InputError: It is no JSON, for example because it is cut off, or has no such list.
        """
        self.others.clear()
        text = _Text(self._path)
        found = yield from self._object(text, ())
        if not found:
            raise InputError(f"no list {'.'.join(self._keys)!r}", where=str(self._path))
        text.end()

    def _object(self, text: "_Text", path: tuple[str, ...]) -> Generator[object, None, bool]:
        """The items below an object; returns whether the list was there."""
        found = False
        text.expect("{")
        if text.takes("}"):
            return found
        while True:
            name = text.value()
            if not isinstance(name, str):
                raise text.fault("the name of a property expected")
            text.expect(":")
            here = (*path, name)
            on_the_way = here == self._keys[: len(here)]
            if here == self._keys and text.next_is("["):
                yield from _items(text)
                found = True
            elif on_the_way and text.next_is("{"):
                found |= yield from self._object(text, here)
            else:
                self.others[here] = text.value()
            if text.takes("}"):
                return found
            text.expect(",")


def _items(text: "_Text") -> Iterator[object]:
    text.expect("[")
    if text.takes("]"):
        return
    while True:
        yield text.value()
        if text.takes("]"):
            return
        text.expect(",")


class _Text:
    """The text of a file from the current place on, of which only the beginning is in memory."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._pieces = pieces(path)
        self._decode = getincrementaldecoder("utf-8-sig")("strict")
        self._text = ""
        self._place = 0
        self._before = 0
        """Characters that were dropped."""
        self._is_whole = False

    def value(self) -> object:
        """The next value, which the place is moved behind."""
        self._skip_blanks()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._place)
            except RecursionError as error:
                raise self.fault("the JSON is nested too deeply") from error
            except ValueError as error:
                if self._is_whole:
                    raise self.fault(f"no valid JSON: {error}") from error
            else:
                # A number at the end of what is in memory may go on; `1e-` is read as 1.
                if len(self._text) - end >= _CUT_NUMBER or self._is_whole:
                    self._place = end
                    return value
            self._read(at_least=len(self._text) - self._place)

    def expect(self, mark: str) -> None:
        """Moves behind a mark that has to come next."""
        if not self.takes(mark):
            raise self.fault(f"no valid JSON: {mark!r} expected")

    def takes(self, mark: str) -> bool:
        """Moves behind a mark, if it comes next."""
        found = self.next_is(mark)
        self._place += found
        return found

    def next_is(self, mark: str) -> bool:
        """Whether a mark comes next."""
        self._skip_blanks()
        return self._text[self._place : self._place + 1] == mark

    def end(self) -> None:
        """Makes sure that nothing follows."""
        self._skip_blanks()
        if self._place < len(self._text):
            raise self.fault("no valid JSON: more follows the outermost object")

    def fault(self, reason: str) -> InputError:
        """An error at the current place."""
        return InputError(f"{reason}, at character {self._before + self._place}", where=self._where)

    @property
    def _where(self) -> str:
        return str(self._path)

    def _skip_blanks(self) -> None:
        while True:
            while self._place < len(self._text) and self._text[self._place] in _BLANKS:
                self._place += 1
            if self._place < len(self._text) or self._is_whole:
                return
            self._read(at_least=1)

    def _read(self, *, at_least: int) -> None:
        """Reads on; in growing steps, so that a long value is not decoded once per piece."""
        added: list[str] = []
        size = 0
        while size < max(1, at_least) and not self._is_whole:
            piece = next(self._pieces, None)
            self._is_whole = piece is None
            try:
                added.append(self._decode.decode(piece or b"", self._is_whole))
            except UnicodeDecodeError as error:
                raise InputError(f"no UTF-8: {error}", where=self._where) from error
            size += len(added[-1])
        self._before += self._place
        self._text = self._text[self._place :] + "".join(added)
        self._place = 0
