"""Formats numbers and steps of a working for sentences."""

from collections.abc import Sequence
from typing import Final

from ..text.word_overlap import enumerated
from .comparison import Comparison
from .workings import Step

MAX_QUOTE_CHARS: Final = 80
"""A longer equation is written out from its operands, so that a summary stays readable."""

_SIGNS: Final = {"sum": (" + ", " - "), "product": (" × ", " / ")}  # noqa: RUF001 - as people write


def shown(value: float) -> str:
    """Format a number as a person would write it.

    Example:
        >>> shown(1250.0), shown(0.5)
        ('1,250', '0.5')
    """
    return f"{value:,.0f}" if value == int(value) else f"{value:,.10g}"


def listed(values: Sequence[float]) -> str:
    """Format numbers as an enumeration: `3, 4 and 5`."""
    return enumerated([shown(value) for value in values])


def written(step: Step) -> str:
    """Format a step as an equation."""
    join, turn = _SIGNS[step.kind]
    left = join.join(map(shown, reversed(step.direct))) or "1"
    right = "".join(turn + shown(each) for each in step.inverse)
    return f"{left}{right} = {shown(step.result)}"


def quoted(comparison: Comparison, step: Step) -> str:
    """Quote a step from the failing answer, or format it as an equation if it is long."""
    text = " ".join(comparison.text[step.start : step.end].split())
    return text if len(text) <= MAX_QUOTE_CHARS and "<<" not in text else written(step)
