"""False rewritings: equations that a working changes while writing them in another form."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import pairwise, permutations
from math import prod
from typing import Final

from ..algebra.assignments import assigned
from ..algebra.equality_parser import Equality, difference, equalities
from ..algebra.formulas import stated
from ..algebra.polynomials import (
    Coefficient,
    NotReadError,
    Polynomial,
    add,
    constant,
    same,
    unknowns,
)
from ..arithmetic.exemptions import disowned
from ..arithmetic.modular import named_near
from ..detector import Case
from .counterfactual import reaches_reference, recalculated, roots
from .formula_claims import ROUNDED, own_end

GAP_CHARS: Final = 110
"""Characters between the two forms: with more, another argument may lie between them."""
EXACT: Final = 1e-6
"""Relative tolerance for float noise."""
# Shorter equations differ in one term by chance, without being forms of each other.
MIN_TERMS: Final = 3
MIN_SIDE_TERMS: Final = 4
MAX_PAIRS: Final = 150
"""Neighbouring equations compared per output; bounds the work on hostile input."""
MAX_NAMES: Final = 3
"""Unknowns up to which all their orders are tried: 6 of them."""
TEXT_CACHE_SIZE: Final = 256
"""A right answer is compared with many failures, whose order keeps the same example together."""

_STEP: Final = re.compile(
    r"simplif|expan[ds]|factor(?!ial)|rewrit|re-?arrang|combin|collect|distribut|like terms",
    re.IGNORECASE,
)
"""Words which announce that the equation is only rewritten."""
_OTHER: Final = re.compile(
    r"substitut|plug|replac|\bor\b|\band\b(?! simplif| rearrang| combin| collect| expan| factor)"
    r"|\bif\b|\bwhen\b|second|third|other|similar|also|differentiat|derivative|match|compar|shift"
    r"|rotat|squar|subtract|\badd(?:ing|ed)?\b|divid|system|equations|suppose|assum|let\b|using"
    r"|approx|since|because|\bwith\b|for\b|row|column|root of|vieta|modulo|\bmod\b|mistake|wrong",
    re.IGNORECASE,
)
"""Words which introduce something else, or another equation."""
_LINK: Final = re.compile(
    r"(?:\b(?:so|thus|hence|therefore|then|which|this|that|it|we|get|have|obtain|gives?|yields?"
    r"|becomes?|is|means|implies|equivalent|to|us|the|equation)\b|\\[a-zA-Z]++|[^a-zA-Z])*+\Z",
    re.IGNORECASE,
)
"""Text that only leads from one form to the next."""
_NEW_LINE: Final = re.compile(
    r"\n|\\n(?![a-z])|\\\\|=>|->|[\u21d2\u2192\u27f9]|\\+(?:implies|R|r|iff)"
)
_WORD: Final = re.compile(r"[a-z]{2}")
_ITEM: Final = re.compile(r"(?:\n|\\n)[\s\\(*-]*\d{1,2}[.):]")
"""A new item of a list."""
_OPENS: Final = frozenset({"open"})


def false_rewritings(case: Case) -> Iterator[tuple[Equality, Equality]]:
    """Yield neighbouring equations of which the second is a false rewriting of the first."""
    text, end = case.output, own_end(case)
    own = [each for each in equalities(text) if each.right.end <= end]
    for first, second in pairwise(own[:MAX_PAIRS]):
        try:
            if _changes(text, first, second) and not _returns_to(first, second, own):
                yield first, second
        except (NotReadError, OverflowError):
            continue


def proportional(one: Polynomial, other: Polynomial, *, within: float = EXACT) -> bool:
    """Whether two equations are equal up to a factor.

    Args:
        one: Left side minus right side.
        other: The same of the other equation.
        within: Relative tolerance of the coefficients.
    """
    if not one or one.keys() != other.keys():
        return False
    biggest = max(one, key=lambda monomial: abs(float(one[monomial])))
    factor = other[biggest] / one[biggest]
    return all(same(other[each], factor * one[each], within=within) for each in one)


def _changes(text: str, first: Equality, second: Equality) -> bool:
    """Whether the second is meant as another form of the first, but is not equivalent."""
    close = 0 < second.left.start - first.right.end <= GAP_CHARS
    if not close or first.rough or second.rough or _names(first) != _names(second):
        return False
    if not _names(first):
        return False
    gap = text[first.right.end : second.left.start]
    if _OTHER.search(gap) or _ITEM.search(gap):
        return False
    step = _STEP.search(gap) is not None
    if not step and not (_LINK.match(gap) and (_NEW_LINE.search(gap) or _WORD.search(gap))):
        return False
    if not _differs(first, second, announced=step):
        return False
    start, end = first.left.start, second.right.end
    return not disowned(text, start, end) and not named_near(text, start, end)


def _names(each: Equality) -> frozenset[str]:
    return unknowns(each.left.of.value) | unknowns(each.right.of.value)


def _differs(first: Equality, second: Equality, *, announced: bool) -> bool:
    """Whether they differ as two forms of an equation may: if not announced, in one detail only."""
    one, other = difference(first), difference(second)
    names = unknowns(one)
    if not names or "i" in names or names != unknowns(other) or _degree(one) != _degree(other):
        return False
    rounded = any(side.of.rough for each in (first, second) for side in (each.left, each.right))
    if proportional(one, other, within=ROUNDED if rounded else EXACT):
        return False
    return announced or _slip(first, second)


def _slip(first: Equality, second: Equality) -> bool:
    """Whether the two differ only in one coefficient, or in one side that is expanded."""
    one, other = difference(first), difference(second)
    if len(one) >= MIN_TERMS and _one_apart(one, other):
        return True
    pairs = ((first.left, first.right), (first.right, first.left))
    for kept, worked in pairs:
        for stays, becomes in ((second.left, second.right), (second.right, second.left)):
            if not _equal(kept.of.value, stays.of.value) or not worked.of.kinds & _OPENS:
                continue
            if _degree(worked.of.value) != _degree(becomes.of.value):
                continue
            if len(worked.of.value) + len(becomes.of.value) >= MIN_SIDE_TERMS:
                return True
    return False


def _one_apart(one: Polynomial, other: Polynomial) -> bool:
    every = set(one) | set(other)
    for shared in set(one) & set(other):
        factor = one[shared] / other[shared]
        apart = [
            each
            for each in every
            if not same(one.get(each, 0.0), factor * other.get(each, 0.0), within=EXACT)
        ]
        if len(apart) == 1:
            return True
    return False


def _equal(one: Polynomial, other: Polynomial) -> bool:
    return (
        bool(one)
        and one.keys() == other.keys()
        and all(same(one[each], other[each], within=EXACT) for each in one)
    )


def _degree(value: Polynomial) -> int:
    return max((sum(power for _, power in each) for each in value), default=0)


def _returns_to(first: Equality, second: Equality, own: list[Equality]) -> bool:
    """Whether the working returns to the first form later."""
    original = difference(first)
    return any(
        proportional(original, difference(each))
        for each in own
        if each.left.start >= second.right.end
    )


def arranged(value: Polynomial) -> object:
    """Return a key that is equal for equations up to a factor and the names of their unknowns."""
    names = sorted(unknowns(value))
    if not value or len(names) > MAX_NAMES:
        return None
    forms = []
    for order in permutations(range(len(names))):
        new = dict(zip(names, order, strict=True))
        terms = {
            tuple(sorted((new[name], power) for name, power in each)): float(factor)
            for each, factor in value.items()
        }
        first = terms[max(terms)]
        forms.append(tuple(sorted((each, round(by / first, 6)) for each, by in terms.items())))
    return min(forms)


@lru_cache(maxsize=TEXT_CACHE_SIZE)
def _forms(text: str) -> frozenset[object]:
    return frozenset(arranged(difference(each)) for each in equalities(text)) - {None}


def equation_of_right_workings(case: Case, each: Equality) -> bool:
    """Whether the task, the reference or a right answer has the equation, in any unknowns."""
    form = arranged(difference(each))
    texts = (case.prompt, case.reference or "", *case.correct_outputs)
    return form is not None and any(form in _forms(text) for text in texts if text)


def solved_by_right_values(case: Case, first: Equality, second: Equality) -> bool:
    """Whether the values of right workings satisfy the first form but not the second."""
    one, other = difference(first), difference(second)
    names = unknowns(one)
    gold = stated(case.gold or "")
    solutions = [_values(text) for text in (case.reference or "", *case.correct_outputs) if text]
    if gold is not None and len(names) == 1:
        solutions.append({next(iter(names)): gold})
    return any(
        names <= known.keys() and _zero(one, known) and not _zero(other, known)
        for known in solutions
    )


def fixes_answer(case: Case, first: Equality, second: Equality) -> bool:
    """Whether the reference results if the working continues from the first form."""
    one, other = difference(first), difference(second)
    if first.left.of.value == second.left.of.value:
        shift = constant(add(one, other, sign=-1))
        answer, gold = stated(case.answer.text if case.answer else ""), stated(case.gold or "")
        if shift is not None and answer is not None and gold is not None:
            return same(answer - float(shift), gold)
    names = unknowns(one)
    if len(names) != 1:
        return False
    (name,) = names
    wrong, right = roots(other, name), roots(one, name)
    if not wrong or len(wrong) != len(right):
        return False
    return reaches_reference(
        recalculated(case, second.right.end, list(zip(wrong, right, strict=True)))
    )


@lru_cache(maxsize=TEXT_CACHE_SIZE)
def _values(text: str) -> Mapping[str, Coefficient]:
    return {
        key[0][0][0][0]: places[-1].value
        for key, places in assigned(text).items()
        if len(key) == 1 and len(key[0][0]) == 1 and key[0][0][0][1] == 1
    }


def _zero(value: Polynomial, known: Mapping[str, Coefficient]) -> bool:
    terms = [
        float(factor) * prod(float(known[name]) ** power for name, power in each)
        for each, factor in value.items()
    ]
    return abs(sum(terms)) <= EXACT * sum(map(abs, terms))
