"""A parsed tool call, and argument values that are not plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

_SEPARATORS: Final = str.maketrans(dict.fromkeys(".-:/ ", "_"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of a function or tool."""

    name: str
    arguments: Mapping[str, object] = field(default_factory=dict)
    positional: tuple[object, ...] = ()
    start: int = 0
    end: int = 0
    """Its span in the text, in characters; both 0 if unknown."""


@dataclass(frozen=True, slots=True)
class BareWord:
    """A word without quotation marks, such as `celsius`."""

    text: str


@dataclass(frozen=True, slots=True)
class Untyped:
    """Text between tags, which may represent a number or a list as well as a string."""

    text: str


@dataclass(frozen=True, slots=True)
class Opaque:
    """An expression that is not a literal, such as `today() + 1`."""

    text: str


def normalized_name(name: str) -> str:
    """A function's name without a tool namespace, and with underscores as the only separators.

    Example:
        >>> normalized_name("functions.math.add") == normalized_name("math_add")
        True
    """
    plain = name.strip()
    for prefix in ("functions.", "default_api.", "tools."):
        plain = plain.removeprefix(prefix)
    return plain.translate(_SEPARATORS)
