"""Where the equations of a working stop being right: told by the values of right workings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice, product
from typing import Final, NamedTuple

from ..algebra.assignments import Assigned
from ..algebra.equality_parser import Equality, difference, equalities
from ..algebra.polynomials import Coefficient, Polynomial, unknowns
from ..answer_types.multiple_choice import stem
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

MOST_TRIED: Final = 32
"""Ways to give unknowns their values that are tried on one equation."""
_BETWEEN: Final = ("", " ", "$ ", "\\) ", "\\ ", " \\) ", " &", "&", " & ")
"""What may stand between a letter and its equals sign."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The first equation of a working that the right values do not satisfy."""

    wrong: Equality
    before: str
    """An equation in some of its unknowns that they satisfy: the task's, or one from before."""
    values: Mapping[str, Coefficient]
    """The right values of its unknowns."""
    found: Mapping[str, Assigned]
    """What the working comes to for unknowns that have another value in right workings."""


class _Anchor(NamedTuple):
    """An equation that the right values satisfy."""

    shown: str
    names: frozenset[str]
    rest: Polynomial | None
    """Its left side less its right one; None where it is no polynomial."""


@dataclass(slots=True)
class _Passed:
    """What was passed on the way to the first wrong equation."""

    anchors: list[_Anchor]
    untold: set[str] = field(default_factory=set)
    """Unknowns of equations that cannot be judged, as right workings lack one of their letters."""

    def right(self, text: str, each: Equality) -> None:
        """Takes an equation that holds; after one that is more than a value all is settled."""
        rest = difference(each)
        shown = text[each.left.start : each.right.end]
        self.anchors.append(_Anchor(shown, unknowns(rest), rest))
        if each.right.of.closed is None or alone(each.left.of.value) is None:
            self.untold.clear()


def wrong_turn(case: Case, rights: Sequence[str]) -> Turn | None:
    """The first wrong equation behind right ones in its unknowns, where wrong values follow.

    The letters mean the same as in the right workings, as the right values satisfy an equation
    before it. Nothing before it can be wrong that was not judged.
    """
    right, known = right_values(rights)
    if not any(_given(name, case.output) for name in right):
        return None
    end = own_end(case)
    mine = found_values(case.output, end)
    apart = {
        name: each
        for name, each in mine.items()
        if name in known and not any(close(each.value, value) for value in known[name])
    }
    if not apart:
        return None
    passed = _Passed(
        [
            _Anchor(equation, names, None)
            for equation, names in task_equations(stem(case.prompt))
            if names <= right.keys() and holds(equation, right)
        ]
    )
    for each in equalities(case.output):
        rest = difference(each)
        names = unknowns(rest)
        if not names or each.right.end > end:
            continue
        if not names <= right.keys():
            passed.untold |= names
        elif vanishes(rest, right):
            passed.right(case.output, each)
        elif not _vanishes_somehow(rest, known):
            near = [one for one in passed.anchors if one.names & names]
            if names & passed.untold or not near or not _meant(case, each, near):
                return None
            if not _leads(each, apart):
                return None
            values = {name: right[name] for name in sorted(names)}
            return Turn(each, near[-1].shown, values, apart)
    return None


def _given(name: str, text: str) -> bool:
    """Whether a text may set an unknown equal to something: cheap, and sure where it says no."""
    if len(name) > 1:
        return name[: name.find("_") + 1 or None] in text
    return any(f"{name}{between}=" in text for between in _BETWEEN)


def _leads(wrong: Equality, apart: Mapping[str, Assigned]) -> bool:
    """Whether the wrong values may come from an equation: of its unknowns, or all behind it."""
    behind = all(one.of.start >= wrong.right.end for one in apart.values())
    return behind or not apart.keys().isdisjoint(unknowns(difference(wrong)))


def _meant(case: Case, wrong: Equality, near: Sequence[_Anchor]) -> bool:
    """Whether an equation is the author's own, and wrong in any case."""
    text, start, end = case.output, wrong.left.start, wrong.right.end
    rest = difference(wrong)
    if wrong.rough or not unknowns(rest) <= frozenset[str]().union(*(one.names for one in near)):
        return False
    if tried(text, start, end) or one_of_several(text, start):
        return False
    return not (named_near(text, start, end) or _root(rest, near))


def _root(rest: Polynomial, near: Sequence[_Anchor]) -> bool:
    """Whether it gives one unknown another value that solves all before it in it alone."""
    names = unknowns(rest)
    alone = [one for one in near if one.names == names]
    if not alone or not _only_value(rest):
        return False
    (name,) = names
    root = {name: -rest.get((), Fraction(0)) / rest[(name, 1),]}
    return all(
        holds(one.shown, root) if one.rest is None else vanishes(one.rest, root) for one in alone
    )


def _only_value(rest: Polynomial) -> bool:
    """Whether an equation says no more than what one unknown is."""
    names = unknowns(rest)
    return len(names) == 1 and not rest.keys() - {(), *(((name, 1),) for name in names)}


def _vanishes_somehow(rest: Polynomial, known: Mapping[str, Sequence[Coefficient]]) -> bool:
    """Whether any of the values that right workings try satisfy an equation."""
    names = sorted(unknowns(rest))
    ways = islice(product(*(known[name] for name in names)), MOST_TRIED)
    return any(vanishes(rest, dict(zip(names, way, strict=True))) for way in ways)
