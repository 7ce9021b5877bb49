"""Finds negative differences that are used as if they were positive."""

import re
from typing import Final

from ...arithmetic.calculator import Judged, judged
from ...arithmetic.quantities import values
from ...arithmetic.unit_differences import mixed_units
from ...detector import Case, Detection, Detector, Measured
from ...steps.comparison import compare
from ...steps.phrasing import shown

# 1 of 1 findings read were right: (1 + 4 * 0.82) / (1 + 4), see `Measured`.
CONFIDENCE: Final = 0.86
CHARS_BEFORE: Final = 120
CHARS_AFTER: Final = 60
"""Searched before and after an equation for words that make it a comparison."""

_COMPARES: Final = re.compile(
    r"differen|\bless\b|fewer|\blower|\bbelow\b|smaller|shorter|younger|cheaper|slower|lighter"
    r"|\bloss\b|\bloses?\b|\blost\b|\bdebt\b|\bowes?\b|\bshort\b|\bbehind\b|\bchange|decreas|reduc"
    r"|\bdrop|\bfell\b|\bfalls?\b|\bdown\b|\bapart\b|\bdeficit|\bmiss|negative|\bago\b|\babsolute|\|",
    re.IGNORECASE,
)
"""Words for a difference without its sign, which is no error."""


def detect(case: Case) -> Detection | None:
    """Find the first difference whose sign is dropped, unless the text compares two quantities."""
    text = case.output
    for each in judged(text):
        if (
            each.verdict == "difference"
            and not _is_comparison(text, each)
            and not _shared(case, each)
        ):
            if _follows_from_error(case, each):
                return None
            return _detection(text, each)
    return None


def _is_comparison(text: str, each: Judged) -> bool:
    """Whether the text asks how far apart two quantities are, or their units differ."""
    around = text[max(0, each.start - CHARS_BEFORE) : each.end + CHARS_AFTER]
    return _COMPARES.search(around) is not None or mixed_units(text, each.equation)


def _shared(case: Case, each: Judged) -> bool:
    """Whether the reference has the same value, so that dropping the sign was right."""
    return abs(each.value) in values(case.gold or "") | values(case.reference or "")


def _follows_from_error(case: Case, each: Judged) -> bool:
    """Whether an operand is already wrong: the result of a step that no right working has."""
    comparison = compare(case)
    if comparison is None:
        return False
    here = (step for step in comparison.steps if each.start <= step.start < each.end)
    wrong = {step.result for step in comparison.departed if step.start < each.start}
    return any(not wrong.isdisjoint(step.operands) for step in here)


def _detection(text: str, each: Judged) -> Detection:
    left = " ".join(text[each.start : each.equation.left.end].partition("<<")[0].split())
    value = float(each.value)
    return Detection(
        title="Negative difference read as positive",
        summary=(
            f"The working states {left} = {shown(-value)}, but {left} is {shown(value)}:"
            " the minus sign is dropped."
        ),
        spans=((each.start, each.end),),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="sign_dropped",
    finding="Minus sign lost in a subtraction",
    description="A subtraction has a negative result, which the working uses as positive.",
    category="computation_error",
    kind="cause",
    rank=41,
    detect=detect,
    measured=Measured(right=1, read=1),
)
