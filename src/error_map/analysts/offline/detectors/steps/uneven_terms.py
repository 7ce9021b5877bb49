"""Finds a last step that lacks a part which right answers have, or has one too many."""

from collections.abc import Sequence
from typing import Final

from ...detector import Case, Detector, Measured, Sign
from ...steps.calculations import Calculation, Operand
from ...steps.final_steps import (
    COMMON,
    PAIR,
    Parted,
    as_stated,
    ends,
    own_results,
    parted,
    right_have,
    sources,
    worked_out_alike,
)
from ...steps.operand_differences import Difference
from ...steps.phrasing import listed, shown
from ...values.common_numbers import telling

CONFIDENCE: Final = 0.79


def detect(case: Case) -> Sign | None:
    """Fires where the last step has fewer or more parts than the same one of a right answer."""
    found = parted(case)
    if found:
        return None if found.last.exchanged else _sign(case, found)
    changed = _changed(case)
    return _changed_sign(case, changed) if changed else None


def _changed(case: Case) -> Calculation | None:
    """The last step, where it adds something to the right result or takes it off."""
    both = ends(case)
    if both is None or not telling(abs(both.gold)):
        return None
    if both.gold <= COMMON and not worked_out_alike(case, both.gold):
        return None
    right = Operand(both.gold, inverse=False)
    pairs = [
        each for each in own_results(case) if each.kind == "sum" and len(each.operands) == PAIR
    ]
    return next((each for each in pairs if right in each.operands), None)


def _changed_sign(case: Case, own: Calculation) -> Sign:
    both = ends(case)
    right = Operand(both.gold if both else 0, inverse=False)
    rest = list(own.operands)
    rest.remove(right)
    return Sign(
        title="Part too many in the final step",
        summary=(
            f"The answer comes from {as_stated(case.output, own)}; {shown(right.value)} is the"
            f" right result already. It has {_values(rest)} too many."
        ),
        spans=((own.start, own.stop),),
        confidence=CONFIDENCE,
    )


def _sign(case: Case, found: Parted) -> Sign:
    last = found.last
    more = [
        each
        for part in last.extra
        if telling(part.value)
        for each in sources(case, part.value, last.own)
    ]
    return Sign(
        title=_title(last),
        summary=(
            f"The answer comes from {as_stated(case.output, last.own)}; {right_have(found)}"
            f" {as_stated(found.right, last.right)}. {_told(last)}"
        ),
        spans=(*more[:1], (last.own.start, last.own.stop)),
        confidence=CONFIDENCE,
    )


def _title(last: Difference) -> str:
    if not last.extra:
        return "Part left out of the final step"
    return "Wrong parts in the final step" if last.missing else "Part too many in the final step"


def _told(last: Difference) -> str:
    if not last.extra:
        return f"It leaves out {_values(last.missing)}."
    if not last.missing:
        return f"It has {_values(last.extra)} too many."
    return f"It has {_values(last.extra)} where {_values(last.missing)} should stand."


def _values(operands: Sequence[Operand]) -> str:
    return listed([-each.value if each.inverse else each.value for each in operands])


DETECTOR: Final = Detector(
    name="uneven_terms",
    finding="Part missing or too many in the final step",
    description="The sum or product that is answered lacks a part of the right one, or has more.",
    category="counting_enumeration_error",
    kind="cause",
    rank=52,
    detect=detect,
    measured=Measured(right=14, read=18),
)
