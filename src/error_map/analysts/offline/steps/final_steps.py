"""The sum or product that a failing answer ends in, beside that by which right answers end."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from ..algebra.equality_parser import equalities
from ..algebra.formulas import stated
from ..answer_types.multiple_choice import options, stem
from ..answer_types.whole_answer import in_full
from ..answers.route_learning import Answer, Profile, final_answer
from ..arithmetic.quantities import quantities
from ..detector import Case
from ..values.amounts import amount
from ..values.common_numbers import telling
from ..values.equality import plain, same_value
from .calculations import Calculation, reaching, worked_behind, worth
from .comparison import formula_in, mentioned
from .operand_differences import AGREED, Difference, closest, tells
from .phrasing import shown

REMEMBERED: Final = 256
"""Answers that are kept: a right one stands beside many failures."""
ASKED_AGAIN: Final = 4
LONGEST: Final = 50_000
"""Characters beyond which a text is no working."""
LONGEST_ANSWER: Final = 80
LONGEST_QUOTE: Final = 90
NEAR: Final = 250
"""Characters ahead of a calculation in which a common number is taken for the one that goes in."""
NEAR_END: Final = 400
"""Characters before the answer in which a common number is taken for the result."""
COMMON: Final = 100
"""Whole numbers up to this come about by chance in the midst of a working."""
FEW_BEHIND: Final = 3
"""Calculations from the end of which a common number is still taken for the result."""
MOST_PAIRED: Final = 12
"""Calculations of one value that are looked at in one text."""
DEEPEST: Final = 4
PAIR: Final = 2

_GLUED: Final = re.compile(r"[\^/{*+\-(]|.\S*[\^/*+}]\Z")
"""A number that is part of a formula."""
_SIGNS: Final = {"sum": (" + ", " - "), "product": (" × ", " / ")}  # noqa: RUF001 - as people write


class Ends(NamedTuple):
    """What a failing answer comes to, and what it should."""

    final: float
    gold: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Parted:
    """Where the last step of a failing answer parts from that of right ones."""

    last: Difference
    deepest: Difference
    """Where the number in question comes from, else the last step itself."""
    right: str
    """The right answer that both are held against."""
    agreed: int
    """Right answers whose last step differs in the same way."""


@lru_cache(maxsize=ASKED_AGAIN)
def ends(case: Case) -> Ends | None:
    """The number that is answered and the right one; None where they are not known to differ."""
    if case.answer is None or case.answer.guessed or case.gold is None or not case.correct_outputs:
        return None
    if not case.profile.trusted or len(case.output) > LONGEST:
        return None
    if same_value(case.answer.text, case.gold):
        return None
    final = _number(case, in_full(case.output, case.answer).text)
    gold = _number(case, case.gold)
    return None if final is None or gold is None or final == gold else Ends(final, gold)


@lru_cache(maxsize=ASKED_AGAIN)
def right_answers(case: Case) -> tuple[tuple[str, int], ...]:
    """The right answers of other models that do come to the reference, each with where it ends."""
    found = []
    for text in case.correct_outputs:
        answer = _answered(text, case.profile, case.prompt) if len(text) <= LONGEST else None
        if answer and case.gold and same_value(answer.text, case.gold):
            found.append((text, answer.start))
    return tuple(found)


@lru_cache(maxsize=REMEMBERED)
def _answered(text: str, profile: Profile, prompt: str) -> Answer | None:
    return final_answer(text, profile, prompt)


def results(text: str, value: float, *, end: int, formulas: bool) -> list[Calculation]:
    """The calculations that come to the value, which if common only counts near the end."""
    found = [each for each in reaching(text, value, formulas=formulas) if each.start < end]
    if found and abs(value) <= COMMON and value == int(value):
        found = [
            each
            for each in found
            if each.stop > each.end
            and (
                each.start >= end - NEAR_END
                or worked_behind(text, each.stop, before=end, formulas=formulas) < FEW_BEHIND
            )
        ]
    return found[-MOST_PAIRED:]


def in_formulas(case: Case) -> bool:
    """Whether the task is one of formulas, so that its workings are."""
    return formula_in(stem(case.prompt))


def own_results(case: Case) -> list[Calculation]:
    """The calculations that the failing answer ends in."""
    both = ends(case)
    if both is None or case.answer is None:
        return []
    end = case.answer.start
    return results(case.output, both.final, end=end, formulas=in_formulas(case))


@lru_cache(maxsize=ASKED_AGAIN)
def parted(case: Case) -> Parted | None:
    """How the last step parts from that of right answers, where that is not by chance."""
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
        if tells(best, agreed) and not _known_elsewhere(case, best, text, agreed=agreed):
            deepest = _traced(case.output, text, best, formulas=formulas)
            return Parted(last=best, deepest=deepest, right=text, agreed=agreed)
    return None


def _known_elsewhere(case: Case, one: Difference, text: str, *, agreed: int) -> bool:
    """Whether the only right answer that differs so may be the one that is wrong about it."""
    pair = one.exchanged
    if agreed >= AGREED or pair is None or pair[0].value in mentioned(stem(case.prompt)):
        return False
    others = (other for other, _ in right_answers(case) if other is not text)
    return any(pair[0].value in mentioned(other) for other in others)


def _traced(output: str, right: str, last: Difference, *, formulas: bool) -> Difference:
    """The earliest calculation behind the other number that parts from a right one."""
    deepest = last
    for _ in range(DEEPEST):
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
    return [each for each in found if each.start < later.start][-MOST_PAIRED:]


def worked_out_alike(case: Case, value: float) -> bool:
    """Whether the output and a right answer come to a value on their way by a common operand."""
    formulas = in_formulas(case)
    mine = reaching(case.output, value, formulas=formulas)
    return any(
        one.kind == other.kind and not set(one.operands).isdisjoint(other.operands)
        for text, _ in (right_answers(case) if mine else ())
        for other in reaching(text, value, formulas=formulas)
        for one in mine
    )


def sources(case: Case, value: float, later: Calculation) -> tuple[tuple[int, int], ...]:
    """Where the output comes to the value ahead of a calculation: one place, or none.

    It is where the value is first worked out or set; one that the task gives, where it is last.
    """
    given = value in mentioned(stem(case.prompt))
    found = _reached(case, value, later.start)
    found = found[::-1] if given else found
    return tuple(found or _named(case.output, value, later.start, given=given))[:1]


def _reached(case: Case, value: float, before: int) -> list[tuple[int, int]]:
    formulas = in_formulas(case)
    made = reaching(case.output, value, formulas=formulas)
    found = [(each.start, each.stop) for each in made if each.stop <= before]
    if found or not formulas:
        return found
    said = (each for each in equalities(case.output) if each.right.end <= before)
    return [
        (each.left.start, each.right.end)
        for each in said
        if each.right.of.closed is not None and worth(each.right.of.closed) == value
    ]


def _named(text: str, value: float, before: int, *, given: bool) -> list[tuple[int, int]]:
    """Where the number stands alone; one that is common only a little ahead."""
    rare = telling(abs(value))
    begin = 0 if rare else before - NEAR
    places = [
        (each.start, each.end)
        for each in quantities(text)
        if begin <= each.start
        and each.end <= before
        and worth(each.value) == value
        and not _GLUED.match(text, max(0, each.start - 1), each.end + 1)
    ]
    return places if rare and not given else places[::-1]


def right_have(found: Parted) -> str:
    """How a sentence begins that says what right answers do."""
    return "right answers have" if found.agreed >= AGREED else "a right answer has"


def as_stated(text: str, one: Calculation) -> str:
    """The calculation as it stands in the text, else written out, with its result."""
    there = " ".join(text[one.start : one.end].split()).strip(" $")
    if len(there) > LONGEST_QUOTE or "<<" in there:
        there = _written(one)
    return f"{there} = {shown(one.result)}"


def _written(one: Calculation) -> str:
    join, turn = _SIGNS[one.kind]
    there = ""
    for each in one.operands:
        sign = turn if each.inverse else join
        there += f"{sign if there or each.inverse else ''}{shown(each.value)}"
    return there.strip()


def _number(case: Case, answer: str) -> float | None:
    """The number that an answer is, or that the option is whose letter it is."""
    letter = answer.strip("()*. \n").upper()
    if len(letter) == 1 and letter.isalpha():
        numbers = quantities(options(case.prompt).get(letter, ""))
        return worth(numbers[0].value) if len(numbers) == 1 else None
    if len(answer) > LONGEST_ANSWER:
        return None
    value = stated(answer)
    if value is None:
        read = amount(plain(answer))
        value = read.value if read else None
    return None if value is None else worth(value)
