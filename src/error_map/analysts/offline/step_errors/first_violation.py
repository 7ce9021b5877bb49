"""Finds the first equation of a working that the values of right workings violate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice, product
from typing import Final, NamedTuple

from ..algebra.assignments import Assigned
from ..algebra.equality_parser import Equality, difference, equalities
from ..algebra.polynomials import Coefficient, Polynomial, unknowns
from ..answer_types.own_question import question_stem
from ..arithmetic.modular import named_near
from ..detector import Case
from .formula_claims import own_end
from .solutions import (
    alone,
    close,
    found_values,
    holds,
    one_of_several,
    right_values,
    task_equations,
    tried,
    vanishes,
)

MAX_ASSIGNMENTS: Final = 32
"""Assignments of values to unknowns tried per equation: bounds the combinations."""
_BETWEEN: Final = ("", " ", "$ ", "\\) ", "\\ ", " \\) ", " &", "&", " & ")
"""Text between a letter and its equals sign, in the notations that occur."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The first equation of a working that the right values violate."""

    wrong: Equality
    before: str
    """An equation of the task, or an earlier one, that they satisfy in some of its unknowns."""
    values: Mapping[str, Coefficient]
    """The right values of its unknowns."""
    found: Mapping[str, Assigned]
    """Values of the working that differ from those of right workings, by unknown."""


class _Anchor(NamedTuple):
    """An equation that the right values satisfy."""

    shown: str
    names: frozenset[str]
    rest: Polynomial | None
    """Its left side minus its right side; None if it is no polynomial."""


@dataclass(slots=True)
class _Passed:
    """The equations before the first wrong one."""

    anchors: list[_Anchor]
    unjudged: set[str] = field(default_factory=set)
    """Unknowns of equations that cannot be checked, as right workings lack one of their letters."""

    def right(self, text: str, each: Equality) -> None:
        """Add an equation that holds; one that is more than an assignment confirms all before."""
        rest = difference(each)
        shown = text[each.left.start : each.right.end]
        self.anchors.append(_Anchor(shown, unknowns(rest), rest))
        if each.right.of.closed is None or alone(each.left.of.value) is None:
            self.unjudged.clear()


def wrong_turn(case: Case, rights: Sequence[str]) -> Turn | None:
    """Return the first wrong equation after right ones in its unknowns, if wrong values follow.

    The right values satisfy an earlier equation, so the letters have the same meaning as in right
    workings. No equation in the same unknowns before it is left unchecked.

    Args:
        case: The failing answer.
        rights: Right answers to the same task.
    """
    right, known = right_values(rights)
    if not any(_may_assign(name, case.output) for name in right):
        return None
    end = own_end(case)
    own_values = found_values(case.output, end)
    wrong_values = {
        name: each
        for name, each in own_values.items()
        if name in known and not any(close(each.value, value) for value in known[name])
    }
    if not wrong_values:
        return None
    passed = _Passed(
        [
            _Anchor(equation, names, None)
            for equation, names in task_equations(question_stem(case))
            if names <= right.keys() and holds(equation, right)
        ]
    )
    for each in equalities(case.output):
        rest = difference(each)
        names = unknowns(rest)
        if not names or each.right.end > end:
            continue
        if not names <= right.keys():
            passed.unjudged |= names
        elif vanishes(rest, right):
            passed.right(case.output, each)
        elif not _vanishes_somehow(rest, known):
            related = [one for one in passed.anchors if one.names & names]
            if names & passed.unjudged or not related or not _is_claimed(case, each, related):
                return None
            if not _may_cause(each, wrong_values):
                return None
            values = {name: right[name] for name in sorted(names)}
            return Turn(each, related[-1].shown, values, wrong_values)
    return None


def _may_assign(name: str, text: str) -> bool:
    """Whether a text may assign a value to an unknown: a quick test without false negatives."""
    if len(name) > 1:
        return name[: name.find("_") + 1 or None] in text
    return any(f"{name}{between}=" in text for between in _BETWEEN)


def _may_cause(wrong: Equality, wrong_values: Mapping[str, Assigned]) -> bool:
    """Whether the equation may cause the wrong values: they are of its unknowns, or all follow."""
    behind = all(one.of.start >= wrong.right.end for one in wrong_values.values())
    return behind or not wrong_values.keys().isdisjoint(unknowns(difference(wrong)))


def _is_claimed(case: Case, wrong: Equality, related: Sequence[_Anchor]) -> bool:
    """Whether the author claims the equation, rather than trying it or treating one case."""
    text, start, end = case.output, wrong.left.start, wrong.right.end
    rest = difference(wrong)
    if wrong.rough or not unknowns(rest) <= frozenset[str]().union(*(one.names for one in related)):
        return False
    if tried(text, start, end) or one_of_several(text, start):
        return False
    return not (named_near(text, start, end) or _root(rest, related))


def _root(rest: Polynomial, related: Sequence[_Anchor]) -> bool:
    """Whether it assigns another root of the earlier equations in this unknown alone."""
    names = unknowns(rest)
    alone = [one for one in related if one.names == names]
    if not alone or not _only_value(rest):
        return False
    (name,) = names
    root = {name: -rest.get((), Fraction(0)) / rest[(name, 1),]}
    return all(
        holds(one.shown, root) if one.rest is None else vanishes(one.rest, root) for one in alone
    )


def _only_value(rest: Polynomial) -> bool:
    """Whether an equation only assigns a value to one unknown."""
    names = unknowns(rest)
    return len(names) == 1 and not rest.keys() - {(), *(((name, 1),) for name in names)}


def _vanishes_somehow(rest: Polynomial, known: Mapping[str, Sequence[Coefficient]]) -> bool:
    """Whether any values that right workings give or try satisfy the equation."""
    names = sorted(unknowns(rest))
    ways = islice(product(*(known[name] for name in names)), MAX_ASSIGNMENTS)
    return any(vanishes(rest, dict(zip(names, way, strict=True))) for way in ways)
