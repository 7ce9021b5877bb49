"""Finds lists and objects with missing, extra or wrongly ordered items."""

from typing import Final

from ...answers.final_answer import written
from ...detector import Case, Detection, Detector
from ...values.literal_diff import in_content

# About the mean of all detectors, as no findings were read.
CONFIDENCE: Final = 0.8


def detect(case: Case) -> Detection | None:
    """Find containers of the right type that differ only in order or in a few items."""
    if case.answer is None or case.gold is None or not case.profile.trusted:
        return None
    if case.gold[:1] not in {"[", "(", "{"}:
        return None
    difference = in_content(written(case.output, case.answer), case.gold)
    if difference is None:
        return None
    return Detection(
        title=difference.title,
        summary=f"The answer has the right type, but {difference.ending}.",
        spans=((case.answer.start, case.answer.end),),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="literal_items",
    finding="Items missing, extra or in the wrong order",
    description="A list or object differs from the reference in the order or number of its items.",
    category="counting_enumeration_error",
    kind="cause",
    rank=26,
    detect=detect,
)
