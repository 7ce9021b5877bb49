"""Literals and calls as JSON, Python and JavaScript write them, read without running anything."""

import re
from collections.abc import Sequence
from types import MappingProxyType
from typing import Final, TypeAlias

from ..values.literals import CLOSERS, MAX_NODES, Grammar, Scanner, UnreadableError, unescaped
from .syntax import BareWord, Call, Opaque

Reader: TypeAlias = Scanner[object]

MAX_NUMBER_CHARS: Final = 300

_SPACE: Final = re.compile(r"(?:\s|#[^\n]*+)*+")
_STRING: Final = re.compile(
    r"[rRbBuUfF]{0,2}(?:\"\"\"((?:[^\"\\]|\\.|\"(?!\"\"))*+)\"\"\""
    r"|'''((?:[^'\\]|\\.|'(?!''))*+)'''"
    r"|\"([^\"\\]*+(?:\\.[^\"\\]*+)*+)\"|'([^'\\]*+(?:\\.[^'\\]*+)*+)')",
    re.DOTALL,
)
_NUMBER: Final = re.compile(
    r"[+-]?(?:0[xX][0-9a-fA-F]++|(?:\d[\d_]*+(?:\.\d*+)?|\.\d++)(?:[eE][+-]?\d++)?)(?:[LlFfDd]\b)?"
)
_NAME: Final = re.compile(r"[^\W\d][\w-]*+(?:\.[^\W\d][\w-]*+|::[^\W\d]\w*+)*+")
_KEYWORD: Final = re.compile(r"([^\W\d][\w-]*+)\s*+=(?!=)")
_UNPACKING: Final = re.compile(r"\*\*")
_ENDS: Final = re.compile(r"[,)\]}]|\Z")
_CONTINUES: Final = re.compile(r"(?:if|or|and|for|in|is|not|else|instanceof)\b|[^\w\s\"'{]")
_SKIPPED: Final = re.compile(r"[^\"'()\[\]{},]++")
_WORDS: Final = MappingProxyType(
    {"True": True, "False": False, "None": None, "null": None, "undefined": None}
)


def lenient_reader(text: str, *, nodes: int = MAX_NODES) -> Reader:
    """A reader of values and calls that reads at most `nodes` values, over all attempts."""
    return Scanner(text, _LENIENT, nodes=nodes)


def call_at(reader: Reader, place: int) -> Call:
    """The call whose name begins at an offset.

    Raises:
        UnreadableError: As `value_at`, and where the name has no brackets.
    """
    value = reader.value_at(place)
    if isinstance(value, Call):
        return value
    raise UnreadableError(f"no call at {place}")


def _scalar(reader: Reader, first: str, depth: int) -> object:
    if (text := _string(reader)) is not None:
        if reader.text.startswith("(", reader.place) and _NAME.fullmatch(text):
            raise UnreadableError(f"the name {text!r} of a function is in quotation marks")
        return text
    if number := reader.match(_NUMBER):
        return _number(number[0])
    name = reader.match(_NAME)
    if name is None:
        raise UnreadableError(f"a value is expected at {reader.place}, found {first!r}")
    if reader.text.startswith("(", reader.place):
        return _call(reader, name, depth)
    return _WORDS[name[0]] if name[0] in _WORDS else BareWord(name[0])


def _string(reader: Reader) -> str | None:
    parts: list[str] = []
    while match := reader.match(_STRING):
        parts.append(unescaped(match[match.lastindex or 3]))
        if reader.skip_space() not in {'"', "'"}:
            break
    return "".join(parts) if parts else None


def _call(reader: Reader, name: re.Match[str], depth: int) -> Call:
    reader.place += 1
    arguments: dict[str, object] = {}
    positional: list[object] = []
    while reader.skip_space() != ")":
        keyword = reader.match(_KEYWORD)
        if keyword and keyword[1] in arguments:
            raise UnreadableError(f"argument {keyword[1]} twice at {keyword.start()}")
        unpacked = None if keyword else reader.match(_UNPACKING)
        value = _item(reader, depth + 1)
        if keyword:
            arguments[keyword[1]] = value
        elif unpacked and isinstance(value, dict):
            arguments.update({str(key): item for key, item in value.items()})
        else:
            positional.append(value)
        reader.separator(")")
    reader.place += 1
    return Call(
        name=name[0],
        arguments=arguments,
        positional=tuple(positional),
        start=name.start(),
        end=reader.place,
    )


def _container(opening: str, keys: Sequence[object], items: Sequence[object]) -> object:
    if opening == "{" and (keys or not items):
        return dict(zip(keys, items, strict=True))
    return None if opening == "{" and len(items) == 1 else list(items)


def _item(reader: Reader, depth: int) -> object:
    """A value within brackets, where an expression may follow it."""
    first = reader.skip_space()
    start = reader.place
    try:
        value = reader.value(depth)
    except UnreadableError:
        if reader.place > start or first in "\"'[{(,)]}":
            raise
        value = None
    reader.skip_space()
    if reader.place > start and _ENDS.match(reader.text, reader.place):
        return value
    new = isinstance(value, BareWord) and value.text == "new"  # objects of Java and JavaScript
    if reader.place > start and not new and not _CONTINUES.match(reader.text, reader.place):
        raise UnreadableError(f"',' expected at {reader.place}")
    return _expression(reader, start)


def _expression(reader: Reader, start: int) -> Opaque:
    """The text up to the next comma or closing bracket, as it is."""
    text = reader.text
    open_brackets: list[str] = []
    if text[reader.place : reader.place + 1] in "\"'{[=:" and not _is_subscript(reader):
        raise UnreadableError(f"',' expected at {reader.place}")
    while reader.place < len(text):
        char = text[reader.place]
        if not open_brackets and char in ",)]}":
            break
        reader.nodes -= 1
        if reader.nodes <= 0:
            break
        _step(reader, char, open_brackets)
    expression = text[start : reader.place].strip()
    if open_brackets or not expression or "\n\n" in expression or reader.place >= len(text):
        raise UnreadableError(f"no end of the expression at {start}")
    return Opaque(expression)


def _is_subscript(reader: Reader) -> bool:
    """Whether a bracket directly follows a name or a call, as in `sacks[0]`."""
    before = reader.text[max(0, reader.place - 1) : reader.place]
    return reader.text.startswith("[", reader.place) and (before.isalnum() or before in {"_", ")"})


def _step(reader: Reader, char: str, open_brackets: list[str]) -> None:
    if char in CLOSERS:
        open_brackets.append(CLOSERS[char])
    elif open_brackets and char == open_brackets[-1]:
        open_brackets.pop()
    elif char in ")]}":
        raise UnreadableError(f"{char!r} at {reader.place} closes nothing")
    if not reader.match(_STRING if char in "\"'" else _SKIPPED):
        reader.place += 1


def _number(text: str) -> object:
    if len(text) > MAX_NUMBER_CHARS:
        return Opaque(text)
    plain = text.replace("_", "")
    if plain[:3].lower().lstrip("+-").startswith("0x"):
        return int(plain, 16)
    plain = plain.rstrip("LlFfDd")
    return float(plain) if any(mark in plain for mark in ".eE") else int(plain)


def _key(key: object) -> str:
    if isinstance(key, str):
        return key
    if isinstance(key, BareWord | Opaque):
        return key.text
    if isinstance(key, int | float):
        return str(key)
    raise UnreadableError(f"a key is neither a word nor a number: {key!r:.40}")


_LENIENT: Final = Grammar(_scalar, _container, _item, _key, _SPACE)
