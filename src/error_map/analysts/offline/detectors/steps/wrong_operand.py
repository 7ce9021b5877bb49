"""Finds a last step into which another number goes than into that of right answers."""

from typing import Final

from ...detector import Case, Detection, Detector, Measured
from ...steps.final_steps import Parted, as_stated, parted, right_have, sources
from ...steps.phrasing import shown

CONFIDENCE: Final = 0.89


def detect(case: Case) -> Detection | None:
    """Fires where the last step and that of a right answer differ in one number, or its sign."""
    found = parted(case)
    return _detection(case, found) if found and found.last.exchanged else None


def _detection(case: Case, found: Parted) -> Detection:
    last, deepest = found.last, found.deepest
    spans = [(last.own.start, last.own.stop)]
    summary = (
        f"The answer comes from {as_stated(case.output, last.own)};"
        f" {right_have(found)} {as_stated(found.right, last.right)}."
    )
    if deepest is not last:
        spans.insert(0, (deepest.own.start, deepest.own.stop))
        summary += (
            f" Before that it has {as_stated(case.output, deepest.own)}"
            f" instead of {as_stated(found.right, deepest.right)}."
        )
    pair = deepest.exchanged
    if pair and pair[0].value != pair[1].value:
        taken, wanted = pair[0].value, pair[1].value
        summary += f" So {shown(taken)} stands in place of {shown(wanted)}."
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
    description="The sum or product that is answered has another number in it than the right one.",
    category="logical_reasoning_error",
    kind="cause",
    rank=53,
    detect=detect,
    measured=Measured(right=36, read=40),
    former_names=("other_operand",),
)
