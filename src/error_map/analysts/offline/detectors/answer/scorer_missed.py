"""Finds right answers that the scorer did not recognize."""

import re
from typing import Final

from ...answer_types.multiple_choice import options
from ...answer_types.stated_answers import gist, is_reference, is_taken_back, last_stated
from ...answer_types.whole_answer import final_value
from ...answers.extractors.routes import YES_NO_ROUTE, Answer, answer_field
from ...answers.final_answer import equals_reference
from ...detector import Case, Detection, Detector, Measured
from ...format_rules.broken import broken_rules
from ...values.equality import is_number, same_value

# 12 of 12 findings read were right: (12 + 4 * 0.82) / (12 + 4), see `Measured`.
CONFIDENCE: Final = 0.95
LIST_CHARS: Final = 60
"""Characters behind a number in which a list that begins with it goes on."""

_LISTED: Final = re.compile(r",\d|(?:, ?[-\u2212]?\d[\d.]{0,12}){0,8},? (?:and|or|&) [-\u2212$]?\d")
"""What follows the first number of several."""


def detect(case: Case) -> Detection | None:
    """Find answers that equal the reference although they were scored as wrong.

    If the answer is a calculation or a sentence, its result counts. No other answer may be stated
    after it, and a number may not be one of several. A right answer in a form that the prompt
    forbids is not the scorer's error, nor is another form in datasets that score literals as
    written.
    """
    if case.gold is None or not case.profile.trusted:
        return None
    whole = _in_full(case)
    answer = _right_value(whole, case, case.gold) if whole else None
    if whole is None or answer is None or is_taken_back(case, answer) or broken_rules(case):
        return None
    if is_number(answer.text) and _LISTED.match(case.output[answer.end :][:LIST_CHARS]):
        return None
    what = "The final answer is" if answer is whole else "The final answer evaluates to"
    return Detection(
        title="Right answer not recognized",
        summary=f"{what} {answer.text!r}, which {_relation(case, answer, case.gold)}, but it was"
        " scored as wrong.",
        spans=((answer.start, answer.end),),
        confidence=CONFIDENCE,
    )


def _relation(case: Case, answer: Answer, gold: str) -> str:
    if same_value(answer.text, gold):
        return f"equals the reference, {gold!r}"
    listed = options(case.prompt)
    letter = answer.text.strip("() .").upper()
    if gold in listed or letter in listed:
        return f"means the same option as the reference, {gold!r}"
    return f"is one of the answers that the reference accepts, {gold!r}"


def _right_value(answer: Answer, case: Case, gold: str) -> Answer | None:
    """The answer, or the value in which it results, if this equals the reference."""
    if case.profile.strict:
        same = equals_reference(case.output, answer, gold=gold, profile=case.profile)
        return answer if same else None
    if is_reference(case, answer.text):
        return answer
    last = final_value(answer) if is_number(gold) else None
    return next((one for one in (last, gist(answer)) if one and is_reference(case, one.text)), None)


def _in_full(case: Case) -> Answer | None:
    """The answer in its full wording, not only the part that the route extracts."""
    if case.profile.route == "number in answer field":
        return answer_field(case.output)
    sure = case.answer is not None and not case.answer.guessed
    if sure and case.profile.route != YES_NO_ROUTE:
        return case.answer
    return last_stated(case)


DETECTOR: Final = Detector(
    name="scorer_missed",
    finding="Right answer scored as wrong",
    description="The final answer equals the reference, but the scorer counted it as wrong.",
    category="no_error_found",
    kind="fault",
    rank=20,
    detect=detect,
    measured=Measured(right=12, read=12),
)
