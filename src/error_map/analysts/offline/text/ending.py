"""Tells whether a text ends properly, breaks off or repeats itself to its end."""

import re
import unicodedata
from typing import Final

from .cutoff import cut_inside, ends_with_stop_mark
from .programs import is_query, parses

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

_FINISHED: Final = frozenset(".!?…\u3002\uff01\uff1f\u061f\u0964\"'\u201d\u2019\u00bb)]}>*`|")
_UNFINISHED: Final = frozenset(",;(+-*/=<&\\^[{\u00d7\u00b7\u2212\u2014\u2013:")
_OPEN_NUMBER: Final = re.compile(
    r"(?:(?<![\d.])0\.|\A\s*\d+\.|[{(]\d+\.|\A\s*[a-z]\)|=[^=.]{0,80}[)\]}])\Z"
)
# A sentence that ends with a quoted word, after a finished one, but without a full stop.
_OPEN_QUOTED: Final = re.compile(r"[.!?][\"\u201d]? [A-Z][^.!?\n]{20,300}[^.!?\n][\"\u201d]\Z")
_TAG: Final = re.compile(r"#\w|@\w|https?://|www\.")
_RULE: Final = re.compile(r"[ \t]*[-=_*~]{3,}")
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
    """Whether the text breaks off in the middle of a sentence, formula, program or bracket.

    Args:
        text: Trailing white space is ignored.
        strictly: Require positive evidence, see `cut_inside`; otherwise any unusual ending counts,
            as where the answer is missing with which all other texts end.
    """
    text = text.rstrip()
    if not text or ends_with_stop_mark(text):
        return False
    return bool(cut_inside(text)) or (not strictly and _ends_unusually(text))


def _ends_unusually(text: str) -> bool:
    """Whether neither a full stop, a bracket or the like nor a tag or an address ends the text."""
    line = text[text.rfind("\n") + 1 :]
    word = line.split()[-1]
    if _TAG.match(word) or _is_pictograph(text[-1]) or _RULE.fullmatch(line):
        return False
    if text[-1] in _UNFINISHED and not text.endswith("**"):
        return True
    if text[-1] in _FINISHED:
        return _OPEN_NUMBER.search(line) is not None or _OPEN_QUOTED.search(line) is not None
    return not is_query(text) and not parses(text)


def _is_pictograph(sign: str) -> bool:
    """Whether a sign is an emoji or the like; a degree sign belongs to a value."""
    return unicodedata.category(sign) == "So" and sign > "\u2000"


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
