"""The other ways in which one side of an equation may be meant."""

from collections.abc import Iterator, Sequence
from typing import Final

from .equations import Side
from .expressions import USUALLY, PercentReading, Reading, evaluate
from .grammar import LEFT_TO_RIGHT, LONG_FRACTION, TIGHT_GLUE, mixed_number
from .tokens import Token

_LEVELS: Final = tuple(tuple(each.items()) for each in (LEFT_TO_RIGHT, LONG_FRACTION, TIGHT_GLUE))
_PERCENTS: Final[tuple[PercentReading, ...]] = ("plain", "relative")


def readings(text: str, side: Side) -> Iterator[Side]:
    """The side as it is usually read, then in every other way that its signs allow.

    Percent may be a share, a plain number or a change of what precedes it; operations may run
    from left to right; all that follows a slash may be its denominator; a dash in front may be a
    bullet, and the whole part of `2 1/2 + 1/3` the number of an item.
    """
    yield side
    for run in (side.run, side.run[1:]):
        if run is not side.run and not _bullet(text, side.run):
            return
        for reading in _possible(side, bullet=run is not side.run):
            result = evaluate(text, run, reading)
            if result is not None:
                yield Side(run, result, reading)


def _bullet(text: str, run: Sequence[Token]) -> bool:
    """Whether the first token may be a bullet, or the number of an item before a fraction."""
    if run[0].kind == "minus":
        return True
    return len(run) > 1 and run[1].kind == "num" and mixed_number(text, run, 0)


def _possible(side: Side, *, bullet: bool) -> Iterator[Reading]:
    signs = side.result.signs
    if bullet:
        yield USUALLY
    if "percent" in signs:
        yield from (Reading(percent) for percent in _PERCENTS)
    if "over" in signs:
        yield Reading(rates=True)
    if "mixed" in signs:
        yield Reading(mixed=False)
    if len(signs) > 1 or "over" in signs:
        yield from (Reading(USUALLY.percent, levels) for levels in _LEVELS)
