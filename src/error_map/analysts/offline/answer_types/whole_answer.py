"""Expands a final answer to the whole field or sentence from which its route read a part."""

import re
from collections import deque
from functools import lru_cache
from typing import Final

from ..answers.extractors.routes import Answer, answer_field
from ..arithmetic.quantities import quantities
from ..arithmetic.tokens import Number
from ..values.equality import is_number, plain

# Answer fields are short; these bound the search when every failure is examined.
BEFORE_CHARS: Final = 200
AFTER_CHARS: Final = 400
"""Context of an answer that is searched for its field."""
# A longer field is a whole working, whose last number need not be the answer.
MAX_FIELD_CHARS: Final = 2_000
# A sentence or two.
TAIL_CHARS: Final = 300
"""End of a field that is searched for its final value."""

_CLAIM: Final = re.compile(
    r"(?:=|\bis|\bare|\bequals|\bto be|\bget|\bgives)[ :$\\({*]{0,6}"
    r"(?P<value>[-\u2212]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[-\u2212]?\d{1,15}(?:\.\d{1,15}|/\d{1,15})?)"
    r"(?![\d%])"
)
_ENDS_VALUE: Final = re.compile(
    r"[\s$)\\}*\"']*(?:\Z|[.,;!](?=\s|\Z)|(?:degrees?|units?|is|so|which|and|or|as|square|[a-z]{4,})\b)"
)
_ALTERNATIVE: Final = re.compile(r"(?:[,;]|\bor|\band)[\s$\\(]{0,4}\w{0,2}\s?\Z")
"""Before a value that is one of several: the "or x" of `x = 4 or x = 5`."""
CONTEXT_CHARS: Final = 12
"""Characters that `_ALTERNATIVE` matches at most."""
_SENTENCE_OR_SUM: Final = re.compile(r"[=.]|\bis\b|\bare\b")
_QUALIFIES: Final = re.compile(r"\d|\bor\b|\bnot\b|\bno\b|\?")

# Answers; several detectors read one in succession.
CASE_CACHE_SIZE: Final = 4
# Numbers; the answers of all models to an example, and its reference, are few distinct ones.
NUMBER_CACHE_SIZE: Final = 512
# "Therefore, the final answer (arabic numerals) is: $" is shorter.
ANNOUNCEMENT_CHARS: Final = 60
# Bounds the work of the detectors that read a working.
MAX_WORKING_CHARS: Final = 20_000
"""Beginning of a working that is read."""

_ANNOUNCEMENT: Final = re.compile(
    r"[\s\"'\u201c\u201d*#]*(?:(?:(?:therefore|thus|hence|so),? )?(?:the )?(?:final[ _]?)?answer"
    r"(?: ?\([^()\n]{1,30}\))?(?: is)?|a)?[\"'\u201c\u201d*]*\s*:?"
    r"\s*[\"'$\\(]{0,3}\Z",
    re.IGNORECASE,
)


@lru_cache(maxsize=NUMBER_CACHE_SIZE)
def magnitude(text: str) -> Number | None:
    """The absolute value of an answer that is one plain number; None for any other answer.

    Example:
        >>> magnitude("-1,250"), magnitude("1/2"), magnitude("two")
        (1250, None, None)
    """
    if not is_number(text) or "/" in text or "%" in text:
        return None
    found = quantities(plain(text))
    return found[0].value if len(found) == 1 else None


@lru_cache(maxsize=CASE_CACHE_SIZE)
def in_full(output: str, answer: Answer) -> Answer:
    """The whole answer field that contains the answer; the answer itself if there is none."""
    offset = max(0, answer.start - BEFORE_CHARS)
    field = answer_field(output[offset : answer.end + AFTER_CHARS])
    if field is None or not offset + field.start <= answer.start < offset + field.end:
        return answer
    return Answer(field.text, offset + field.start, offset + field.end, answer.guessed)


def final_value(answer: Answer) -> Answer | None:
    """The final value of an answer that is a sentence or a calculation.

    It must be the last number, and introduced as a result.

    Example:
        >>> value = final_value(Answer("3 * 4 = 12, so the answer is 12.", 0, 32))
        >>> (value.text, value.start) if value else None
        ('12', 29)
        >>> final_value(Answer("min(364, 233) = 188 of 233", 0, 26)) is None
        True
    """
    text = answer.text
    if not 1 < len(text) <= MAX_FIELD_CHARS or not _SENTENCE_OR_SUM.search(text):
        return None
    claims = deque(_CLAIM.finditer(text, max(0, len(text) - TAIL_CHARS)), maxlen=1)
    if not claims or not _ENDS_VALUE.match(text, claims[0].end()):
        return None
    claim_start = claims[0].start()
    if _ALTERNATIVE.search(text, max(0, claim_start - CONTEXT_CHARS), claim_start):
        return None
    if _QUALIFIES.search(text, claims[0].end()):
        return None
    start, end = (answer.start + offset for offset in claims[0].span("value"))
    return Answer(claims[0]["value"], start, end, answer.guessed)


@lru_cache(maxsize=CASE_CACHE_SIZE)
def working_before(output: str, answer_start: int) -> str:
    r"""The output before the answer, without the words that announce it.

    Example:
        >>> working_before("We add 3 and 4.\nAnswer: 7", 24)
        'We add 3 and 4.'
        >>> working_before("We add them. Therefore, the answer (in km) is 7", 46)
        'We add them.'
    """
    announcement = _ANNOUNCEMENT.search(
        output, max(0, answer_start - ANNOUNCEMENT_CHARS), answer_start
    )
    return output[: announcement.start() if announcement else answer_start][:MAX_WORKING_CHARS]
