"""Short names for options, columns and legends that the reader can still tell apart."""

from collections.abc import Iterable, Mapping
from itertools import takewhile
from typing import Final, TypeVar

from .escaping import one_line

_Option = TypeVar("_Option")
_SEPARATORS: Final = "/-_ :"
# Replacing a shorter prefix by an ellipsis saves almost no room.
_MIN_PREFIX_CHARS: Final = 5


def unique_labels(names: Mapping[_Option, str], max_chars: int) -> dict[_Option, str]:
    """A one-line label per option; labels that truncation made equal are numbered.

    Streamlit's menus identify options by label: two equal labels would be one option.

    Example:
        >>> unique_labels({1: "abcdef", 2: "abcdeg"}, 4)
        {1: 'abc…', 2: 'abc… (2)'}
    """
    labels: dict[_Option, str] = {}
    uses: dict[str, int] = {}
    for option, name in names.items():
        label = one_line(name, max_chars)
        uses[label] = uses.get(label, 0) + 1
        labels[option] = label if uses[label] == 1 else f"{label} ({uses[label]})"
    return labels


def short_names(names: Iterable[str]) -> list[str]:
    """The names without the words that all of them begin with.

    Example:
        >>> short_names(["small/plain", "small/step-by-step"]), short_names(["small/plain"])
        (['…plain', '…step-by-step'], ['small/plain'])
    """
    full = list(names)
    # The first and the last in sorted order differ earliest, so that their prefix is everyone's.
    prefix = _common_prefix(min(full, default=""), max(full, default=""))
    end = max((prefix.rfind(separator) for separator in _SEPARATORS), default=-1) + 1
    if len(set(full)) <= 1 or end < _MIN_PREFIX_CHARS:
        return full
    return [f"…{name[end:]}" for name in full]


def _common_prefix(left: str, right: str) -> str:
    equal = takewhile(lambda pair: pair[0] == pair[1], zip(left, right, strict=False))
    return "".join(pair[0] for pair in equal)
