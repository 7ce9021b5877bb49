"""Finds false claims about whole numbers, such as remainders and divisors."""

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from ...arithmetic.quantities import values
from ...detector import Case, Detection, Detector, Measured
from ...step_errors.counterfactual import (
    can_recalculate,
    changes_answer,
    reaches_reference,
    recalculated,
)
from ...step_errors.number_claims import NumberClaim, false_number_claims

# 7 of 9 findings read were right: (7 + 4 * 0.82) / (9 + 4), see `Measured`.
CONFIDENCE: Final = 0.79


def detect(case: Case) -> Detection | None:
    """Find the first false claim that is used later on and that no right answer shares."""
    if not can_recalculate(case):
        return None
    found = next((each for each in false_number_claims(case) if _counts(case, each)), None)
    if found is None:
        return None
    return Detection(
        title=found.title,
        summary=found.summary,
        spans=((found.start, found.end),),
        confidence=CONFIDENCE,
    )


def _counts(case: Case, claim: NumberClaim) -> bool:
    """Whether the wrong part of the claim is used again, and right answers do not share it."""
    rights = case.correct_outputs
    quoted = case.output[claim.start : claim.end]
    if any(quoted in right for right in rights):
        return False
    if claim.about and claim.about not in values(case.answer.text if case.answer else ""):
        return False
    if claim.modulus and rights and not _of_modulus(rights, claim.modulus):
        return False
    if claim.lacks and rights and not _have(rights, claim.lacks):
        return False
    if claim.wrong and not _have((case.output[claim.end :],), claim.wrong):
        return False
    return claim.right is None or not _wrong_anyway(case, claim, claim.right)


def _wrong_anyway(case: Case, claim: NumberClaim, right: int) -> bool:
    """Whether the answer follows from the claim, but would be wrong with the true number too."""
    changes = [(Fraction(wrong), Fraction(right)) for wrong in claim.wrong]
    recalculation = recalculated(case, claim.end, changes)
    return changes_answer(recalculation) and not reaches_reference(recalculation)


def _of_modulus(texts: Sequence[str], modulus: int) -> bool:
    """Whether right answers use the same modulus."""
    pattern = re.compile(rf"(?:mod|modulo|divided by|%)[\s{{($\\]{{0,4}}{modulus}(?![\d^])")
    return any(pattern.search(text) for text in texts)


def _have(texts: Sequence[str], numbers: Sequence[int]) -> bool:
    return any(number in known for known in map(values, texts) for number in numbers)


DETECTOR: Final = Detector(
    name="false_number_claim",
    finding="False statement about divisors or remainders",
    description="A false claim about a remainder, a divisor, a residue or a modular inverse.",
    category="computation_error",
    kind="cause",
    rank=42,
    detect=detect,
    measured=Measured(right=7, read=9),
)
