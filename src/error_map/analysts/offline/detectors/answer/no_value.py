"""Finds answers in words, or with unknowns, where the task asks for a number."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ...answer_types.answer_kinds import Kind, other_kind
from ...detector import Case, Detection, Detector, Measured

SHOWN_CHARS: Final = 160
"""A longer answer is truncated in the summary, which should stay one sentence."""
# 4 of 6 findings read were right: (4 + 4 * 0.82) / (6 + 4), see `Measured`.
CONFIDENCE: Final = 0.73

_TITLES: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        "denial": "Claims that there is no answer",
        "endless": "Infinity instead of a number",
        "words": "Words instead of a value",
        "unknowns": "Unknowns left in the answer",
    }
)


def detect(case: Case) -> Detection | None:
    """Find answers that have no numeric value although the reference is a number."""
    found = other_kind(case)
    if found is None or found[1] not in _TITLES:
        return None
    answer, kind = found
    shown = " ".join(answer.text.split())[:SHOWN_CHARS]
    return Detection(
        title=_TITLES[kind],
        summary=f"The answer is {shown!r}, which has no numeric value; the reference is"
        f" {case.gold}.",
        spans=((answer.start, answer.end),),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="no_value",
    finding="No number in the answer",
    description="The answer is a denial, a sentence or a formula with unknowns, not a number.",
    category="missing_required_element",
    kind="cause",
    rank=36,
    detect=detect,
    measured=Measured(right=4, read=6),
)
