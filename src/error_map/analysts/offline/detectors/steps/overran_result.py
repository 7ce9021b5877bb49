"""Finds workings that reach the right result and continue calculating with it."""

from typing import Final

from ...detector import Case, Detection, Detector, Measured
from ...steps.comparison import Comparison, compare, same_way
from ...steps.phrasing import quoted, shown
from ...steps.workings import Step

# 8 of 9 findings read were right: (8 + 4 * 0.82) / (9 + 4), see `Measured`.
CONFIDENCE: Final = 0.87


def detect(case: Case) -> Detection | None:
    """Find workings in which a step after the right result uses it as an operand."""
    comparison = compare(case)
    after = _step_after_result(comparison) if comparison else None
    return _detection(comparison, after) if comparison and after else None


def _step_after_result(comparison: Comparison) -> Step | None:
    """The first step that continues from the right result."""
    gold = comparison.gold
    if gold is None or gold in comparison.task:
        return None
    reached = [
        index for index, step in enumerate(comparison.steps) if _reaches(comparison, step, gold)
    ]
    if not reached:
        return None
    later = comparison.steps[reached[0] + 1 :]
    after = next((step for step in later if gold in step.operands), None)
    ends_elsewhere = comparison.final != gold and comparison.last in later
    return after if after and ends_elsewhere else None


def _reaches(comparison: Comparison, step: Step, gold: float) -> bool:
    """Whether the step gives the right result in the same way as a right working."""
    if step.result != gold or not step.true or step.inner:
        return False
    return any(same_way(step, right.steps[-1]) for right in comparison.rights)


def _detection(comparison: Comparison, after: Step) -> Detection:
    return Detection(
        title="Continued past the right result",
        summary=(
            f"The working reaches the right result, {shown(comparison.gold or 0.0)},"
            f" and then continues: {quoted(comparison, after)}."
        ),
        spans=((after.start, after.end),),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="overran_result",
    finding="Went on calculating after the right result",
    description="A step gives the right result, and a later one continues calculating with it.",
    category="specification_misinterpretation",
    kind="cause",
    rank=45,
    detect=detect,
    measured=Measured(right=8, read=9),
    former_names=("went_on",),
)
