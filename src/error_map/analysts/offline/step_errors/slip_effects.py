"""Whether a false equation is why the answer is wrong."""

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from itertools import islice
from typing import Final, Literal, TypeAlias

from ..answer_types.multiple_choice import options
from ..answer_types.own_question import own_question, question_stem
from ..arithmetic.calculator import FalseEquation, false_equations
from ..arithmetic.quantities import quantities, values
from ..detector import Case
from ..steps.comparison import mentioned
from ..steps.recomputation import recomputed
from ..steps.workings import key, steps
from ..values.common_numbers import telling
from ..values.tolerance import ROUNDED
from .counterfactual import MAX_WORKING_CHARS, recalculated
from .false_equations import wrong_regardless

Effect: TypeAlias = Literal["decides", "not alone", "unclear"]
"""Decides: corrected, the answer is right, or right workings have the true value. Not alone: the
answer is the claimed value, but the true one is wrong too."""

CASE_CACHE_SIZE: Final = 4
"""Several detectors ask for the same equation one after another."""
MAX_CORRECTED: Final = 8
"""False equations that are corrected together; later ones mostly follow from earlier ones."""
PERCENT: Final = 100
TAIL_CHARS: Final = 300
"""Searched at the end of an output for its last number."""
MAX_WORDS: Final = 8
"""Words of a task that is a calculation and nothing else, such as "What is"."""
MIN_OPERATIONS: Final = 2

_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_OPERATION: Final = re.compile(r"\d[\s)]{0,4}[-+*/\u00d7\u00f7\u2212][\s(-]{0,4}\d")


@lru_cache(maxsize=CASE_CACHE_SIZE)
def effect(found: FalseEquation, case: Case) -> Effect:
    """Return whether the false equation explains the wrong answer.

    In tasks with words, a true value that no right working has shows that the working was on
    another way before: of such equations in MMLU-Pro, 1 of 12 that were read was the cause.
    """
    if wrong_regardless(found, case):
        return "not alone"
    if _is_calculation(question_stem(case)) or _corrected_is_right(found, case):
        return "decides"
    return "decides" if _in_right_workings(found, case) else "unclear"


def _is_calculation(task: str) -> bool:
    """Whether the task is to evaluate an expression, so that every false equation matters."""
    operations = len(_OPERATION.findall(task))
    return operations >= MIN_OPERATIONS and len(_WORD.findall(task)) <= MAX_WORDS


def _corrected_is_right(found: FalseEquation, case: Case) -> bool:
    """Whether the answer equals the reference once all false equations are corrected."""
    given = _final(case, case.answer.text) if case.answer else None
    if given is None and not case.profile.trusted:
        given = _last_number(case.output)
    gold = _final(case, case.gold or case.reference or "")
    if given is None or gold is None or given == gold or len(case.output) > MAX_WORKING_CHARS:
        return False
    start = found.end - len(found.claimed)
    later = (each for each in false_equations(case.output) if each.start >= found.start)
    every = [change for each in islice(later, MAX_CORRECTED) for change in _change(each)]
    new = [recalculated(case, start, changes).of(given) for changes in (every[:1], every)]
    changed = {key(old): key(each) for old, each in every[:1]}
    by_steps = recomputed(steps(case.output), changed, after=start).get(key(given))
    return any(
        each is not None and abs(Fraction(each) - gold) <= ROUNDED * abs(gold)
        for each in (*new, by_steps)
    )


def _change(each: FalseEquation) -> Iterator[tuple[Fraction, Fraction]]:
    claims = tuple(values(each.claimed))
    if len(claims) == 1:
        sign = -1 if each.claimed.startswith(("-", "\u2212")) else 1
        yield sign * Fraction(claims[0]), Fraction(each.value)


def _final(case: Case, answer: str) -> Fraction | None:
    """The number in an answer, or in the option that it names by its letter."""
    letter = answer.strip("()*. \n").upper()
    listed = options(own_question(case)) if len(letter) == 1 else {}
    found = values(listed.get(letter, answer))
    return Fraction(*found) if len(found) == 1 else None


def _last_number(output: str) -> Fraction | None:
    """The last number: the likeliest answer in a dataset without a trusted answer route."""
    found = quantities(output[-TAIL_CHARS:])
    return Fraction(found[-1].value) if found else None


def _in_right_workings(found: FalseEquation, case: Case) -> bool:
    """Whether a right working has the true value as a result, not by chance."""
    sizes = {key(abs(Fraction(found.value)) * by) for by in (1, PERCENT)}
    operands = {key(each) for each in values(found.expression)}
    given = mentioned(question_stem(case))
    for text in (case.reference, *case.correct_outputs):
        if not text:
            continue
        if any(telling(size) and size in mentioned(text) - given for size in sizes):
            return True
        if any(
            step.result in sizes and not operands.isdisjoint(step.operands) for step in steps(text)
        ):
            return True
    return False
