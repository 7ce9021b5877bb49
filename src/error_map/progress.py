"""Typed events of a run; ignored by default, drawn by the command line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from .records import State


@dataclass(frozen=True, slots=True)
class StageStarted:
    """A stage starts."""

    stage: str
    total: int
    """Items to process: datasets, failures or titles."""


@dataclass(frozen=True, slots=True)
class StageMoved:
    """More items of a stage are finished."""

    stage: str
    done: int
    lost: int = 0
    """Among `done`, items that ended without an answer."""


@dataclass(frozen=True, slots=True)
class StageEnded:
    """A stage ends."""

    stage: str
    done: int
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Selected:
    """All rows are read and have a state; the selected failures are still to be diagnosed."""

    counts: Mapping[State, int]
    """Rows by state; the selected failures count as `undiagnosed`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """The model has replied; totals of the run so far, without cached replies."""

    calls: int
    tokens: int
    """Input and output tokens."""
    cost: float | None
    """US dollars; None if a price is unknown."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """A message to the user that does not stop the run."""

    text: str


Event: TypeAlias = StageStarted | StageMoved | StageEnded | Selected | Spent | Noticed
Progress: TypeAlias = Callable[[Event], None]


def silent(event: Event) -> None:
    """Ignores an event."""
    del event
