"""A final answer as fully as it is written, where the route reads only a number out of it."""

import re
from collections import deque
from functools import lru_cache
from typing import Final

from ..answers.extractors.routes import Answer, answer_field
from ..arithmetic.quantities import quantities
from ..arithmetic.tokens import Number
from ..values.equality import is_number, plain

BEFORE_CHARS: Final = 200
AFTER_CHARS: Final = 400
"""The field that an answer was read from stands within these of it."""
LONGEST_FIELD: Final = 2_000
TAIL_CHARS: Final = 300
"""End of a field in which the value that it comes to is looked for."""

_CLAIM: Final = re.compile(
    r"(?:=|\bis|\bare|\bequals|\bto be|\bget|\bgives)[ :$\\({*]{0,6}"
    r"(?P<value>[-\u2212]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[-\u2212]?\d{1,15}(?:\.\d{1,15}|/\d{1,15})?)"
    r"(?![\d%])"
)
_STANDS_ALONE: Final = re.compile(
    r"[\s$)\\}*\"']*(?:\Z|[.,;!](?=\s|\Z)|(?:degrees?|units?|is|so|which|and|or|as|square|[a-z]{4,})\b)"
)
_ANOTHER: Final = re.compile(r"(?:[,;]|\bor|\band)[\s$\\(]{0,4}\w{0,2}\s?\Z")
"""Behind a first value: `x = 4 or x`."""
BESIDE_CHARS: Final = 12
_WORKS: Final = re.compile(r"[=.]|\bis\b|\bare\b")
_OTHERS: Final = re.compile(r"\d|\bor\b|\bnot\b|\bno\b|\?")

ASKED_AGAIN: Final = 4
"""Answers kept: several detectors ask for the same one in turn."""
REMEMBERED: Final = 512
"""Numbers kept: the same answers and references come again and again."""
KEY_CHARS: Final = 60
LONGEST: Final = 20_000
"""Characters of a working that are read."""

_KEY: Final = re.compile(
    r"[\s\"'\u201c\u201d*#]*(?:(?:the )?(?:final[ _]?)?answer(?: is)?|a)?[\"'\u201c\u201d*]*\s*:?"
    r"\s*[\"'$\\(]{0,3}\Z",
    re.IGNORECASE,
)


@lru_cache(maxsize=REMEMBERED)
def magnitude(text: str) -> Number | None:
    """The one number that an answer is, without its sign.

    Example:
        >>> magnitude("-1,250"), magnitude("1/2"), magnitude("two")
        (1250, None, None)
    """
    if not is_number(text) or "/" in text or "%" in text:
        return None
    found = quantities(plain(text))
    return found[0].value if len(found) == 1 else None


@lru_cache(maxsize=ASKED_AGAIN)
def in_full(output: str, answer: Answer) -> Answer:
    """The whole field that the answer was read from, else the answer itself."""
    begin = max(0, answer.start - BEFORE_CHARS)
    field = answer_field(output[begin : answer.end + AFTER_CHARS])
    if field is None or not begin + field.start <= answer.start < begin + field.end:
        return answer
    return Answer(field.text, begin + field.start, begin + field.end, answer.guessed)


def claimed(answer: Answer) -> Answer | None:
    """The number that an answer which is a sentence or a calculation comes to.

    It is the last number of all, and introduced as a result.

    Example:
        >>> found = claimed(Answer("3 * 4 = 12, so the answer is 12.", 0, 32))
        >>> (found.text, found.start) if found else None
        ('12', 29)
        >>> claimed(Answer("min(364, 233) = 188 of 233", 0, 26)) is None
        True
    """
    text = answer.text
    if not 1 < len(text) <= LONGEST_FIELD or not _WORKS.search(text):
        return None
    claims = deque(_CLAIM.finditer(text, max(0, len(text) - TAIL_CHARS)), maxlen=1)
    if not claims or not _STANDS_ALONE.match(text, claims[0].end()):
        return None
    begin = claims[0].start()
    if _ANOTHER.search(text, max(0, begin - BESIDE_CHARS), begin):
        return None
    if _OTHERS.search(text, claims[0].end()):
        return None
    start, end = (answer.start + place for place in claims[0].span("value"))
    return Answer(claims[0]["value"], start, end, answer.guessed)


@lru_cache(maxsize=ASKED_AGAIN)
def working_before(output: str, answer: int) -> str:
    r"""What stands before the answer at that place, without the words that announce it.

    Example:
        >>> working_before("We add 3 and 4.\nAnswer: 7", 24)
        'We add 3 and 4.'
    """
    begin = max(0, answer - KEY_CHARS)
    key = _KEY.search(output, begin, answer)
    return output[: key.start() if key else answer][:LONGEST]
