"""A final answer as a stretch of the output, and the search for the last of its kind."""

import re
from collections import deque
from dataclasses import dataclass
from typing import Final

TAIL_CHARS: Final = 4_000
"""Where a last number or a last statement is looked for first."""
MOST_CHARS: Final = 400_000
"""What is read of an output at either end: no honest answer stands beyond."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A final answer and where it stands: `output[start:end] == text`."""

    text: str
    start: int
    end: int
    guessed: bool = False
    """Read without a marker, as the last number of the text."""


def stripped(output: str, start: int, end: int, *, guessed: bool = False) -> Answer | None:
    """The answer in a stretch of the output without blanks, quotes and marks round it."""
    while start < end and (output[start].isspace() or output[start] in "\"'`*_“”"):
        start += 1
    while end > start and (output[end - 1].isspace() or output[end - 1] in "\"'`*_“”,;"):
        end -= 1
    return Answer(output[start:end], start, end, guessed) if start < end else None


def of(found: re.Match[str] | None, group: int = 0) -> Answer | None:
    """The answer that a group of the match is."""
    return Answer(found[group], found.start(group), found.end(group)) if found else None


def last(pattern: re.Pattern[str], output: str) -> re.Match[str] | None:
    """The last match, looked for in the tail first."""
    begins = {max(0, len(output) - TAIL_CHARS), max(0, len(output) - MOST_CHARS)}
    for begin in sorted(begins, reverse=True):
        found = deque(pattern.finditer(output, begin), maxlen=1)
        if found:
            return found[0]
    return None


def last_match(pattern: re.Pattern[str], output: str) -> Answer | None:
    """The first group of the last match, without blanks, quotes and marks."""
    found = last(pattern, output)
    return stripped(output, *found.span(1)) if found else None
