"""Finds outputs that end in a repetition loop."""

from typing import Final

from ...detector import Case, Detection, Detector, Habit, Measured, title_of
from ...format_rules.broken import is_broken_before
from ...text.ending import loop_span
from ...text.mentions import states_answer

SHOWN_CHARS: Final = 60
"""Beginning of the loop shown in a summary, which should stay one sentence."""
# Several rounds of a typical loop, but not the thousands of characters that follow.
QUOTED_CHARS: Final = 400
# 15 of 15 findings read were right: (15 + 4 * 0.82) / (15 + 4), see `Measured`.
CONFIDENCE: Final = 0.96


def detect(case: Case) -> Detection | None:
    """Find outputs that repeat themselves to the end, without an answer before the loop.

    A text that had broken a format rule for good before the loop has failed by that.
    """
    span = loop_span(case.output)
    if span is None or _answered_before(case, span[0]) or is_broken_before(case, span[0]):
        return None
    start, end = span
    shown = " ".join(case.output[start : start + SHOWN_CHARS].split())
    return Detection(
        title="Repetition loop",
        summary=f"The last {end - start} characters repeat the same text: {shown!r}.",
        spans=((start, min(end, start + QUOTED_CHARS)),),
        confidence=CONFIDENCE,
    )


def _answered_before(case: Case, start: int) -> bool:
    """Whether a final answer precedes the loop, which is then only run-on text."""
    if case.profile.expects_answer and case.answer is not None and not case.answer.guessed:
        return True
    return states_answer(case.output[:start]) or "repeat" in case.prompt.lower()


DETECTOR: Final = Detector(
    name="repetition_loop",
    finding="Output repeats itself to the end",
    description="The output repeats the same line, sentence or phrase until it ends.",
    category="degenerate_output",
    kind="cause",
    rank=12,
    detect=detect,
    habit=Habit(form=title_of(detect), presumed=False),
    measured=Measured(right=15, read=15),
)
