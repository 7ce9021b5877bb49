"""Finds quantities of the task that right workings use and the failing one never does."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from ...answer_types.own_question import question_stem
from ...arithmetic.quantities import quantities
from ...arithmetic.tokens import NUMERAL, number
from ...detector import Case, Detection, Detector, Measured
from ...steps.comparison import MAX_CHARS_READ, Comparison, Right, compare
from ...steps.phrasing import written
from ...steps.task_quantities import TaskQuantity, forms, phrase, task_quantities
from ...steps.workings import Step, key

# 10 of 13 findings read were right: (10 + 4 * 0.82) / (13 + 4), see `Measured`.
CONFIDENCE: Final = 0.78
MIN_SHARE: Final = 0.6
"""Share of right workings that must use the quantity: with it, 11 of 12 findings on word problems
were right when read, at 0.4 to 1.5 % false alarms."""

_SIGN: Final = r"[-+*/\u00d7÷\u2212\u2013]"
_USED: Final = re.compile(
    rf"(?:{_SIGN}|[x(])\s?[$£€(]{{0,2}}(?P<behind>{NUMERAL})"
    rf"|(?P<ahead>{NUMERAL})(?=[^\d\n.,;=]{{0,30}}?{_SIGN})"
)
"""A numeral next to an operation, perhaps separated by its unit."""

_SENTENCE: Final = re.compile(r"(?:[^.\n;]|\.(?=\d))+")
"""A sentence: up to a full stop that is no decimal point."""


def detect(case: Case) -> Detection | None:
    """Find the first quantity of the task that most right workings use and this one does not."""
    comparison = compare(case)
    if comparison is None or not comparison.departed:
        return None
    certain = _certainly_used(comparison)
    task = question_stem(case)
    for quantity in task_quantities(task):
        variants = forms(quantity.value)
        if not certain.isdisjoint(variants):
            continue
        right = _using(comparison, quantity)
        if right is None or not _used(comparison).isdisjoint(variants):
            continue
        use = _use(right, quantity.value)
        if not _in_another_form(comparison, use):
            return _detection(comparison, phrase(task, quantity), use)
    return None


@lru_cache(maxsize=1)
def _used(comparison: Comparison) -> frozenset[float]:
    """Numbers that the working calculates with, or just mentions if there is no reference."""
    text = comparison.text[:MAX_CHARS_READ]
    used = _certainly_used(comparison) | _in_words(text)
    return (
        used | _joined(text) | _in_derivations(comparison, text)
        if _referenced(comparison)
        else used
    )


def _certainly_used(comparison: Comparison) -> frozenset[float]:
    """Those numbers of `_used`, most of them, that take no reading of the text: a quick test."""
    return _operands(comparison.steps) if _referenced(comparison) else comparison.values


def _referenced(comparison: Comparison) -> bool:
    return any(right.reference for right in comparison.rights)


def _using(comparison: Comparison, quantity: TaskQuantity) -> Right | None:
    """The first right working that uses the quantity, if most without unknowns do."""
    rights = [right for right in comparison.rights if not right.algebra]
    using = [right for right in rights if quantity.value in _operands(right.steps)]
    return using[0] if using and len(using) >= MIN_SHARE * len(rights) else None


def _use(right: Right, value: float) -> Step:
    return next(step for step in right.steps if value in _operands((step,)))


def _in_another_form(comparison: Comparison, use: Step) -> bool:
    """Whether the working counts what a right one divides out, as "three 10-minute intervals"."""
    if use.kind != "product" or len(use.inverse) != 1:
        return False
    text = comparison.text[:MAX_CHARS_READ]
    counted = {key(each.value) for each in quantities(text)} | _in_words(text)
    return use.result in counted and use.inverse[0] in counted


def _operands(steps: Iterable[Step]) -> frozenset[float]:
    """All operands; adding a number to itself counts as doubling, with the operand 2."""
    found = {value for step in steps for value in step.operands}
    doubled = any(len(set(step.operands)) < len(step.operands) for step in steps)
    return frozenset(found | ({2.0} if doubled else set()))


def _joined(text: str) -> frozenset[float]:
    """Numbers next to an operation, even if the equation cannot be parsed."""
    numerals = (found[found.lastgroup or 0] for found in _USED.finditer(text, 0, MAX_CHARS_READ))
    return frozenset(key(value) for each in numerals if (value := number(each)) is not None)


def _in_words(text: str) -> frozenset[float]:
    """Numbers spelled out in the working: halving something in words needs no equation."""
    spelt = (each for each in task_quantities(text) if text[each.start].isalpha())
    return frozenset(each.value for each in spelt)


def _in_derivations(comparison: Comparison, text: str) -> frozenset[float]:
    """Numbers in sentences that also have a number not in the task, so that derive something."""
    sentences = (quantities(each[0]) for each in _SENTENCE.finditer(text))
    numbers = (frozenset(key(each.value) for each in sentence) for sentence in sentences)
    return frozenset[float]().union(*(each for each in numbers if each - comparison.task))


def _detection(comparison: Comparison, quoted: str, use: Step) -> Detection:
    step = comparison.departed[0] if comparison.departed else None
    return Detection(
        title="Quantity of the task not used",
        summary=(
            f"The working never uses \u201c{quoted}\u201d from the task;"
            f" {comparison.whose(use)} uses it in {written(use)}."
        ),
        spans=((step.start, step.end),) if step else (),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="unused_quantity",
    finding="Number from the task never used",
    description="Right workings calculate with a number of the task that this one never uses.",
    category="context_misuse",
    kind="cause",
    rank=54,
    detect=detect,
    measured=Measured(right=10, read=13),
)
