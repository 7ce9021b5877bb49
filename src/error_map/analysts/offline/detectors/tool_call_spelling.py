"""Tool calls that differ from the right ones in case, spaces or punctuation only."""

from typing import Final

from ..calls.telling import sign_of
from ..detector import Case, Detector, Sign

CONFIDENCE: Final = 0.6


def detect(case: Case) -> Sign | None:
    """Fires where an argument differs in nothing but case, spaces or punctuation."""
    return sign_of(case, "spelling", confidence=CONFIDENCE)


DETECTOR: Final = Detector(
    name="tool_call_spelling",
    finding="Tool argument spelled otherwise",
    description="An argument differs in nothing but case, spaces or punctuation.",
    category="tool_api_usage_error",
    kind="cause",
    rank=29,
    detect=detect,
)
