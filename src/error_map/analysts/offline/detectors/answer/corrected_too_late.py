"""Finds right results that appear only after a wrong final answer."""

import re
from collections import deque
from collections.abc import Iterator
from typing import Final

from ...algebra.formulas import stated
from ...algebra.polynomials import Coefficient
from ...answer_types.whole_answer import in_full
from ...arithmetic.sentences import concluded, last_sentences
from ...arithmetic.tokens import NUMERAL
from ...detector import Case, Detection, Detector, Measured
from ...text.mentions import run_on_start
from ...values.equality import is_number, plain

MAX_CHARS_AFTER: Final = 20_000
"""Characters read after the answer; bounds the work on very long outputs."""
MIN_CHARS_AFTER: Final = 20
"""Less text than this holds no correction."""
MAX_ANSWERS: Final = 20
"""Later answers compared, the last ones: bounds the work on hostile input."""
# 8 of 8 findings read were right: (8 + 4 * 0.82) / (8 + 4), see `Measured`.
CONFIDENCE: Final = 0.94
TRAILING: Final = " \n\t`}\"'$\\"

_ANSWERS: Final = re.compile(
    r"\"answer\"\s{0,4}:\s{0,4}\"?([^\"\n]{1,60})"
    rf"|\\boxed\s?\{{(-?(?:{NUMERAL}))\}}"
    rf"|\banswer (?:is|should be|would be)(?: actually)?:?[\s\\($*`]{{0,6}}(-?(?:{NUMERAL}))"
    r"(?![\d/^])",
    re.IGNORECASE,
)
_MINUS: Final = ("-", "\u2212")
_GOES_ON: Final = re.compile(
    r"[ \t]?(?:[a-z]{1,20}[ \t]){0,3}[$\\()]{0,3}[ \t]?"
    r"(?:[-+*/\u00d7\u00f7\u00b7\u2212\u2013=^]|\\?times\b|\\?div\b|\\cdot|\bplus\b|\bminus\b|x)"
    r"[ \t]?[$\\()]{0,3}\d"
)
"""A calculation that goes on behind its first number: its result is the answer."""


def detect(case: Case) -> Detection | None:
    """Find texts that answer with a wrong number and reach the reference only after it."""
    if case.answer is None or case.answer.guessed or not case.gold or not case.profile.trusted:
        return None
    whole = in_full(case.output, case.answer)
    if _GOES_ON.match(case.output, whole.end):
        return None
    end = min(run_on_start(case.output), whole.end + MAX_CHARS_AFTER)
    behind = case.output[whole.end : max(end, whole.end)]
    if len(behind) < MIN_CHARS_AFTER or not is_number(whole.text) or not is_number(case.gold):
        return None
    given, gold = stated(plain(whole.text)), stated(plain(case.gold))
    if given is None or gold is None or given == gold:
        return None
    place = _right_value(behind, gold)
    if place is None:
        return None
    start, end = (whole.end + each for each in place)
    return Detection(
        title="Right answer only after a wrong one",
        summary=f"The final answer is {whole.text!r}; only after it does the text reach"
        f" {plain(case.gold)!r}, which is right.",
        spans=((whole.start, whole.end), (start, end)),
        confidence=CONFIDENCE,
    )


def _right_value(behind: str, gold: Coefficient) -> tuple[int, int] | None:
    """The place where the text ends in the right value or gives it as its last answer."""
    answers = list(_stated(behind))
    if answers:
        last, place = answers[-1]
        return place if last == gold else None
    text = behind.rstrip(TRAILING)
    found = concluded(text) if last_sentences(text) else None
    if found is None:
        return None
    sentence, value = found
    sign = -1 if text[: value.start].rstrip().endswith(_MINUS) and gold < 0 else 1
    if sign * value.value != gold:
        return None
    return sentence.start, sentence.start + len(sentence.text)


def _stated(behind: str) -> Iterator[tuple[Coefficient, tuple[int, int]]]:
    """Each number that is given as an answer, with its place."""
    for found in deque(_ANSWERS.finditer(behind), maxlen=MAX_ANSWERS):
        value = stated(plain(found[1] or found[2] or found[3]))
        if value is not None:
            yield value, found.span()


DETECTOR: Final = Detector(
    name="corrected_too_late",
    finding="Right answer only after a wrong one",
    description="The text reaches the right value only after it has given a wrong final answer.",
    category="internal_contradiction",
    kind="cause",
    rank=31,
    detect=detect,
    measured=Measured(right=8, read=8),
)
