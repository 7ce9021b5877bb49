"""Finds the first number of the working that no right working of the same problem has."""

import re
from typing import Final

from ..detector import Case, Detector, Sign
from ..quantities import FARTHEST, Quantity, quantities, spelt, values
from ..tokens import Number

CONFIDENCE: Final = 0.8
"""Share of hits within one step of the first wrong step that teachers marked."""

_RESULT: Final = re.compile(r"\d[^=\n]{0,40}=\s*[$£€]?\s*(?:<<|\d|\.\d)")
_ALGEBRA: Final = re.compile(
    r"\\[a-zA-Z(\[]|\b[a-wyzA-Z]\s?=\s?\D|\bx\s?=|\d[a-z]\s?[-+=^]|\^|√|\b[a-z]\([a-z0-9]\)|∫"
)
_JOINED: Final = re.compile(r"[-+*/\u00d7÷=x]\s?[$£€]?\s?$")
_JOINS: Final = re.compile(r"\s?(?:[-+*/\u00d7÷=x<>](?!\w{0,20}[a-z])|%|of\b)")
_GOES_ON: Final = re.compile(r",\d")
_COMMON: Final = frozenset({1, 2, 100})
"""Operands that any right working may come to need."""
_NEXT_QUESTION: Final = re.compile(r"\n[^\S\n]*(?:Question|Q|Problem|User|Human)\s?\d{0,3}:")


def detect(case: Case) -> Sign | None:
    """The first number that neither the task nor any right working mentions, or None."""
    right = _right_workings(case)
    if not right or not _arithmetic(case):
        return None
    if _ends_right(case, right):
        return None
    known = spelt(case.prompt).union(_COMMON, values(case.prompt), *map(values, right))
    for quantity in _worked(case.output):
        if not _known(quantity.value, known):
            return _sign(case.output, quantity)
    return None


def _right_workings(case: Case) -> tuple[str, ...]:
    """Correct workings to compare with: other models', and the reference where it has one."""
    return tuple(
        each for each in (case.reference, *case.correct_outputs) if each and _RESULT.search(each)
    )


def _arithmetic(case: Case) -> bool:
    """Whether the output works on plain numbers: no algebra, no formulas."""
    if not _RESULT.search(case.output, 0, FARTHEST):
        return False
    return not any(_ALGEBRA.search(each, 0, FARTHEST) for each in (case.output, case.prompt))


def _ends_right(case: Case, right: tuple[str, ...]) -> bool:
    """Whether the working ends in the number that a right one ends in."""
    last = _last(case.answer.text if case.answer else case.output)
    gold = _last(case.gold) if case.gold else None
    return last is not None and (last == gold or any(last == _last(each) for each in right))


def _last(text: str) -> Number | None:
    value = None
    for quantity in quantities(text[-200:]):
        value = quantity.value
    return value


def _worked(output: str) -> list[Quantity]:
    """Numbers that take part in a calculation, up to where the output runs on."""
    stop = _NEXT_QUESTION.search(output, 1)
    end = stop.start() if stop else len(output)
    return [each for each in quantities(output[:end]) if _joined(output, each)]


def _joined(output: str, quantity: Quantity) -> bool:
    """Whether an operation sign stands beside the numeral, which is read to its end."""
    ahead = output[max(0, quantity.start - 4) : quantity.start]
    cut = _GOES_ON.match(output, quantity.end)
    return not cut and bool(_JOINED.search(ahead) or _JOINS.match(output, quantity.end))


def _known(value: Number, known: set[Number]) -> bool:
    """Whether the value is known, perhaps as a percentage."""
    return value in known or value * 100 in known or (value % 100 == 0 and value // 100 in known)


def _sign(output: str, quantity: Quantity) -> Sign:
    numeral = output[quantity.start : quantity.end]
    return Sign(
        title="Working departs from right ones",
        summary=(
            f"The working first parts from right ones at {numeral}:"
            " neither the task nor any right working at hand has this number."
        ),
        spans=((quantity.start, quantity.end),),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="first_departure",
    finding="First departing number",
    description="The first number of the working that no right working of the same problem has.",
    category="hard_to_analyze",
    kind="place",
    rank=60,
    detect=detect,
)
