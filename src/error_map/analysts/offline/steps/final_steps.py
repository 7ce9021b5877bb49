"""Compares the final sum or product of a failing answer with that of right answers."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from ..algebra.equality_parser import equalities
from ..algebra.formulas import stated
from ..answer_types.multiple_choice import options
from ..answer_types.own_question import question_stem
from ..answer_types.whole_answer import in_full
from ..answers.extractors.routes import Answer
from ..answers.final_answer import final_answer
from ..answers.profiles import Profile
from ..arithmetic.quantities import quantities
from ..detector import Case
from ..values.amounts import amount
from ..values.common_numbers import telling
from ..values.equality import plain, same_value
from .calculations import Calculation, reaching, worked_behind, worth
from .comparison import formula_in, mentioned
from .operand_differences import AGREED, Difference, closest, tells
from .phrasing import shown

TEXT_CACHE_SIZE: Final = 256
"""A right answer is compared with many failures, whose order keeps the same example together."""
CASE_CACHE_SIZE: Final = 4
"""Detectors examine one case after another, so only the current one is needed again."""
MAX_CHARS: Final = 50_000
"""A longer text is no working; bounds the work on hostile input."""
MAX_ANSWER_CHARS: Final = 80
"""A longer answer is no single number."""
MAX_QUOTE_CHARS: Final = 90
"""A longer calculation is written out from its operands, so that a summary stays readable."""
# Common numbers occur by chance in the middle of a working, so they count only where the result or
# the operand in question is expected: close to the answer, or to the calculation.
SOURCE_CHARS: Final = 250
"""Characters before a calculation in which a common number may be the source of its operand."""
END_CHARS: Final = 400
"""Characters before the answer in which a common number may be the result."""
MAX_COMMON: Final = 100
"""Largest common number."""
MAX_CALCULATIONS_AFTER: Final = 3
"""Calculations that may follow a common number that is the result."""
# The next two bound the work on hostile input.
MAX_CALCULATIONS: Final = 12
"""Calculations with the same result examined per text."""
MAX_DEPTH: Final = 4
"""Steps by which a wrong number is traced back."""
PAIR: Final = 2

_GLUED: Final = re.compile(r"[\^/{*+\-(]|.\S*[\^/*+}]\Z")
"""Surroundings of a number that is part of a formula."""
_SIGNS: Final = {"sum": (" + ", " - "), "product": (" × ", " / ")}  # noqa: RUF001 - as people write


class Ends(NamedTuple):
    """The result of a failing answer, and the right result."""

    final: float
    gold: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalStepMismatch:
    """How the final step of a failing answer differs from that of right answers."""

    last: Difference
    deepest: Difference
    """The earliest step that made the wrong number; the final step itself if none is known."""
    right: str
    """The right answer that is compared."""
    agreed: int
    """Right answers from whose final step it differs in the same way."""


@lru_cache(maxsize=CASE_CACHE_SIZE)
def ends(case: Case) -> Ends | None:
    """Return the answer and the right result; None unless both are numbers that differ."""
    if case.answer is None or case.answer.guessed or case.gold is None or not case.correct_outputs:
        return None
    if not case.profile.trusted or len(case.output) > MAX_CHARS:
        return None
    if same_value(case.answer.text, case.gold):
        return None
    final = _number(case, in_full(case.output, case.answer).text)
    gold = _number(case, case.gold)
    return None if final is None or gold is None or final == gold else Ends(final, gold)


@lru_cache(maxsize=CASE_CACHE_SIZE)
def right_answers(case: Case) -> tuple[tuple[str, int], ...]:
    """Return peer answers that do reach the reference, each with the start of its final answer."""
    found = []
    for text in case.correct_outputs:
        answer = _answered(text, case.profile, case.prompt) if len(text) <= MAX_CHARS else None
        if answer and case.gold and same_value(answer.text, case.gold):
            found.append((text, answer.start))
    return tuple(found)


@lru_cache(maxsize=TEXT_CACHE_SIZE)
def _answered(text: str, profile: Profile, prompt: str) -> Answer | None:
    return final_answer(text, profile, prompt)


def results(text: str, value: float, *, end: int, formulas: bool) -> list[Calculation]:
    """Return the calculations with this result; for a common number, only those near the end.

    Args:
        text: An answer.
        value: The result.
        end: Start of the final answer, in characters.
        formulas: Whether the text is read as formulas, as for `reaching`.
    """
    found = [each for each in reaching(text, value, formulas=formulas) if each.start < end]
    if found and abs(value) <= MAX_COMMON and value == int(value):
        found = [
            each
            for each in found
            if each.stop > each.end
            and (
                each.start >= end - END_CHARS
                or worked_behind(text, each.stop, before=end, formulas=formulas)
                < MAX_CALCULATIONS_AFTER
            )
        ]
    return found[-MAX_CALCULATIONS:]


def in_formulas(case: Case) -> bool:
    """Whether the task, and so its workings, are written in formulas."""
    return formula_in(question_stem(case))


def own_results(case: Case) -> list[Calculation]:
    """Return the calculations whose result is the failing answer."""
    both = ends(case)
    if both is None or case.answer is None:
        return []
    end = case.answer.start
    return results(case.output, both.final, end=end, formulas=in_formulas(case))


@lru_cache(maxsize=CASE_CACHE_SIZE)
def final_step_mismatch(case: Case) -> FinalStepMismatch | None:
    """Return how the final step differs from that of right answers, unless it is by chance."""
    both, own = ends(case), own_results(case)
    if both is None or not own:
        return None
    found = []
    formulas = in_formulas(case)
    for text, end in right_answers(case):
        best = closest(own, results(text, both.gold, end=end, formulas=formulas))
        if best:
            found.append((best, text))
    found.sort(key=lambda each: (each[0].size, -each[0].weight))
    for best, text in found:
        agreed = sum(best.differs_as(other) for other, _ in found)
        if tells(best, agreed) and not _may_be_its_own_error(case, best, text, agreed=agreed):
            deepest = _traced(case.output, text, best, formulas=formulas)
            return FinalStepMismatch(last=best, deepest=deepest, right=text, agreed=agreed)
    return None


def _may_be_its_own_error(case: Case, one: Difference, text: str, *, agreed: int) -> bool:
    """Whether the difference may be an oddity of the only right answer that shows it."""
    pair = one.exchanged
    if agreed >= AGREED or pair is None or pair[0].value in mentioned(question_stem(case)):
        return False
    others = (other for other, _ in right_answers(case) if other is not text)
    return any(pair[0].value in mentioned(other) for other in others)


def _traced(output: str, right: str, last: Difference, *, formulas: bool) -> Difference:
    """Trace the wrong number back to the earliest calculation that differs from a right one."""
    deepest = last
    for _ in range(MAX_DEPTH):
        pair = deepest.exchanged
        if pair is None or any(each.value == pair[0].value for each in deepest.shared):
            break
        before = closest(
            _behind(output, pair[0].value, deepest.own, formulas=formulas),
            _behind(right, pair[1].value, deepest.right, formulas=formulas),
        )
        if before is None or before.size > PAIR or not tells(before, AGREED):
            break
        deepest = before
    return deepest


def _behind(text: str, value: float, later: Calculation, *, formulas: bool) -> list[Calculation]:
    found = reaching(text, value, formulas=formulas)
    return [each for each in found if each.start < later.start][-MAX_CALCULATIONS:]


def worked_out_alike(case: Case, value: float) -> bool:
    """Whether the output and a right answer compute this value with a shared operand."""
    formulas = in_formulas(case)
    own_calculations = reaching(case.output, value, formulas=formulas)
    return any(
        one.kind == other.kind and not set(one.operands).isdisjoint(other.operands)
        for text, _ in (right_answers(case) if own_calculations else ())
        for other in reaching(text, value, formulas=formulas)
        for one in own_calculations
    )


def sources(case: Case, value: float, later: Calculation) -> tuple[tuple[int, int], ...]:
    """Return the place where the output gets the value before a calculation, at most one.

    The first place where it is computed or set; for a value given in the task, the last one.
    """
    given = value in mentioned(question_stem(case))
    found = _reached(case, value, later.start)
    found = found[::-1] if given else found
    return tuple(found or _named(case.output, value, later.start, given=given))[:1]


def _reached(case: Case, value: float, before: int) -> list[tuple[int, int]]:
    formulas = in_formulas(case)
    made = reaching(case.output, value, formulas=formulas)
    found = [(each.start, each.stop) for each in made if each.stop <= before]
    if found or not formulas:
        return found
    earlier = (each for each in equalities(case.output) if each.right.end <= before)
    return [
        (each.left.start, each.right.end)
        for each in earlier
        if each.right.of.closed is not None and worth(each.right.of.closed) == value
    ]


def _named(text: str, value: float, before: int, *, given: bool) -> list[tuple[int, int]]:
    """Places where the number is no part of a formula; for common ones, shortly before."""
    rare = telling(abs(value))
    begin = 0 if rare else before - SOURCE_CHARS
    places = [
        (each.start, each.end)
        for each in quantities(text)
        if begin <= each.start
        and each.end <= before
        and worth(each.value) == value
        and not _GLUED.match(text, max(0, each.start - 1), each.end + 1)
    ]
    return places if rare and not given else places[::-1]


def right_have(found: FinalStepMismatch) -> str:
    """Return the beginning of a sentence about right answers."""
    return "right answers have" if found.agreed >= AGREED else "a right answer has"


def as_stated(text: str, one: Calculation) -> str:
    """Quote the calculation with its result, written out from its operands if it is long."""
    formula = " ".join(text[one.start : one.end].split()).strip(" $")
    if len(formula) > MAX_QUOTE_CHARS or "<<" in formula:
        formula = _written(one)
    return f"{formula} = {shown(one.result)}"


def _written(one: Calculation) -> str:
    join, turn = _SIGNS[one.kind]
    formula = ""
    for each in one.operands:
        sign = turn if each.inverse else join
        formula += f"{sign if formula or each.inverse else ''}{shown(each.value)}"
    return formula.strip()


def _number(case: Case, answer: str) -> float | None:
    """The number that an answer is, or that the option named by its letter is."""
    letter = answer.strip("()*. \n").upper()
    if len(letter) == 1 and letter.isalpha():
        numbers = quantities(options(case.prompt).get(letter, ""))
        return worth(numbers[0].value) if len(numbers) == 1 else None
    if len(answer) > MAX_ANSWER_CHARS:
        return None
    value = stated(answer)
    if value is None:
        read = amount(plain(answer))
        value = read.value if read else None
    return None if value is None else worth(value)
