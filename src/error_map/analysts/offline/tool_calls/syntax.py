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
    notation: str = field(default="f(…)", compare=False)
    """How it is written, with `f` as the function: a form that a scorer may accept or not."""


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
    plain = name.strip().translate(_SEPARATORS)
    for prefix in ("functions_", "default_api_", "tools_"):
        plain = plain.removeprefix(prefix)
    return plain
