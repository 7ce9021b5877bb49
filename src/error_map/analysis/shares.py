"""Shares of the failures by label, counted in one pass over the failures."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Self

from .accounting import STUDIED, Tally
from .rates import Rate, Stratum


@dataclass(slots=True)
class _Group:
    """The failures of one (dataset, model) group."""

    hits: Counter[str] = field(default_factory=Counter)
    """Analysed failures by label."""
    sampled: int = 0
    of: int = 0


@dataclass(frozen=True, slots=True)
class Shares:
    """Failures by label, with one stratum per analysed (dataset, model) group."""

    _groups: tuple[_Group, ...]

    @classmethod
    def counted(cls, failures: Iterable[Tally], labels: Callable[[Tally], Collection[str]]) -> Self:
        """Counts failures by label.

        Args:
            failures: Tallies whose state is in FAILED.
            labels: Labels of an analysed failure; it may have several, each once.
        """
        groups: dict[tuple[str, str], _Group] = {}
        for tally in failures:
            group = groups.setdefault((tally.dataset, tally.model), _Group())
            group.of += tally.rows
            if tally.state in STUDIED:
                group.sampled += tally.rows
                for label in labels(tally):
                    group.hits[label] += tally.rows
        # A group of which nothing was analysed says nothing about shares.
        return cls(tuple(group for group in groups.values() if group.sampled))

    def of(self, label: str) -> Rate | None:
        """The share of one label, or None if no failure was analysed."""
        if not self._groups:
            return None
        return Rate.estimated(
            [
                Stratum(hits=group.hits[label], sampled=group.sampled, of=group.of)
                for group in self._groups
            ]
        )
