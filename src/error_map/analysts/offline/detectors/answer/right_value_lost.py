"""Workings that end in the right value, and answers that give another number all the same."""

import re
from typing import Final

from ...algebra.formulas import stated
from ...algebra.unevaluated import MAX_VALUE, closed_form, worth
from ...answer_types.whole_answer import in_full, working_before
from ...arithmetic.quantities import values
from ...arithmetic.sentences import concluded, last_sentences
from ...detector import Case, Detector, Measured, Sign
from ...steps.phrasing import shown
from ...values.equality import is_number, plain
from ...values.tolerance import nearly_equal

TAIL_CHARS: Final = 300
CONFIDENCE: Final = 0.93

_OPEN: Final = re.compile(r"[\d)]!|\^|\u221a|sqrt|binom|choose|\bC\(|\d\s?C\s?\d")
"""Signs that are not read where equations between plain numbers are checked."""


def detect(case: Case) -> Sign | None:
    """Fires where the last sentence before the answer comes to the reference, and it does not."""
    if case.answer is None or case.answer.guessed or not case.gold or not case.profile.trusted:
        return None
    whole = in_full(case.output, case.answer)
    gold, given = _stated(case.gold), _stated(whole.text)
    if gold is None or given is None or nearly_equal(gold, given) or nearly_equal(gold, -given):
        return None
    working = working_before(case.output, whole.start)
    place = _right_end(working, gold)
    if place is None:
        return None
    value = shown(gold)
    return Sign(
        title="Right value lost at the end",
        summary=f"The working ends in what comes to {value}, the right value; the answer given is"
        f" {whole.text!r}.",
        spans=(place, (whole.start, whole.end)),
        confidence=CONFIDENCE,
    )


def _stated(text: str) -> float | None:
    found = stated(plain(text)) if is_number(text) else None
    value = MAX_VALUE if found is None or found > MAX_VALUE else float(found)
    return value if abs(value) < MAX_VALUE else None


def _may_be_right(tail: str, gold: float) -> bool:
    """Whether the value, or an operation left to be worked out, stands near the end at all."""
    if _OPEN.search(tail) or "=" not in tail:
        return True
    return any(nearly_equal(each, gold) for each in values(tail))


def _right_end(working: str, gold: float) -> tuple[int, int] | None:
    """Where the last sentence comes to the right value, stated or left to be worked out."""
    if not _may_be_right(working[-TAIL_CHARS:], gold):
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
    finding="Right value lost at the end",
    description="The working ends in the right value, and the answer gives another number.",
    category="computation_error",
    kind="cause",
    rank=44,
    detect=detect,
    measured=Measured(right=6, read=6),
)
