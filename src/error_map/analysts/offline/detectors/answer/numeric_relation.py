"""States that the answer is the right number times or divided by two or three: a fact, no cause."""

from typing import Final

from ...answers.route_learning import same_value
from ...arithmetic.quantities import Quantity, quantities
from ...detector import Case, Detector, Sign
from ...values.common_numbers import LARGEST_COMMON
from ...values.equality import is_number

CONFIDENCE: Final = 0.97
"""The relation is exact; it is chance in the share of cases in which decoys show it."""
LONGEST: Final = 60
"""Characters of an answer that may be a number with its unit."""
FACTORS: Final = (2, 3)
"""Of the relations tried (2, 3, 10, 100 both ways), those that at most 1 of 150 decoys shows,
another question's wrong answers, and two to five times as many real answers."""


def detect(case: Case) -> Sign | None:
    """Fires where the answer is a whole multiple or part of the reference by a telling factor."""
    if case.answer is None or not case.gold or not case.profile.trusted:
        return None
    one, other = _number(case.answer.text), _number(case.gold)
    if one is None or other is None or min(one.value, other.value) <= LARGEST_COMMON:
        return None
    if same_value(case.answer.text, case.gold):
        return None
    for factor in FACTORS:
        if one.value == factor * other.value:
            return _sign(case, f"{factor} times")
        if one.value * factor == other.value:
            return _sign(case, "half" if factor == FACTORS[0] else "a third of")
    return None


def _number(text: str) -> Quantity | None:
    """The only number of a text that is one."""
    if len(text) > LONGEST or not is_number(text):
        return None
    found = list(quantities(text))
    return found[0] if len(found) == 1 else None


def _sign(case: Case, relation: str) -> Sign:
    answer = case.answer
    return Sign(
        title="Multiple or part of the right number",
        summary=f"The answer {answer.text if answer else ''} is exactly {relation} the reference"
        f" {case.gold}.",
        spans=((answer.start, answer.end),) if answer else (),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="numeric_relation",
    finding="Multiple or part of the right number",
    description="The answer is the right number times or divided by two or three.",
    category="hard_to_analyze",
    kind="fact",
    rank=70,
    detect=detect,
)
