"""Finds an answer that is the right one before rounding, or rounded another way."""

from math import ceil, floor
from typing import Final

from ...detector import Case, Detection, Detector, Measured
from ...steps.comparison import Comparison, compare
from ...steps.phrasing import shown

CONFIDENCE: Final = 0.86


def detect(case: Case) -> Detection | None:
    """Fires where right workings round the answered number, or round it the other way."""
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
    """Results of the failing working that right ones have too and that are no whole numbers."""
    results = {step.result for step in comparison.steps} & comparison.right_values
    return sorted(each for each in results if each != int(each))


def _detection(comparison: Comparison, title: str) -> Detection:
    step = comparison.last
    final, gold = (shown(each or 0.0) for each in (comparison.final, comparison.gold))
    return Detection(
        title=title,
        summary=f"The answer is {final}; right workings come to {gold} by rounding there.",
        spans=((step.start, step.end),) if step else (),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="not_rounded",
    finding="Result not rounded",
    description="The answer is the right result before rounding, or rounded the other way.",
    category="specification_misinterpretation",
    kind="cause",
    rank=46,
    detect=detect,
    measured=Measured(right=1, read=1),
)
