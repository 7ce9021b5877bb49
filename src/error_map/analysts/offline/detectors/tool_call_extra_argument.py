"""Tool calls with an argument that they do not take, or that nothing asks for."""

from typing import Final

from ..calls.telling import sign_of
from ..detector import Case, Detector, Sign

CONFIDENCE: Final = 0.8


def detect(case: Case) -> Sign | None:
    """Fires where an argument is given that the function lacks, or the reference does not give."""
    return sign_of(case, "extra", confidence=CONFIDENCE)


DETECTOR: Final = Detector(
    name="tool_call_extra_argument",
    finding="Tool argument too many",
    description="An argument is given that the function lacks, or that nothing asks for.",
    category="tool_api_usage_error",
    kind="cause",
    rank=27,
    detect=detect,
)
