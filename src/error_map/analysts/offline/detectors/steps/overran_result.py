"""Finds workings that reach the right result and continue calculating with it."""

from typing import Final

from ...answer_types.answer_unit import asks_for_other_unit, unit_at
from ...arithmetic.quantities import quantities
from ...detector import Case, Detection, Detector, Measured
from ...steps.comparison import Comparison, Right, compare, same_way
from ...steps.phrasing import quoted, shown
from ...steps.workings import Step

# 8 of 9 findings read were right: (8 + 4 * 0.82) / (9 + 4), see `Measured`.
CONFIDENCE: Final = 0.87


def detect(case: Case) -> Detection | None:
    """Find workings in which a step after the right result uses it as an operand."""
    comparison = compare(case)
    after = _step_after_result(case, comparison) if comparison else None
    return _detection(comparison, after) if comparison and after else None


def _step_after_result(case: Case, comparison: Comparison) -> Step | None:
    """The first step that continues from the right result."""
    gold = comparison.gold
    if gold is None or gold in comparison.task:
        return None
    reached = [
        index for index, step in enumerate(comparison.steps) if _reaches(comparison, step, gold)
    ]
    if not reached or not _in_asked_unit(case, comparison.steps[reached[0]]):
        return None
    later = comparison.steps[reached[0] + 1 :]
    after = next((step for step in later if gold in step.operands), None)
    ends_elsewhere = comparison.final != gold and comparison.last in later
    return after if after and ends_elsewhere else None


def _reaches(comparison: Comparison, step: Step, gold: float) -> bool:
    """Whether the step gives the right result in the same way as a right working."""
    if step.result != gold or not step.true or step.inner:
        return False
    return any(
        same_way(step, right.steps[-1]) and _derived_alike(comparison, step, right)
        for right in comparison.rights
    )


def _derived_alike(comparison: Comparison, step: Step, right: Right) -> bool:
    """Whether the result is no chance: what the right working derives is not read off the task.

    Where the right working has the result twice, for different things, all operands must be those
    of its last step.
    """
    last = right.steps[-1]
    twice = sum(each.result == last.result for each in right.steps if not each.inner) > 1
    if twice and step[:3] != last[:3]:
        return False
    derived = {each.result for each in right.steps[:-1]}.intersection(last.operands)
    before = {each.result for each in comparison.steps if each.start <= step.start}
    read_off = derived.intersection(step.operands, comparison.task) - before
    return not read_off or not before.isdisjoint(set(step.operands) - read_off)


def _in_asked_unit(case: Case, step: Step) -> bool:
    """Whether the result has no unit of another size than that which the task asks for."""
    text = case.output
    last = quantities(text[step.start : step.end])
    if not last:
        return True
    start, end = step.start + last[-1].start, step.start + last[-1].end
    return not asks_for_other_unit(case, unit_at(text, start, end))


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
