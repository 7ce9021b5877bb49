"""Where a diagnosed failure stands in the taxonomy, and the states that every input row ends in."""

from dataclasses import dataclass
from typing import Final, Literal, NewType, TypeAlias

CategoryId = NewType("CategoryId", str)
HARD_TO_ANALYZE: Final = CategoryId("hard_to_analyze")
"""The reserved category of what no cause is known for."""

State: TypeAlias = Literal[
    "invalid",
    "errored",
    "passed",
    "not_selected",
    "not_sampled",
    "assigned",
    "no_error_found",
    "unassigned",
    "undiagnosed",
]
STATES: Final[tuple[State, ...]] = (
    "invalid",
    "errored",
    "passed",
    "not_selected",
    "not_sampled",
    "assigned",
    "no_error_found",
    "unassigned",
    "undiagnosed",
)
"""The nine states of the conservation law, in the order in which the accounting lists them."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """Placed in one category of the taxonomy."""

    category: CategoryId


@dataclass(frozen=True, slots=True)
class Unassigned:
    """Diagnosed, but no category fits."""

    reason: str


Placement: TypeAlias = Assigned | Unassigned
