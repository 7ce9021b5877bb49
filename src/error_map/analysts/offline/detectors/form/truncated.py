"""Finds outputs that stop before they are finished."""

from typing import Final

from ...answer_types.multiple_choice import options
from ...detector import Case, Detection, Detector, Habit, Measured, title_of
from ...text.ending import open_json, stops_short
from ...text.mentions import (
    announces_answer,
    ends_in_choice,
    ends_in_turn_of_other,
    run_on_start,
    states_answer,
)
from ...values.equality import is_number

QUOTED_CHARS: Final = 80
LAST_WORDS: Final = 6
"""Words and characters quoted from the end: enough to see that it stops in the middle."""
MIN_CHARS: Final = 80
"""Shorter outputs end far below any token limit."""
# 23 of 24 findings read were right: (23 + 4 * 0.82) / (24 + 4), see `Measured`.
CONFIDENCE: Final = 0.94
TAIL_CHARS: Final = 20_000
"""Searched for a stated answer; bounds the work on very long outputs."""
LAST_LINE_CHARS: Final = 120
"""Searched for an answer in another form than the usual one of the dataset."""


def detect(case: Case) -> Detection | None:
    """Find texts that stop in the middle without having given a final answer."""
    text = case.output.rstrip()
    if len(text) < MIN_CHARS or _answered(case, text) or ends_in_turn_of_other(text):
        return None
    if not stops_short(text, strictly=not (case.profile.expects_answer and case.answer is None)):
        return None
    inside = "a JSON object" if open_json(text) else "a sentence or formula"
    start = max(0, len(text) - QUOTED_CHARS)
    last_words = " ".join(text[start:].split()[-LAST_WORDS:])
    return Detection(
        title="Output cut off",
        summary=f"The output stops inside {inside}, at {last_words!r}, before a final answer.",
        spans=((start, len(text)),),
        confidence=CONFIDENCE,
    )


def _answered(case: Case, text: str) -> bool:
    """Whether the text contains a final answer, by the answer route or by another usual marker.

    An answer that is announced and left blank counts if an empty answer can be right, as when a
    task asks for what remains.
    """
    if ends_in_choice(text) or (announces_answer(text) and _may_be_blank(case)):
        return True
    if case.profile.expects_answer and (case.answer is None or not case.answer.guessed):
        return case.answer is not None or states_answer(text[-LAST_LINE_CHARS:])
    return run_on_start(text) < len(text) or states_answer(text[-TAIL_CHARS:])


def _may_be_blank(case: Case) -> bool:
    return not options(case.prompt) and not is_number(case.gold or "")


DETECTOR: Final = Detector(
    name="truncated",
    finding="Output cut off",
    description="The text stops in the middle of a word, sentence or JSON, without an answer.",
    category="degenerate_output",
    kind="cause",
    rank=13,
    detect=detect,
    habit=Habit(form=title_of(detect), presumed=False),
    measured=Measured(right=23, read=24),
)
