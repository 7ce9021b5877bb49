"""Finds final steps with one wrong number, compared with right answers."""

from typing import Final

from ...detector import Case, Detection, Detector, Measured
from ...steps.final_steps import (
    FinalStepMismatch,
    as_stated,
    final_step_mismatch,
    right_have,
    sources,
)
from ...steps.phrasing import shown

# 36 of 40 findings read were right: (36 + 4 * 0.82) / (40 + 4), see `Measured`.
CONFIDENCE: Final = 0.89


def detect(case: Case) -> Detection | None:
    """Find final steps that differ from that of a right answer in one number or its sign."""
    found = final_step_mismatch(case)
    return _detection(case, found) if found and found.last.exchanged else None


def _detection(case: Case, found: FinalStepMismatch) -> Detection:
    last, deepest = found.last, found.deepest
    spans = [(last.own.start, last.own.stop)]
    summary = (
        f"The answer is {as_stated(case.output, last.own)};"
        f" {right_have(found)} {as_stated(found.right, last.right)}."
    )
    if deepest is not last:
        spans.insert(0, (deepest.own.start, deepest.own.stop))
        summary += (
            f" Before that, the working has {as_stated(case.output, deepest.own)}"
            f" instead of {as_stated(found.right, deepest.right)}."
        )
    pair = deepest.exchanged
    if pair and pair[0].value != pair[1].value:
        taken, right = pair[0].value, pair[1].value
        summary += f" It uses {shown(taken)} instead of {shown(right)}."
        if all(each.value != taken for each in deepest.shared):
            spans = [*sources(case, taken, deepest.own), *spans]
    return Detection(
        title="Wrong number in the final step",
        summary=summary,
        spans=tuple(spans),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="wrong_operand",
    finding="Wrong number in the final step",
    description="One number in the sum or product that gives the answer is wrong.",
    category="logical_reasoning_error",
    kind="cause",
    rank=53,
    detect=detect,
    measured=Measured(right=36, read=40),
    former_names=("other_operand",),
)
