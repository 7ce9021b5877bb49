"""The share of the failures that each of many labels holds, counted in one pass over them."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Self

from .accounting import STUDIED, Tally
from .rates import Rate, Stratum


@dataclass(slots=True)
class _Group:
    """The failures of one (dataset, model)."""

    hits: Counter[str] = field(default_factory=Counter)
    """Studied failures by label."""
    sampled: int = 0
    of: int = 0


@dataclass(frozen=True, slots=True)
class Shares:
    """Failures by label, one stratum a (dataset, model) of which some were studied."""

    _groups: tuple[_Group, ...]

    @classmethod
    def counted(cls, failures: Iterable[Tally], labels: Callable[[Tally], Collection[str]]) -> Self:
        """What the failures count in.

        Args:
            failures: Whose state is one of the failed.
            labels: Those of a studied one; a failure may have several, each once.
        """
        groups: dict[tuple[str, str], _Group] = {}
        for tally in failures:
            group = groups.setdefault((tally.dataset, tally.model), _Group())
            group.of += tally.rows
            if tally.state in STUDIED:
                group.sampled += tally.rows
                for label in labels(tally):
                    group.hits[label] += tally.rows
        return cls(tuple(group for group in groups.values() if group.sampled))

    def of(self, label: str) -> Rate | None:
        """The share of one label, or None if no failure was studied."""
        if not self._groups:
            return None
        return Rate.estimated(
            [
                Stratum(hits=group.hits[label], sampled=group.sampled, of=group.of)
                for group in self._groups
            ]
        )
