"""Literals and calls as JSON, Python and JavaScript write them, read without running anything."""

import re
from types import MappingProxyType
from typing import Final

from .syntax import BareWord, Call, Opaque, UnreadableError

DEEPEST: Final = 30
"""Brackets within brackets; no tool takes more."""
MOST_NODES: Final = 2_500
"""Values, names and arguments read out of one text, over all attempts: bounds the time."""
LONGEST_NUMBER: Final = 300

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
_ENDS: Final = re.compile(r"[,)\]}]|\Z")
_GOES_ON: Final = re.compile(r"(?:if|or|and|for|in|is|not|else|instanceof)\b|[^\w\s\"'{]")
_SKIPPED: Final = re.compile(r"[^\"'()\[\]{},]++")
_ESCAPE: Final = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
_ESCAPES: Final = MappingProxyType({"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"})
_WORDS: Final = MappingProxyType(
    {"True": True, "False": False, "None": None, "null": None, "undefined": None}
)
_CLOSERS: Final = MappingProxyType({"(": ")", "[": "]", "{": "}"})


class Reader:
    """Reads values from places of one text, with a common allowance for all of them."""

    def __init__(self, text: str, *, nodes: int = MOST_NODES) -> None:
        self.text = text
        self.place = 0
        """Behind what was read last."""
        self._nodes = nodes

    @property
    def spent(self) -> bool:
        """Whether the allowance is used up."""
        return self._nodes <= 0

    def value_at(self, place: int) -> object:
        """The value or call that begins there.

        Raises:
            UnreadableError: What stands there is not well formed, or too deep, or too large.
        """
        self.place = place
        return self._value(0)

    def call_at(self, place: int) -> Call:
        """The call whose name begins there.

        Raises:
            UnreadableError: As `value_at`, and where a name without brackets stands there.
        """
        value = self.value_at(place)
        if isinstance(value, Call):
            return value
        raise UnreadableError(f"no call at {place}")

    def skip_space(self) -> str:
        """The next character that is no white space or comment; empty at the end."""
        first = self.text[self.place : self.place + 1]
        if first > " " and first != "#" and first.isascii():
            return first
        found = _SPACE.match(self.text, self.place)
        self.place = found.end() if found else self.place
        return self.text[self.place : self.place + 1]

    def _value(self, depth: int) -> object:
        self._nodes -= 1
        if depth > DEEPEST or self._nodes <= 0:
            raise UnreadableError(f"too deep or too large at {self.place}")
        first = self.skip_space()
        if first == "{":
            return self._object(depth)
        if first == "[":
            return self._items("]", depth)
        if first == "(":
            return self._items(")", depth)
        plain = self._string() if first in "\"'rRbBuUfF" and first else None
        return plain if plain is not None else self._word(first, depth)

    def _string(self) -> str | None:
        parts: list[str] = []
        while found := _STRING.match(self.text, self.place):
            raw = found[found.lastindex or 3]
            parts.append(_ESCAPE.sub(_unescaped, raw) if "\\" in raw else raw)
            self.place = found.end()
            if self.skip_space() not in {'"', "'"}:
                break
        return "".join(parts) if parts else None

    def _word(self, first: str, depth: int) -> object:
        number = _NUMBER.match(self.text, self.place)
        if number:
            self.place = number.end()
            return _number(number[0])
        name = _NAME.match(self.text, self.place)
        if name is None:
            raise UnreadableError(f"{first!r} at {self.place} begins no value")
        start, self.place = self.place, name.end()
        if self.text[self.place : self.place + 1] == "(":
            return self._call(name[0], start, depth)
        if name[0] in _WORDS:
            return _WORDS[name[0]]
        return BareWord(name[0])

    def _call(self, name: str, start: int, depth: int) -> Call:
        self.place += 1
        arguments: dict[str, object] = {}
        positional: list[object] = []
        while self.skip_space() != ")":
            keyword = _KEYWORD.match(self.text, self.place)
            if keyword:
                self.place = keyword.end()
                if keyword[1] in arguments:
                    raise UnreadableError(f"argument {keyword[1]} twice at {keyword.start()}")
                arguments[keyword[1]] = self._inner(depth)
            else:
                self._positional(arguments, positional, depth)
            self._separator(")")
        self.place += 1
        return Call(
            name=name,
            arguments=arguments,
            positional=tuple(positional),
            start=start,
            end=self.place,
        )

    def _positional(
        self, arguments: dict[str, object], positional: list[object], depth: int
    ) -> None:
        unpacked = self.text.startswith("**", self.place)
        self.place += 2 if unpacked else 0
        value = self._inner(depth)
        if unpacked and isinstance(value, dict):
            arguments.update({str(key): item for key, item in value.items()})
        else:
            positional.append(value)

    def _items(self, closer: str, depth: int) -> list[object] | object:
        self.place += 1
        items: list[object] = []
        commas = 0
        while self.skip_space() != closer:
            items.append(self._inner(depth))
            commas += self._separator(closer)
        self.place += 1
        return items[0] if closer == ")" and len(items) == 1 and not commas else items

    def _object(self, depth: int) -> dict[str, object] | list[object]:
        self.place += 1
        fields: dict[str, object] = {}
        items: list[object] = []
        while self.skip_space() != "}":
            key = self._value(depth + 1)
            if self.skip_space() == ":":
                self.place += 1
                fields[_key(key)] = self._inner(depth)
            else:
                items.append(key)
            self._separator("}")
        self.place += 1
        if items and (fields or len(items) == 1):
            raise UnreadableError(f"key without a value before {self.place}")
        return items or fields

    def _separator(self, closer: str) -> int:
        found = self.skip_space()
        if found == ",":
            self.place += 1
            return 1
        if found != closer:
            raise UnreadableError(f"{closer!r} or ',' expected at {self.place}, found {found!r}")
        return 0

    def _inner(self, depth: int) -> object:
        """A value within brackets, where an expression may go on behind it."""
        self.skip_space()
        start = self.place
        try:
            value = self._value(depth + 1)
        except UnreadableError:
            if self.place > start or self.text[start : start + 1] in "\"'[{(,)]}":
                raise
            value = None
        self.skip_space()
        if self.place > start and _ENDS.match(self.text, self.place):
            return value
        if self.place > start and not _GOES_ON.match(self.text, self.place):
            raise UnreadableError(f"',' expected at {self.place}")
        return self._expression(start)

    def _expression(self, start: int) -> Opaque:
        """What stands up to the next comma or closing bracket, as it is."""
        open_brackets: list[str] = []
        if self.text[self.place : self.place + 1] in "\"'{[=:":
            raise UnreadableError(f"',' expected at {self.place}")
        while self.place < len(self.text):
            char = self.text[self.place]
            if not open_brackets and char in ",)]}":
                break
            self._nodes -= 1
            if self.spent or len(open_brackets) > DEEPEST:
                break
            self._step(char, open_brackets)
        text = self.text[start : self.place].strip()
        if open_brackets or not text or "\n\n" in text or self.place >= len(self.text):
            raise UnreadableError(f"no end of the expression at {start}")
        return Opaque(text)

    def _step(self, char: str, open_brackets: list[str]) -> None:
        if char in _CLOSERS:
            open_brackets.append(_CLOSERS[char])
        elif open_brackets and char == open_brackets[-1]:
            open_brackets.pop()
        elif char in ")]}":
            raise UnreadableError(f"{char!r} at {self.place} closes nothing")
        span = _STRING if char in "\"'" else _SKIPPED
        found = span.match(self.text, self.place)
        self.place = found.end() if found else self.place + 1


def _number(text: str) -> object:
    if len(text) > LONGEST_NUMBER:
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
    raise UnreadableError("a key is no word")


def _unescaped(found: re.Match[str]) -> str:
    code = found[1]
    if len(code) > 1:
        return chr(int(code[1:], 16))
    if code in _ESCAPES:
        return _ESCAPES[code]
    return code if code in "\"'\\/\n" else found[0]
