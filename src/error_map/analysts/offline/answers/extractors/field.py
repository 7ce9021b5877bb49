"""Routes to answers in fields of JSON, well formed or not, and in boxes."""

import re
from functools import lru_cache
from typing import Final

from ..spans import MOST_CHARS, Answer, last, of, stripped

LONGEST_STATEMENT: Final = 300
"""Characters that "the answer is …" may run to."""
REMEMBERED: Final = 64
"""Texts whose field is kept: a right answer stands beside many failures."""
_BOXED: Final = re.compile(r"\\boxed\s*\{")
_ANY_NUMBER: Final = re.compile(r"[-\u2212]?(?:\d+(?:,\d{3})*(?:\.\d+)?|\.\d+)(?:/\d+)?")
_VALUE: Final = (
    r"(?:\"([^\"\\]*(?:\\.[^\"\\]*)*)\"|'([^'\n]*)'"
    r"|(\[[^\[\]\n]{0,300}\]|-?[\d.,/]+|true\b|false\b|null\b))"
)
_FIELD: Final = re.compile(
    rf"(?:[\"'“](?:final[ _]?)?answer[\"'”][*_ ]*:\s*{_VALUE}"
    r"|\b(?:final[ _]?)?answer[*_ ]*:\s*\"([^\"\n]*)\")",
    re.IGNORECASE | re.DOTALL,
)
_HINT: Final = re.compile(r"[\"'\u201c:](?:(?i:answer|final)|\s*\")")
"""Part of every answer field, and found faster, as it begins with one of few signs."""
_OPEN_FIELD: Final = re.compile(r"\"(?:final[ _]?)?answer\"\s*:\s*\"?([^\"\n,}]+)", re.IGNORECASE)
_BLANK_FIELD: Final = frozenset(["", "___", "...", "…"])
_LAST_FIELD: Final = re.compile(
    rf"[\"'\u201c]\w[\w -]{{0,40}}[\"'\u201d]\s*:\s*{_VALUE}\s*(?:,\s*)?\}}", re.DOTALL
)


def boxed(output: str) -> Answer | None:
    """The content of the last box."""
    found = last(_BOXED, output)
    if found is None:
        return None
    depth = 1
    for place in range(found.end(), min(len(output), found.end() + LONGEST_STATEMENT)):
        depth += (output[place] == "{") - (output[place] == "}")
        if not depth:
            return stripped(output, found.end(), place)
    return None


@lru_cache(maxsize=REMEMBERED)
def answer_field(output: str) -> Answer | None:
    """The first answer field of a JSON object, however broken, that is filled in; else the box."""
    for pattern in (_FIELD, _OPEN_FIELD) if _HINT.search(output, 0, MOST_CHARS) else ():
        for found in pattern.finditer(output, 0, MOST_CHARS):
            answer = stripped(output, *found.span(found.lastindex or 0))
            if answer is not None and answer.text not in _BLANK_FIELD:
                return answer
    return boxed(output)


def number_in_field(output: str) -> Answer | None:
    """The first number of the answer field or the box; the whole of it where it has none."""
    field = answer_field(output)
    return (of(_ANY_NUMBER.search(output, field.start, field.end)) or field) if field else None


def last_field(output: str) -> Answer | None:
    """The last value of the last JSON object, whatever its key."""
    found = last(_LAST_FIELD, output)
    return stripped(output, *found.span(found.lastindex or 0)) if found else None
