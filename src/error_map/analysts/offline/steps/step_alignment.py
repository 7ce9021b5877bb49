"""Matches departing steps with right steps and says how they differ."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from ..detector import Case
from ..values.common_numbers import telling
from .comparison import Comparison, compare, meet
from .recomputation import recomputed
from .task_quantities import ambiguous
from .workings import Step

Kind: TypeAlias = Literal[
    "step skipped", "needless step", "wrong operation", "term left out", "wrong quantity"
]

MAX_DEPARTED: Final = 4
"""Departing steps that are examined: later ones mostly follow from earlier errors."""
LONG_SUM: Final = 3
"""Terms from which on a sum that lacks one is no chance."""
CASE_CACHE_SIZE: Final = 16
"""Every detector in turn asks for the mismatch of the current case."""

Roles: TypeAlias = Counter[tuple[float, bool]]
"""Each operand, with whether it is subtracted or a divisor."""


@dataclass(frozen=True, slots=True)
class StepMismatch:
    """A departing step, and the right step to which it corresponds."""

    kind: Kind
    step: Step
    right: Step
    taken: float | None = None
    """The operand that the right step does not have; None if all are right."""
    due: tuple[float, ...] = ()
    """The operands of the right step that are missing."""
    source: Step | None = None
    """The skipped step that computes `due` from `taken`, or the needless one that does the
    reverse."""


def covered(comparison: Comparison, right: Step) -> bool:
    """Whether a longer step of the failing working contains all operands of the right step."""
    own_full, right_full = written_out(comparison)
    due = right_full[right]
    return any(
        own.total() > due.total() and not due - own
        for step, own in own_full.items()
        if step.kind == right.kind
    )


def step_mismatch(case: Case) -> StepMismatch | None:
    """Return how the first departing step that can be matched differs from a right one."""
    comparison = compare(case)
    return _first(comparison) if comparison else None


@lru_cache(maxsize=CASE_CACHE_SIZE)
def _first(comparison: Comparison) -> StepMismatch | None:
    return next(_partings(comparison), None)


def _partings(comparison: Comparison) -> Iterator[StepMismatch]:
    own = {step.result for step in comparison.steps}
    open_steps = [step for step in comparison.right_steps if step.result not in own]
    wrong = {step.result for step in comparison.departed}
    for step in comparison.departed[:MAX_DEPARTED]:
        if not step.true or not comparison.used_on(step):
            continue
        found = [each for right in open_steps if (each := _compared(comparison, step, right))]
        if not all(_is_known(comparison, each) and each not in wrong for each in step.operands):
            found = [each for each in found if each.kind == "needless step"]
        certain = [each for each in found if _is_certain(comparison, each)]
        if found and not certain:
            return  # what is wrong here would be missed, and later steps follow from it
        yield from sorted(certain, key=lambda each: _ORDER.index(each.kind))


def _is_certain(comparison: Comparison, found: StepMismatch) -> bool:
    """Whether the mismatch is no chance: with the right result instead, the answer is right.

    Without that, people marked another step as the first wrong one for 3 of 4 skipped steps and
    omitted terms, so these need more evidence; a wrong operation does not (16 of 19 as marked).
    """
    step, right = found.step, found.right
    now = recomputed(comparison.steps, {step.result: right.result}, after=step.end)
    final = right.result if comparison.final == step.result else now.get(comparison.final or 0.0)
    settles = final is not None and final == comparison.gold
    if found.kind == "step skipped" and not _means_the_same(comparison, found):
        return False
    if settles:
        return True
    match found.kind:
        case "step skipped":
            return comparison.wrong_step is step and not _made_up_later(comparison, found)
        case "wrong operation":
            return len(set(step.operands)) > 1 and step.result != -right.result
        case "term left out":
            one = len(found.due) == 1 or set(found.due).isdisjoint(step.operands)
            return one and len(step.operands) >= LONG_SUM
        case kind:
            return kind == "wrong quantity"


def _means_the_same(comparison: Comparison, found: StepMismatch) -> bool:
    """Whether the quantity that is used directly is the one that the skipped step transforms.

    Not if the working has computed it in another way, or the task has it for several things.
    """
    taken, source = found.taken, found.source
    if taken is None or source is None or ambiguous(comparison.question, taken):
        return False
    made = (each for each in comparison.steps if each.result == taken)
    if not all(comparison.shared(each) or taken in each.operands for each in made):
        return False
    return len(source.operands) == 2 or telling(taken)  # noqa: PLR2004 - a pair


def _made_up_later(comparison: Comparison, found: StepMismatch) -> bool:
    """Whether a later step does to the result what the skipped one does to a quantity."""
    source = found.source
    if source is None:
        return False
    others = set(source.operands) - {found.taken}
    return any(
        later.kind == source.kind and not others.isdisjoint(later.operands)
        for later in comparison.steps
        if later.start > found.step.start
    )


_ORDER: Final[tuple[Kind, ...]] = (
    "step skipped",
    "needless step",
    "wrong operation",
    "term left out",
    "wrong quantity",
)


def _is_known(comparison: Comparison, value: float) -> bool:
    return comparison.known(value) or value in {1.0, 100.0}


def _compared(comparison: Comparison, step: Step, right: Step) -> StepMismatch | None:
    if not _characteristic(comparison, step):
        return None
    if step[:3] == right[:3]:
        return None  # one of the two results is false
    if step.operands == right.operands:
        return StepMismatch("wrong operation", step, right)
    if step.kind != right.kind:
        return None
    exchanged = _exchanged(comparison, step, right) if meet(step, right) else None
    return exchanged or _shortened(comparison, step, right)


def _characteristic(comparison: Comparison, step: Step) -> bool:
    """Whether an operand is distinctive enough to match steps by it."""
    anchors = comparison.anchors
    return any(
        telling(each) or anchors.get(each, step.start) < step.start for each in step.operands
    )


def _exchanged(comparison: Comparison, step: Step, right: Step) -> StepMismatch | None:
    """The mismatch of a step that has all but one operand of the right step, in the same roles."""
    own, due = _roles(step), _roles(right)
    more, less, shared = own - due, due - own, own & due
    if not shared or more.total() != 1 or less.total() != 1:
        return None
    (taken, turned), (required, right_turned) = next(iter(more)), next(iter(less))
    if turned != right_turned:
        return None
    skipped = _source(comparison.right_steps, taken, required)
    if (
        skipped is not None
        and _works_on(comparison, skipped, taken)
        and required not in comparison.values
    ):
        return StepMismatch("step skipped", step, right, taken, (required,), skipped)
    needless = _source(comparison.departed, required, taken)
    if (
        needless is not None
        and _starts_from_known_values(comparison, needless)
        and _rest_is_right(comparison, step, right)
    ):
        return StepMismatch("needless step", step, right, taken, (required,), needless)
    anchored = any(value in comparison.anchors for value, _ in shared)
    if anchored and (turned or step.kind == "product"):
        return StepMismatch("wrong quantity", step, right, taken, (required,))
    return None


def _works_on(comparison: Comparison, skipped: Step, taken: float) -> bool:
    """Whether the step transforms this value, and the value means the same in both workings."""
    first = taken in skipped.direct or len(skipped.operands) == 2  # noqa: PLR2004 - a pair
    return first and _alike(comparison, taken)


def _starts_from_known_values(comparison: Comparison, needless: Step) -> bool:
    """Whether the operands of the step are computed from known values only."""
    made = (each for each in comparison.departed if each.result in needless.operands)
    return all(_is_known(comparison, value) for each in made for value in each.operands)


def _alike(comparison: Comparison, value: float) -> bool:
    """Whether the value means the same in both workings: computed from the same operands.

    A quantity of the task, or a value that only one side computes, is assumed to be the same.
    """
    if value in comparison.task:
        return True
    own, right = (_made_of(full, value) for full in written_out(comparison))
    return not own or not right or any(each in right for each in own)


def _made_of(full: Mapping[Step, Roles], value: float) -> list[tuple[str, Roles]]:
    """Kind and operands of the steps with this result."""
    return [(each.kind, roles) for each, roles in full.items() if each.result == value]


def _rest_is_right(comparison: Comparison, step: Step, right: Step) -> bool:
    """Whether everything after the step is right once the right step replaces it."""
    if comparison.final == step.result:
        return right.result == comparison.gold
    required = {
        (each.kind, _roles_without(each, right.result))
        for each in comparison.right_steps
        if right.result in each.operands
    }
    later = (each for each in comparison.steps if step.result in each.operands)
    return any((each.kind, _roles_without(each, step.result)) in required for each in later)


def _roles_without(step: Step, value: float) -> frozenset[tuple[float, bool]]:
    return frozenset(role for role in _roles(step) if role[0] != value)


def _source(steps: Iterable[Step], before: float, after: float) -> Step | None:
    """The step that computes one value from the other."""
    found = (each for each in steps if each.result == after and each.true)
    return next((each for each in found if before in each.operands), None)


def _shortened(comparison: Comparison, step: Step, right: Step) -> StepMismatch | None:
    """The mismatch of a step that lacks operands of the right step, both written out in full."""
    own_full, right_full = written_out(comparison)
    own, due = own_full[step], right_full[right]
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
    if _completed_later(comparison, step, {turned for _, turned in missing}):
        return None
    return StepMismatch("term left out", step, right, due=left_out)


def _completed_later(comparison: Comparison, step: Step, roles: set[bool]) -> bool:
    """Whether a later step of the same kind may add the missing terms."""
    return any(
        later.kind == step.kind
        and step.result in later.direct
        and any(turned in roles for _, turned in _roles_without(later, step.result))
        for later in comparison.steps
        if later.start > step.start
    )


def _roles(step: Step) -> Roles:
    return Counter(
        [*((each, False) for each in step.direct), *((each, True) for each in step.inverse)]
    )


@lru_cache(maxsize=CASE_CACHE_SIZE)
def written_out(comparison: Comparison) -> tuple[dict[Step, Roles], dict[Step, Roles]]:
    """The steps of the failing and of right workings, with their operands written out in full."""
    return _of_steps(comparison.steps), _of_steps(comparison.right_steps)


def _of_steps(steps: Sequence[Step]) -> dict[Step, Roles]:
    made = {each.result: each for each in steps}
    return {each: _flat(each, made) for each in steps}


def _flat(step: Step, made: Mapping[float, Step]) -> Roles:
    """The operands, with results of earlier operations of the same kind replaced by theirs."""
    flat: Roles = Counter()
    for (value, turned), times in _roles(step).items():
        source = made.get(value)
        if source is None or source == step or source.kind != step.kind or not source.true:
            flat[value, turned] += times
            continue
        for part, part_turned in _roles(source).elements():
            flat[part, part_turned != turned] += times
    return flat
