"""Answers without a value: words, a denial, or unknowns where a number is asked for."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ...answer_types.answer_kinds import Kind, other_kind
from ...detector import Case, Detection, Detector, Measured

SHOWN_CHARS: Final = 160
CONFIDENCE: Final = 0.73

_TITLES: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        "denial": "Says that there is no answer",
        "endless": "Infinity instead of a number",
        "words": "Words instead of a value",
        "unknowns": "Unknowns left in the answer",
    }
)


def detect(case: Case) -> Detection | None:
    """Fires where the reference is a number, and the answer comes to none."""
    found = other_kind(case)
    if found is None or found[1] not in _TITLES:
        return None
    answer, kind = found
    shown = " ".join(answer.text.split())[:SHOWN_CHARS]
    return Detection(
        title=_TITLES[kind],
        summary=f"The answer is {shown!r} where a number is asked for: it comes to no value, and"
        f" the reference is {case.gold}.",
        spans=((answer.start, answer.end),),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="no_value",
    finding="Answer without a value",
    description="The answer is a denial, a sentence or a formula with unknowns, not a number.",
    category="missing_required_element",
    kind="cause",
    rank=36,
    detect=detect,
    measured=Measured(right=4, read=6),
)
