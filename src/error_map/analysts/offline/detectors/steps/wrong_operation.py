"""Finds steps that combine the right quantities by the wrong operation."""

from typing import Final

from ...answer_types.own_question import question_stem
from ...detector import Case, Detection, Detector, Measured
from ...steps.comparison import Comparison, compare
from ...steps.phrasing import listed, quoted, written
from ...steps.step_alignment import StepMismatch, step_mismatch
from ...steps.task_quantities import ambiguous
from ...steps.workings import Step

# 8 of 12 findings read were right: (8 + 4 * 0.82) / (12 + 4), see `Measured`.
CONFIDENCE: Final = 0.7
_PAIR: Final = 2
_DOES: Final = {
    ("sum", False): ("Adds", "adding"),
    ("sum", True): ("Subtracts", "subtracting"),
    ("product", False): ("Multiplies", "multiplying"),
    ("product", True): ("Divides", "dividing"),
}


def detect(case: Case) -> Detection | None:
    """Find the first departing step whose operands are those of a right step."""
    found, comparison = step_mismatch(case), compare(case)
    if found is None or comparison is None or found.kind != "wrong operation":
        return None
    task = question_stem(case)
    if any(ambiguous(task, each) for each in found.step.operands):
        return None
    return _detection(comparison, found)


def _detection(comparison: Comparison, found: StepMismatch) -> Detection:
    return Detection(
        title=_title(found.step, found.right),
        summary=(
            f"The working computes {quoted(comparison, found.step)}, where"
            f" {comparison.whose(found.right)} combines {listed(found.step.operands)} as"
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
    finding="Right numbers, wrong operation",
    description="A step with the operands of a right step but another operation.",
    category="logical_reasoning_error",
    kind="cause",
    rank=50,
    detect=detect,
    measured=Measured(right=8, read=12),
    former_names=("other_operation",),
)
