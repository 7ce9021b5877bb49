"""Routes to answers in JSON fields, well formed or not, and in boxes of LaTeX."""

import re
from functools import lru_cache
from typing import Final

from ..spans import MAX_CHARS, Answer, from_match, last_match, stripped

# A formula as an answer; a longer box is a whole working.
MAX_BOX_CHARS: Final = 300
# Texts; a peer answer is compared with the failures of many models.
CACHE_SIZE: Final = 64
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
"""Part of every answer field; a faster search, as it begins with one of few characters."""
_OPEN_FIELD: Final = re.compile(r"\"(?:final[ _]?)?answer\"\s*:\s*\"?([^\"\n,}]+)", re.IGNORECASE)
_BLANK_FIELD: Final = frozenset(["", "___", "...", "…"])
_LAST_FIELD: Final = re.compile(
    rf"[\"'\u201c]\w[\w -]{{0,40}}[\"'\u201d]\s*:\s*{_VALUE}\s*(?:,\s*)?\}}", re.DOTALL
)


def boxed(output: str) -> Answer | None:
    """The content of the last box."""
    box = last_match(_BOXED, output)
    if box is None:
        return None
    depth = 1
    for end in range(box.end(), min(len(output), box.end() + MAX_BOX_CHARS)):
        depth += (output[end] == "{") - (output[end] == "}")
        if not depth:
            return stripped(output, box.end(), end)
    return None


@lru_cache(maxsize=CACHE_SIZE)
def answer_field(output: str) -> Answer | None:
    """The first answer field of a JSON object, even a malformed one, with a value; else the box."""
    for pattern in (_FIELD, _OPEN_FIELD) if _HINT.search(output, 0, MAX_CHARS) else ():
        for match in pattern.finditer(output, 0, MAX_CHARS):
            answer = stripped(output, *match.span(match.lastindex or 0))
            if answer is not None and answer.text not in _BLANK_FIELD:
                return answer
    return boxed(output)


def number_in_field(output: str) -> Answer | None:
    """The first number of the answer field or the box; all of it if it has none."""
    field = answer_field(output)
    if field is None:
        return None
    return from_match(_ANY_NUMBER.search(output, field.start, field.end)) or field


def last_field(output: str) -> Answer | None:
    """The last value of the last JSON object, whatever its key."""
    match = last_match(_LAST_FIELD, output)
    return stripped(output, *match.span(match.lastindex or 0)) if match else None
