"""Locates a false equation that is not shown to be why the answer is wrong."""

from typing import Final

from ...detector import Case, Detection, Detector
from ...step_errors.deciding_steps import deciding_step
from ...step_errors.false_equations import explanation, first_false_equation
from ...step_errors.slip_effects import Effect, effect

# The equations are false, but mostly the working is wrong before: people marked the same step as
# the first wrong one in 43 % of the findings on mr_ben, and one next to it in 17 %.
CONFIDENCE: Final = 0.5

_SAYS: Final[dict[Effect, tuple[str, str]]] = {
    "not alone": ("not the only error", ", which is not the right answer either"),
    "unclear": ("effect unknown", "; no right working shows that this is why the answer is wrong"),
}


def detect(case: Case) -> Detection | None:
    """Find the first false equation, if correcting it is not known to give the right answer."""
    found = first_false_equation(case)
    stated = _SAYS.get(effect(found, case)) if found else None
    if found is None or stated is None:
        return None
    decided = deciding_step(case)
    if decided and decided.start < found.end and found.start < decided.end:
        return None
    return Detection(
        title=f"False {found.operation}, {stated[0]}",
        summary=f"{explanation(found)}{stated[1]}.",
        spans=((found.start, found.end),),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="late_false_equation",
    finding="Wrong calculation, not shown to be the cause",
    description="A calculation is wrong; that this is why the answer is wrong is not shown.",
    category="hard_to_analyze",
    kind="place",
    rank=56,
    detect=detect,
    former_names=("late_slip",),
)
