"""False equations between numbers in the notation of algebra: roots, powers, functions, LaTeX.

The calculator in `arithmetic` reads the four operations of word problems in any notation; this
module reads formulas between equals signs.
"""

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from itertools import islice
from math import log10
from typing import Final

from ..algebra.equality_parser import Equality, Member, equalities
from ..algebra.formulas import HABITS, Formula, formula, stated
from ..algebra.polynomials import Coefficient
from ..answer_types.multiple_choice import options
from ..answer_types.own_question import question_stem
from ..arithmetic.calculator import judged
from ..arithmetic.exemptions import disowned
from ..arithmetic.modular import named_near
from ..arithmetic.quantities import values
from ..arithmetic.tokens import NUMERAL, number
from ..detector import Case
from ..steps.comparison import formula_in
from ..text.mentions import run_on_start
from ..values.common_numbers import LARGEST_COMMON_CLAIM, telling
from ..values.tolerance import ABOUT, FLOAT_NOISE, ROUNDED, nearly_equal, power_of_ten
from .known_formulas import known_formula

LAST_DIGIT: Final = 1.01
"""Units of the last digit by which a rounded value may be off, with a margin for float noise."""
MAX_FALSE: Final = 20
"""False claims examined per output; bounds the work on hostile input."""
MIN_POWER_GAP: Final = 2
"""A difference of this many powers of ten is an unstated unit, not an error of calculation."""
CASE_CACHE_SIZE: Final = 4
"""Detectors examine one case after another, so only the current one is needed again."""

_NUMERAL: Final = re.compile(NUMERAL)
_DIGITS_GO_ON: Final = re.compile(r"[\s$\\]{0,4},[\s\\]{0,2}\d{3}(?!\d)|\s*\Z")
_MIXED_NUMBER: Final = re.compile(r"\d \(\d+\s?/\s?\d+\)")
_SCIENTIFIC: Final = re.compile(r"10\s?\^")
_UNIT: Final = re.compile(
    r"[\s$)\\,;~]{0,6}(?:text|mathrm|mbox)?[{\s~]{0,3}(?!and\b|or\b)[a-zA-Z\u00b5%]"
)
_BLANKS: Final = re.compile(r"[\s\\{}$()]+")
_NUMBER_ALONE: Final = frozenset({"num", "minus", "plus"})
_FACTORED: Final = frozenset({"num", "times", "power", "sup", "open", "close"})
_RAISED: Final = frozenset({"power", "sup"})


def of_formulas(case: Case) -> bool:
    """Whether the task is stated in formulas and has no options.

    Measured on MMLU-Pro: with options, one failure in 700 has a false formula, and the search
    would take a sixth of the time of all detectors.
    """
    return formula_in(question_stem(case)) and not options(case.prompt)


@lru_cache(maxsize=CASE_CACHE_SIZE)
def first_false_claim(case: Case) -> Equality | None:
    """Return the first false claim on which the answer may rest and no right answer shares.

    The left side must have a value that right workings have: otherwise the claim is false too, but
    the working has mostly gone wrong before it.
    """
    return next(
        (
            each
            for each in false_claims(case)
            if _is_used(each, case) and known_formula(each.left, case) and not _shared(each, case)
        ),
        None,
    )


def wrong_regardless(claim: Equality, case: Case) -> bool:
    """Whether the claimed value is the answer, and the true value of the left side is wrong too."""
    answer, gold = stated(case.answer.text if case.answer else ""), stated(case.gold or "")
    if answer is None or gold is None or not nearly_equal(_value(claim.right), answer):
        return False
    return not nearly_equal(_value(claim.left), gold, within=ROUNDED)


def own_end(case: Case) -> int:
    """Return the end of the working: the answer, or the start of unrelated text after it."""
    end = run_on_start(case.output)
    return min(end, case.answer.start) if case.answer else end


def false_claims(case: Case) -> Iterator[Equality]:
    """Yield equations between numbers whose sides differ, in order; up to `MAX_FALSE`."""
    text, end = case.output, own_end(case)
    found = (
        each
        for each in equalities(text)
        if each.left.of.literal and each.right.of.literal and each.right.end <= end
        if _claims(each) and not _holds(each, text)
    )
    return (each for each in islice(found, MAX_FALSE) if not _is_excused(each, case))


def _claims(each: Equality) -> bool:
    """Whether the equality states the result of an operation, or factors a number."""
    if each.left.of.kinds - _NUMBER_ALONE:
        return True
    right = each.right.of
    alone = each.left.of.decimals == 0 and right.kinds <= _FACTORED
    return alone and "times" in right.kinds and bool(right.kinds & _RAISED)


