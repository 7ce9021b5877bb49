"""Outputs that break off before they are finished."""

from typing import Final

from ...answer_types.multiple_choice import options
from ...detector import Case, Detector, Measured, Sign
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
SHORTEST: Final = 80
"""Characters: what is shorter was hardly cut by a limit."""
CONFIDENCE: Final = 0.94
TAIL_CHARS: Final = 20_000
"""Where a stated answer is looked for."""
LAST_LINE_CHARS: Final = 120
"""Where it stands if it is given in another form than the dataset's usual one."""


def detect(case: Case) -> Sign | None:
    """Fires where the text stops in the middle and has not given its final answer."""
    text = case.output.rstrip()
    if len(text) < SHORTEST or _answered(case, text) or ends_in_turn_of_other(text):
        return None
    if not stops_short(text, strictly=not (case.profile.expects_answer and case.answer is None)):
        return None
    inside = "a JSON object" if open_json(text) else "a sentence or formula"
    start = max(0, len(text) - QUOTED_CHARS)
    last_words = " ".join(text[start:].split()[-LAST_WORDS:])
    return Sign(
        title="Output cut off",
        summary=f"The output breaks off inside {inside}, at {last_words!r}, before a final answer.",
        spans=((start, len(text)),),
        confidence=CONFIDENCE,
    )


def _answered(case: Case, text: str) -> bool:
    """Whether the final answer stands in the text, by the route or by any usual marker.

    An answer that is announced and left blank is one where the task may want nothing, as where
    what is left over is asked for.
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
    measured=Measured(right=23, read=24),
)
