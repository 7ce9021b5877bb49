"""False equations that an answer may rest on."""

import re
from fractions import Fraction
from functools import lru_cache
from itertools import islice
from typing import Final

from ..answer_types.multiple_choice import options
from ..arithmetic.calculator import FalseEquation, false_equations, judged
from ..arithmetic.quantities import values
from ..arithmetic.tokens import Number
from ..detector import Case
from ..values.common_numbers import LARGEST_COMMON_CLAIM, telling
from ..values.tolerance import CLAIM_TAKEN_UP, ROUNDED

ASKED_AGAIN: Final = 4
"""Cases kept: two detectors ask for the same one in turn."""
LARGEST_WHOLE: Final = 10**15
"""Beyond this a value is shown by its first digits."""
DECIMALS: Final = 4
"""Decimals up to which a value is shown whole."""
MOST_FALSE: Final = 20
"""False equations of one output that are compared with right answers."""

_GOES_ON: Final = re.compile(r"[\s$})\]*_>]{0,12}(?:[a-zA-Z/]{1,20}\s?)?=")
"""The same line goes on behind the claim: `3 + 4 = 8 = ...`."""


@lru_cache(maxsize=ASKED_AGAIN)
def first_slip(case: Case) -> FalseEquation | None:
    """The first false equation that the answer may rest on and no right answer shares, or None."""
    found = islice(false_equations(case.output), MOST_FALSE)
    return next((each for each in found if not _shared(each, case) and _counts(each, case)), None)


def _counts(found: FalseEquation, case: Case) -> bool:
    """Whether the answer may rest on the claim: it is taken up again, or nothing comes after it.

    A slip that is passed by without being used is true but not what made the answer wrong.
    """
    behind = case.output[found.end :]
    if not any(each.start >= found.end for each in judged(case.output)):
        return True
    if _GOES_ON.match(behind):
        return True
    claims = values(found.claimed)
    return _meet(claims, values(behind)) or _meet(claims, _answered(case))


def _answered(case: Case) -> frozenset[Number]:
    """The numbers of the final answer, or of the option that it names."""
    answer = case.answer.text if case.answer else ""
    return values(answer) | values(options(case.prompt).get(answer.strip("()*. \n").upper(), ""))


def _shared(found: FalseEquation, case: Case) -> bool:
    """Whether the reference or another model's correct answer has the claimed value too."""
    claims = values(found.claimed)
    if _meet(claims, values(case.gold or "") | values(case.reference or "")):
        return True
    rare = frozenset(one for one in claims if telling(one, above=LARGEST_COMMON_CLAIM))
    return any(_meet(rare, values(each)) for each in case.correct_outputs)


def _meet(claims: frozenset[Number], rights: frozenset[Number]) -> bool:
    return any(
        abs(Fraction(claim) - right) <= CLAIM_TAKEN_UP * right
        for claim in claims
        for right in rights
    )


def told(found: FalseEquation) -> str:
    """What is false, and what it comes to."""
    value = _like(found.claimed, found.value)
    return f"The working says {found.expression} = {found.claimed}; {found.expression} is {value}"


def wrong_anyway(found: FalseEquation, case: Case) -> bool:
    """Whether the claim is the answer, and what the left side does come to is as wrong."""
    golds = values(case.gold or "")
    if len(golds) != 1 or not _meet(values(found.claimed), _answered(case)):
        return False
    sizes = {abs(Fraction(found.value)) * scale for scale in (1, 100)}
    return not any(abs(size - gold) <= ROUNDED * gold for size in sizes for gold in golds)


def _like(claimed: str, value: Number) -> str:
    """The value in per cent where the claim is, and means a share of a hundred."""
    size = abs(Fraction(value))
    claims = values(claimed) if claimed.endswith("%") else ()
    percent = any(abs(100 * size - claim) < abs(size - claim) for claim in claims)
    return f"{shown(100 * value)}%" if percent else shown(value)


def shown(value: Number) -> str:
    """The value as a person would write it.

    Example:
        >>> shown(Fraction(7, 4)), shown(Fraction(2, 3)), shown(1250)
        ('1.75', 'about 0.6667', '1,250')
    """
    if value == int(value):
        return (
            f"{int(value):,}"
            if -LARGEST_WHOLE < value < LARGEST_WHOLE
            else f"about {float(value):.4g}"
        )
    short = (value * 10**DECIMALS).denominator == 1
    return f"{float(value):g}" if short else f"about {float(value):.4g}"
