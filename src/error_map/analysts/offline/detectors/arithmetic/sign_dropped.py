"""Finds a subtraction that comes out negative and is carried on as if it were positive."""

import re
from typing import Final

from ...arithmetic.calculator import Judged, judged
from ...arithmetic.quantities import values
from ...arithmetic.unit_differences import mixed_units
from ...detector import Case, Detector, Measured, Sign
from ...steps.comparison import compare
from ...steps.phrasing import shown

CONFIDENCE: Final = 0.86
BEFORE: Final = 120
AFTER: Final = 60
"""Characters in front of and behind the equation in which it may be called a difference."""

_COMPARES: Final = re.compile(
    r"differen|\bless\b|fewer|\blower|\bbelow\b|smaller|shorter|younger|cheaper|slower|lighter"
    r"|\bloss\b|\bloses?\b|\blost\b|\bdebt\b|\bowes?\b|\bshort\b|\bbehind\b|\bchange|decreas|reduc"
    r"|\bdrop|\bfell\b|\bfalls?\b|\bdown\b|\bapart\b|\bdeficit|\bmiss|negative|\bago\b|\babsolute|\|",
    re.IGNORECASE,
)
"""Words for a difference without its sign: stating one is no error."""


def detect(case: Case) -> Sign | None:
    """The first difference whose sign is dropped without a word that calls for it, or None."""
    text = case.output
    for each in judged(text):
        if each.verdict == "difference" and not _meant(text, each) and not _shared(case, each):
            if _follows(case, each):
                return None
            return _sign(text, each)
    return None


def _meant(text: str, each: Judged) -> bool:
    """Whether the text speaks of how far apart two quantities are, or they have other units."""
    around = text[max(0, each.start - BEFORE) : each.end + AFTER]
    return _COMPARES.search(around) is not None or mixed_units(text, each.equation)


def _shared(case: Case, each: Judged) -> bool:
    """Whether right answers have the same value, so that it is not what went wrong."""
    return abs(each.value) in values(case.gold or "") | values(case.reference or "")


def _follows(case: Case, each: Judged) -> bool:
    """Whether it comes of a number that was wrong before: one that no right working has."""
    comparison = compare(case)
    if comparison is None:
        return False
    here = (step for step in comparison.steps if each.start <= step.start < each.end)
    wrong = {step.result for step in comparison.departed if step.start < each.start}
    return any(not wrong.isdisjoint(step.operands) for step in here)


def _sign(text: str, each: Judged) -> Sign:
    left = " ".join(text[each.start : each.equation.left.end].partition("<<")[0].split())
    value = float(each.value)
    return Sign(
        title="Negative difference read as positive",
        summary=(
            f"The working says {left} = {shown(-value)}, but {left} is {shown(value)}:"
            " more is taken away than there is, and the sign is dropped."
        ),
        spans=((each.start, each.end),),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="sign_dropped",
    finding="Negative difference read as positive",
    description="A subtraction comes out negative, and the working goes on as if it were positive.",
    category="computation_error",
    kind="cause",
    rank=41,
    detect=detect,
    measured=Measured(right=1, read=1),
)
