"""The ways in which a final answer may be written, each as a function from output to answer."""

import re
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias

TAIL_CHARS: Final = 4_000
"""Where a last number or a last statement is looked for first."""
LONGEST_STATEMENT: Final = 300
"""Characters that "the answer is …" may run to."""
LONGEST_LETTER_ANSWER: Final = 200
"""An output that is longer than this does not consist of an option letter or a word."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A final answer and where it stands: `output[start:end] == text`."""

    text: str
    start: int
    end: int
    guessed: bool = False
    """Read without a marker, as the last number of the text."""


Route: TypeAlias = Callable[[str], Answer | None]

_NUMBER: Final = re.compile(
    r"(?<![\w.,])[-\u2212]?(?:\\?[$£€]\s?)?[-\u2212]?(?:\d+(?:,\d{3})*(?:\.\d+)?|\.\d+)"
)
_ANY_NUMBER: Final = re.compile(r"[-\u2212]?(?:\d+(?:,\d{3})*(?:\.\d+)?|\.\d+)(?:/\d+)?")
_HASHES: Final = re.compile(r"####([^\n]+)")
_LINE: Final = re.compile(
    r"^[ \t>*_#-]*(?:the[ \t]+)?(?:final[ \t]+)?(?:a|answer)[*_]*[ \t]*:([^\n]+)",
    re.IGNORECASE | re.MULTILINE,
)
_STATED: Final = re.compile(
    r"\banswer\b(?:[^\n.]{0,40}?)(?:\bis\b|\bwould be\b)[: *_`$]*(?P<value>[^\n]{1,300})",
    re.IGNORECASE,
)
_SENTENCE_END: Final = re.compile(r"[.!?;](?=\s|$)|\*\*|\n")
_LETTER_STATED: Final = re.compile(r"answer is[\s:*_]*\(?([A-P])\b")
_LETTER_LINE: Final = re.compile(r"answer[*_]*:[\s*_]*\(?([A-P])\b", re.IGNORECASE)
_LETTER_CHOSEN: Final = re.compile(
    r"(?:\b(?:option|choice|answer|statement|response)\b[^\n.()]{0,40}?\b(?:is|would be|to be|as)"
    r"|\b(?:option|choice|answer|matches|match|select|choose|pick))"
    r"(?:[ *_:`]*\(([A-P])\)|[ *_:]*[`*]+([A-P])\b|[ ]+([A-P])[ .]*\Z)"
)
_LEADING_LETTER: Final = re.compile(r"[\s(\[*_`\"']*([A-Pa-p])(?=[)\].:,\s*_`\"']|$)")
_LEADING_WORD: Final = re.compile(r"[\s*_`\"'(\[]*([A-Za-z][\w-]*)")
_VALUE: Final = r"(?:\"([^\"\\]*(?:\\.[^\"\\]*)*)\"|'([^'\n]*)'|(-?[\d.,/]+|true\b|false\b|null\b))"
_FIELD: Final = re.compile(
    rf"(?:[\"'“](?:final[ _]?)?answer[\"'”][*_ ]*:\s*{_VALUE}"
    r"|\b(?:final[ _]?)?answer[*_ ]*:\s*\"([^\"\n]*)\")",
    re.IGNORECASE | re.DOTALL,
)
_OPEN_FIELD: Final = re.compile(r"\"(?:final[ _]?)?answer\"\s*:\s*\"?([^\"\n,}]+)", re.IGNORECASE)
_BLANK_FIELD: Final = frozenset(["", "___", "...", "…"])
_BOXED: Final = re.compile(r"\\boxed\s*\{")


def stripped(output: str, start: int, end: int, *, guessed: bool = False) -> Answer | None:
    """The answer in a stretch of the output without blanks, quotes and marks round it."""
    while start < end and (output[start].isspace() or output[start] in "\"'`*_“”"):
        start += 1
    while end > start and (output[end - 1].isspace() or output[end - 1] in "\"'`*_“”,;"):
        end -= 1
    return Answer(output[start:end], start, end, guessed) if start < end else None


def whole_output(output: str) -> Answer | None:
    """All of the output, without quotes and backticks round it."""
    return stripped(output, 0, len(output))


def leading_letter(output: str) -> Answer | None:
    """The option letter that a short output begins with."""
    found = _LEADING_LETTER.match(output)
    if found is None or len(output) > LONGEST_LETTER_ANSWER:
        return None
    return Answer(found[1], found.start(1), found.end(1))


def leading_word(output: str) -> Answer | None:
    """The first word: yes, no, a label."""
    found = _LEADING_WORD.match(output)
    return Answer(found[1], found.start(1), found.end(1)) if found else None


