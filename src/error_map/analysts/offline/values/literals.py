"""Literals as programs write them, JSON and Python alike, read into values and never run."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal, TypeAlias

MAX_CHARS: Final = 4_000
"""Characters: what is longer is not read as one literal."""
MAX_DEPTH: Final = 40
"""Levels of brackets in each other that are followed."""

Shape: TypeAlias = Literal[
    "string", "integer", "float", "boolean", "null", "list", "tuple", "set", "object"
]

_SPACE: Final = re.compile(r"\s*")
_STRING: Final = re.compile(
    r"[bru]?(\"[^\"\\\n]*(?:\\.[^\"\\\n]*)*\"|'[^'\\\n]*(?:\\.[^'\\\n]*)*')"
)
_NUMBER: Final = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,3})?(?![\w.])")
_WORD: Final = re.compile(r"(?:true|false|null|none|nan)\b", re.IGNORECASE)
_ESCAPE: Final = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_ESCAPED: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "0": "\0"}
_CLOSES: Final = {"[": "]", "(": ")", "{": "}"}


@dataclass(frozen=True, slots=True)
class Value:
    """One literal: a scalar with its `content`, or a container with its `items`."""

    shape: Shape
    content: str | Fraction | bool | None = None
    items: tuple["Value", ...] = ()
    """Elements of a container in their order; of an object its values."""
    keys: tuple["Value", ...] = ()
    """Keys of an object, in the order of `items`."""

    @property
    def is_container(self) -> bool:
        """Whether it holds other values."""
        return self.shape in {"list", "tuple", "set", "object"}

    def __str__(self) -> str:
        """As Python writes it, up to details of numbers."""
        match self.shape:
            case "object":
                pairs = zip(self.keys, self.items, strict=True)
                return "{" + ", ".join(f"{key}: {item}" for key, item in pairs) + "}"
            case "list" | "tuple" | "set":
                marks = {"list": "[]", "tuple": "()", "set": "{}"}[self.shape]
                return f"{marks[0]}{', '.join(map(str, self.items))}{marks[1]}"
            case "string":
                return repr(self.content)
            case "float":
                return f"{float(self.content):g}" if isinstance(self.content, Fraction) else "nan"
            case _:
                return str(self.content)


def read_literal(text: str) -> Value | None:
    """The value that the whole text is, or None where it is none.

    Example:
        >>> str(read_literal('{"b": [1, "x"], "a": null}'))
        "{'b': [1, 'x'], 'a': None}"
        >>> read_literal("one, two") is None
        True
    """
    text = text.strip()
    if not text or len(text) > MAX_CHARS:
        return None
    value, end = _Reader(text).value(0, MAX_DEPTH)
    return value if value is not None and end == len(text) else None


def same_literal(left: Value, right: Value) -> bool:
    """Whether two literals are equal as programs compare them: the order of keys aside.

    A string never equals a number, nor a list a tuple; 1 equals 1.0, but not true.

    Example:
        >>> one, other = read_literal('{"a": 1, "b": 2}'), read_literal("{'b': 2.0, 'a': 1}")
        >>> same_literal(one, other)
        True
    """
    return frozen(left) == frozen(right)


def frozen(value: Value) -> tuple[object, ...]:
    """A hashable form of the value that is equal where the values are."""
    match value.shape:
        case "object":
            pairs = zip(value.keys, value.items, strict=True)
            return ("object", frozenset((frozen(key), frozen(item)) for key, item in pairs))
        case "set":
            return ("set", frozenset(map(frozen, value.items)))
        case "list" | "tuple":
            return (value.shape, *map(frozen, value.items))
        case "integer" | "float":
            return ("number", value.content)
        case _:
            return (value.shape, value.content)


@dataclass(frozen=True, slots=True)
class _Reader:
    """A reader by descent; each method gives a value and the place behind it, or None."""

    text: str

    def value(self, start: int, depth: int) -> tuple[Value | None, int]:
        if self.text[start : start + 1] in _CLOSES:
            return self._container(start, depth) if depth else (None, start)
        if found := _STRING.match(self.text, start):
            return Value("string", _unescaped(found[1][1:-1])), found.end()
        if found := _NUMBER.match(self.text, start):
            return _number(found[0]), found.end()
        if found := _WORD.match(self.text, start):
            word = found[0].lower()
            truth = {"true": True, "false": False}.get(word)
            return Value("null" if truth is None else "boolean", truth), found.end()
        return None, start

    def _container(self, start: int, depth: int) -> tuple[Value | None, int]:
        opening = self.text[start]
        closing = _CLOSES[opening]
        items: list[Value] = []
        keys: list[Value] = []
        place, commas = self._skip(start + 1), 0
        while self.text[place : place + 1] != closing:
            item, place = self.value(place, depth - 1)
            if item is None:
                return None, place
            place = self._skip(place)
            if opening == "{" and self.text[place : place + 1] == ":":
                keys.append(item)
                item, place = self.value(self._skip(place + 1), depth - 1)
                if item is None:
                    return None, place
                place = self._skip(place)
            items.append(item)
            if self.text[place : place + 1] == ",":
                place, commas = self._skip(place + 1), commas + 1
            elif self.text[place : place + 1] != closing:
                return None, place
        if keys and len(keys) != len(items):
            return None, place
        if opening == "(" and len(items) == 1 and not commas:
            return items[0], place + 1
        return Value(_shape(opening, items, keys), None, tuple(items), tuple(keys)), place + 1

    def _skip(self, start: int) -> int:
        found = _SPACE.match(self.text, start)
        return found.end() if found else start


def _shape(opening: str, items: Iterable[Value], keys: Iterable[Value]) -> Shape:
    if opening == "{":
        return "set" if items and not keys else "object"
    return "list" if opening == "[" else "tuple"


def _number(text: str) -> Value:
    whole = text.lstrip("+-").isdigit()
    content = Fraction(text)
    return Value("integer" if whole else "float", content)


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(found: re.Match[str]) -> str:
    code = found[1]
    return chr(int(code[1:], 16)) if len(code) > 1 else _ESCAPED.get(code, code)
