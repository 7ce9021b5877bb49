"""Outputs that break a format which the prompt explicitly requires."""

from typing import Final

from ..asked import Broken
from ..detector import Case, Detector, Measured, Sign
from ..json_form import broken_json, requires_json
from ..mentions import names_option, states_answer
from ..requirements import broken_rule

CONFIDENCE: Final = 0.85
QUOTED_CHARS: Final = 80
LAST_WORDS_CHARS: Final = 200


def detect(case: Case) -> Sign | None:
    """Fires where a stated rule of form is broken and the answer could not be read all the same."""
    broken = broken_format(case)
    if broken is None:
        return None
    text = case.output
    start = len(text) - len(text.lstrip())
    return Sign(
        title=broken.title,
        summary=broken.summary,
        spans=((start, min(len(text), start + QUOTED_CHARS)),),
        confidence=CONFIDENCE,
    )


def broken_format(case: Case) -> Broken | None:
    """The rule of form that the output breaks, where the scorer's own reading did not get by."""
    if not case.output.strip() or _read_all_the_same(case):
        return None
    if requires_json(case.prompt):
        return broken_json(case.prompt, case.output)
    broken = broken_rule(case.prompt, case.output)
    return None if broken is not None and broken.answer_line and _answered(case) else broken


def _answered(case: Case) -> bool:
    """Whether an answer stands in the output in some other form than the one asked for."""
    last_words = case.output.rstrip()[-LAST_WORDS_CHARS:]
    guessed = case.answer is None or case.answer.guessed
    return not guessed or names_option(case.prompt, last_words) or states_answer(last_words)


def _read_all_the_same(case: Case) -> bool:
    """Whether the dataset's route, which reproduces the scores, read the answer out of the text."""
    if case.answer is None or not case.profile.trusted:
        return False
    return case.profile.route != "whole output"


DETECTOR: Final = Detector(
    name="format_broken",
    finding="Required format broken",
    description="A format that the prompt explicitly requires is missing or broken.",
    category="output_format_error",
    kind="cause",
    rank=21,
    detect=detect,
    measured=Measured(right=60, read=60),
)
