"""Outputs without the tool call that the task wants."""

from typing import Final

from ..calls.telling import sign_of
from ..detector import Case, Detector, Sign

CONFIDENCE: Final = 0.8


def detect(case: Case) -> Sign | None:
    """Fires where a call is wanted and the output is prose, a question or a refusal."""
    return sign_of(case, "none", confidence=CONFIDENCE)


DETECTOR: Final = Detector(
    name="tool_call_none",
    finding="No tool call made",
    description="A call is wanted, and the output makes none.",
    category="tool_api_usage_error",
    kind="cause",
    rank=25,
    detect=detect,
)
