"""Finds literals that differ from the reference only in form: in their type, quotes or case."""

from typing import Final

from ...answers.final_answer import form_difference
from ...detector import Case, Detection, Detector

# About the mean of all detectors, as no findings were read; right answers to tasks with literals
# as answers gave no false alarms.
CONFIDENCE: Final = 0.8


def detect(case: Case) -> Detection | None:
    """Find answers that differ only in form, in datasets that score literals as written.

    Elsewhere a right value in another form is an error of the scorer, see `scorer_missed`. A
    difference that passed answers of the dataset have as well is not one that the scorer rejects.
    """
    if case.answer is None or case.gold is None:
        return None
    if not case.profile.trusted or not case.profile.strict:
        return None
    difference = form_difference(
        case.output, case.answer, gold=case.gold, profile=case.profile, prompt=case.prompt
    )
    if difference is None or difference.title in case.profile.accepted_forms:
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
    description="The answer differs from the reference only in type, quotes or case.",
    category="output_format_error",
    kind="cause",
    rank=25,
    detect=detect,
)
