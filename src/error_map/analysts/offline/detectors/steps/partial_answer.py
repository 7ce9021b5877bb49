"""Finds answers that are one term of the sum in which right answers end."""

from typing import Final

from ...answer_types.own_question import question_stem
from ...arithmetic.quantities import quantities
from ...detector import Case, Detection, Detector, Measured
from ...steps.calculations import Calculation, reaching
from ...steps.comparison import compare, mentioned
from ...steps.final_steps import (
    Ends,
    as_stated,
    ends,
    in_formulas,
    results,
    right_answers,
    worked_out_alike,
)
from ...steps.operand_differences import AGREED
from ...steps.phrasing import shown
from ...values.common_numbers import telling

# 4 of 5 findings read were right: (4 + 4 * 0.82) / (5 + 4), see `Measured`.
CONFIDENCE: Final = 0.81
MAX_OPERANDS: Final = 5
"""A longer sum contains almost any number by chance."""


def detect(case: Case) -> Detection | None:
    """Find answers to which right answers add other terms to get the right result."""
    both = ends(case)
    if both is None or not telling(abs(both.final)):
        return None
    if both.final in mentioned(question_stem(case)) or not _places(case, both.final):
        return None
    found = [
        (text, one)
        for text, end in right_answers(case)
        for one in results(text, both.gold, end=end, formulas=in_formulas(case))
        if _adds_to_answer(one, both)
    ]
    if not found:
        return None
    agreed = len({text for text, _ in found})
    if not worked_out_alike(case, both.final) and (agreed < AGREED or _departs_before(case, both)):
        return None
    return _detection(case, found[0], agreed=agreed)


def _departs_before(case: Case, both: Ends) -> bool:
    """Whether the working gets the term by steps that no right working has: by chance."""
    comparison = compare(case)
    made = reaching(case.output, both.final, formulas=in_formulas(case))
    if comparison is None or not made:
        return False
    return any(step.start < made[-1].start for step in comparison.departed)


def _places(case: Case, value: float) -> list[tuple[int, int]]:
    """Places of the value in the working, before the answer."""
    end = case.answer.start if case.answer else 0
    return [
        (each.start, each.end)
        for each in quantities(case.output)
        if each.end <= end and float(each.value) == value
    ]


def _adds_to_answer(one: Calculation, both: Ends) -> bool:
    """Whether the answer is a term of the sum, next to a term greater than 1."""
    direct = [each.value for each in one.operands if not each.inverse]
    others = [each.value for each in one.operands if each.value != both.final]
    return (
        one.kind == "sum"
        and both.final in direct
        and len(one.operands) <= MAX_OPERANDS
        and max(others, default=0) > 1
    )


def _detection(case: Case, found: tuple[str, Calculation], *, agreed: int) -> Detection:
    text, whole = found
    both = ends(case)
    final = both.final if both else 0
    end = case.answer.start if case.answer else 0
    made = [
        (each.start, each.stop)
        for each in reaching(case.output, final, formulas=in_formulas(case))
        if each.stop <= end
    ]
    right = "right answers continue" if agreed >= AGREED else "a right answer continues"
    return Detection(
        title="Part of the result answered",
        summary=(f"The answer is {shown(final)}; {right} with {as_stated(text, whole)}."),
        spans=((made or _places(case, final))[-1],),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="partial_answer",
    finding="Only a part of the result given",
    description="The answer is one term of the sum by which right answers get theirs.",
    category="incomplete_reasoning",
    kind="cause",
    rank=53,
    detect=detect,
    measured=Measured(right=4, read=5),
    former_names=("part_answered",),
)
