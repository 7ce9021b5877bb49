"""Analyst: diagnoses failures, proposes categories, places items in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ..records import Failure, Outcome
from ..taxonomy import Category


@dataclass(frozen=True, slots=True, order=True)
class TitleGroup:
    """Diagnoses that bear the same title."""

    title: str
    detector: str = ""
    """The detector that they rest on; empty for an LLM's diagnoses."""
    count: int = 0
    summaries: tuple[str, ...] = ()
    """Up to two examples of what was said."""
    also: tuple[str, ...] = ()
    """Other spellings of the title that count as the same."""


class Analyst(Protocol):
    """What thinks about failures; batches come from several tasks at once."""

    @property
    def name(self) -> str:
        """What the files call it: `judge_model`."""

    @property
    def workers(self) -> int:
        """Batches that it can work on at the same time."""

    @property
    def batch_size(self) -> int:
        """Failures that it likes to be given at once."""

    async def diagnose(self, batch: Sequence[Failure]) -> Sequence[Outcome]:
        """What went wrong in each failure: one outcome each, in the batch's order."""

    @property
    def max_depth(self) -> int:
        """Levels under the top categories that it can divide them into."""

    async def propose(
        self, groups: Sequence[TitleGroup], *, parent: Category | None
    ) -> Sequence[Category]:
        """Categories that divide the groups; none where they should not be divided further."""

    async def place(
        self, groups: Mapping[int, TitleGroup], categories: Mapping[int, Category]
    ) -> Mapping[int, int]:
        """The category's number for each group's number; groups that none takes may be missing."""
