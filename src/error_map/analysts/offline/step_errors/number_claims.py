"""False claims about whole numbers: congruences, remainders, divisors, modular inverses."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import islice
from math import gcd, isqrt, lcm
from typing import Final, TypeAlias

from ..algebra.formulas import formula
from ..arithmetic.exemptions import disowned
from ..arithmetic.tokens import number
from ..detector import Case
from ..text.word_overlap import enumerated
from .formula_claims import own_end

# These four bound the work on hostile input: a divisor search is a square root of its number.
MAX_NUMBER: Final = 10**12
MAX_FACTORED: Final = 10**7
"""Largest number whose divisors are enumerated."""
MAX_CLAIMS: Final = 60
"""Claims of each kind examined per text."""
MAX_CHARS: Final = 12_000
"""Characters of a text that are searched."""
CHARS_BEFORE: Final = 60
"""Searched before a claim for words that make it a condition, a denial or a question."""
PAIR: Final = 2

_WHOLE: Final = (
    r"[$(\\]{0,3}+(\d[\d,]{0,15}+)"
    r"(?![.]\d|\s?[-^!*/+%_({\u00d7\u2212]|\s?\\+(?:cdot|times|frac|div))[$)\\]{0,3}"
)
"""A whole number that is no operand."""
_LIST: Final = (
    r"[$({\\\s]{0,4}+(\d{1,10}+(?:[$\s]{0,3}+(?:,|and\s)[$\s]{0,3}+(?:and\s)?+[$\s]{0,3}+\d{1,10}+)"
    r"{1,29}+)"
)
_IS: Final = r"[$)\s]{0,3}(?:is equal to|is|are|=|equals|:)[\s$:({\\]{1,4}"
_POWERS: Final = r"[-\d^{}()+*\s\u00d7\u22c5\\cdotimes]"
"""Characters of a calculation with whole numbers: digits, brackets, `\\cdot` and `\\times`."""
_ONLY_IF: Final = re.compile(
    r"\b(?:not|never|no|if|whether|check|suppose|assum\w*|would|must|should|need\w*|cannot|nor|let"
    r"|neither|any|every|each|when|that are|is it|smallest|least|next|first|possible|could|test\w*"
    r"|try\w*|than|only|either|or|unless|for)\b[^.\n]{0,40}\Z",
    re.IGNORECASE,
)
"""Words before a statement which mean that it is not claimed."""
_PART: Final = re.compile(
    r"(?:[-+*/^\u2212\u00d7]|cdot|times|\^\{?|\bof|mod|modulo)[\s$({\\]{0,3}\Z"
)
_INVERTED: Final = re.compile(r"(\d{1,9})\^\{?-1\}?")
_QUESTION: Final = re.compile(r"\s{0,2}(?:\?|or\b)")


@dataclass(frozen=True, slots=True)
class NumberClaim:
    """A false claim, stated in `text[start:end]`."""

    start: int
    end: int
    title: str
    summary: str
    wrong: tuple[int, ...] = ()
    """The wrong numbers in the claim, if it contains any."""
    lacks: tuple[int, ...] = ()
    """Numbers that the claim should contain: members of a list, or the true value."""
    modulus: int = 0
    """Modulus of a claim about residues; 0 for others."""
    right: int | None = None
    """The true value of the one wrong number, if the working may continue from it."""
    about: int = 0
    """The number that is claimed to be divisible; 0 for other claims."""


_Claims: TypeAlias = Iterator[NumberClaim]


def false_number_claims(case: Case) -> list[NumberClaim]:
    """Return the false claims of a working, up to its answer, in order."""
    text = case.output[: min(own_end(case), MAX_CHARS)]
    small = text.casefold()
    found = [
        claim
        for words, look in _SORTS
        if any(word in small for word in words)
        for claim in look(text)
        if _is_claimed(case.output, claim)
    ]
    return sorted(found, key=lambda each: each.start)


def _is_claimed(text: str, claim: NumberClaim) -> bool:
    before = text[max(0, claim.start - CHARS_BEFORE) : claim.start]
    if _PART.search(before) or _ONLY_IF.search(before) or _QUESTION.match(text, claim.end):
        return False
    return not disowned(text, claim.start, claim.end)


def _congruences(text: str) -> _Claims:
    for found in islice(_CONGRUENCE.finditer(text), MAX_CLAIMS):
        one, other, modulus = _value(found[1]), _value(found[2]), int(found[3])
        inverted = _INVERTED.fullmatch(found[1].strip())
        if inverted and other is not None and gcd(int(inverted[1]), modulus) == 1:
            one = pow(int(inverted[1]), -1, modulus)
        if one is None or other is None or modulus < PAIR or (one - other) % modulus == 0:
            continue
        left = found[1].strip()
        claim = f"The working states {left} ≡ {found[2].strip()} modulo {modulus}"
        summary = f"{claim}, but {left} ≡ {one % modulus}."
        yield NumberClaim(*found.span(), "False congruence", summary, modulus=modulus)


def _common(text: str) -> _Claims:
    for found in islice(_SHARED.finditer(text), MAX_CLAIMS):
        numbers, claimed = _listed(found[2]), _int(found[3])
        if not all(numbers) or not claimed:
            continue
        true = reduce(gcd if found[1] else lcm, numbers)
        if true == claimed or true > MAX_NUMBER:
            continue
        name = "greatest common divisor" if found[1] else "least common multiple"
        claim = f"The working states that the {name} of {_and(numbers)} is {claimed}"
        summary = f"{claim}, but it is {true}."
        yield NumberClaim(
            *found.span(), f"False {name}", summary, wrong=(claimed,), lacks=(true,), right=true
        )


def _divisible(text: str) -> _Claims:
    for found in islice(_DIVIDES.finditer(text), MAX_CLAIMS):
        one, other = _int(found[1]), _int(found[3])
        if found[2].startswith(("a f", "a d")):
            one, other = other, one
        if one and other and one % other:
            claim = f"The working states that {found[0].strip(' $),')}"
            left = f"{one} divided by {other} leaves a remainder of {one % other}"
            yield NumberClaim(
                *found.span(), "False claim of divisibility", f"{claim}, but {left}.", about=one
            )


def _remainders(text: str) -> _Claims:
    for found in islice(_LEAVES.finditer(text), MAX_CLAIMS):
        numbers = found.groups()[:3] if found[1] else found.groups()[3:]
        one, by, claimed = (_int(each) for each in numbers)
        if one and by and one % by != claimed:
            claim = f"The working states that {one} divided by {by} leaves {claimed}"
            summary = f"{claim}, but it leaves {one % by}."
            yield _false_remainder(found, summary, claimed=claimed, right=one % by, modulus=by)


def _modulo(text: str) -> _Claims:
    for found in islice(_MODULO.finditer(text), MAX_CLAIMS):
        one, by, claimed = _value(found[1]), int(found[2]), _int(found[3])
        if one is not None and by and claimed < by and one % by != claimed:
            claim = f"The working states that {found[1].strip()} is {claimed} modulo {by}"
            summary = f"{claim}, but it is {one % by}."
            yield _false_remainder(found, summary, claimed=claimed, right=one % by, modulus=by)


def _false_remainder(
    match: re.Match[str], summary: str, *, claimed: int, right: int, modulus: int
) -> NumberClaim:
    return NumberClaim(
        *match.span(), "False remainder", summary, wrong=(claimed,), modulus=modulus, right=right
    )


def _inverses(text: str) -> _Claims:
    for found in islice(_INVERSE.finditer(text), MAX_CLAIMS):
        named = found.groups()[:3] if found[1] else (found[5], found[4] or "0", found[6])
        base, modulus, claimed = (_int(each) for each in named)
        if modulus < PAIR or gcd(base, modulus) > 1 or base * claimed % modulus == 1:
            continue
        claim = f"The working states that the inverse of {base} modulo {modulus} is {claimed}"
        summary = f"{claim}, but it is {pow(base, -1, modulus)}."
        yield NumberClaim(
            *found.span(), "False modular inverse", summary, wrong=(claimed,), modulus=modulus
        )


def _divisors(text: str) -> _Claims:
    for found in islice(_DIVISORS.finditer(text), MAX_CLAIMS):
        of = [each for each in (_int(found[3]), _int(found[4] or "0")) if each]
        listed = _listed(found[5])
        pair = text[found.start(5) - 1] == "(" and len(listed) == PAIR
        if pair or not of or bool(found[1]) != (len(of) == PAIR):
            continue
        whole = f"the {found[1] or ''}{found[2]} of {_and(of)}".lower()
        shared = reduce(gcd, of)
        wrong = [each for each in listed if not each or shared % each]
        lacks = [each for each in _every(shared) if each not in listed]
        if wrong:
            summary = f"The working wrongly lists {_and(wrong)} among {whole}."
            yield NumberClaim(*found.span(), "False divisor in a list", summary, wrong=tuple(wrong))
        elif lacks and {1, shared} <= set(listed):
            summary = f"The working's list of {whole} lacks {_and(lacks)}."
            yield NumberClaim(
                *found.span(), "Incomplete list of divisors", summary, lacks=tuple(lacks)
            )


def _int(shown: str) -> int:
    """The whole number; 0 if it is larger than `MAX_NUMBER`."""
    value = number(shown.rstrip(", "))
    whole = int(value) if value is not None else 0
    return whole if whole <= MAX_NUMBER else 0


def _value(shown: str) -> int | None:
    """The value of a calculation; None if it is no whole number."""
    found = formula(shown.strip(" $\\"))
    value = found.closed if found and found.literal and not found.divisions else None
    return int(value) if isinstance(value, Fraction) and value.denominator == 1 else None


def _listed(shown: str) -> list[int]:
    return [int(each) for each in re.findall(r"\d+", shown)]


def _every(value: int) -> list[int]:
    """All divisors in ascending order; empty if the number is larger than `MAX_FACTORED`."""
    if value > MAX_FACTORED:
        return []
    low = [each for each in range(1, isqrt(value) + 1) if value % each == 0]
    return sorted({*low, *(value // each for each in low)})


def _and(values: list[int]) -> str:
    return enumerated(list(map(str, values)))


_CONGRUENCE: Final = re.compile(
    rf"(?<![\w^{{(*/+\-\\.])(-?\d{_POWERS}{{0,60}}?)\s?(?:\u2261|\\+equiv(?![a-z]))\s?"
    rf"(-?\d{_POWERS}{{0,40}}?)[\s$\\]{{0,3}}[({{]?[\s\\]{{0,2}}[bp]?mod(?:ulo)?"
    r"[\s{$]{0,3}(\d{1,6})(?![\d^])"
)
_SHARED: Final = re.compile(
    r"\b(?:(gcd|gcf|greatest common (?:divisor|factor)|highest common factor)"
    r"|lcm|least common (?:multiple|denominator))(?:\s\([a-z]{3}\))?[\s\\]{0,2}(?:of\s|\()"
    + _LIST
    + r"[$)\s\\]{0,4}(?:is equal to|is|=|equals)[\s$:\\]{1,4}"
    + _WHOLE,
    re.IGNORECASE,
)
_MODULO: Final = re.compile(
    rf"(?<![\w^{{(*/+\-\\.])(\d{_POWERS}{{0,60}}?)[\s$]{{0,2}}(?:\\+bmod|\\+pmod|mod|%)[\s{{$]{{0,3}}"
    r"(\d{1,7})[}\s$]{0,3}=[\s$]{0,3}" + _WHOLE
)
_DIVIDES: Final = re.compile(
    _WHOLE
    + r"\sis\s(?:also\s)?(?:evenly\s)?(divisible by|a multiple of|a factor of|a divisor of)\s"
    + _WHOLE
)
_LEAVES: Final = re.compile(
    _WHOLE
    + r"[\s,]{0,2}(?:is\s)?divided by\s"
    + _WHOLE
    + r"[\s,]{0,2}(?:(?:leaves|gives|has|with|yields)\sa|the)\sremainder\s(?:of\s|is\s)?"
    + _WHOLE
    + r"|remainder (?:when|of)\s"
    + _WHOLE
    + r"\s(?:is\s)?divided by\s"
    + _WHOLE
    + r"\s(?:is|=)\s"
    + _WHOLE
)
_INVERSE: Final = re.compile(
    r"inverse of\s"
    + _WHOLE
    + r"\s\(?(?:modulo|mod|\\+p?mod)[\s{]{0,2}(\d{1,6})[)}$]{0,3}"
    + _IS
    + _WHOLE
    + r"|modul(?:o|ar)[ -]?(\d{1,6})?\sinverse of\s"
    + _WHOLE
    + _IS
    + _WHOLE
)
_DIVISORS: Final = re.compile(
    r"\b(common\s)?(?:positive\s|integer\s|whole\s)?(factors|divisors)\sof\s"
    + _WHOLE
    + r"(?:\sand\s"
    + _WHOLE
    + r")?"
    + _IS
    + _LIST,
    re.IGNORECASE,
)
_SORTS: Final[tuple[tuple[tuple[str, ...], Callable[[str], _Claims]], ...]] = (
    (("\u2261", "\\equiv"), _congruences),
    (("gcd", "gcf", "lcm", "common"), _common),
    (("divisible by", "multiple of", "factor of", "divisor of"), _divisible),
    (("remainder",), _remainders),
    (("mod", "%"), _modulo),
    (("inverse",), _inverses),
    (("factors of", "divisors of"), _divisors),
)
"""Each kind of claim, with words of which its text contains one: a quick test."""