def _holds(each: Equality, text: str) -> bool:
    """Whether the two sides agree in any reading of the notation."""
    if not (each.left.of.kinds | each.right.of.kinds) & {"func"}:
        return _agree(each, each.left.of, each.right.of)
    readings = (
        (
            formula(text[each.left.start : each.left.end], habit),
            formula(text[each.right.start : each.right.end], habit),
        )
        for habit in HABITS
    )
    return any(
        left is None or right is None or _agree(each, left, right) for left, right in readings
    )


def _agree(each: Equality, left: Formula, right: Formula) -> bool:
    one, other = float(left.closed or 0), float(right.closed or 0)
    size, off = max(abs(one), abs(other)), abs(one - other)
    slack = FLOAT_NOISE * size
    if each.rough:
        slack = max(ABOUT * size, float(right.decimals == 0))
    if left.rough or right.rough:
        slack = max(slack, ROUNDED * size)
    for side in (left, right):
        if side.decimals:
            slack = max(slack, LAST_DIGIT * 10**-side.decimals)
    return off <= slack or _whole_parts(left, right, one - other)


def _whole_parts(left: Formula, right: Formula, off: float) -> bool:
    """Whether only fractions are dropped, as in `942/5 + 942/25 = 188 + 37` or `7 * 0.9 = 6`."""
    if right.divisions or right.decimals:
        return False
    return (right.decimals == 0 and abs(off) < 1) or 0 < off < left.divisions


def _is_excused(each: Equality, case: Case) -> bool:
    """Whether the equation is not meant literally, or not claimed by the author."""
    text, start, end = case.output, each.left.start, each.right.end
    return (
        _continues_from(each, text)
        or _DIGITS_GO_ON.match(text, end) is not None
        or _MIXED_NUMBER.search(text, start, end) is not None
        or _of_units(each, text)
        or disowned(text, start, end)
        or named_near(text, start, end)
        or _compact(text[start:end]) in _compact(case.prompt)
        or any(
            one.start < end and start < one.end and _judged_by_calculator(one.verdict)
            for one in judged(text)
        )
    )


def _of_units(each: Equality, text: str) -> bool:
    """Whether the sides differ by so much that an unstated unit or constant must explain it."""
    start, end = each.left.start, each.right.end
    if not (_SCIENTIFIC.search(text, start, end) or _UNIT.match(text, end)):
        return False
    one, other = sorted(abs(float(_value(side))) for side in (each.left, each.right))
    if not one:
        return False
    power = log10(other) - log10(one)
    return power >= MIN_POWER_GAP or bool(power_of_ten(other, one))


def _judged_by_calculator(verdict: str) -> bool:
    """Whether the calculator for plain arithmetic reports the equation itself."""
    return verdict in {"false", "doubtful", "difference"}


def _continues_from(each: Equality, text: str) -> bool:
    """Whether the right side continues from the value, as in `8 * 13 = 104 - 4 = 100`."""
    first = _NUMERAL.match(text, each.right.start, each.right.end)
    leading = number(first[0]) if first and each.right.of.decimals is None else None
    return leading is not None and nearly_equal(leading, _value(each.left))


def _is_used(each: Equality, case: Case) -> bool:
    """Whether the claimed number is used again, or no calculation follows."""
    if each.right.of.decimals is None:
        return True
    value = abs(Fraction(_value(each.right)))
    later = [one for one in equalities(case.output) if one.left.start >= each.right.start]
    answer = stated(case.answer.text if case.answer else "")
    if not later or any(one.left.start == each.right.start for one in later):
        return True
    return value in values(case.output[each.right.end :]) or answer == _value(each.right)


def _shared(each: Equality, case: Case) -> bool:
    """Whether the reference or a right answer has the claimed value too."""
    claim = _value(each.right)
    gold = stated(case.gold or "")
    if gold is not None and nearly_equal(claim, gold):
        return True
    if not telling(claim, above=LARGEST_COMMON_CLAIM):
        return False
    return any(
        nearly_equal(claim, side.of.closed)
        for right in (case.reference or "", *case.correct_outputs)
        for one in equalities(right)
        for side in (one.left, one.right)
        if side.of.closed is not None
    )


def _value(side: Member) -> Coefficient:
    return side.of.closed or Fraction(0)


def _compact(text: str) -> str:
    return _BLANKS.sub("", text)
