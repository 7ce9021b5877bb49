"""Locates false algebra: false values of formulas, expansions and solutions."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from ...algebra.equality_parser import Equality, Member
from ...detector import Case, Detection, Detector, Measured
from ...step_errors.deciding_steps import deciding_step
from ...step_errors.false_equations import shown
from ...step_errors.false_expansions import false_expansions, false_solutions
from ...step_errors.formula_claims import first_false_claim, of_formulas, wrong_regardless

# 13 of 13 findings read were right: (13 + 4 * 0.82) / (13 + 4), see `Measured`.
CONFIDENCE: Final = 0.96
SHOWN_CHARS: Final = 120

_TITLES: Final = (
    ({"func"}, "False value of a function"),
    ({"bang", "choose"}, "False factorial or binomial"),
    ({"root"}, "False step with roots"),
    ({"power", "sup"}, "False step with powers"),
    ({"frac", "over"}, "False step with fractions"),
)
"""Titles by the notation that a step contains; the first match counts."""
_ANY: Final = "False step with numbers"


def detect(case: Case) -> Detection | None:
    """Find the first false step of algebra that starts from a formula of right workings.

    Steps after the answer do not count, nor those that `false_step` reports as the cause.
    """
    if not of_formulas(case):
        return None
    found = min(_detections(case), key=lambda detection: detection.spans, default=None)
    decides = deciding_step(case) if found else None
    if found and decides and found.spans[0][0] < decides.end and decides.start < found.spans[0][1]:
        return None
    return found


def _detections(case: Case) -> Iterator[Detection]:
    output = case.output
    claim = first_false_claim(case)
    if claim and not wrong_regardless(claim, case):
        yield _of_numbers(output, claim)
    for each in false_expansions(case):
        left, right = _shown(output, each.left), _shown(output, each.right)
        yield _detection("False expansion", f"The working states {left} = {right}.", each)
    for equation, solution in false_solutions(case):
        drawn = f"{_shown(output, solution.left)} = {_shown(output, solution.right)}"
        before = f"{_shown(output, equation.left)} = {_shown(output, equation.right)}"
        summary = f"{drawn} does not satisfy the equation before it, {before}."
        yield _detection("False solution of an equation", summary, equation, last=solution)


def _of_numbers(output: str, claim: Equality) -> Detection:
    left, right = _shown(output, claim.left), _shown(output, claim.right)
    values = [
        f"{text} is {shown(Fraction(side.of.closed or 0))}"
        for text, side in ((left, claim.left), (right, claim.right))
        if side.of.decimals is None
    ]
    states = f"The working states {left} {'≈' if claim.rough else '='} {right}"
    kinds = claim.left.of.kinds | claim.right.of.kinds
    title = next((title for some, title in _TITLES if kinds & some), _ANY)
    return _detection(title, f"{states}, but {', '.join(values)}.", claim)


def _detection(
    title: str, summary: str, first: Equality, *, last: Equality | None = None
) -> Detection:
    return Detection(
        title=title,
        summary=summary,
        spans=((first.left.start, (last or first).right.end),),
        confidence=CONFIDENCE,
    )


def _shown(text: str, side: Member) -> str:
    return " ".join(text[side.start : side.end].split())[:SHOWN_CHARS]


DETECTOR: Final = Detector(
    name="false_algebra",
    finding="False step in the algebra",
    description="A false value of a formula, a false expansion or a false solution.",
    category="hard_to_analyze",
    kind="place",
    rank=58,
    detect=detect,
    measured=Measured(right=13, read=13),
)
