"""Literals as JSON, Python and JavaScript write them, parsed in one pass and never run.

`Scanner` parses nested brackets; a `Grammar` says how all other values are written and which
objects are built. `read_literal` uses a strict grammar, `tool_calls.literals` a lenient one.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Final, Generic, Literal, TypeAlias, TypeVar

T = TypeVar("T")

MAX_CHARS: Final = 4_000
"""Longest text that is read as one literal, in characters."""
MAX_DEPTH: Final = 40
"""Levels of nested brackets: bounds the recursion on hostile text."""
MAX_NODES: Final = 2_500
"""Values read from one text, over all attempts: bounds the time on hostile text."""

Shape: TypeAlias = Literal[
    "string", "integer", "float", "boolean", "null", "list", "tuple", "set", "object"
]

CLOSERS: Final[Mapping[str, str]] = MappingProxyType({"(": ")", "[": "]", "{": "}"})
_STRING: Final = re.compile(
    r"[bru]?(?:\"([^\"\\\n]*(?:\\.[^\"\\\n]*)*)\"|'([^'\\\n]*(?:\\.[^'\\\n]*)*)')"
)
_NUMBER: Final = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,3})?(?![\w.])")
_WORD: Final = re.compile(r"(?:true|false|null|none|nan)\b", re.IGNORECASE)
_ESCAPE: Final = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
_ESCAPES: Final[Mapping[str, str]] = MappingProxyType(
    {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"} | {char: char for char in "\"'\\/\n"}
)


class UnreadableError(ValueError):
    """The text is not a well-formed literal or call."""


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
    """The literal that the whole text consists of; None if it is not a literal.

    Example:
        >>> str(read_literal('{"b": [1, "x"], "a": null}'))
        "{'b': [1, 'x'], 'a': None}"
        >>> read_literal("one, two") is None
        True
    """
    text = text.strip()
    if not text or len(text) > MAX_CHARS:
        return None
    scanner = Scanner(text, _STRICT)
    try:
        value = scanner.value_at(0)
    except UnreadableError:
        return None
    return value if scanner.place == len(text) else None


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


class Scanner(Generic[T]):
    """Reads values at offsets of one text, with a common limit on their number."""

    def __init__(self, text: str, grammar: "Grammar[T]", *, nodes: int = MAX_NODES) -> None:
        self.text = text
        self.place = 0
        """Offset of the next character to read."""
        self.nodes = nodes
        """Values that may still be read."""
        self._grammar = grammar

    def value_at(self, place: int) -> T:
        """The value that begins at an offset.

        Raises:
            UnreadableError: The text there is not well formed, or too deep, or too large.
        """
        self.place = place
        return self.value(0)

    def value(self, depth: int) -> T:
        """The next value, nested in `depth` brackets; raises as `value_at`."""
        self.nodes -= 1
        if depth > MAX_DEPTH or self.nodes <= 0:
            raise UnreadableError(f"too deep or too large at {self.place}")
        first = self.skip_space()
        if first in CLOSERS:
            return self._container(first, depth)
        return self._grammar.scalar(self, first, depth)

    def skip_space(self) -> str:
        """The next character that is not skipped as space; empty at the end."""
        first = self.text[self.place : self.place + 1]
        if first > " " and first != "#" and first.isascii():
            return first
        self.match(self._grammar.space)
        return self.text[self.place : self.place + 1]

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Matches a pattern at `place` and moves behind the match, if there is one."""
        match = pattern.match(self.text, self.place)
        if match:
            self.place = match.end()
        return match

    def separator(self, closer: str) -> bool:
        """Whether a comma follows, which is skipped; anything else must be the closing bracket."""
        mark = self.skip_space()
        if mark == ",":
            self.place += 1
        elif mark != closer:
            raise UnreadableError(f"{closer!r} or ',' expected at {self.place}, found {mark!r}")
        return mark == ","

    def _container(self, opening: str, depth: int) -> T:
        closer, read_item, comma = CLOSERS[opening], self._grammar.item, False
        keys: list[T] = []
        items: list[T] = []
        self.place += 1
        while self.skip_space() != closer:
            item = self.value(depth + 1) if opening == "{" else read_item(self, depth + 1)
            if opening == "{" and self.skip_space() == ":":
                self.place += 1
                key, item = item, read_item(self, depth + 1)
                keys.append(self._grammar.key(key))
            items.append(item)
            comma = self.separator(closer)
        self.place += 1
        if opening == "(" and len(items) == 1 and not comma:
            return items[0]
        mixed = keys and len(keys) < len(items)
        container = None if mixed else self._grammar.container(opening, keys, items)
        if container is None:
            raise UnreadableError(f"key without a value before {self.place}")
        return container


@dataclass(frozen=True, slots=True)
class Grammar(Generic[T]):
    """How values other than brackets are written, and which objects are built."""

    scalar: Callable[[Scanner[T], str, int], T]
    """Reads a value without brackets, given its first character and depth."""
    container: Callable[[str, Sequence[T], Sequence[T]], T | None]
    """Builds a container from its opening bracket, its keys, if any, and its items.

    None if keys are missing.
    """
    item: Callable[[Scanner[T], int], T] = Scanner.value
    """Reads an item of a container, given its depth."""
    key: Callable[[T], T] = lambda key: key
    """Converts a value that is a key, or raises `UnreadableError`."""
    space: re.Pattern[str] = re.compile(r"\s*+")
    """What is skipped between values."""


def unescaped(text: str) -> str:
    """The content of a string literal; unknown escapes stay as they are, as in Python."""
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(match: re.Match[str]) -> str:
    code = match[1]
    return chr(int(code[1:], 16)) if len(code) > 1 else _ESCAPES.get(code, match[0])


def _scalar(scanner: Scanner[Value], first: str, depth: int) -> Value:
    del depth
    if match := scanner.match(_STRING):
        return Value("string", unescaped(match[match.lastindex or 1]))
    if match := scanner.match(_NUMBER):
        whole = match[0].lstrip("+-").isdigit()
        return Value("integer" if whole else "float", Fraction(match[0]))
    if match := scanner.match(_WORD):
        truth = {"true": True, "false": False}.get(match[0].lower())
        return Value("null" if truth is None else "boolean", truth)
    raise UnreadableError(f"a value is expected at {scanner.place}, found {first!r}")


def _container(opening: str, keys: Sequence[Value], items: Sequence[Value]) -> Value:
    shapes: Mapping[str, Shape] = {"[": "list", "(": "tuple", "{": "object"}
    shape = "set" if opening == "{" and items and not keys else shapes[opening]
    return Value(shape, None, tuple(items), tuple(keys))


_STRICT: Final = Grammar(_scalar, _container)
