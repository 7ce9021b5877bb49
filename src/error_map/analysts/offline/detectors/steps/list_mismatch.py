"""Finds a list whose count or sum is answered, and which right answers have with other members."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from ...detector import Case, Detection, Detector, Measured
from ...steps.final_steps import Ends, ends, right_answers
from ...steps.operand_differences import AGREED
from ...text.number_lists import Listed, Member, lists
from ...text.word_overlap import enumerated

How: TypeAlias = Literal["number", "sum"]

CONFIDENCE: Final = 0.9
FEWEST_SHARED: Final = 2
MOSTLY: Final = 0.5
"""Share of all members that both lists have, from which on they list the same things."""
PARTLY: Final = 0.33
MANY: Final = 3
"""Shared members with which a smaller share is enough."""
MOST_SHOWN: Final = 12


_STATED: Final = {
    "number": "The answer counts {}",
    "sum": "The answer adds up {}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """A list of the failing answer and one of a right answer, and how results come from them."""

    own: Listed
    right: Listed
    how: How
    agreed: int

    @property
    def alike(self) -> float:
        """The share of all members that both have."""
        return len(self.own.members & self.right.members) / len(
            self.own.members | self.right.members
        )


def detect(case: Case) -> Detection | None:
    """Fires where a list that the answer comes from lacks members, or has more."""
    both = ends(case)
    if both is None:
        return None
    mine = lists(case.output)
    rights = [lists(text) for text, _ in right_answers(case)] if mine else []
    shared = {one.members for each in rights for one in each}
    written = {one.members for one in mine}
    own = [one for one in mine if one.members not in shared]
    theirs = [[one for one in each if one.members not in written] for each in rights]
    found = [each for each in _pairs(own, theirs, both) if _same_things(each)]
    best = max(found, key=lambda each: (each.agreed, each.alike), default=None)
    return _detection(best) if best else None


def _pairs(
    own: Sequence[Listed], theirs: Sequence[Sequence[Listed]], both: Ends
) -> Iterator[_Pair]:
    for one in own:
        for other in (other for each in theirs for other in each):
            how = _how(one, other, both)
            if how:
                agreed = sum(any(other.members == x.members for x in each) for each in theirs)
                yield _Pair(own=one, right=other, how=how, agreed=agreed)


def _how(own: Listed, right: Listed, both: Ends) -> How | None:
    """How both answers come from the lists; None where they do not."""
    if len(own.members) == both.final and len(right.members) == both.gold:
        return "number"
    return "sum" if own.total == both.final and right.total == both.gold else None


def _same_things(pair: _Pair) -> bool:
    """Whether both list the same things, so that it is no chance that they share members."""
    shared = len(pair.own.members & pair.right.members)
    if pair.agreed < AGREED and _in_a_row(pair.own.members) and _in_a_row(pair.right.members):
        return False
    if shared >= MANY and pair.alike >= PARTLY:
        return True
    return shared >= FEWEST_SHARED and pair.alike >= MOSTLY


def _in_a_row(members: AbstractSet[Member]) -> bool:
    """Whether these are numbers in a row, as they are written for many reasons."""
    numbers = [each[0] for each in members if len(each) == 1]
    return len(numbers) == len(members) == max(numbers) - min(numbers) + 1


def _detection(pair: _Pair) -> Detection:
    missing = sorted(pair.right.members - pair.own.members)
    extra = sorted(pair.own.members - pair.right.members)
    right = "right answers list" if pair.agreed >= AGREED else "a right answer lists"
    own = _shown(sorted(pair.own.members))
    faults = [f"it lacks {_shown(missing)}"] if missing else []
    faults += [f"it has {_shown(extra)} too many"] if extra else []
    return Detection(
        title=_title(missing, extra),
        summary=(
            f"{_STATED[pair.how].format(own)};"
            f" {right} {_shown(sorted(pair.right.members))}. So {' and '.join(faults)}."
        ),
        spans=((pair.own.start, pair.own.end),),
        confidence=CONFIDENCE,
    )


def _title(missing: Sequence[Member], extra: Sequence[Member]) -> str:
    if missing and extra:
        return "Wrong members in a list"
    return "Members missing from a list" if missing else "Members too many in a list"


def _shown(members: Sequence[Member]) -> str:
    shown = [
        str(each[0]) if len(each) == 1 else f"({', '.join(map(str, each))})"
        for each in members[:MOST_SHOWN]
    ]
    if len(members) > MOST_SHOWN:
        return f"{', '.join(shown)}, …"
    return enumerated(shown)


DETECTOR: Final = Detector(
    name="list_mismatch",
    finding="Wrong members in a list",
    description="The list that is counted or added up lacks members of the right one, or has more.",
    category="counting_enumeration_error",
    kind="cause",
    rank=51,
    detect=detect,
    measured=Measured(right=12, read=13),
    former_names=("other_members",),
)
