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
    "errored": "samples that were not scored",
    "passed": "scores on the passing side of the threshold",
    "not_selected": "failures of models that were not requested",
    "not_sampled": "failures left out by the sampling ratio",
    "assigned": "failures assigned to a category",
    "no_error_found": "failures in which the analyst finds no error",
    "unassigned": "failures with a diagnosis that fits no category",
    "undiagnosed": "failures without a diagnosis; the records give the reason",
}
"""The nine states of the conservation law, with what each means, in the accounting's order."""
STATES: Final[tuple[State, ...]] = tuple(STATE_MEANINGS)
UNSCORED: Final[tuple[State, ...]] = ("invalid", "errored")
"""States of rows without a usable score, which have no model and count towards no rate."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """The failure is placed in one category of the taxonomy."""

    category: CategoryId


@dataclass(frozen=True, slots=True)
class Unassigned:
    """The failure is diagnosed, but no category fits."""

    reason: str


Placement: TypeAlias = Assigned | Unassigned
