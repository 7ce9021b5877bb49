"""Numbers and steps of a working as a sentence shows them."""

from collections.abc import Sequence
from typing import Final

from ..text.word_overlap import enumerated
from .comparison import Comparison
from .workings import Step

LONGEST_QUOTE: Final = 80
"""Characters of a quoted equation."""

_SIGNS: Final = {"sum": (" + ", " - "), "product": (" × ", " / ")}  # noqa: RUF001 - as people write


def shown(value: float) -> str:
    """The number as a person would write it.

    Example:
        >>> shown(1250.0), shown(0.5)
        ('1,250', '0.5')
    """
    return f"{value:,.0f}" if value == int(value) else f"{value:,.10g}"


def listed(values: Sequence[float]) -> str:
    """The numbers as an enumeration: `3, 4 and 5`."""
    return enumerated([shown(value) for value in values])


def written(step: Step) -> str:
    """The step as an equation."""
    join, turn = _SIGNS[step.kind]
    left = join.join(map(shown, reversed(step.direct))) or "1"
    right = "".join(turn + shown(each) for each in step.inverse)
    return f"{left}{right} = {shown(step.result)}"


def quoted(comparison: Comparison, step: Step) -> str:
    """The step as it stands in the failing answer, else as an equation."""
    text = " ".join(comparison.text[step.start : step.end].split())
    return text if len(text) <= LONGEST_QUOTE and "<<" not in text else written(step)
