"""Finds a step that puts the right quantities together by another operation."""

from typing import Final

from ...answer_types.multiple_choice import stem
from ...detector import Case, Detection, Detector, Measured
from ...steps.comparison import Comparison, compare
from ...steps.phrasing import listed, quoted, written
from ...steps.step_alignment import Parting, parting
from ...steps.task_quantities import ambiguous
from ...steps.workings import Step

CONFIDENCE: Final = 0.7
_PAIR: Final = 2
_DOES: Final = {
    ("sum", False): ("Adds", "adding"),
    ("sum", True): ("Subtracts", "subtracting"),
    ("product", False): ("Multiplies", "multiplying"),
    ("product", True): ("Divides", "dividing"),
}


def detect(case: Case) -> Detection | None:
    """The first departing step whose operands are those of a right step, or None."""
    found, comparison = parting(case), compare(case)
    if found is None or comparison is None or found.how != "other operation":
        return None
    task = stem(case.prompt)
    if any(ambiguous(task, each) for each in found.step.operands):
        return None
    return _detection(comparison, found)


def _detection(comparison: Comparison, found: Parting) -> Detection:
    return Detection(
        title=_title(found.step, found.right),
        summary=(
            f"The working takes {quoted(comparison, found.step)}, where"
            f" {comparison.whose(found.right)} puts {listed(found.step.operands)} together as"
            f" {written(found.right)}."
        ),
        spans=((found.step.start, found.step.end),),
        confidence=CONFIDENCE,
    )


def _title(step: Step, right: Step) -> str:
    done, due = ((each.kind, bool(each.inverse)) for each in (step, right))
    if len(step.operands) != _PAIR:
        return "Wrong operation"
    if done == due:
        return f"{_DOES[done][0]} the wrong way round"
    return f"{_DOES[done][0]} instead of {_DOES[due][1]}"


DETECTOR: Final = Detector(
    name="wrong_operation",
    finding="Other operation on the same quantities",
    description="A step with the operands of a right step and another operation.",
    category="logical_reasoning_error",
    kind="cause",
    rank=50,
    detect=detect,
    measured=Measured(right=8, read=12),
    former_names=("other_operation",),
)
