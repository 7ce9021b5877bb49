"""Finds claims about whole numbers that a calculation refutes: residues, divisors."""

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from ...arithmetic.quantities import values
from ...detector import Case, Detection, Detector, Measured
from ...step_errors.counterfactual import flows, follow, followed, reaches
from ...step_errors.number_claims import NumberClaim, false_number_claims

CONFIDENCE: Final = 0.79


def detect(case: Case) -> Detection | None:
    """The first such claim that the wrong answer goes on from and no right answer shares."""
    if not followed(case):
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
    """Whether what is wrong in the claim is taken up again, and right answers do without it."""
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
    """Whether the answer comes of the claim, and would be as wrong with the true number."""
    changes = [(Fraction(wrong), Fraction(right)) for wrong in claim.wrong]
    mended = follow(case, claim.end, changes)
    return flows(mended) and not reaches(mended)


def _of_modulus(texts: Sequence[str], modulus: int) -> bool:
    """Whether right answers take residues of the same number."""
    pattern = re.compile(rf"(?:mod|modulo|divided by|%)[\s{{($\\]{{0,4}}{modulus}(?![\d^])")
    return any(pattern.search(text) for text in texts)


def _have(texts: Sequence[str], numbers: Sequence[int]) -> bool:
    return any(number in known for known in map(values, texts) for number in numbers)


DETECTOR: Final = Detector(
    name="false_number_claim",
    finding="False claim about whole numbers",
    description="A residue, divisor, inverse or common divisor that a calculation refutes.",
    category="computation_error",
    kind="cause",
    rank=42,
    detect=detect,
    measured=Measured(right=7, read=9),
)
