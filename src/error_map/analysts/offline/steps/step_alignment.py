"""How a step that parts from right workings differs from the right step that it stands for."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from ..detector import Case
from ..values.common_numbers import telling
from .comparison import Comparison, compare, meet
from .workings import Step

How: TypeAlias = Literal[
    "step skipped", "needless step", "other operation", "term left out", "other quantity"
]

MOST_DEPARTED: Final = 4
"""Departed steps that are looked at: later ones follow from earlier ones."""
KEPT: Final = 16
"""Cases kept: every detector asks for the same one in turn."""

_Roles: TypeAlias = Counter[tuple[float, bool]]
"""Each operand with whether it is taken off or divided by."""


@dataclass(frozen=True, slots=True)
class Parting:
    """One departed step beside the right step that it stands for."""

    how: How
    step: Step
    right: Step
    taken: float | None = None
    """The operand that the right step does not have."""
    due: tuple[float, ...] = ()
    """The operands of the right step that are missing."""
    source: Step | None = None
    """The right step that makes `due` out of `taken`, or the needless one that does the reverse."""


def parting(case: Case) -> Parting | None:
    """How the first departed step that can be explained differs from a right one, or None."""
    comparison = compare(case)
    return _first(comparison) if comparison else None


@lru_cache(maxsize=KEPT)
def _first(comparison: Comparison) -> Parting | None:
    return next(_partings(comparison), None)


def _partings(comparison: Comparison) -> Iterator[Parting]:
    own = {step.result for step in comparison.steps}
    open_steps = [step for step in comparison.right_steps if step.result not in own]
    wrong = {step.result for step in comparison.departed}
    for step in comparison.departed[:MOST_DEPARTED]:
        if not step.true or not comparison.used_on(step):
            continue
        found = [each for right in open_steps if (each := _beside(comparison, step, right))]
        if not all(_given(comparison, each) and each not in wrong for each in step.operands):
            found = [each for each in found if each.how == "needless step"]
        yield from sorted(found, key=lambda each: _ORDER.index(each.how))


_ORDER: Final[tuple[How, ...]] = (
    "step skipped",
    "needless step",
    "other operation",
    "term left out",
    "other quantity",
)


def _given(comparison: Comparison, value: float) -> bool:
    return comparison.known(value) or value in {1.0, 100.0}


def _beside(comparison: Comparison, step: Step, right: Step) -> Parting | None:
    if not _characteristic(comparison, step):
        return None
    if step.operands == right.operands:
        return Parting("other operation", step, right)
    if step.kind != right.kind:
        return None
    exchanged = _exchanged(comparison, step, right) if meet(step, right) else None
    return exchanged or _shortened(comparison, step, right)


def _characteristic(comparison: Comparison, step: Step) -> bool:
    """Whether an operand is more than a common number, so that meeting it is no chance."""
    anchors = comparison.anchors
    return any(
        telling(each) or anchors.get(each, step.start) < step.start for each in step.operands
    )


def _exchanged(comparison: Comparison, step: Step, right: Step) -> Parting | None:
    """All but one operand are those of the right step, in the same roles."""
    own, due = _roles(step), _roles(right)
    more, less, shared = own - due, due - own, own & due
    if not shared or more.total() != 1 or less.total() != 1:
        return None
    (taken, turned), (wanted, right_turned) = next(iter(more)), next(iter(less))
    if turned != right_turned:
        return None
    skipped = _source(comparison.right_steps, taken, wanted)
    if (
        skipped is not None
        and _works_on(comparison, skipped, taken)
        and wanted not in comparison.values
    ):
        return Parting("step skipped", step, right, taken, (wanted,), skipped)
    needless = _source(comparison.departed, wanted, taken)
    if (
        needless is not None
        and _on_firm_ground(comparison, needless)
        and _mended(comparison, step, right)
    ):
        return Parting("needless step", step, right, taken, (wanted,), needless)
    anchored = any(value in comparison.anchors for value, _ in shared)
    if anchored and (turned or step.kind == "product"):
        return Parting("other quantity", step, right, taken, (wanted,))
    return None


def _works_on(comparison: Comparison, skipped: Step, taken: float) -> bool:
    """Whether the step is one on this value, the same as in the failing working."""
    first = taken in skipped.direct or len(skipped.operands) == 2  # noqa: PLR2004 - a pair
    return first and _alike(comparison, taken)


def _on_firm_ground(comparison: Comparison, needless: Step) -> bool:
    """Whether nothing goes into the step that was made out of a number of unknown origin."""
    made = (each for each in comparison.departed if each.result in needless.operands)
    return all(_given(comparison, value) for each in made for value in each.operands)


def _alike(comparison: Comparison, value: float) -> bool:
    """Whether the value means the same on both sides: both make it out of the same operands.

    A quantity of the task, or one that only one side works out, is taken for the same.
    """
    if value in comparison.task:
        return True
    own, right = (_made_of(full, value) for full in _in_full(comparison))
    return not own or not right or any(each in right for each in own)


def _made_of(full: Mapping[Step, _Roles], value: float) -> list[tuple[str, _Roles]]:
    """What the steps that come to the value put together."""
    return [(each.kind, roles) for each, roles in full.items() if each.result == value]


def _mended(comparison: Comparison, step: Step, right: Step) -> bool:
    """Whether all is right from there on once the right step stands in place of the other."""
    if comparison.final == step.result:
        return right.result == comparison.gold
    wanted = {
        (each.kind, _roles_without(each, right.result))
        for each in comparison.right_steps
        if right.result in each.operands
    }
    later = (each for each in comparison.steps if step.result in each.operands)
    return any((each.kind, _roles_without(each, step.result)) in wanted for each in later)


def _roles_without(step: Step, value: float) -> frozenset[tuple[float, bool]]:
    return frozenset(role for role in _roles(step) if role[0] != value)


def _source(steps: Iterable[Step], before: float, after: float) -> Step | None:
    """The step that makes the one value out of the other."""
    found = (each for each in steps if each.result == after and each.true)
    return next((each for each in found if before in each.operands), None)


def _shortened(comparison: Comparison, step: Step, right: Step) -> Parting | None:
    """The right step has the same operands and more, when both are written out in full."""
    mine, theirs = _in_full(comparison)
    own, due = mine[step], theirs[right]
    missing = due - own
    if own - due or not missing or own.total() < 2:  # noqa: PLR2004 - an operation has two
        return None
    left_out = tuple(sorted(value for value, _ in missing))
    known = comparison.task | comparison.values
    if not all(each in known for each in left_out):
        return None
    if not any(telling(value) for value, _ in own):
        return None
    if step.kind == "product" and not all(map(telling, left_out)):
        return None
    if _goes_on(comparison, step, {turned for _, turned in missing}):
        return None
    return Parting("term left out", step, right, due=left_out)


def _goes_on(comparison: Comparison, step: Step, roles: set[bool]) -> bool:
    """Whether a later step of the kind adds to the result what may be the missing terms."""
    return any(
        later.kind == step.kind
        and step.result in later.direct
        and any(turned in roles for _, turned in _roles_without(later, step.result))
        for later in comparison.steps
        if later.start > step.start
    )


def _roles(step: Step) -> _Roles:
    return Counter(
        [*((each, False) for each in step.direct), *((each, True) for each in step.inverse)]
    )


@lru_cache(maxsize=KEPT)
def _in_full(comparison: Comparison) -> tuple[Mapping[Step, _Roles], Mapping[Step, _Roles]]:
    """The steps of the failing and of right workings, with their operands written out."""
    return _written_out(comparison.steps), _written_out(comparison.right_steps)


def _written_out(steps: Sequence[Step]) -> Mapping[Step, _Roles]:
    made = {each.result: each for each in steps}
    return {each: _flat(each, made) for each in steps}


def _flat(step: Step, made: Mapping[float, Step]) -> _Roles:
    """The operands, with those written out that an operation of the same kind comes to."""
    flat: _Roles = Counter()
    for (value, turned), times in _roles(step).items():
        source = made.get(value)
        if source is None or source == step or source.kind != step.kind or not source.true:
            flat[value, turned] += times
            continue
        for part, part_turned in _roles(source).elements():
            flat[part, part_turned != turned] += times
    return flat
