"""Finds right answers that the scorer did not recognize."""

from typing import Final

from ...answer_types.whole_answer import final_value
from ...answers.extractors.routes import Answer, answer_field, boxed, chosen_letter
from ...answers.final_answer import same_written, written
from ...detector import Case, Detection, Detector, Measured
from ...text.mentions import run_on_start
from ...values.equality import is_number, same_value
from ..form.format_broken import broken_format

# 12 of 12 findings read were right: (12 + 4 * 0.82) / (12 + 4), see `Measured`.
CONFIDENCE: Final = 0.95


def detect(case: Case) -> Detection | None:
    """Find answers that equal the reference although they were scored as wrong.

    If the answer is a calculation or a sentence, its result counts. A right answer in a form that
    the prompt forbids is not the scorer's error, nor is another form in datasets that score
    literals as written.
    """
    if case.gold is None or not case.profile.trusted:
        return None
    whole = _in_full(case)
    answer = _right_value(whole, case, case.gold) if whole else None
    if whole is None or answer is None or broken_format(case) is not None:
        return None
    what = "The final answer is" if answer is whole else "The final answer evaluates to"
    return Detection(
        title="Right answer not recognized",
        summary=f"{what} {answer.text!r}, which equals the reference, {case.gold!r}, but it was"
        " scored as wrong.",
        spans=((answer.start, answer.end),),
        confidence=CONFIDENCE,
    )


def _right_value(answer: Answer, case: Case, gold: str) -> Answer | None:
    """The answer, or the number in which it results, if this equals the reference."""
    if case.profile.strict:
        return answer if same_written(written(case.output, answer), gold) else None
    if same_value(answer.text, gold):
        return answer
    last = final_value(answer) if is_number(gold) else None
    return last if last and same_value(last.text, gold) else None


def _in_full(case: Case) -> Answer | None:
    """The answer in its full wording, not only the part that the route extracts."""
    if case.profile.route == "number in answer field":
        return answer_field(case.output)
    if case.answer is not None:
        return None if case.answer.guessed else case.answer
    head = case.output[: run_on_start(case.output)]
    return chosen_letter(head) or boxed(head)


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
