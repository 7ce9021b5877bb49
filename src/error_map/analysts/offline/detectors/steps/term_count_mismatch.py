"""Finds final steps with missing or extra terms, compared with right answers."""

from collections.abc import Sequence
from typing import Final

from ...detector import Case, Detection, Detector, Measured
from ...steps.calculations import Calculation, Operand
from ...steps.final_steps import (
    MAX_COMMON,
    PAIR,
    FinalStepMismatch,
    as_stated,
    ends,
    final_step_mismatch,
    own_results,
    right_have,
    sources,
    worked_out_alike,
)
from ...steps.operand_differences import Difference
from ...steps.phrasing import listed, shown
from ...values.common_numbers import telling

# 14 of 18 findings read were right: (14 + 4 * 0.82) / (18 + 4), see `Measured`.
CONFIDENCE: Final = 0.79


def detect(case: Case) -> Detection | None:
    """Find final steps with fewer or more terms than the same step of a right answer."""
    found = final_step_mismatch(case)
    if found:
        return None if found.last.exchanged else _detection(case, found)
    changed = _changed(case)
    return _changed_detection(case, changed) if changed else None


def _changed(case: Case) -> Calculation | None:
    """The final step, if it adds something to the right result or subtracts it."""
    both = ends(case)
    if both is None or not telling(abs(both.gold)):
        return None
    if both.gold <= MAX_COMMON and not worked_out_alike(case, both.gold):
        return None
    right = Operand(both.gold, inverse=False)
    pairs = [
        each for each in own_results(case) if each.kind == "sum" and len(each.operands) == PAIR
    ]
    return next((each for each in pairs if right in each.operands), None)


def _changed_detection(case: Case, own: Calculation) -> Detection:
    both = ends(case)
    right = Operand(both.gold if both else 0, inverse=False)
    rest = list(own.operands)
    rest.remove(right)
    return Detection(
        title="Extra part in the final step",
        summary=(
            f"The answer is {as_stated(case.output, own)}, but {shown(right.value)} is already"
            f" the right result. Extra: {_values(rest)}."
        ),
        spans=((own.start, own.stop),),
        confidence=CONFIDENCE,
    )


def _detection(case: Case, found: FinalStepMismatch) -> Detection:
    last = found.last
    more = [
        each
        for part in last.extra
        if telling(part.value)
        for each in sources(case, part.value, last.own)
    ]
    return Detection(
        title=_title(last),
        summary=(
            f"The answer is {as_stated(case.output, last.own)}; {right_have(found)}"
            f" {as_stated(found.right, last.right)}. {_difference(last)}"
        ),
        spans=(*more[:1], (last.own.start, last.own.stop)),
        confidence=CONFIDENCE,
    )


def _title(last: Difference) -> str:
    if not last.extra:
        return "Part left out of the final step"
    return "Wrong parts in the final step" if last.missing else "Extra part in the final step"


def _difference(last: Difference) -> str:
    if not last.extra:
        return f"Missing: {_values(last.missing)}."
    if not last.missing:
        return f"Extra: {_values(last.extra)}."
    return f"It has {_values(last.extra)} instead of {_values(last.missing)}."


def _values(operands: Sequence[Operand]) -> str:
    return listed([-each.value if each.inverse else each.value for each in operands])


DETECTOR: Final = Detector(
    name="term_count_mismatch",
    finding="Final step with a missing or extra number",
    description="The sum or product that gives the answer has missing or extra parts.",
    category="counting_enumeration_error",
    kind="cause",
    rank=52,
    detect=detect,
    measured=Measured(right=14, read=18),
    former_names=("uneven_terms",),
)
