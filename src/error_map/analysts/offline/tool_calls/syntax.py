"""What a call is, and the values that are not plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

NOT_LETTERS: Final = str.maketrans(dict.fromkeys(".-:/ ", "_"))


class UnreadableError(ValueError):
    """The text is not a well-formed literal or call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One function or tool, called."""

    name: str
    arguments: Mapping[str, object] = field(default_factory=dict)
    positional: tuple[object, ...] = ()
    start: int = 0
    end: int = 0
    """Where it stands in the text, in characters; both 0 where that is not known."""


@dataclass(frozen=True, slots=True)
class Bare:
    """A word without quotation marks, such as `celsius`."""

    text: str


@dataclass(frozen=True, slots=True)
class Untyped:
    """Text between tags, which may mean a number or a list as well as a string."""

    text: str


@dataclass(frozen=True, slots=True)
class Opaque:
    """An expression that is not a literal, such as `today() + 1`."""

    text: str


def folded(name: str) -> str:
    """A function's name without what tools write differently: dots, dashes, a namespace.

    Example:
        >>> folded("functions.math.add") == folded("math_add")
        True
    """
    plain = name.strip()
    for prefix in ("functions.", "default_api.", "tools."):
        plain = plain.removeprefix(prefix)
    return plain.translate(NOT_LETTERS)
