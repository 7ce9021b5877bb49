"""Right answers that the scorer did not recognise."""

from typing import Final

from ...answer_types.whole_answer import final_value
from ...answers.extractors.routes import Answer, answer_field, boxed, chosen_letter
from ...answers.route_learning import same_value, same_written, written
from ...detector import Case, Detector, Measured, Sign
from ...text.mentions import run_on_start
from ...values.equality import is_number
from ..form.format_broken import broken_format

CONFIDENCE: Final = 0.95


def detect(case: Case) -> Sign | None:
    """Fires where the final answer equals the reference although the output was scored wrong.

    So does the value that a calculation or a sentence comes to which stands for an answer. A right
    answer in a form that the prompt forbids is the model's fault, not the scorer's; so is another
    form where the dataset's scores go by the literal as written.
    """
    if case.gold is None or not case.profile.trusted:
        return None
    whole = _in_full(case)
    answer = _right_value(whole, case, case.gold) if whole else None
    if whole is None or answer is None or broken_format(case) is not None:
        return None
    what = "The final answer is" if answer is whole else "What stands for the answer comes to"
    return Sign(
        title="Right answer not recognised",
        summary=f"{what} {answer.text!r}, which has the value of the reference, {case.gold!r};"
        " yet it was scored wrong.",
        spans=((answer.start, answer.end),),
        confidence=CONFIDENCE,
    )


def _right_value(answer: Answer, case: Case, gold: str) -> Answer | None:
    """The answer, or the number that it comes to, if that has the reference's value."""
    if case.profile.strict:
        return answer if same_written(written(case.output, answer), gold) else None
    if same_value(answer.text, gold):
        return answer
    last = final_value(answer) if is_number(gold) else None
    return last if last and same_value(last.text, gold) else None


def _in_full(case: Case) -> Answer | None:
    """The answer as fully as it is written."""
    if case.profile.route == "number in answer field":
        return answer_field(case.output)
    if case.answer is not None:
        return None if case.answer.guessed else case.answer
    head = case.output[: run_on_start(case.output)]
    return chosen_letter(head) or boxed(head)


DETECTOR: Final = Detector(
    name="scorer_missed",
    finding="Right answer not recognised",
    description="The final answer equals the reference, but the scorer counted it as wrong.",
    category="no_error_found",
    kind="fault",
    rank=20,
    detect=detect,
    measured=Measured(right=12, read=12),
)
