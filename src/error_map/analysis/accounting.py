"""The conservation law in numbers: every input row is in exactly one state."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from ..records import STATES, State

STUDIED: Final[frozenset[State]] = frozenset(
    {
        "assigned",
        "no_error_found",
        "unassigned",
        "undiagnosed",
    }
)
"""States of failures that were analysed."""
FAILED: Final = STUDIED | {"not_sampled", "not_selected"}
"""States of failures."""


@dataclass(frozen=True, slots=True)
class Tally:
    """The number of rows with the same dataset, model, state and category."""

    dataset: str
    model: str
    state: State
    category: str
    """Empty where the state has no category."""
    rows: int


def studied_by_dataset(counted: Iterable[Tally]) -> Counter[str]:
    """The number of failures of each dataset that were analysed."""
    studied: Counter[str] = Counter()
    for tally in counted:
        studied[tally.dataset] += tally.rows if tally.state in STUDIED else 0
    return studied


def tallies(records: pl.LazyFrame) -> tuple[Tally, ...]:
    """Counts over a records table, sorted."""
    keys = ["dataset", "model", "state", "category_id"]
    texts = [pl.col(name).fill_null("") for name in keys]
    counted = records.select(texts).group_by(keys).len().sort(keys).collect()
    return tuple(Tally(*row) for row in counted.iter_rows())


@dataclass(frozen=True, slots=True)
class Accounting:
    """Number of rows by state."""

    counts: Mapping[State, int]

    @property
    def rows(self) -> int:
        """The sum over the nine states."""
        return sum(self.counts.values())

    @property
    def studied(self) -> int:
        """Number of failures that were analysed."""
        return sum(count for state, count in self.counts.items() if state in STUDIED)

    def __iter__(self) -> Iterator[tuple[State, int]]:
        return iter(self.counts.items())


def accounting(counted: Sequence[Tally]) -> Accounting:
    """All nine states with their numbers of rows, in the order of `STATES`.

    Example:
        >>> accounting([Tally("d", "m", "passed", "", 3)]).rows
        3
    """
    # States without rows are listed too: a missing one would look like an oversight.
    by_state = dict.fromkeys(STATES, 0)
    for tally in counted:
        by_state[tally.state] += tally.rows
    return Accounting(by_state)
