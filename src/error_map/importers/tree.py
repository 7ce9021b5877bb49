"""Streams failures from the contract's JSON tree, ours or the reference's."""

import re
from codecs import getincrementaldecoder
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final, NoReturn, TypeAlias

from ..errors import InputError
from .leaf import UNNAMED, Growth, Leaf, text_of

LEAF_KEYS: Final = frozenset(
    {"model", "dataset", "example_id", "input_text", "output_text", "score", "judge_response"}
    | {"judge_model", "error_summary", "error_title"}
)
"""Keys of a node's `info`, some of which it has if the node is a failure."""
RAW: Final = "for results that are not analysed yet, run error-map --data-path FILE first"
_OPENING: Final[Mapping[str, type[dict[str, object]] | type[list[object]]]] = {
    "start_map": dict,
    "start_array": list,
}
_Events: TypeAlias = Iterator[tuple[str, object]]
_CHUNK: Final = 1 << 20
"""Bytes read at once; a call of the parser costs little in comparison."""
_NOT_JSON: Final = re.compile(rb"[:\[,]\s{0,8}(?:NaN|-?Infinity)")
_HIGH: Final = r"\\u[dD][89abAB][0-9a-fA-F]{2}"
_LOW: Final = r"\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_LONE: Final = re.compile(
    rf"{_HIGH}(?!{_LOW})|(?<!\\u[dD][89abAB]..){_LOW}|\\{_HIGH}{_LOW}".encode(), re.DOTALL
)
"""Escapes that may be a lone surrogate; a quick check of the bytes before they are parsed."""
_MARKS: Final = re.compile(
    rf'{_HIGH}{_LOW}|(?P<half>{_HIGH}|{_LOW})|\\.|"|NaN|-?Infinity', re.DOTALL
)
_MAX_MARK: Final = len(r"\ud83d\ude00")
"""Length of the longest match of `_MARKS`, which a chunk must not split."""


def tree_leaves(path: Path, growth: Growth) -> Iterator[Leaf]:
    """The failures of a tree, in its order; its categories go to `growth`.

    Memory does not grow with the file. `NaN` and infinities, which JSON does not have, are read as
    null; lone surrogates as U+FFFD.

    Raises:
        InputError: The file is not such a tree, or the extra `app` is not installed.
    """
    ijson = _ijson(path)
    with path.open("rb") as stream:
        source = _Mended(stream, mend=_needs_mending(path))
        events = ijson.basic_parse(source, use_float=True)
        try:
            yield from _Reader(growth, str(path)).leaves(events)
        except ijson.JSONError as error:
            reason = " ".join(str(error).split())[:200]
            hint = "the file may be cut off"
            raise InputError(f"not JSON: {reason}", where=str(path), hint=hint) from error


def _ijson(path: Path) -> Any:  # noqa: ANN401 - a module without types
    try:
        import ijson  # noqa: PLC0415 - an extra
    except ImportError as error:
        hint = 'pip install "error-map[app]"'
        raise InputError("reading a JSON tree needs ijson", where=str(path), hint=hint) from error
    return ijson


def _needs_mending(path: Path) -> bool:
    """Whether a file may contain NaN, an infinity or an escaped lone surrogate."""
    overlap = b""
    with path.open("rb") as stream:
        while data := stream.read(_CHUNK):
            if _NOT_JSON.search(overlap + data) or _LONE.search(overlap + data):
                return True
            # A match may cross the border between two chunks.
            overlap = data[-2 * _MAX_MARK :]
    return False


class _Mended:
    """Bytes of a file as UTF-8 without byte-order mark, with invalid JSON values replaced."""

    def __init__(self, stream: BinaryIO, *, mend: bool) -> None:
        self._stream = stream
        self._decoder = getincrementaldecoder("utf-8-sig")("replace")
        self._mend = mend
        self._rest = ""
        self._inside = False

    def read(self, size: int) -> bytes:
        """The next bytes, any number of them; empty at the end, or if `size` is 0."""
        if not size:
            return b""
        while True:
            data = self._stream.read(_CHUNK)
            text = self._rest + self._decoder.decode(data, final=not data)
            self._rest = ""
            text = self._mended(text, last=not data) if self._mend else text
            if text or not data:
                return text.encode()

    def _mended(self, text: str, *, last: bool) -> str:
        """The repaired text; its end is held back for the next chunk, unless this is the last."""
        end = len(text) if last else max(0, len(text) - _MAX_MARK)
        done, parts = 0, []
        for mark in _MARKS.finditer(text):
            if mark.start() >= end:
                break
            if mark[0] == '"':
                self._inside = not self._inside
            elif mark["half"]:
                parts.append(text[done : mark.start()] + r"\ufffd")
                done = mark.end()
            elif not self._inside and mark[0][0] != "\\":
                parts.append(text[done : mark.start()] + "null")
                done = mark.end()
            end = max(end, mark.end())
        self._rest = text[end:]
        return "".join((*parts, text[done:end]))


