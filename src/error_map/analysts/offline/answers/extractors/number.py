"""Routes to answers that are numbers, with a marker or without."""

import re
from typing import Final

from ..spans import MAX_CHARS, Answer, from_match, last_match
from .field import boxed
from .marked import answer_line, hashes, statement

_NUMBER: Final = re.compile(
    r"(?<![\w.,])[-\u2212]?(?:\\?[$£€]\s?)?[-\u2212]?(?:\d+(?:,\d{3})*(?:\.\d+)?|\.\d+)"
)


def last_number(output: str) -> Answer | None:
    """The last number of the text."""
    match = last_match(_NUMBER, output)
    return Answer(match[0], match.start(), match.end(), guessed=True) if match else None


def first_number(output: str) -> Answer | None:
    """The first number of the text."""
    match = _NUMBER.search(output, 0, MAX_CHARS)
    return Answer(match[0], match.start(), match.end(), guessed=True) if match else None


def hashes_or_number(output: str) -> Answer | None:
    """The text after the last `####`, else the last number."""
    return hashes(output) or last_number(output)


def line_or_number(output: str) -> Answer | None:
    """The text after the last `A:` or `Answer:` at the start of a line, else the last number."""
    return answer_line(output) or last_number(output)


def boxed_or_number(output: str) -> Answer | None:
    """The content of the last box, else the last number."""
    return boxed(output) or last_number(output)


def stated_number(output: str) -> Answer | None:
    """The first number after the last "the answer is", else the last number of the output."""
    match = statement(output)
    number = _NUMBER.search(output, *match.span("value")) if match else None
    return from_match(number) or last_number(output)
