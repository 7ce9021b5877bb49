"""Finds answers that differ from the right value in which their working ends."""

import re
from typing import Final

from ...algebra.formulas import stated
from ...algebra.unevaluated import MAX_VALUE, closed_form, worth
from ...answer_types.whole_answer import in_full, working_before
from ...arithmetic.quantities import values
from ...arithmetic.sentences import concluded, last_sentences
from ...detector import Case, Detection, Detector, Measured
from ...steps.phrasing import shown
from ...values.equality import is_number, plain
from ...values.tolerance import nearly_equal

# About the last two sentences of a working, where its result is.
TAIL_CHARS: Final = 300
# 6 of 6 findings read were right: (6 + 4 * 0.82) / (6 + 4), see `Measured`.
CONFIDENCE: Final = 0.93

_OPEN: Final = re.compile(r"[\d)]!|\^|\u221a|sqrt|binom|choose|\bC\(|\d\s?C\s?\d")
"""Notation that the reader of plain equations does not handle, such as factorials and roots."""


def detect(case: Case) -> Detection | None:
    """Find answers that differ from the reference although the last sentence before has it."""
    if case.answer is None or case.answer.guessed or not case.gold or not case.profile.trusted:
        return None
    whole = in_full(case.output, case.answer)
    gold, answer = _stated(case.gold), _stated(whole.text)
    if gold is None or answer is None or nearly_equal(gold, answer) or nearly_equal(gold, -answer):
        return None
    working = working_before(case.output, whole.start)
    place = _right_ending(working, gold)
    if place is None:
        return None
    value = shown(gold)
    return Detection(
        title="Right value lost at the end",
        summary=f"The working ends in {value}, which is right, but the final answer is"
        f" {whole.text!r}.",
        spans=(place, (whole.start, whole.end)),
        confidence=CONFIDENCE,
    )


def _stated(text: str) -> float | None:
    found = stated(plain(text)) if is_number(text) else None
    value = MAX_VALUE if found is None or found > MAX_VALUE else float(found)
    return value if abs(value) < MAX_VALUE else None


def _mentions_value(tail: str, gold: float) -> bool:
    """Whether the end contains the value, or an unevaluated operation: a quick test."""
    if _OPEN.search(tail) or "=" not in tail:
        return True
    return any(nearly_equal(each, gold) for each in values(tail))


def _right_ending(working: str, gold: float) -> tuple[int, int] | None:
    """The place where the last sentence has the right value, stated or unevaluated."""
    if not _mentions_value(working[-TAIL_CHARS:], gold):
        return None
    last = last_sentences(working)
    start = last[-1].start if last else len(working)
    end = working[start:].rstrip()
    if _OPEN.search(end) or ("=" not in end and closed_form(end)):
        value = next(worth(end), None)
        if value is not None and nearly_equal(value, gold):
            return start, start + len(end)
    if not any(nearly_equal(each, gold) for each in values(end)):
        return None
    found = concluded(working)
    if found is None or not nearly_equal(found[1].value, gold):
        return None
    return found[0].start, found[0].start + len(found[0].text)


DETECTOR: Final = Detector(
    name="right_value_lost",
    finding="Right result worked out, another answer given",
    description="The working ends in the right value, but the answer is another number.",
    category="computation_error",
    kind="cause",
    rank=44,
    detect=detect,
    measured=Measured(right=6, read=6),
)
