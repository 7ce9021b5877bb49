"""Finds false calculations that explain the wrong answer."""

from fractions import Fraction
from typing import Final

from ...detector import Case, Detection, Detector, Measured
from ...step_errors.deciding_steps import deciding_step, is_false_equation
from ...step_errors.false_equations import shown

# 11 of 12 findings read were right: (11 + 4 * 0.82) / (12 + 4), see `Measured`.
CONFIDENCE: Final = 0.89
SHOWN_CHARS: Final = 120


def detect(case: Case) -> Detection | None:
    """Find the first false calculation that explains the answer, unless `false_equation` has it."""
    found = deciding_step(case)
    if found is None or is_false_equation(case, found):
        return None
    left, claimed = _line(found.left), _line(found.claimed)
    value = shown(Fraction(found.right))
    return Detection(
        title="False calculation behind the answer",
        summary=f"The working states {left} = {claimed}, but {left} is {value}.",
        spans=((found.start, found.end),),
        confidence=CONFIDENCE,
    )


def _line(text: str) -> str:
    return " ".join(text.split())[:SHOWN_CHARS]


DETECTOR: Final = Detector(
    name="false_step",
    finding="Wrong calculation behind the answer",
    description="Corrected, a wrong calculation gives the reference or agrees with right answers.",
    category="computation_error",
    kind="cause",
    rank=43,
    detect=detect,
    measured=Measured(right=11, read=12),
)
