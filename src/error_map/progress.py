"""Typed events of a run; silent by default, drawn by the command line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from .records import State


@dataclass(frozen=True, slots=True)
class StageStarted:
    """A stage begins."""

    stage: str
    total: int
    """Items to do: files or failures."""


@dataclass(frozen=True, slots=True)
class StageMoved:
    """Some more items of a stage are done."""

    stage: str
    done: int
    lost: int = 0
    """Of `done`, items that ended without an answer."""


@dataclass(frozen=True, slots=True)
class StageEnded:
    """A stage is over."""

    stage: str
    done: int
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Selected:
    """All rows are read, and every one has a state; the failures under study are still to come."""

    counts: Mapping[State, int]
    """Rows by state, the failures under study as `undiagnosed`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """A model has answered; what the run has asked of it so far, recorded replies aside."""

    calls: int
    tokens: int
    """In and out."""
    cost: float | None
    """US dollars; None where a price is unknown."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """Something that the user should know and that does not stop the run."""

    text: str


Event: TypeAlias = StageStarted | StageMoved | StageEnded | Selected | Spent | Noticed
Progress: TypeAlias = Callable[[Event], None]


def silent(event: Event) -> None:
    """Takes an event and shows nothing."""
    del event
