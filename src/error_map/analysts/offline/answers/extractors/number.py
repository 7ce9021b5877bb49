"""Routes to answers that are numbers, marked or guessed."""

import re
from typing import Final

from ..spans import MOST_CHARS, Answer, last, of
from .field import boxed
from .marked import STATED, answer_line, hashes

_NUMBER: Final = re.compile(
    r"(?<![\w.,])[-\u2212]?(?:\\?[$£€]\s?)?[-\u2212]?(?:\d+(?:,\d{3})*(?:\.\d+)?|\.\d+)"
)


def last_number(output: str) -> Answer | None:
    """The last number of the text."""
    found = last(_NUMBER, output)
    return Answer(found[0], found.start(), found.end(), guessed=True) if found else None


def first_number(output: str) -> Answer | None:
    """The first number of the text."""
    found = _NUMBER.search(output, 0, MOST_CHARS)
    return Answer(found[0], found.start(), found.end(), guessed=True) if found else None


def hashes_or_number(output: str) -> Answer | None:
    """What follows the last `####`, else the last number."""
    return hashes(output) or last_number(output)


def line_or_number(output: str) -> Answer | None:
    """What follows the last `A:` or `Answer:` at the start of a line, else the last number."""
    return answer_line(output) or last_number(output)


def boxed_or_number(output: str) -> Answer | None:
    """The content of the last box, else the last number."""
    return boxed(output) or last_number(output)


def stated_number(output: str) -> Answer | None:
    """The first number after the last "the answer is", else the last number of all."""
    found = last(STATED, output)
    number = _NUMBER.search(output, *found.span("value")) if found else None
    return of(number) or last_number(output)
