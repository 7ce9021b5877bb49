"""Finds outputs that violate a format which the prompt explicitly requires."""

from typing import Final

from ...answer_types.whole_answer import final_value, in_full
from ...answers.extractors.routes import ROUTES
from ...detector import Case, Detection, Detector, Habit, Measured, title_of
from ...format_rules.json_rules import json_violation, requires_json
from ...format_rules.requirements import first_violation
from ...format_rules.rule import Violation
from ...text.mentions import names_option, states_answer
from ...values.equality import is_number, same_value

# 1 of 1 findings read were right: (1 + 4 * 0.82) / (1 + 4), see `Measured`.
CONFIDENCE: Final = 0.86
QUOTED_CHARS: Final = 80
"""Characters quoted from the beginning: enough to see the form of the output."""
# An answer in another form is stated in the last sentence or two.
TAIL_CHARS: Final = 200
_READABLE: Final = ("answer field", "####", "answer line", "boxed", "stated answer")
"""Routes that find an answer in a text of any form."""
_LETTERS: Final = frozenset("ABCDEFGHIJ")


def detect(case: Case) -> Detection | None:
    """Find violated format rules, unless the answer could be extracted regardless."""
    broken = broken_format(case)
    if broken is None:
        return None
    text = case.output
    start = len(text) - len(text.lstrip())
    return Detection(
        title=broken.title,
        summary=broken.summary,
        spans=((start, min(len(text), start + QUOTED_CHARS)),),
        confidence=CONFIDENCE,
    )


def broken_format(case: Case) -> Violation | None:
    """Return the format rule that the output violates; None if the answer is readable anyway."""
    if not case.output.strip():
        return None
    if _answer_was_read(case):
        return (
            first_violation(case.prompt, case.output) if _scorer_read_other_number(case) else None
        )
    if requires_json(case.prompt):
        return None if _states_wrong_value(case) else json_violation(case.prompt, case.output)
    broken = first_violation(case.prompt, case.output)
    return None if broken is not None and broken.answer_line and _answered(case) else broken


def _answered(case: Case) -> bool:
    """Whether the output states an answer in another form than the required one."""
    tail = case.output.rstrip()[-TAIL_CHARS:]
    guessed = case.answer is None or case.answer.guessed
    return not guessed or names_option(case.prompt, tail) or states_answer(tail)


def _answer_was_read(case: Case) -> bool:
    """Whether the answer route, which reproduces the scores, extracted an answer."""
    if case.answer is None or not case.profile.trusted:
        return False
    return case.profile.route != "whole output"


def _scorer_read_other_number(case: Case) -> bool:
    """Whether a wordy answer concludes with the right number, but another one was extracted."""
    gold = case.gold or ""
    if case.answer is None or not is_number(gold) or same_value(case.answer.text, gold):
        return False
    last = final_value(in_full(case.output, case.answer))
    return last is not None and same_value(last.text, gold)


def _states_wrong_value(case: Case) -> bool:
    """Whether the text states a value anyway, and one that differs from the reference.

    Only for numbers and option letters: if the reference is text or JSON, the form itself may be
    scored.
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
    habit=Habit(form=title_of(detect), presumed=False),
    measured=Measured(right=1, read=1),
)
