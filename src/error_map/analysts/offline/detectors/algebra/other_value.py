"""A place: an unknown of the task with another number than in every right working."""

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from fractions import Fraction
from typing import Final

from ...algebra.assignments import (
    Assigned,
    Key,
    asked_letters,
    assigned,
    form_letters,
    letters,
    task_letters,
)
from ...algebra.formulas import stated
from ...algebra.polynomials import Coefficient
from ...detector import Case, Detector, Measured, Sign
from ...format_rules.rule import own_task
from ...step_errors.false_equations import shown
from ...step_errors.formula_claims import of_formulas
from ...values.equality import same_value
from ...values.tolerance import ROUNDED, nearly_equal

CONFIDENCE: Final = 0.88
BEFORE_CHARS: Final = 50
FORMULA_CHARS: Final = 250
SHOWN_CHARS: Final = 80

_FREE: Final = re.compile(
    r"\b(?:let|if|when|suppose|assum\w*|case|try\w*|test\w*|for|set|setting|where|say|example"
    r"|choos\w*|check\w*|consider\w*|substitut\w*)\b[^.;=]{0,40}\Z",
    re.IGNORECASE,
)
"""The number is tried, or chosen, not found."""
_COEFFICIENTS: Final = re.compile(r"quadratic formula|4\s?ac|vertex", re.IGNORECASE)
"""The letters are those of a formula that is quoted, not of the task."""
_RESIDUES: Final = re.compile(
    r"\bmod(?:ulo)?\b|\bremainder|\\[bp]?mod\b|\u2261|\\equiv\b|congruen|\bbase\b"
)
_VARIABLES: Final = frozenset("xyztnkmijsuvw")
"""Letters that run through values; alone they tell little unless they are asked for."""


def detect(case: Case) -> Sign | None:
    """Fires on the first such number, where the answer is another than the reference too."""
    if not case.correct_outputs or case.answer is None or case.gold is None:
        return None
    if not case.profile.trusted or not of_formulas(case):
        return None
    if same_value(case.answer.text, case.gold):
        return None
    found = min(_others(case), key=lambda pair: pair[0].of.start, default=None)
    if found is None or _RESIDUES.search(case.prompt) or _RESIDUES.search(case.output):
        return None
    mine, right = found
    start, end = mine.of.start, mine.of.end
    name = " ".join(case.output[start:end].split())[:SHOWN_CHARS]
    one, other = (shown(Fraction(value * mine.factor)) for value in (mine.value, right))
    return Sign(
        title="Wrong value for a quantity of the task",
        summary=f"The working comes to {name} = {one}; right answers have {name} = {other}.",
        spans=((start, mine.end),),
        confidence=CONFIDENCE,
    )


def _others(case: Case) -> Iterator[tuple[Assigned, Coefficient]]:
    """Each expression with another number, and the number that right workings give it."""
    task = own_task(case.prompt)
    known = task_letters(task)
    mine = {key: places for key, places in assigned(case.output).items() if letters(key) <= known}
    if not mine:
        return
    rights = [assigned(text) for text in case.correct_outputs]
    asked, formed = asked_letters(task), form_letters(task)
    gold = stated(case.gold or "")
    for key, places in mine.items():
        used = letters(key)
        there = [each[key] for each in rights if key in each]
        value = _agreed([place for each in there for place in each])
        if (
            value is None
            or not _one(places)
            or nearly_equal(places[0].value, value, within=ROUNDED)
        ):
            continue
        if gold is not None and any(
            nearly_equal(gold, value * by, within=ROUNDED) for by in (1, places[0].factor)
        ):
            continue
        if used & formed and not _one_agrees(mine, rights, formed):
            continue
        telling = used <= asked or len(there) > 1 or not used <= _VARIABLES
        if telling and not _free(case.output, places[0]) and not _exchanged(value, places[0], mine):
            yield places[0], value


def _agreed(places: Sequence[Assigned]) -> Coefficient | None:
    """The number at all these places; None where there are several, or none."""
    return places[0].value if places and _one(places) else None


def _one(places: Sequence[Assigned]) -> bool:
    return all(nearly_equal(places[0].value, each.value, within=ROUNDED) for each in places)


def _one_agrees(
    mine: Mapping[Key, Sequence[Assigned]],
    rights: Sequence[Mapping[Key, Sequence[Assigned]]],
    formed: AbstractSet[str],
) -> bool:
    """Whether another letter of the form has the right number; else all of the result is wrong."""
    return any(
        value is not None and _one(places) and nearly_equal(places[0].value, value, within=ROUNDED)
        for key, places in mine.items()
        if letters(key) <= formed
        for value in [_agreed([one for each in rights if key in each for one in each[key]])]
    )


def _free(text: str, place: Assigned) -> bool:
    start = place.of.start
    if _COEFFICIENTS.search(text, max(0, start - FORMULA_CHARS), start):
        return True
    return _FREE.search(text, max(0, start - BEFORE_CHARS), start) is not None


def _exchanged(value: Coefficient, place: Assigned, mine: Mapping[Key, Sequence[Assigned]]) -> bool:
    """Whether another unknown has the right number, as where two are named the other way round."""
    size = len(place.of.of.value)
    return any(
        nearly_equal(value, each.value, within=ROUNDED)
        for others in mine.values()
        for each in others
        if each.of.of.value != place.of.of.value and len(each.of.of.value) == size == 1
    )


DETECTOR: Final = Detector(
    name="other_value",
    finding="Wrong value for a quantity of the task",
    description="An unknown of the task has another number than in the right answers that name it.",
    category="hard_to_analyze",
    kind="place",
    rank=59,
    detect=detect,
    measured=Measured(right=24, read=27),
)
