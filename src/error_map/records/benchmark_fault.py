"""Suspected benchmark faults: failures probably caused by the item, the reference or the scorer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

BenchmarkFault: TypeAlias = Literal["scorer", "consensus"]
CONSENSUS_MODELS: Final = 3
"""Models that must give the same wrong answer; with two, any shared mistake would be flagged."""
CONSENSUS_SHARE: Final = 0.6
"""Share of all models that were scored on the example, passing ones included, that must give it.

More than half, so that at most one answer of an example is flagged, and never one where most models
pass.
"""
BENCHMARK_FAULTS_HEADING: Final = "Suspected benchmark faults"
"""Heading of suspected benchmark faults wherever they are shown."""
SHARED_TRAPS_HEADING: Final = "Shared traps"
"""Heading of shared traps wherever they are counted."""
SHARED_TRAPS_MEANING: Final = (
    f"at least {round(100 * CONSENSUS_SHARE)} % of all models scored on the example give this same "
    "wrong answer, but at least as many of the best models give the reference, or the task shows "
    "code whose run decides what is right"
)
"""What makes a shared wrong answer a trap: a mistake of the models, and no benchmark fault."""


@dataclass(frozen=True, slots=True)
class FaultMeaning:
    """What a kind of suspected benchmark fault means."""

    suspect: str
    """What is probably wrong."""
    reason: str
    """Why it is suspected; fits one failure or many, and follows a colon."""


BENCHMARK_FAULTS: Final[Mapping[str, FaultMeaning]] = {
    "scorer": FaultMeaning(
        suspect="scorer or reference",
        reason="the answer looks correct and may have been scored wrong",
    ),
    "consensus": FaultMeaning(
        suspect="item or reference",
        reason=f"at least {CONSENSUS_MODELS} models, and at least {round(100 * CONSENSUS_SHARE)} % "
        "of all models scored on the example, give this same answer, and no model gives the "
        "reference, or fewer of the best models do: a doubtful item or reference",
    ),
}
"""The kinds of suspected benchmark faults."""


def fault_meaning(kind: str) -> FaultMeaning:
    """What a kind of suspected benchmark fault means; an unknown kind is its own description.

    Example:
        >>> fault_meaning("scorer").suspect, fault_meaning("other").suspect
        ('scorer or reference', 'other')
    """
    return BENCHMARK_FAULTS.get(kind) or FaultMeaning(suspect=kind, reason=kind)
