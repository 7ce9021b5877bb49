"""Finds an answer that is off by the factor between two units which only one side converts."""

import re
from collections.abc import Iterable
from typing import Final

from ...detector import Case, Detection, Detector, Measured
from ...steps.comparison import Comparison, compare
from ...steps.phrasing import shown
from ...steps.workings import Step, key_of

CONFIDENCE: Final = 0.88
PROMPT_CHARS: Final = 10_000

_FACTORS: Final = {
    60.0: r"hours?|minutes?|seconds?",
    12.0: r"years?|months?|dozens?|feet|foot|inch(?:es)?",
    7.0: r"weeks?|days?|daily",
    24.0: r"days?|hours?",
    100.0: r"cents?|dollars?|meters?|metres?|cm|percent",
    1000.0: r"kg|kilograms?|grams?|km|kilomet(?:er|re)s?|met(?:er|re)s?|lit(?:er|re)s?|ml|tons?",
    52.0: r"years?|weeks?|yearly|weekly",
    365.0: r"years?|days?|yearly|daily",
    30.0: r"months?|days?|monthly|daily|june|april|september|november",
    3.0: r"yards?|feet|foot",
    4.0: r"quarts?|gallons?|quarters?",
    16.0: r"pounds?|ounces?|cups?",
}
"""Factors between units, each with the words of which one must stand in the task."""
_NAMED: Final = {
    factor: re.compile(rf"\b(?:{words})\b|\$", re.IGNORECASE) for factor, words in _FACTORS.items()
}


def detect(case: Case) -> Detection | None:
    """Fires where the answer is the right one times a factor that only one of the workings has."""
    comparison = compare(case)
    factor = _factor(case, comparison) if comparison else None
    return _detection(comparison, factor) if comparison and factor else None


def _factor(case: Case, comparison: Comparison) -> float | None:
    final, gold = comparison.final, comparison.gold
    if not final or not gold:
        return None
    ratio = key_of(max(final, gold) / min(final, gold))
    if ratio not in _NAMED or ratio in comparison.task:
        return None
    named = _NAMED[ratio].search(case.prompt, 0, PROMPT_CHARS)
    if not named or _in_words(comparison, ratio):
        return None
    return ratio if _converts(comparison, ratio) else None


def _in_words(comparison: Comparison, factor: float) -> bool:
    """Whether the working turns a quantity into the other unit without an equation."""
    if any(factor in step.operands for step in comparison.steps):
        return False
    results = {step.result for step in comparison.steps} - {comparison.final}
    given = results | (comparison.task & comparison.values)
    turned = comparison.values - comparison.task - {step.result for step in comparison.steps}
    return any(key_of(each * factor) in given or key_of(each / factor) in given for each in turned)


def _converts(comparison: Comparison, factor: float) -> bool:
    """Whether one side alone has the factor, in the role that makes its result so much off."""
    larger = (comparison.final or 0.0) > (comparison.gold or 0.0)
    if any(factor in step.operands for step in comparison.steps):
        in_rights = any(factor in step.operands for step in comparison.right_steps)
        worked_out = any(factor == step.result for step in comparison.steps)
        return not (in_rights or worked_out) and _in_role(
            comparison.steps, factor, divides=not larger
        )
    rights = comparison.rights
    return all(_in_role(right.steps, factor, divides=larger) for right in rights)


def _in_role(steps: Iterable[Step], factor: float, *, divides: bool) -> bool:
    """Whether a product has the factor, as a divisor or not."""
    products = (step for step in steps if step.kind == "product")
    return any(factor in (step.inverse if divides else step.direct) for step in products)


def _detection(comparison: Comparison, factor: float) -> Detection:
    own = next((each for each in comparison.steps if factor in each.operands), None)
    step = own or comparison.last
    final, gold = (shown(each or 0.0) for each in (comparison.final, comparison.gold))
    how = "converts by" if own else "leaves out the conversion by"
    who = "which no right working does" if own else "which right workings make"
    return Detection(
        title="Needless unit conversion" if own else "Unit conversion missing",
        summary=f"The working {how} {shown(factor)}, {who}: it ends at {final} instead of {gold}.",
        spans=((step.start, step.end),) if step else (),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="unit_factor",
    finding="Unit conversion missing or needless",
    description="The answer is off by a factor between units that only one of the workings has.",
    category="unit_scale_error",
    kind="cause",
    rank=47,
    detect=detect,
    measured=Measured(right=2, read=2),
)
