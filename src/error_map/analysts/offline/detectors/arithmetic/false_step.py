"""Finds a false calculation whose mending mends the answer, or that right answers have true."""

from fractions import Fraction
from typing import Final

from ...detector import Case, Detection, Detector, Measured
from ...step_errors.deciding_steps import deciding_step, reported_elsewhere
from ...step_errors.false_equations import shown

CONFIDENCE: Final = 0.89
SHOWN_CHARS: Final = 120


def detect(case: Case) -> Detection | None:
    """The first false calculation that the wrong answer comes of and no other detector has."""
    found = deciding_step(case)
    if found is None or reported_elsewhere(case, found):
        return None
    left, claimed = _line(found.left), _line(found.claimed)
    value = shown(Fraction(found.right))
    return Detection(
        title="False calculation that decides the answer",
        summary=f"The working says {left} = {claimed}; {left} is {value}.",
        spans=((found.start, found.end),),
        confidence=CONFIDENCE,
    )


def _line(text: str) -> str:
    return " ".join(text.split())[:SHOWN_CHARS]


DETECTOR: Final = Detector(
    name="false_step",
    finding="False calculation that decides the answer",
    description="A false calculation that mends the answer when mended, or is true in right ones.",
    category="computation_error",
    kind="cause",
    rank=43,
    detect=detect,
    measured=Measured(right=11, read=12),
)
