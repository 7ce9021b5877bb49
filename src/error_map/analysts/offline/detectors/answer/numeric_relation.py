"""Notes that the answer is twice, three times, half or a third of the reference."""

from typing import Final

from ...arithmetic.quantities import Quantity, quantities
from ...detector import Case, Detection, Detector
from ...values.common_numbers import LARGEST_COMMON
from ...values.equality import is_number, same_value

# The relation is exact; the missing 3 % allow for chance, which decoys measure: see FACTORS.
CONFIDENCE: Final = 0.97
MAX_ANSWER_CHARS: Final = 60
"""A longer answer is no number with its unit."""
FACTORS: Final = (2, 3)
"""Of 2, 3, 10 and 100, the factors that at most 1 in 150 decoys shows (wrong answers to other
questions), and that real answers show two to five times as often."""


def detect(case: Case) -> Detection | None:
    """Find answers that equal the reference times or divided by one of the factors."""
    if case.answer is None or not case.gold or not case.profile.trusted:
        return None
    one, other = _number(case.answer.text), _number(case.gold)
    if one is None or other is None or min(one.value, other.value) <= LARGEST_COMMON:
        return None
    if same_value(case.answer.text, case.gold):
        return None
    for factor in FACTORS:
        if one.value == factor * other.value:
            return _detection(case, f"{factor} times")
        if one.value * factor == other.value:
            return _detection(case, "half" if factor == FACTORS[0] else "a third of")
    return None


def _number(text: str) -> Quantity | None:
    """The number in a text that consists of a single number, perhaps with its unit."""
    if len(text) > MAX_ANSWER_CHARS or not is_number(text):
        return None
    found = list(quantities(text))
    return found[0] if len(found) == 1 else None


def _detection(case: Case, relation: str) -> Detection:
    answer = case.answer
    return Detection(
        title="Multiple or fraction of the right number",
        summary=f"The answer {answer.text if answer else ''} is exactly {relation} the reference"
        f" {case.gold}.",
        spans=((answer.start, answer.end),) if answer else (),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="numeric_relation",
    finding="Multiple or fraction of the right number",
    description="The answer is the right number multiplied or divided by two or three.",
    category="hard_to_analyze",
    kind="fact",
    rank=70,
    detect=detect,
)
