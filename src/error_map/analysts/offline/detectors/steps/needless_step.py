"""Finds a quantity that is worked on before it is used where right workings use it as it is."""

from typing import Final

from ...detector import Case, Detection, Detector, Measured
from ...steps.comparison import Comparison, compare
from ...steps.phrasing import listed, quoted, written
from ...steps.step_alignment import Parting, parting
from ...steps.workings import Step

CONFIDENCE: Final = 0.77


def detect(case: Case) -> Detection | None:
    """The step that right workings do without, where all else in the next one is right, or None."""
    found, comparison = parting(case), compare(case)
    if found is None or comparison is None or found.how != "needless step" or not found.source:
        return None
    return _detection(comparison, found, found.source)


def _detection(comparison: Comparison, found: Parting, needless: Step) -> Detection:
    return Detection(
        title="Needless extra step",
        summary=(
            f"The working takes {quoted(comparison, needless)} and goes on with that, where"
            f" {comparison.whose(found.right)} uses {listed(found.due)} as it is:"
            f" {written(found.right)}."
        ),
        spans=((needless.start, needless.end),),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="needless_step",
    finding="Needless extra step",
    description="A quantity is worked on before a step in which right workings use it as it is.",
    category="logical_reasoning_error",
    kind="cause",
    rank=50,
    detect=detect,
    measured=Measured(right=6, read=8),
)
