"""From one model to another: name and colour of each transition, in the order of legends."""

from collections.abc import Mapping
from typing import Final

from ..analysis import NOT_STUDIED, PASSED, Change

LABELS: Final[Mapping[Change, str]] = {
    "fixed": "fixed",
    "broken": "newly broken",
    "same": "still wrong for the same reason",
    "other": "still wrong for another reason",
    "unknown": "still wrong, reason unknown",
    "passed": "passed both times",
}
"""In the order of every legend and table."""
COLOURS: Final[Mapping[Change, str]] = {
    "fixed": "#009E73",
    "broken": "#D55E00",
    "same": "#767676",
    "other": "#E69F00",
    "unknown": "#C6C6C6",
    "passed": "#DBE5EC",
}
"""The hues are Okabe and Ito's (2008); the two greys stand out on white and on near-black."""


def standing(end: str, names: Mapping[str, str]) -> str:
    """What one end of a flow is called.

    Args:
        end: Of a flow.
        names: Of categories, by id; and of what else a picture has as an end.

    Example:
        >>> standing("passed", {}), standing("form", {"form": "Form"})
        ('passed', 'Form')
    """
    return end if end in {PASSED, NOT_STUDIED} else names[end]
