"""Finds the first equation of a working that contradicts the values of right answers."""

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

# 21 of 25 findings read were right: (21 + 4 * 0.82) / (25 + 4), see `Measured`.
CONFIDENCE: Final = 0.84
SHOWN_CHARS: Final = 80

_VALUE: Final = re.compile(r"(?<![A-Za-z\\])[A-Za-z](?:_\{?\w{1,3}\}?)?\s?=")


def detect(case: Case) -> Detection | None:
    """Find the first wrong equation after right ones, if wrong values follow from it.

    Multiple-choice tasks are skipped: their letters mostly belong to general formulas, and the
    search would take a sixth of the time of all detectors.
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
    wrong_values = _listed((name, each.value) for name, each in turn.found.items())
    return Detection(
        title="Wrong equation after right ones",
        summary=f"Right answers have {_listed(turn.values.items())}, which satisfies"
        f" {_short(turn.before)} but not {_short(case.output[start:end])}. The working gets"
        f" {wrong_values}.",
        spans=((start, end),),
        confidence=CONFIDENCE,
    )


def _listed(values: Iterable[tuple[str, Coefficient]]) -> str:
    return enumerated([f"{name} = {shown(Fraction(value))}" for name, value in values])


def _short(equation: str) -> str:
    return f"\u201c{' '.join(equation.split())[:SHOWN_CHARS]}\u201d"


DETECTOR: Final = Detector(
    name="wrong_turn",
    finding="Right start, then a wrong equation",
    description="The first equation that the values of right answers contradict, after right ones.",
    category="logical_reasoning_error",
    kind="cause",
    rank=52,
    detect=detect,
    measured=Measured(right=21, read=25),
)
