"""Finds answers that lack the final rounding or are rounded in the wrong direction."""

from math import ceil, floor
from typing import Final

from ...detector import Case, Detection, Detector, Measured
from ...steps.comparison import Comparison, compare
from ...steps.phrasing import shown

# 1 of 1 findings read were right: (1 + 4 * 0.82) / (1 + 4), see `Measured`.
CONFIDENCE: Final = 0.86


def detect(case: Case) -> Detection | None:
    """Find answers that right workings round, or round in the other direction."""
    comparison = compare(case)
    title = _title(comparison) if comparison else None
    return _detection(comparison, title) if comparison and title else None


def _title(comparison: Comparison) -> str | None:
    final, gold = comparison.final, comparison.gold
    if final is None or gold is None or gold != int(gold):
        return None
    if final != int(final):
        near = gold in {floor(final), ceil(final)}
        return "Result not rounded" if near and final in comparison.right_values else None
    if abs(final - gold) != 1:
        return None
    exact = [each for each in _fractions(comparison) if {floor(each), ceil(each)} == {final, gold}]
    return "Rounded the wrong way" if exact else None


def _fractions(comparison: Comparison) -> list[float]:
    """Fractional results that the failing working shares with right workings."""
    results = {step.result for step in comparison.steps} & comparison.right_values
    return sorted(each for each in results if each != int(each))


def _detection(comparison: Comparison, title: str) -> Detection:
    step = comparison.last
    final, gold = (shown(each or 0.0) for each in (comparison.final, comparison.gold))
    return Detection(
        title=title,
        summary=f"The answer is {final}; right workings round this result to {gold}.",
        spans=((step.start, step.end),) if step else (),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="not_rounded",
    finding="Result not rounded, or rounded the wrong way",
    description="The answer is the right result unrounded, or rounded in the wrong direction.",
    category="specification_misinterpretation",
    kind="cause",
    rank=46,
    detect=detect,
    measured=Measured(right=1, read=1),
)
