"""How a text ends: finished, cut off in the middle, or caught in a loop."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

LOOP_WINDOW: Final = 3_000
"""Characters at the end in which a loop is looked for."""
LOOP_GRAM: Final = 24
"""Characters that must come again for a loop to be suspected."""
LOOP_REPEATS: Final = 4
LOOP_CHARS: Final = 100
"""Least length of all repeats together."""
LOOP_LETTERS: Final = 3
"""A unit with fewer letters (rules, dots, zeros) must be far longer in all."""
LOOP_CHARS_WITHOUT_LETTERS: Final = 400
LOOP_LINES: Final = 8
"""Lines alike but for their numbers that make a counting loop."""
SENTENCE_WORDS: Final = 6
"""Words of a last line from which on it is a sentence rather than a heading or a signature."""
FOLLOWING_WORDS: Final = 4
"""The same, where the line before it has its full stop."""
LAST_STEP_CHARS: Final = 40
FENCE_WITHIN: Final = 400
"""Characters from the start within which a fenced JSON object begins."""

_CLOSING: Final[Mapping[str, str]] = MappingProxyType({"{": "}", "[": "]"})
_FORMULA_MARKS: Final = (("\\(", "\\)"), ("\\[", "\\]"))
_OPEN_SUM: Final = re.compile(r"<<[\d.(][^<>\n]{0,80}\Z")
_STOP_MARK: Final = re.compile(
    r"(?:#{2,}[ ]?[A-Z_]{3,20}[ ]?#{2,}|<\|\w{2,20}\|>|</s>|\[(?:STOP|END|EOS|EOT|DONE)\]"
    r"|\n[ \t]*(?:STOP|END|DONE|TERMINATE))\Z"
)
STOP_MARK_CHARS: Final = 60
"""A mark with which a model or a program ends a text stands within these of its end."""
_FINISHED: Final = frozenset(".!?…\u3002\uff01\uff1f\u061f\u0964\"'\u201d\u2019\u00bb)]}>*`|")
_UNFINISHED: Final = frozenset(",;(+-*/=<&\\^[{\u00d7\u00b7\u2212\u2014\u2013:")
_SENTENCE_ENDS: Final = frozenset(".!?")
_OPEN_STEP: Final = re.compile(
    r"(?:=\s*[$\u20ac\u00a3]|\n\s*(?:step \d+:|\d+[.)]))\Z", re.IGNORECASE
)
_OPEN_WORD: Final = re.compile(
    r"\b(?:the|a|an|of|to|in|on|at|by|for|with|from|and|or|but|as|is|are|was|were|be|that|which"
    r"|this|these|if|than|then|when|where|we|it|its|their|our|so|can|will|would|not|into|per)\Z",
    re.IGNORECASE,
)
_OPEN_NUMBER: Final = re.compile(
    r"(?:(?<![\d.])0\.|\A\s*\d+\.|[{(]\d+\.|\A\s*[a-z]\)|=[^=.]{0,80}[)\]}])\Z"
)
_SENTENCE_BEFORE: Final = re.compile(r"[.!?:](?:\s|$)")
_ITEM: Final = re.compile(r"[ \t]*(?:[-*•+]|\d+[.)])[ \t]")
_DIGITS: Final = re.compile(r"\d+")
_LINE_ENDS: Final = re.compile(r"(?<=[.!?])\s+|\n+")


def loop_span(text: str) -> tuple[int, int] | None:
    """Where the text repeats itself to its very end, as `(start, end)`; None where it does not.

    The same stretch must stand there at least four times over. Linear in time: only the last
    3,000 characters are looked at.
    """
    end = len(text.rstrip())
    begin = max(0, end - LOOP_WINDOW)
    tail = text[begin:end]
    period = _period(tail)
    if period:
        start = _loop_start(tail, period)
        if _is_loop(tail[start:], period):
            return begin + start, end
    return _counting_loop(text, begin, end)


def stops_short(text: str, *, strictly: bool = True) -> bool:
    """Whether the text breaks off in the middle of a word, sentence, formula or bracket.

    Args:
        text: Trailing blanks do not count.
        strictly: Ask for proof (an open word, operator or formula, or a long last sentence
            without its full stop); otherwise any ending that is not a finished one will do.
    """
    text = text.rstrip()
    if not text or _STOP_MARK.search(text[-STOP_MARK_CHARS:]):
        return False
    last = text[-1]
    line = text[text.rfind("\n") + 1 :]
    if last in _UNFINISHED and not text.endswith("**"):
        return last != ":" or not strictly or _OPEN_STEP.search(text[-LAST_STEP_CHARS:]) is not None
    if _open_formula(text, line) or open_json(text):
        return True
    if last in _FINISHED:
        open_step = _OPEN_STEP.search(text[-LAST_STEP_CHARS:]) is not None
        return open_step or (not strictly and _OPEN_NUMBER.search(line) is not None)
    if not strictly or _OPEN_WORD.search(line[-12:]):
        return True
    return _OPEN_STEP.search(text[-LAST_STEP_CHARS:]) is not None or _is_open_prose(text, line)


def _is_open_prose(text: str, line: str) -> bool:
    """Whether the last line is a sentence without its end, in a text that has such ends."""
    words = sum(any(map(str.isalpha, word)) for word in line.split())
    if words < FOLLOWING_WORDS:
        return False
    if text[: -len(line)].rstrip()[-1:] in _SENTENCE_ENDS:
        return True
    if words < SENTENCE_WORDS or _ITEM.match(line):
        return False
    return _SENTENCE_BEFORE.search(text, max(0, len(text) - 2 * LOOP_WINDOW)) is not None


def open_json(text: str) -> bool:
    """Whether the text begins a JSON object or array, bare or fenced, and ends within it."""
    fenced = "```json" in text[:FENCE_WITHIN]
    start = text.find("{") if fenced else len(text) - len(text.lstrip())
    first = text[start : start + 1] if start >= 0 else ""
    if first not in _CLOSING or text.rstrip("` \n\t")[-1:] == _CLOSING[first]:
        return False
    return text.count(first, start) > text.count(_CLOSING[first], start)


def _open_formula(text: str, line: str) -> bool:
    """Whether a formula is begun at the end and not closed, in LaTeX or calculator marks."""
    odd = (line.count("$") - line.count("\\$")) % 2 == 1
    if odd and "\\" in line[line.rfind("$") :]:
        return True
    if text.count("$$") % 2 == 1:
        return True
    if _OPEN_SUM.search(line[-2 * STOP_MARK_CHARS :]):
        return True
    return any(_stays_open(text, *pair) for pair in _FORMULA_MARKS)


def _stays_open(text: str, opening: str, closing: str) -> bool:
    last = text.rfind(opening)
    return last >= 0 and text.rfind(closing) < last and text[last - 1 : last] != "\\"


def _period(tail: str) -> int:
    """Distance at which the end of the text came before; 0 where it did not."""
    if len(tail) < LOOP_CHARS:
        return 0
    gram = tail[-LOOP_GRAM:]
    earlier = tail.rfind(gram, 0, len(tail) - 1)
    return len(tail) - LOOP_GRAM - earlier if earlier >= 0 else 0


def _loop_start(tail: str, period: int) -> int:
    """How far back the text goes on repeating at this distance, by whole units."""
    unit = tail[-period:]
    start = len(tail) - period
    while start >= period and tail[start - period : start] == unit:
        start -= period
    return start


def _is_loop(loop: str, period: int) -> bool:
    letters = sum(map(str.isalpha, loop[:period]))
    least = LOOP_CHARS if letters >= LOOP_LETTERS else LOOP_CHARS_WITHOUT_LETTERS
    return len(loop) >= max(least, LOOP_REPEATS * period)


def _counting_loop(text: str, begin: int, end: int) -> tuple[int, int] | None:
    """The same line again and again with only its numbers changed, cut off at the end."""
    if end - begin < LOOP_WINDOW or text[end - 1] in _FINISHED:
        return None
    lines = _LINE_ENDS.split(text[begin:end])
    shapes = [_DIGITS.sub("0", line) for line in lines[1:-1]]
    alike = 0
    for shape in reversed(shapes):
        if shape != shapes[-1]:
            break
        alike += 1
    if alike < LOOP_LINES or not any(map(str.isalpha, shapes[-1])):
        return None
    return text.find(lines[-1 - alike], begin), end
