"""Where a diagnosed failure belongs in the taxonomy, and the final state of every input row."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, NewType, TypeAlias

CategoryId = NewType("CategoryId", str)
HARD_TO_ANALYZE: Final = CategoryId("hard_to_analyze")
"""The reserved category of unexplained failures."""

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
STATE_MEANINGS: Final[Mapping[State, str]] = {
    "invalid": "rows that cannot be used",
    "errored": "the evaluation itself failed",
    "passed": "score on the right side of the threshold",
    "not_selected": "failures of models that were not requested",
    "not_sampled": "failures left out by the ratio",
    "assigned": "failures placed in the taxonomy",
    "no_error_found": "failures in which no error is found",
    "unassigned": "failures with a diagnosis, but in no category",
    "undiagnosed": "failures without a diagnosis; the records say why",
}
"""The nine states of the conservation law, with what each means, in the accounting's order."""
STATES: Final[tuple[State, ...]] = tuple(STATE_MEANINGS)


@dataclass(frozen=True, slots=True)
class Assigned:
    """The failure is placed in one category of the taxonomy."""

    category: CategoryId


@dataclass(frozen=True, slots=True)
class Unassigned:
    """The failure is diagnosed, but no category fits."""

    reason: str


Placement: TypeAlias = Assigned | Unassigned
