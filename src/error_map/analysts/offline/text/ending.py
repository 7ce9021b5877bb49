"""Tells whether a text ends properly, breaks off or repeats itself to its end."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

# Bounds the work on outputs of any length; a loop of longer units than a quarter of it is not seen.
LOOP_WINDOW: Final = 3_000
"""Characters at the end that are searched for a loop."""
# Longer than a common phrase, so that honest text seldom reaches the exact check.
MIN_LOOP_MATCH_CHARS: Final = 24
"""Characters of the end that must occur before for a loop to be suspected."""
# Honest text repeats a refrain or a row two or three times.
MIN_LOOP_REPEATS: Final = 4
# Otherwise a row of dots or a short list of equal items would be a loop.
MIN_LOOP_CHARS: Final = 100
"""Length of all repeats together."""
MIN_LOOP_LETTERS: Final = 3
"""Letters of a unit below which `MIN_LOOP_CHARS_WITHOUT_LETTERS` applies."""
# Horizontal rules, leaders of dots and long numbers repeat a character without being loops.
MIN_LOOP_CHARS_WITHOUT_LETTERS: Final = 400
# Fewer such lines may be a table or an enumeration.
MIN_COUNTING_LINES: Final = 8
"""Lines that are equal but for their numbers and form a counting loop."""
# Headings and signatures, which have no full stop, are shorter.
MIN_SENTENCE_WORDS: Final = 6
"""Words from which on a last line is a sentence."""
MIN_FOLLOWING_WORDS: Final = 4
"""The same if the line before ends in a full stop, as the lines of this text then do."""
LAST_STEP_CHARS: Final = 40
"""End of the text in which an unfinished step is searched for; the pattern needs less."""
# A sentence of introduction may precede the fence.
FENCE_WITHIN_CHARS: Final = 400
"""Characters from the start within which a fenced JSON object begins."""

_CLOSING: Final[Mapping[str, str]] = MappingProxyType({"{": "}", "[": "]"})
_FORMULA_MARKS: Final = (("\\(", "\\)"), ("\\[", "\\]"))
_OPEN_SUM: Final = re.compile(r"<<[\d.(][^<>\n]{0,80}\Z")
_STOP_MARK: Final = re.compile(
    r"(?:#{2,}[ ]?[A-Z_]{3,20}[ ]?#{2,}|<\|\w{2,20}\|>|</s>|\[(?:STOP|END|EOS|EOT|DONE)\]"
    r"|\n[ \t]*(?:STOP|END|DONE|TERMINATE))\Z"
)
STOP_MARK_CHARS: Final = 60
"""End of a text within which a stop mark of a model or a program is recognised."""
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
    """The span at the end in which the text repeats itself, as `(start, end)`; None if it does not.

    The same unit must occur at least four times in a row. Constant time: only the last 3,000
    characters are searched.
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
    """Whether the text breaks off in the middle of a sentence, formula or bracket.

    Args:
        text: Trailing white space is ignored.
        strictly: Require proof, such as a trailing "the", an operator, an open formula or a long
            last sentence without a full stop; otherwise any unusual ending counts.
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
    """Whether the last line is an unfinished sentence in a text that finishes its sentences."""
    words = sum(any(map(str.isalpha, word)) for word in line.split())
    if words < MIN_FOLLOWING_WORDS:
        return False
    if text[: -len(line)].rstrip()[-1:] in _SENTENCE_ENDS:
        return True
    if words < MIN_SENTENCE_WORDS or _ITEM.match(line):
        return False
    return _SENTENCE_BEFORE.search(text, max(0, len(text) - 2 * LOOP_WINDOW)) is not None


def open_json(text: str) -> bool:
    """Whether the text is a JSON object or array, bare or fenced, that is not closed."""
    fenced = "```json" in text[:FENCE_WITHIN_CHARS]
    start = text.find("{") if fenced else len(text) - len(text.lstrip())
    first = text[start : start + 1] if start >= 0 else ""
    if first not in _CLOSING or text.rstrip("` \n\t")[-1:] == _CLOSING[first]:
        return False
    return text.count(first, start) > text.count(_CLOSING[first], start)


def _open_formula(text: str, line: str) -> bool:
    """Whether the text ends within a formula in LaTeX or calculator marks."""
    odd = (line.count("$") - line.count("\\$")) % 2 == 1
    if odd and "\\" in line[line.rfind("$") :]:
        return True
    if text.count("$$") % 2 == 1:
        return True
    if _OPEN_SUM.search(line[-2 * STOP_MARK_CHARS :]):
        return True
    return any(_is_open(text, *pair) for pair in _FORMULA_MARKS)


def _is_open(text: str, opening: str, closing: str) -> bool:
    last = text.rfind(opening)
    return last >= 0 and text.rfind(closing) < last and text[last - 1 : last] != "\\"


def _period(tail: str) -> int:
    """Distance to the previous occurrence of the text's end; 0 if there is none."""
    if len(tail) < MIN_LOOP_CHARS:
        return 0
    gram = tail[-MIN_LOOP_MATCH_CHARS:]
    earlier = tail.rfind(gram, 0, len(tail) - 1)
    return len(tail) - MIN_LOOP_MATCH_CHARS - earlier if earlier >= 0 else 0


def _loop_start(tail: str, period: int) -> int:
    """Where the repetition of the last unit begins."""
    unit = tail[-period:]
    start = len(tail) - period
    while start >= period and tail[start - period : start] == unit:
        start -= period
    return start


def _is_loop(loop: str, period: int) -> bool:
    letters = sum(map(str.isalpha, loop[:period]))
    enough = letters >= MIN_LOOP_LETTERS
    min_chars = MIN_LOOP_CHARS if enough else MIN_LOOP_CHARS_WITHOUT_LETTERS
    return len(loop) >= max(min_chars, MIN_LOOP_REPEATS * period)


def _counting_loop(text: str, begin: int, end: int) -> tuple[int, int] | None:
    """The span of lines that differ only in their numbers, if the text breaks off in them."""
    if end - begin < LOOP_WINDOW or text[end - 1] in _FINISHED:
        return None
    lines = _LINE_ENDS.split(text[begin:end])
    shapes = [_DIGITS.sub("0", line) for line in lines[1:-1]]
    equal_lines = 0
    for shape in reversed(shapes):
        if shape != shapes[-1]:
            break
        equal_lines += 1
    if equal_lines < MIN_COUNTING_LINES or not any(map(str.isalpha, shapes[-1])):
        return None
    return text.find(lines[-1 - equal_lines], begin), end
