"""Finds finished outputs without a final answer."""

from typing import Final

from ...answer_types.conclusions import concludes_with_value, decides, stated_sentence
from ...answer_types.multiple_choice import options
from ...answer_types.stated_answers import ends_in_reference
from ...answers.final_answer import NUMBER_ROUTES
from ...detector import Case, Detection, Detector, Measured
from ...text.ending import loop_span, stops_short
from ...text.mentions import names_option, states_answer
from ...text.program import is_program
from ...values.equality import is_number

QUOTED_CHARS: Final = 120
"""Characters quoted from the end, where the answer is missing."""
TAIL_CHARS: Final = 20_000
"""Searched for an answer in another form; bounds the work on very long outputs."""
LAST_WORDS_CHARS: Final = 200
"""An option named in these last characters may be meant as the answer."""
# 5 of 5 findings read were right: (5 + 4 * 0.82) / (5 + 4), see `Measured`.
CONFIDENCE: Final = 0.92

_DECISIONS: Final = frozenset({"yes", "no", "true", "false"})


def detect(case: Case) -> Detection | None:
    """Find outputs without an answer in any form, in datasets whose outputs usually have one.

    An output that ends in the reference's value has an answer, and a program prints its answer. So
    does one whose first or last sentence gives a value, or decides a question of yes or no.
    """
    text = case.output.rstrip()
    if case.answer is not None or not case.profile.expects_answer or _is_answered(case, text):
        return None
    if loop_span(text) is not None:
        return None
    if stops_short(text, strictly=False) and not stated_sentence(text):
        return None
    if case.profile.route in NUMBER_ROUTES and not is_number(case.gold or ""):
        return None
    start = max(len(case.output) - len(case.output.lstrip()), len(text) - QUOTED_CHARS)
    return Detection(
        title="No final answer",
        summary="The text ends without a final answer in the form of the other outputs"
        f" (answer route: {case.profile.route}).",
        spans=((start, len(text)),),
        confidence=CONFIDENCE,
    )


def _is_answered(case: Case, text: str) -> bool:
    """Whether the text has an answer in another form, or is one, such as two quotes."""
    if states_answer(text[-TAIL_CHARS:]) or names_option(case.prompt, text[-LAST_WORDS_CHARS:]):
        return True
    if ends_in_reference(case) or is_program(text) or not any(map(str.isalnum, text)):
        return True
    if (case.gold or "").strip().lower() in _DECISIONS:
        return decides(text)
    return not options(case.prompt) and concludes_with_value(text)


DETECTOR: Final = Detector(
    name="no_answer",
    finding="No final answer",
    description="The text is finished, but no final answer can be extracted from it.",
    category="missing_required_element",
    kind="cause",
    rank=14,
    detect=detect,
    measured=Measured(right=5, read=5),
)
