"""Outputs that end in the same words again and again."""

from typing import Final

from ...detector import Case, Detection, Detector, Measured
from ...text.ending import loop_span
from ...text.mentions import states_answer

SHOWN_CHARS: Final = 60
QUOTED_CHARS: Final = 400
CONFIDENCE: Final = 0.96


def detect(case: Case) -> Detection | None:
    """Fires where the output repeats itself to its end and no answer was given before."""
    span = loop_span(case.output)
    if span is None or _answered_before(case, span[0]):
        return None
    start, end = span
    shown = " ".join(case.output[start : start + SHOWN_CHARS].split())
    return Detection(
        title="Repetition loop",
        summary=f"The last {end - start} characters say the same again and again: {shown!r}.",
        spans=((start, min(end, start + QUOTED_CHARS)),),
        confidence=CONFIDENCE,
    )


def _answered_before(case: Case, start: int) -> bool:
    """Whether the final answer was given all the same, and the loop is only run-on text."""
    if case.profile.expects_answer and case.answer is not None and not case.answer.guessed:
        return True
    return states_answer(case.output[:start]) or "repeat" in case.prompt.lower()


DETECTOR: Final = Detector(
    name="repetition_loop",
    finding="Repetition loop",
    description="The output repeats the same line, sentence or phrase to its end.",
    category="degenerate_output",
    kind="cause",
    rank=12,
    detect=detect,
    measured=Measured(right=15, read=15),
)
