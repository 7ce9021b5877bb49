"""What a working would come to, had one of its values been another."""

from collections.abc import Iterable, Mapping
from math import prod

from .workings import Step, key_of


def recomputed(
    steps: Iterable[Step], changes: Mapping[float, float], *, after: int
) -> dict[float, float]:
    """Return the changed values of a working, each with its new value.

    Steps with a false result are recomputed too, so that one correction is not hidden by the next.

    Args:
        steps: The steps of the working, in order.
        changes: Values that are replaced, each with its new value.
        after: Place from which on steps are recomputed, in characters.

    Example:
        >>> from .workings import steps
        >>> recomputed(steps("3 * 4 = 14, 14 + 5 = 19"), {14.0: 12.0}, after=5)
        {14.0: 12.0, 19.0: 17.0}
    """
    now = dict(changes)
    for step in steps:
        if step.start < after or (step.true and now.keys().isdisjoint(step.operands)):
            continue
        new = _result(step, now)
        if new is not None and new != step.result:
            now[step.result] = new
    return now


def _result(step: Step, now: Mapping[float, float]) -> float | None:
    direct, inverse = (
        [now.get(each, each) for each in part] for part in (step.direct, step.inverse)
    )
    if step.kind == "sum":
        return key_of(sum(direct) - sum(inverse))
    below = prod(inverse)
    return key_of(prod(direct) / below) if below else None