@dataclass(slots=True)
class _Node:
    """A node that is still being read."""

    number: int = -1
    """Number in the growth, once it is known to be a category."""
    cells: dict[str, object] = field(default_factory=dict)
    key: str = ""
    """Key of the next value."""
    listing: bool = False
    """Whether its children are being read."""


class _Reader:
    """Follows the events of a parser, with a stack of open nodes instead of recursion."""

    def __init__(self, growth: Growth, where: str) -> None:
        self._growth = growth
        self._where = where
        self._open: list[_Node] = []
        self._seen = 0

    def leaves(self, events: _Events) -> Iterator[Leaf]:
        """Yields each failure when its node ends.

        Raises:
            InputError: The file is not a tree of results.
        """
        kind, _ = next(events, ("nothing", None))
        if kind != "start_map":
            self._refuse("it does not begin with a node", RAW)
        self._open.append(_Node())
        for kind, value in events:
            node = self._open[-1]
            if node.listing:
                yield from self._child(kind, value, events)
            elif kind == "map_key":
                node.key = str(value)
            elif kind == "end_map":
                yield from self._end()
            elif kind == "start_array" and node.key == "children":
                node.listing = True
            else:
                node.cells[node.key] = _value(kind, value, events)
        if not self._seen:
            self._refuse("no node of it is a failure", RAW)

    def _child(self, kind: str, value: object, events: _Events) -> Iterator[Leaf]:
        """Handles an event in a list of children."""
        node = self._open[-1]
        if kind == "end_array":
            node.listing = False
            return
        self._settle()
        if kind == "start_map":
            self._open.append(_Node())
        else:
            _value(kind, value, events)  # a child that is not a node
            yield self._leaf({})

    def _settle(self) -> None:
        """Makes the innermost open node a category: it has children."""
        node = self._open[-1]
        if node.number < 0:
            above = self._open[-2].number if len(self._open) > 1 else 0
            node.number = self._growth.add(above)
            self._growth.root = self._growth.root or node.number

    def _end(self) -> Iterator[Leaf]:
        node = self._open[-1]
        info = node.cells.get("info")
        cells = info if isinstance(info, dict) else {}
        described = text_of(cells.get("description", "") if isinstance(info, dict) else info)
        of_failure = not LEAF_KEYS.isdisjoint(cells)
        if described and not of_failure:
            self._settle()
        if node.number >= 0:
            identifier, name = (text_of(node.cells.get(one)) for one in ("id", "name"))
            self._growth.describe(
                node.number, identifier=identifier, name=name or UNNAMED, description=described
            )
        self._open.pop()
        if self._open and (of_failure or node.number < 0):
            under = node.number if node.number >= 0 else self._open[-1].number
            yield self._leaf({"error_title": node.cells.get("name"), **cells}, under)

    def _leaf(self, cells: dict[str, object], under: int = -1) -> Leaf:
        self._seen += 1
        return Leaf(self._seen, cells, under if under >= 0 else self._open[-1].number)

    def _refuse(self, reason: str, hint: str) -> NoReturn:
        raise InputError(f"no results tree: {reason}", where=self._where, hint=hint)


def _value(kind: str, value: object, events: _Events) -> object:
    """The whole value that begins with an event."""
    if kind not in _OPENING:
        return value
    whole = _OPENING[kind]()
    open_ones, keys = [whole], [""]
    for kind, value in events:  # noqa: PLR1704 - the value goes on
        if kind == "map_key":
            keys[-1] = str(value)
        elif kind in {"end_map", "end_array"}:
            open_ones.pop(), keys.pop()
            if not open_ones:
                break
        else:
            item = _OPENING[kind]() if kind in _OPENING else value
            inner = open_ones[-1]
            if isinstance(inner, dict):
                inner[keys[-1]] = item
            else:
                inner.append(item)
            if isinstance(item, (dict, list)):
                open_ones.append(item)
                keys.append("")
    return whole
