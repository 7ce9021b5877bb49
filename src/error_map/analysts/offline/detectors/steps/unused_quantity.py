"""Finds a quantity of the task that right workings calculate with and this one never does."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from ...answer_types.multiple_choice import stem
from ...arithmetic.quantities import quantities
from ...arithmetic.tokens import NUMERAL, number
from ...detector import Case, Detection, Detector, Measured
from ...steps.comparison import FARTHEST, Comparison, Right, compare
from ...steps.phrasing import written
from ...steps.task_quantities import TaskQuantity, forms, phrase, task_quantities
from ...steps.workings import Step, key

CONFIDENCE: Final = 0.78
USUAL: Final = 0.6
"""Share of right workings that must use the quantity (DETECTORS: measured)."""

_SIGN: Final = r"[-+*/\u00d7÷\u2212\u2013]"
_USED: Final = re.compile(
    rf"(?:{_SIGN}|[x(])\s?[$£€(]{{0,2}}(?P<behind>{NUMERAL})"
    rf"|(?P<ahead>{NUMERAL})(?=[^\d\n.,;=]{{0,30}}?{_SIGN})"
)
"""A numeral with an operation beside it, perhaps behind its unit."""

_SENTENCE: Final = re.compile(r"(?:[^.\n;]|\.(?=\d))+")
"""Up to a full stop that is no decimal point."""


def detect(case: Case) -> Detection | None:
    """The first quantity of the task that most right workings use and this one does not."""
    comparison = compare(case)
    if comparison is None or not comparison.departed:
        return None
    plainly = _plainly_used(comparison)
    for quantity in task_quantities(stem(case.prompt)):
        wanted = forms(quantity.value)
        if not plainly.isdisjoint(wanted):
            continue
        right = _using(comparison, quantity)
        if right is not None and _used(comparison).isdisjoint(wanted):
            return _detection(
                comparison, phrase(case.prompt, quantity), _use(right, quantity.value)
            )
    return None


@lru_cache(maxsize=1)
def _used(comparison: Comparison) -> frozenset[float]:
    """Numbers that the working calculates with; without a reference, all that it mentions."""
    text = comparison.text[:FARTHEST]
    used = _plainly_used(comparison) | _in_words(text)
    return used | _joined(text) | _told(comparison, text) if _referenced(comparison) else used


def _plainly_used(comparison: Comparison) -> frozenset[float]:
    """Those of `_used` that are known at once, which are most."""
    return _operands(comparison.steps) if _referenced(comparison) else comparison.values


def _referenced(comparison: Comparison) -> bool:
    return any(right.reference for right in comparison.rights)


def _using(comparison: Comparison, quantity: TaskQuantity) -> Right | None:
    """The first right working that uses it, if most do; those with unknowns do not count."""
    rights = [right for right in comparison.rights if not right.algebra]
    using = [right for right in rights if quantity.value in _operands(right.steps)]
    return using[0] if using and len(using) >= USUAL * len(rights) else None


def _use(right: Right, value: float) -> Step:
    return next(step for step in right.steps if value in _operands((step,)))


def _operands(steps: Iterable[Step]) -> frozenset[float]:
    """All operands; a number added to itself counts as doubled."""
    found = {value for step in steps for value in step.operands}
    doubled = any(len(set(step.operands)) < len(step.operands) for step in steps)
    return frozenset(found | ({2.0} if doubled else set()))


def _joined(text: str) -> frozenset[float]:
    """Numbers with an operation beside them, whether the equation can be read or not."""
    numerals = (found[found.lastgroup or 0] for found in _USED.finditer(text, 0, FARTHEST))
    return frozenset(key(value) for each in numerals if (value := number(each)) is not None)


def _in_words(text: str) -> frozenset[float]:
    """Numbers that the working has as words: what is halved in words needs no equation."""
    spelt = (each for each in task_quantities(text) if text[each.start].isalpha())
    return frozenset(each.value for each in spelt)


def _told(comparison: Comparison, text: str) -> frozenset[float]:
    """Numbers of sentences that come to a number which the task does not have."""
    sentences = (quantities(each[0]) for each in _SENTENCE.finditer(text))
    told = (frozenset(key(each.value) for each in sentence) for sentence in sentences)
    return frozenset[float]().union(*(each for each in told if each - comparison.task))


def _detection(comparison: Comparison, quoted: str, use: Step) -> Detection:
    step = comparison.wrong_step
    return Detection(
        title="Quantity of the task not used",
        summary=(
            f"The working never calculates with \u201c{quoted}\u201d of the task;"
            f" {comparison.whose(use)} uses it in {written(use)}."
        ),
        spans=((step.start, step.end),) if step else (),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="unused_quantity",
    finding="Quantity of the task not used",
    description="A quantity of the task that right workings calculate with and this one does not.",
    category="context_misuse",
    kind="cause",
    rank=54,
    detect=detect,
    measured=Measured(right=10, read=13),
)
