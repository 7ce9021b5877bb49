"""Locates unknowns of the task with a different value than in right workings."""

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
from ...answer_types.own_question import own_question
from ...detector import Case, Detection, Detector, Measured
from ...step_errors.false_equations import shown
from ...step_errors.formula_claims import of_formulas
from ...values.equality import same_value
from ...values.tolerance import ROUNDED, nearly_equal

# 24 of 27 findings read were right: (24 + 4 * 0.82) / (27 + 4), see `Measured`.
CONFIDENCE: Final = 0.88
CHARS_BEFORE: Final = 50
FORMULA_CHARS: Final = 250
"""Searched before a value for a quoted formula, whose letters have another meaning."""
SHOWN_CHARS: Final = 80
"""A longer expression is truncated in the summary, which should stay one sentence."""

_CHOSEN: Final = re.compile(
    r"\b(?:let|if|when|suppose|assum\w*|case|try\w*|test\w*|for|set|setting|where|say|example"
    r"|choos\w*|check\w*|consider\w*|substitut\w*)\b[^.;=]{0,40}\Z",
    re.IGNORECASE,
)
"""Words before a number that is tried or chosen, not found."""
_COEFFICIENTS: Final = re.compile(r"quadratic formula|4\s?ac|vertex", re.IGNORECASE)
"""Words before a quoted formula, whose letters are not those of the task."""
_RESIDUES: Final = re.compile(
    r"\bmod(?:ulo)?\b|\bremainder|\\[bp]?mod\b|\u2261|\\equiv\b|congruen|\bbase\b"
)
_VARIABLES: Final = frozenset("xyztnkmijsuvw")
"""Letters that often run through several values: they count only if the task asks for them."""


def detect(case: Case) -> Detection | None:
    """Find the first unknown with a wrong value, in answers that differ from the reference."""
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
    return Detection(
        title="Wrong value for a quantity of the task",
        summary=f"The working has {name} = {one}; right answers have {name} = {other}.",
        spans=((start, mine.end),),
        confidence=CONFIDENCE,
    )


def _others(case: Case) -> Iterator[tuple[Assigned, Coefficient]]:
    """Each expression with a wrong value, with the value that right workings give it."""
    task = own_question(case)
    known = task_letters(task)
    mine = {key: places for key, places in assigned(case.output).items() if letters(key) <= known}
    if not mine:
        return
    rights = [assigned(text) for text in case.correct_outputs]
    requested, formed = asked_letters(task), form_letters(task)
    gold = stated(case.gold or "")
    for key, places in mine.items():
        used = letters(key)
        in_rights = [each[key] for each in rights if key in each]
        value = _agreed([place for each in in_rights for place in each])
        if (
            value is None
            or not _same_values(places)
            or nearly_equal(places[0].value, value, within=ROUNDED)
        ):
            continue
        if gold is not None and any(
            nearly_equal(gold, value * by, within=ROUNDED) for by in (1, places[0].factor)
        ):
            continue
        if used & formed and not _another_agrees(mine, rights, formed):
            continue
        informative = used <= requested or len(in_rights) > 1 or not used <= _VARIABLES
        if (
            informative
            and not _is_chosen(case.output, places[0])
            and not _exchanged(value, places[0], mine)
        ):
            yield places[0], value


def _agreed(places: Sequence[Assigned]) -> Coefficient | None:
    """The value at all these places; None if there are several values, or no places."""
    return places[0].value if places and _same_values(places) else None


def _same_values(places: Sequence[Assigned]) -> bool:
    return all(nearly_equal(places[0].value, each.value, within=ROUNDED) for each in places)


def _another_agrees(
    mine: Mapping[Key, Sequence[Assigned]],
    rights: Sequence[Mapping[Key, Sequence[Assigned]]],
    formed: AbstractSet[str],
) -> bool:
    """Whether another letter of the answer form has its right value; else all of it is wrong."""
    return any(
        value is not None
        and _same_values(places)
        and nearly_equal(places[0].value, value, within=ROUNDED)
        for key, places in mine.items()
        if letters(key) <= formed
        for value in [_agreed([one for each in rights if key in each for one in each[key]])]
    )


def _is_chosen(text: str, place: Assigned) -> bool:
    start = place.of.start
    if _COEFFICIENTS.search(text, max(0, start - FORMULA_CHARS), start):
        return True
    return _CHOSEN.search(text, max(0, start - CHARS_BEFORE), start) is not None


def _exchanged(value: Coefficient, place: Assigned, mine: Mapping[Key, Sequence[Assigned]]) -> bool:
    """Whether another unknown has this value, as when two unknowns are swapped."""
    size = len(place.of.of.value)
    return any(
        nearly_equal(value, each.value, within=ROUNDED)
        for others in mine.values()
        for each in others
        if each.of.of.value != place.of.of.value and len(each.of.of.value) == size == 1
    )


DETECTOR: Final = Detector(
    name="wrong_unknown_value",
    finding="Unknown of the task with a wrong value",
    description="An unknown of the task has a different value than in right answers.",
    category="hard_to_analyze",
    kind="place",
    rank=59,
    detect=detect,
    measured=Measured(right=24, read=27),
    former_names=("other_value",),
)
