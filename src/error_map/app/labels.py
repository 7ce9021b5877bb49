"""Names of options, told apart: a menu knows its options by what they are called."""

from collections.abc import Mapping
from typing import TypeVar

from . import escaping as words

_Option = TypeVar("_Option")


def told_apart(names: Mapping[_Option, str], most: int) -> dict[_Option, str]:
    """Each option's name on one line, clipped; one that is there already gets a number.

    Example:
        >>> told_apart({1: "abcdef", 2: "abcdeg"}, 4)
        {1: 'abc…', 2: 'abc… (2)'}
    """
    found: dict[_Option, str] = {}
    times: dict[str, int] = {}
    for option, name in names.items():
        shown = words.plain(name, most)
        times[shown] = times.get(shown, 0) + 1
        found[option] = shown if times[shown] == 1 else f"{shown} ({times[shown]})"
    return found
