"""Outputs whose tool call is not well formed."""

from typing import Final

from ..calls.telling import sign_of
from ..detector import Case, Detector, Sign

CONFIDENCE: Final = 0.8


def detect(case: Case) -> Sign | None:
    """Fires where something begins as a call and cannot be read as one."""
    return sign_of(case, "broken", confidence=CONFIDENCE)


DETECTOR: Final = Detector(
    name="tool_call_broken",
    finding="Tool call does not parse",
    description="A call is begun that is not well formed.",
    category="tool_api_usage_error",
    kind="cause",
    rank=25,
    detect=detect,
)
