"""Finds answers that are off by a conversion factor between units."""

import re
from collections.abc import Iterable
from typing import Final

from ...answer_types.answer_unit import OtherUnit, other_unit
from ...answer_types.own_question import own_question
from ...detector import Case, Detection, Detector, Measured
from ...steps.comparison import Comparison, compare
from ...steps.phrasing import shown
from ...steps.workings import Step, key_of

# 2 of 2 findings read were right: (2 + 4 * 0.82) / (2 + 4), see `Measured`.
CONFIDENCE: Final = 0.88
PROMPT_CHARS: Final = 10_000
"""Searched for units; bounds the work on long prompts."""

_FACTORS: Final = {
    60.0: r"hours?|minutes?|seconds?",
    12.0: r"years?|months?|dozens?|feet|foot|inch(?:es)?",
    7.0: r"weeks?|days?|daily",
    24.0: r"days?|hours?",
    100.0: r"cents?|dollars?|meters?|metres?|cm|percent|\B\$",
    1000.0: r"kg|kilograms?|grams?|km|kilomet(?:er|re)s?|met(?:er|re)s?|lit(?:er|re)s?|ml|tons?",
    52.0: r"years?|weeks?|yearly|weekly",
    365.0: r"years?|days?|yearly|daily",
    30.0: r"months?|days?|monthly|daily|june|april|september|november",
    3.0: r"yards?|feet|foot",
    4.0: r"quarts?|gallons?|quarters?|weeks?|months?",
    16.0: r"pounds?|ounces?|cups?",
}
"""Conversion factors, each with unit names of which the task must contain one: by the ratio alone,
only 1 in 7 findings was right when read."""
_WORD: Final = re.compile(r"[a-z]{3}", re.IGNORECASE)
_NAMED: Final = {
    factor: re.compile(rf"(?<![a-z])(?:{words})(?![a-z])", re.IGNORECASE)
    for factor, words in _FACTORS.items()
}


def detect(case: Case) -> Detection | None:
    """Find answers in another unit, or off by a factor that only one of the workings has."""
    other = other_unit(case) if case.profile.trusted else None
    if other is not None:
        return _in_other_unit(case, other)
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
    named = _NAMED[ratio].search(own_question(case), 0, PROMPT_CHARS)
    if not named or _converts_without_equation(comparison, ratio):
        return None
    return ratio if _converts(comparison, ratio) else None


def _converts_without_equation(comparison: Comparison, factor: float) -> bool:
    """Whether the working converts a quantity without writing an equation."""
    if any(factor in step.operands for step in comparison.steps):
        return False
    results = {step.result for step in comparison.steps} - {comparison.final}
    given = results | (comparison.task & comparison.values)
    turned = comparison.values - comparison.task - {step.result for step in comparison.steps}
    return any(key_of(each * factor) in given or key_of(each / factor) in given for each in turned)


def _converts(comparison: Comparison, factor: float) -> bool:
    """Whether only one side has the factor, as multiplier or divisor as the ratio requires."""
    larger = (comparison.final or 0.0) > (comparison.gold or 0.0)
    own = [step for step in comparison.steps if factor in step.operands]
    if own:
        sentence = _sentence(comparison.text, own[0])
        if _WORD.search(sentence) and not _NAMED[factor].search(sentence):
            return False
        in_rights = any(factor in step.operands for step in comparison.right_steps)
        worked_out = any(factor == step.result for step in comparison.steps)
        return not (in_rights or worked_out) and _has_role(
            comparison.steps, factor, divides=not larger
        )
    rights = comparison.rights
    return all(_has_role(right.steps, factor, divides=larger) for right in rights)


def _sentence(text: str, step: Step) -> str:
    """The line or sentence of a step, in which a conversion names a unit."""
    start = max(text.rfind(mark, 0, step.start) for mark in ("\n", ". "))
    ends = (text.find(mark, step.end) for mark in ("\n", ". "))
    return text[start + 1 : min((end for end in ends if end >= 0), default=len(text))]


def _has_role(steps: Iterable[Step], factor: float, *, divides: bool) -> bool:
    """Whether a product has the factor as a divisor, or as a multiplier."""
    products = (step for step in steps if step.kind == "product")
    return any(factor in (step.inverse if divides else step.direct) for step in products)


def _in_other_unit(case: Case, other: OtherUnit) -> Detection:
    value = case.output[other.start : other.end]
    return Detection(
        title="Unit conversion missing",
        summary=(
            f"The working ends in {value} {other.own}, which is the reference, {case.gold}, in"
            f" {other.expected}."
        ),
        spans=((other.start, other.end),),
        confidence=CONFIDENCE,
    )


def _detection(comparison: Comparison, factor: float) -> Detection:
    own = next((each for each in comparison.steps if factor in each.operands), None)
    step = own or comparison.last
    final, gold = (shown(each or 0.0) for each in (comparison.final, comparison.gold))
    how = "converts by a factor of" if own else "lacks the conversion by a factor of"
    who = "which no right working does" if own else "which right workings include"
    return Detection(
        title="Unnecessary unit conversion" if own else "Unit conversion missing",
        summary=f"The working {how} {shown(factor)}, {who}: it ends in {final} instead of {gold}.",
        spans=((step.start, step.end),) if step else (),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="unit_factor",
    finding="Unit conversion missing or unnecessary",
    description="The answer is off by a unit factor that only one of the workings contains.",
    category="unit_scale_error",
    kind="cause",
    rank=47,
    detect=detect,
    measured=Measured(right=2, read=2),
)
