"""Finds literals that differ from the reference only in form: type, quotes, case or blanks."""

from typing import Final

from ...answers.final_answer import same_written, written
from ...detector import Case, Detection, Detector
from ...values.literal_diff import in_form

# About the mean of all detectors, as no findings were read; right answers to tasks with literals
# as answers gave no false alarms.
CONFIDENCE: Final = 0.8


def detect(case: Case) -> Detection | None:
    """Find answers that differ only in form, in datasets that score literals as written.

    Elsewhere a right value in another form is an error of the scorer, see `scorer_missed`.
    """
    if case.answer is None or case.gold is None:
        return None
    if not case.profile.trusted or not case.profile.strict:
        return None
    given = written(case.output, case.answer)
    difference = None if same_written(given, case.gold) else in_form(given, case.gold)
    if difference is None:
        return None
    return Detection(
        title=difference.title,
        summary=f"The answer has the right content in the wrong form: {difference.ending}.",
        spans=((case.answer.start, case.answer.end),),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="literal_form",
    finding="Right value in the wrong form",
    description="The answer differs from the reference only in type, quotes, case or blanks.",
    category="output_format_error",
    kind="cause",
    rank=25,
    detect=detect,
)