def hashes(output: str) -> Answer | None:
    """What follows the last `####`."""
    return _last_match(_HASHES, output)


def hashes_or_number(output: str) -> Answer | None:
    """What follows the last `####`, else the last number."""
    return hashes(output) or last_number(output)


def answer_line(output: str) -> Answer | None:
    """What follows the last `A:` or `Answer:` at the start of a line."""
    return _last_match(_LINE, output)


def line_or_number(output: str) -> Answer | None:
    """What follows the last `A:` or `Answer:` at the start of a line, else the last number."""
    return answer_line(output) or last_number(output)


def stated_answer(output: str) -> Answer | None:
    """What follows the last "the answer is", to the end of the sentence."""
    found = _last(_STATED, output)
    if found is None:
        return None
    start, stop = found.span("value")
    end = _SENTENCE_END.search(output, start, stop)
    return stripped(output, start, end.start() if end else stop)


def stated_number(output: str) -> Answer | None:
    """The first number after the last "the answer is", else the last number of all."""
    found = _last(_STATED, output)
    number = _NUMBER.search(output, *found.span("value")) if found else None
    return _of(number) or last_number(output)


def first_letter(output: str) -> Answer | None:
    """The option letter after the first "answer is", else after "Answer:"."""
    return _of(_LETTER_STATED.search(output), 1) or _of(_LETTER_LINE.search(output), 1)


def last_letter(output: str) -> Answer | None:
    """The option letter after the last "answer is" or "Answer:"."""
    return _of(_last(_LETTER_STATED, output), 1) or _of(_last(_LETTER_LINE, output), 1)


def chosen_letter(output: str) -> Answer | None:
    """The bracketed option letter that the text names last as its choice, in whatever words."""
    found = _last(_LETTER_CHOSEN, output)
    return _of(found, found.lastindex or 0) if found else None


def any_letter(output: str) -> Answer | None:
    """The option letter last stated, else the one the output begins with or names as its choice."""
    return last_letter(output) or leading_letter(output) or chosen_letter(output)


def boxed(output: str) -> Answer | None:
    """The content of the last box."""
    found = _last(_BOXED, output)
    if found is None:
        return None
    depth = 1
    for place in range(found.end(), min(len(output), found.end() + LONGEST_STATEMENT)):
        depth += (output[place] == "{") - (output[place] == "}")
        if not depth:
            return stripped(output, found.end(), place)
    return None


def answer_field(output: str) -> Answer | None:
    """The first answer field of a JSON object, however broken, that is filled in; else the box."""
    for pattern in (_FIELD, _OPEN_FIELD):
        for found in pattern.finditer(output):
            answer = stripped(output, *found.span(found.lastindex or 0))
            if answer is not None and answer.text not in _BLANK_FIELD:
                return answer
    return boxed(output)


def number_in_field(output: str) -> Answer | None:
    """The first number of the answer field or the box; the whole of it where it has none."""
    field = answer_field(output)
    return (_of(_ANY_NUMBER.search(output, field.start, field.end)) or field) if field else None


def last_number(output: str) -> Answer | None:
    """The last number of the text."""
    found = _last(_NUMBER, output)
    return Answer(found[0], found.start(), found.end(), guessed=True) if found else None


ROUTES: Final[Mapping[str, Route]] = MappingProxyType(
    {
        "whole output": whole_output,
        "leading letter": leading_letter,
        "leading word": leading_word,
        "first letter stated": first_letter,
        "last letter stated": last_letter,
        "option letter": any_letter,
        "####": hashes,
        "answer line": answer_line,
        "boxed": boxed,
        "stated answer": stated_answer,
        "answer field": answer_field,
        "number in answer field": number_in_field,
        "last number": last_number,
        "####, else last number": hashes_or_number,
        "answer line, else last number": line_or_number,
        "stated, else last number": stated_number,
    }
)
"""Every route by its name, the surer ones first: ties go to the earlier, markers before guesses."""


def _of(found: re.Match[str] | None, group: int = 0) -> Answer | None:
    return Answer(found[group], found.start(group), found.end(group)) if found else None


def _last(pattern: re.Pattern[str], output: str) -> re.Match[str] | None:
    """The last match, looked for in the tail first."""
    tail = max(0, len(output) - TAIL_CHARS)
    for begin in (tail, 0) if tail else (0,):
        last = deque(pattern.finditer(output, begin), maxlen=1)
        if last:
            return last[0]
    return None


def _last_match(pattern: re.Pattern[str], output: str) -> Answer | None:
    found = _last(pattern, output)
    return stripped(output, *found.span(1)) if found else None
