"""Exact values that are right but for their form: type, quotation marks, case, blanks."""

from typing import Final

from ...answers.route_learning import same_written, written
from ...detector import Case, Detector, Sign
from ...values.literal_diff import in_form

CONFIDENCE: Final = 0.8


def detect(case: Case) -> Sign | None:
    """Fires where the dataset scores literals as written and only the form of this one differs.

    Where the scores go by the value, a right value in another form is the scorer's fault instead.
    """
    if case.answer is None or case.gold is None:
        return None
    if not case.profile.trusted or not case.profile.strict:
        return None
    given = written(case.output, case.answer)
    difference = None if same_written(given, case.gold) else in_form(given, case.gold)
    if difference is None:
        return None
    return Sign(
        title=difference.title,
        summary=f"The answer has the right content in another form: {difference.ending}.",
        spans=((case.answer.start, case.answer.end),),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="literal_form",
    finding="Right value in another form",
    description="An exact value differs from the reference only in type, quotes, case or blanks.",
    category="output_format_error",
    kind="cause",
    rank=25,
    detect=detect,
)
