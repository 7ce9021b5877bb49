"""From one model to another: name and colour of each transition, in the order of legends."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ..analysis import NOT_STUDIED, PASSED, Change, Transitions

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
REST: Final = "rest"
"""Stands for the categories that a picture has no place for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """A flow between ends of a picture."""

    before: str
    after: str
    change: Change
    examples: int


def joined(pair: Transitions, *, most: int) -> tuple[list[Stream], int]:
    """The flows with rare categories as one, and how many those are; without what passed twice.

    Args:
        pair: Two models compared.
        most: Categories that a picture has places for, the rare ones as one of them.
    """
    flows = [flow for flow in pair.flows if pair.change(flow) != "passed"]
    seen = Counter[str]()
    for flow in flows:
        seen.update({flow.before: flow.examples})
        seen.update({flow.after: flow.examples})
    fixed = {PASSED, NOT_STUDIED}
    common = [name for name, _ in seen.most_common() if name not in fixed]
    kept = fixed | set(common if len(common) <= most else common[: most - 1])
    summed = Counter[tuple[str, str, Change]]()
    for flow in flows:
        before, after = (one if one in kept else REST for one in (flow.before, flow.after))
        summed[before, after, pair.change(flow)] += flow.examples
    streams = [
        Stream(before=before, after=after, change=change, examples=examples)
        for (before, after, change), examples in summed.items()
    ]
    return streams, len(fixed | set(common)) - len(kept)


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
