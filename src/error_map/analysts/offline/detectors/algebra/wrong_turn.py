"""The first equation of a working that the values of right answers do not satisfy."""

import re
from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from ...algebra.polynomials import Coefficient
from ...answer_types.multiple_choice import options
from ...detector import Case, Detection, Detector, Measured
from ...step_errors.false_equations import shown
from ...step_errors.first_violation import wrong_turn
from ...steps.final_steps import right_answers
from ...text.word_overlap import enumerated
from ...values.equality import same_value

CONFIDENCE: Final = 0.84
SHOWN_CHARS: Final = 80

_VALUE: Final = re.compile(r"(?<![A-Za-z\\])[A-Za-z](?:_\{?\w{1,3}\}?)?\s?=")


def detect(case: Case) -> Detection | None:
    """Fires where the equations before it are right, and the values that follow are wrong.

    Not among options: letters there mostly come from formulas of their subject, and looking for
    them would take a sixth of all time.
    """
    if case.answer is None or case.gold is None or not case.correct_outputs:
        return None
    if not case.profile.trusted or not _VALUE.search(case.output) or options(case.prompt):
        return None
    if same_value(case.answer.text, case.gold):
        return None
    turn = wrong_turn(case, [text for text, _ in right_answers(case)])
    if turn is None:
        return None
    start, end = turn.wrong.left.start, turn.wrong.right.end
    mine = _listed((name, each.value) for name, each in turn.found.items())
    return Detection(
        title="Wrong equation after right ones",
        summary=f"Right answers have {_listed(turn.values.items())}. That satisfies"
        f" {_short(turn.before)}, but not {_short(case.output[start:end])}, and so the working"
        f" comes to {mine}.",
        spans=((start, end),),
        confidence=CONFIDENCE,
    )


def _listed(values: Iterable[tuple[str, Coefficient]]) -> str:
    return enumerated([f"{name} = {shown(Fraction(value))}" for name, value in values])


def _short(equation: str) -> str:
    return f"\u201c{' '.join(equation.split())[:SHOWN_CHARS]}\u201d"


DETECTOR: Final = Detector(
    name="wrong_turn",
    finding="Wrong equation after right ones",
    description="The first equation that the values of right answers break, behind ones they keep.",
    category="logical_reasoning_error",
    kind="cause",
    rank=52,
    detect=detect,
    measured=Measured(right=21, read=25),
)
