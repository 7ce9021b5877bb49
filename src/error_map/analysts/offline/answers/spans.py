"""A final answer as a span of the output, and searches for the last match of a pattern."""

import re
from collections import deque
from dataclasses import dataclass
from typing import Final

# Answers are at the end of nearly all outputs; searching it first spares most of long outputs.
TAIL_CHARS: Final = 4_000
"""End of an output that is searched first for a last match."""
# Bounds the work on hostile outputs; honest ones have at most some 10,000 characters.
MAX_CHARS: Final = 400_000
"""Characters that are searched at either end of an output."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A final answer and its span: `output[start:end] == text`."""

    text: str
    start: int
    end: int
    guessed: bool = False
    """Extracted without a marker, as the first or last number of the text."""


def stripped(output: str, start: int, end: int, *, guessed: bool = False) -> Answer | None:
    """The answer in a span of the output, without white space, quotes and markup around it."""
    while start < end and (output[start].isspace() or output[start] in "\"'`*_“”"):
        start += 1
    while end > start and (output[end - 1].isspace() or output[end - 1] in "\"'`*_“”,;"):
        end -= 1
    return Answer(output[start:end], start, end, guessed) if start < end else None


def from_match(match: re.Match[str] | None, group: int = 0) -> Answer | None:
    """A group of the match as an answer."""
    return Answer(match[group], match.start(group), match.end(group)) if match else None


def last_match(pattern: re.Pattern[str], output: str) -> re.Match[str] | None:
    """The last match in the output, whose tail is searched first."""
    starts = {max(0, len(output) - TAIL_CHARS), max(0, len(output) - MAX_CHARS)}
    for start in sorted(starts, reverse=True):
        matches = deque(pattern.finditer(output, start), maxlen=1)
        if matches:
            return matches[0]
    return None


def last_group(pattern: re.Pattern[str], output: str) -> Answer | None:
    """The first group of the last match, without white space, quotes and markup around it."""
    match = last_match(pattern, output)
    return stripped(output, *match.span(1)) if match else None
