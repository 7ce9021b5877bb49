"""Lists and objects that have the right items in another order, too few or too many of them."""

from typing import Final

from ...answers.route_learning import written
from ...detector import Case, Detector, Sign
from ...values.literal_diff import in_content

CONFIDENCE: Final = 0.8


def detect(case: Case) -> Sign | None:
    """Fires where answer and reference are one kind of container and all other items agree."""
    if case.answer is None or case.gold is None or not case.profile.trusted:
        return None
    if case.gold[:1] not in {"[", "(", "{"}:
        return None
    difference = in_content(written(case.output, case.answer), case.gold)
    if difference is None:
        return None
    return Sign(
        title=difference.title,
        summary=f"The answer is of the right kind, but {difference.ending}.",
        spans=((case.answer.start, case.answer.end),),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="literal_items",
    finding="Items in another order, missing or too many",
    description="A list or object differs from the reference in the order or number of its items.",
    category="counting_enumeration_error",
    kind="cause",
    rank=26,
    detect=detect,
)
