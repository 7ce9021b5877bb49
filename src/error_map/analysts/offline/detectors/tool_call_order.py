"""Right tool calls in another order than the one in which the task puts them."""

from typing import Final

from ..calls.telling import sign_of
from ..detector import Case, Detector, Sign

CONFIDENCE: Final = 0.6


def detect(case: Case) -> Sign | None:
    """Fires where the prompt speaks of a sequence and the right calls are made in another."""
    return sign_of(case, "order", confidence=CONFIDENCE)


DETECTOR: Final = Detector(
    name="tool_call_order",
    finding="Tool calls in wrong order",
    description="The calls are right, and made in another order than the task's.",
    category="tool_api_usage_error",
    kind="cause",
    rank=29,
    detect=detect,
)
