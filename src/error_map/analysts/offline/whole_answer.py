"""A final answer as fully as it is written, where the route reads only a number out of it."""

from typing import Final

from .routes import Answer, answer_field

BEFORE_CHARS: Final = 200
AFTER_CHARS: Final = 400
"""The field that an answer was read from stands within these of it."""


def in_full(output: str, answer: Answer) -> Answer:
    """The whole field that the answer was read from, else the answer itself."""
    begin = max(0, answer.start - BEFORE_CHARS)
    field = answer_field(output[begin : answer.end + AFTER_CHARS])
    if field is None or not begin + field.start <= answer.start < begin + field.end:
        return answer
    return Answer(field.text, begin + field.start, begin + field.end, answer.guessed)
