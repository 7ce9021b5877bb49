"""Outputs that break a format which the prompt explicitly requires."""

from typing import Final

from ...answer_types.whole_answer import final_value, in_full
from ...answers.extractors.routes import ROUTES
from ...answers.route_learning import same_value
from ...detector import Case, Detector, Measured, Sign
from ...format_rules.json_rules import json_violation, requires_json
from ...format_rules.requirements import first_violation
from ...format_rules.rule import Violation
from ...text.mentions import names_option, states_answer
from ...values.equality import is_number

CONFIDENCE: Final = 0.86
QUOTED_CHARS: Final = 80
LAST_WORDS_CHARS: Final = 200
_READABLE: Final = ("answer field", "####", "answer line", "boxed", "stated answer")
"""Routes that read an answer out of a text of whatever form."""
_LETTERS: Final = frozenset("ABCDEFGHIJ")


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


def broken_format(case: Case) -> Violation | None:
    """The rule of form that the output breaks, where the scorer's own reading did not get by."""
    if not case.output.strip():
        return None
    if _read_all_the_same(case):
        return first_violation(case.prompt, case.output) if _other_number_read(case) else None
    if requires_json(case.prompt):
        return None if _value_is_wrong(case) else json_violation(case.prompt, case.output)
    broken = first_violation(case.prompt, case.output)
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


def _other_number_read(case: Case) -> bool:
    """Whether the answer comes to the right number in more words, of which another was read."""
    gold = case.gold or ""
    if case.answer is None or not is_number(gold) or same_value(case.answer.text, gold):
        return False
    last = final_value(in_full(case.output, case.answer))
    return last is not None and same_value(last.text, gold)


def _value_is_wrong(case: Case) -> bool:
    """Whether the text states a value all the same, and another than the reference.

    Only of numbers and option letters: where the reference is text or JSON, the form may be what
    is scored.
    """
    gold = (case.gold or "").strip()
    if not is_number(gold) and gold not in _LETTERS:
        return False
    found = [answer.text for name in _READABLE if (answer := ROUTES[name](case.output))]
    stated = [text for text in found if is_number(text) or text.strip("() .") in _LETTERS]
    return bool(stated) and not any(same_value(text, gold) for text in stated)


DETECTOR: Final = Detector(
    name="format_broken",
    finding="Required format broken",
    description="A format that the prompt explicitly requires is missing or broken.",
    category="output_format_error",
    kind="cause",
    rank=21,
    detect=detect,
    measured=Measured(right=1, read=1),
)
