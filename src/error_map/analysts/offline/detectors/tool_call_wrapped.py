"""Right tool calls that stand unmarked among other text."""

from typing import Final

from ..calls.telling import sign_of
from ..detector import Case, Detector, Sign

CONFIDENCE: Final = 0.6


def detect(case: Case) -> Sign | None:
    """Fires where the calls are right, and the text round them may hide them from the scorer."""
    return sign_of(case, "wrapped", confidence=CONFIDENCE)


DETECTOR: Final = Detector(
    name="tool_call_wrapped",
    finding="Tool call among other text",
    description="The calls are right, and stand unmarked among other text.",
    category="output_format_error",
    kind="cause",
    rank=29,
    detect=detect,
)
