"""False equations between numbers on which an answer may rest."""

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

CASE_CACHE_SIZE: Final = 4
"""Detectors examine one case after another, so only the current one is needed again."""
MAX_EXACT: Final = 10**15
"""Larger values are shown by their first digits: floats represent whole numbers up to here."""
DECIMALS: Final = 4
"""Values with more decimals are shown rounded."""
MAX_FALSE: Final = 20
"""False equations compared with right answers; bounds the work on hostile input."""

REJECTED_WITHIN: Final = 240
"""Characters behind an equation within which it is rejected, a simplification in between."""
_REJECTS: Final = re.compile(
    r"\bnot (?:a )?true\b|\bnot true\b|\b(?:is|are) (?:false|not equal|not the same)\b"
    r"|\b(?:does|do)(?: not|n['\u2019]t) (?:hold|match|equal)\b|\bcontradict",
    re.IGNORECASE,
)
_DATE: Final = re.compile(r"(?<![\d/])\d{1,2}/\d{1,2}/(?:19|20)\d\d(?![\d/])")
_GOES_ON: Final = re.compile(r"[\s$})\]*_>]{0,12}(?:[a-zA-Z/]{1,20}\s?)?=")
"""The line continues after the claim: `3 + 4 = 8 = ...`."""


@lru_cache(maxsize=CASE_CACHE_SIZE)
def first_false_equation(case: Case) -> FalseEquation | None:
    """Return the first false equation on which the answer may rest and no right answer shares."""
    found = islice(false_equations(case.output), MAX_FALSE)
    return next((each for each in found if _counts(each, case)), None)


def _counts(found: FalseEquation, case: Case) -> bool:
    """Whether it is a calculation, neither a date nor a claim that is tested and rejected."""
    if _DATE.search(found.expression) or _shared(found, case) or not _is_used(found, case):
        return False
    return _REJECTS.search(case.output, found.end, found.end + REJECTED_WITHIN) is None


def _is_used(found: FalseEquation, case: Case) -> bool:
    """Whether the claimed value is used again, or no equation follows.

    A false equation that is never used is not why the answer is wrong.
    """
    after = case.output[found.end :]
    if not any(each.start >= found.end for each in judged(case.output)):
        return True
    if _GOES_ON.match(after):
        return True
    claims = values(found.claimed)
    return _any_close(claims, values(after)) or _any_close(claims, _answered(case))


def _answered(case: Case) -> frozenset[Number]:
    """The numbers in the final answer, or in the option that it names."""
    answer = case.answer.text if case.answer else ""
    return values(answer) | values(options(case.prompt).get(answer.strip("()*. \n").upper(), ""))


def _shared(found: FalseEquation, case: Case) -> bool:
    """Whether the reference or a peer answer has the claimed value too."""
    claims = values(found.claimed)
    if _any_close(claims, values(case.gold or "") | values(case.reference or "")):
        return True
    rare = frozenset(one for one in claims if telling(one, above=LARGEST_COMMON_CLAIM))
    return any(_any_close(rare, values(each)) for each in case.correct_outputs)


def _any_close(claims: frozenset[Number], rights: frozenset[Number]) -> bool:
    return any(
        abs(Fraction(claim) - right) <= CLAIM_TAKEN_UP * right
        for claim in claims
        for right in rights
    )


def explanation(found: FalseEquation) -> str:
    """Say in a sentence, without its full stop, what is false and what the true value is."""
    value = _like(found.claimed, found.value)
    claim = f"{found.expression} = {found.claimed}"
    return f"The working states {claim}, but {found.expression} is {value}"


def wrong_regardless(found: FalseEquation, case: Case) -> bool:
    """Whether the claimed value is the answer, and the true value of the left side is wrong too."""
    golds = values(case.gold or "")
    if len(golds) != 1 or not _any_close(values(found.claimed), _answered(case)):
        return False
    sizes = {abs(Fraction(found.value)) * scale for scale in (1, 100)}
    return not any(abs(size - gold) <= ROUNDED * gold for size in sizes for gold in golds)


def _like(claimed: str, value: Number) -> str:
    """The value as a percentage if the claim is one, else as a number."""
    size = abs(Fraction(value))
    claims = values(claimed) if claimed.endswith("%") else ()
    percent = any(abs(100 * size - claim) < abs(size - claim) for claim in claims)
    return f"{shown(100 * value)}%" if percent else shown(value)


def shown(value: Number) -> str:
    """Format a value as a person would write it.

    Example:
        >>> shown(Fraction(7, 4)), shown(Fraction(2, 3)), shown(1250)
        ('1.75', 'about 0.6667', '1,250')
    """
    if value == int(value):
        return f"{int(value):,}" if -MAX_EXACT < value < MAX_EXACT else f"about {float(value):.4g}"
    short = (value * 10**DECIMALS).denominator == 1
    return f"{float(value):g}" if short else f"about {float(value):.4g}"
