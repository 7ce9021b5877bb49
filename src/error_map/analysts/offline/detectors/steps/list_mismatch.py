"""Finds lists with missing or extra members, whose count or sum is the answer."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from ...detector import Case, Detection, Detector, Measured
from ...steps.final_steps import Ends, ends, right_answers
from ...steps.operand_differences import AGREED
from ...text.number_lists import Listed, Member, lists
from ...text.word_overlap import enumerated

_Result: TypeAlias = Literal["number", "sum"]

# 12 of 13 findings read were right: (12 + 4 * 0.82) / (13 + 4), see `Measured`.
CONFIDENCE: Final = 0.9
# A trade-off: lists that share fewer members may list different things, and with a stricter
# overlap a list that lacks half of its members would not be found.
MIN_SHARED: Final = 2
MIN_OVERLAP: Final = 0.5
"""Share of all members that both lists must have."""
MIN_OVERLAP_IF_MANY: Final = 0.33
"""The same, if at least `MANY_SHARED` members are shared."""
MANY_SHARED: Final = 3
MAX_SHOWN: Final = 12
"""Members shown in a summary, which stays readable."""


_OPENINGS: Final = {
    "number": "The answer is the number of {}",
    "sum": "The answer is the sum of {}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """A list of the failing answer and one of a right answer, with the results they give."""

    own: Listed
    right: Listed
    result: _Result
    agreed: int

    @property
    def overlap(self) -> float:
        """The share of all members that both lists have."""
        return len(self.own.members & self.right.members) / len(
            self.own.members | self.right.members
        )


def detect(case: Case) -> Detection | None:
    """Find lists that give the answer and differ from the same list of a right answer."""
    both = ends(case)
    if both is None:
        return None
    own_lists = lists(case.output)
    rights = [lists(text) for text, _ in right_answers(case)] if own_lists else []
    shared = {one.members for each in rights for one in each}
    written = {one.members for one in own_lists}
    own = [one for one in own_lists if one.members not in shared]
    right_lists = [[one for one in each if one.members not in written] for each in rights]
    found = [each for each in _pairs(own, right_lists, both) if _same_things(each)]
    best = max(found, key=lambda each: (each.agreed, each.overlap), default=None)
    return _detection(best) if best else None


def _pairs(
    own: Sequence[Listed], right_lists: Sequence[Sequence[Listed]], both: Ends
) -> Iterator[_Pair]:
    for one in own:
        for other in (other for each in right_lists for other in each):
            result = _result(one, other, both)
            if result:
                agreed = sum(any(other.members == x.members for x in each) for each in right_lists)
                yield _Pair(own=one, right=other, result=result, agreed=agreed)


def _result(own: Listed, right: Listed, both: Ends) -> _Result | None:
    """Whether both answers are the number or the sum of their list; None if neither."""
    if len(own.members) == both.final and len(right.members) == both.gold:
        return "number"
    return "sum" if own.total == both.final and right.total == both.gold else None


def _same_things(pair: _Pair) -> bool:
    """Whether both lists contain the same things and do not share members by chance."""
    shared = len(pair.own.members & pair.right.members)
    if pair.agreed < AGREED and _consecutive(pair.own.members) and _consecutive(pair.right.members):
        return False
    if shared >= MANY_SHARED and pair.overlap >= MIN_OVERLAP_IF_MANY:
        return True
    return shared >= MIN_SHARED and pair.overlap >= MIN_OVERLAP


def _consecutive(members: AbstractSet[Member]) -> bool:
    """Whether these are consecutive numbers, which texts contain for many reasons."""
    numbers = [each[0] for each in members if len(each) == 1]
    return len(numbers) == len(members) == max(numbers) - min(numbers) + 1


def _detection(pair: _Pair) -> Detection:
    missing = sorted(pair.right.members - pair.own.members)
    extra = sorted(pair.own.members - pair.right.members)
    right = "right answers list" if pair.agreed >= AGREED else "a right answer lists"
    own = _shown(sorted(pair.own.members))
    faults = [f"{_shown(missing)} missing"] if missing else []
    faults += [f"{_shown(extra)} too many"] if extra else []
    return Detection(
        title=_title(missing, extra),
        summary=(
            f"{_OPENINGS[pair.result].format(own)};"
            f" {right} {_shown(sorted(pair.right.members))}: {', '.join(faults)}."
        ),
        spans=((pair.own.start, pair.own.end),),
        confidence=CONFIDENCE,
    )


def _title(missing: Sequence[Member], extra: Sequence[Member]) -> str:
    if missing and extra:
        return "Wrong members in a list"
    return "Members missing from a list" if missing else "Extra members in a list"


def _shown(members: Sequence[Member]) -> str:
    shown = [
        str(each[0]) if len(each) == 1 else f"({', '.join(map(str, each))})"
        for each in members[:MAX_SHOWN]
    ]
    if len(members) > MAX_SHOWN:
        return f"{', '.join(shown)}, …"
    return enumerated(shown)


DETECTOR: Final = Detector(
    name="list_mismatch",
    finding="List with missing or extra items",
    description="A list that is counted or summed has missing or extra items.",
    category="counting_enumeration_error",
    kind="cause",
    rank=51,
    detect=detect,
    measured=Measured(right=12, read=13),
    former_names=("other_members",),
)
