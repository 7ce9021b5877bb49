"""From one model to another on the same examples: what was fixed, broken, or stayed wrong."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import polars as pl

from ..records import CategoryId
from ..taxonomy import Taxonomy
from .accounting import FAILED
from .signature import ShownAs

PASSED: Final = "passed"
NOT_STUDIED: Final = "not studied"
"""A failure without a category, as the sample left it out."""
_PAIR: Final = ("dataset", "example_id", "repeat")


@dataclass(frozen=True, slots=True)
class Flow:
    """Examples that went from one standing to another."""

    before: str
    """`passed`, `not studied`, or the id of a category."""
    after: str
    examples: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Transitions:
    """Two models on the examples, attempt by attempt, that both were scored on."""

    before: str
    after: str
    flows: tuple[Flow, ...]
    """Most examples first."""
    unpaired: int
    """Scored attempts of either model that the other has not."""

    @property
    def examples(self) -> int:
        """Pairs that are compared."""
        return self._sum(lambda _: True)

    @property
    def fixed(self) -> int:
        """Failed before, passed after."""
        return self._sum(lambda flow: flow.before != PASSED and flow.after == PASSED)

    @property
    def broken(self) -> int:
        """Passed before, failed after."""
        return self._sum(lambda flow: flow.before == PASSED and flow.after != PASSED)

    @property
    def same(self) -> int:
        """Failed both times, in one category."""
        return self._sum(lambda flow: flow.before == flow.after and _studied(flow))

    @property
    def other(self) -> int:
        """Failed both times, in two categories."""
        return self._sum(lambda flow: flow.before != flow.after and _studied(flow))

    @property
    def unknown(self) -> int:
        """Failed both times, at least once without having been studied."""
        wrong = self._sum(lambda flow: PASSED not in {flow.before, flow.after})
        return wrong - self.same - self.other

    def _sum(self, has: Callable[[Flow], bool]) -> int:
        return sum(flow.examples for flow in self.flows if has(flow))


def _studied(flow: Flow) -> bool:
    return not {flow.before, flow.after} & {PASSED, NOT_STUDIED}


def transitions(
    records: pl.LazyFrame,
    taxonomy: Taxonomy,
    *,
    before: str,
    after: str,
    shown_as: ShownAs,
    depth: int = 1,
) -> Transitions:
    """What became of each example from one model to the other.

    Args:
        records: Of the run.
        taxonomy: Of the run.
        before: A model.
        after: The model it is compared with.
        shown_as: What each category counts in; see `folding`.
        depth: Levels of the taxonomy that are told apart, from 1.
    """
    stands = _standing(taxonomy, shown_as, depth=depth)
    sides = [_side(records, model, stands) for model in (before, after)]
    paired = sides[0].join(sides[1], on=_PAIR, suffix="_after").collect()
    scored_rows = sum(side.select(pl.len()).collect().item() for side in sides)
    order = ["len", "stands", "stands_after"]
    flows = (
        paired.group_by("stands", "stands_after").len().sort(order, descending=[True, False, False])
    )
    return Transitions(
        before=before,
        after=after,
        flows=tuple(Flow(*row) for row in flows.iter_rows()),
        unpaired=scored_rows - 2 * paired.height,
    )


def moved_examples(
    records: pl.LazyFrame,
    taxonomy: Taxonomy,
    *,
    moved: Transitions,
    flow: Flow,
    shown_as: ShownAs,
    depth: int = 1,
) -> pl.DataFrame:
    """The examples behind one flow: dataset, example_id and repeat, sorted.

    Args:
        records: Of the run.
        taxonomy: Of the run.
        moved: The two models.
        flow: One of theirs.
        shown_as: What each category counts in; see `folding`.
        depth: The depth at which the two were compared.
    """
    stands = _standing(taxonomy, shown_as, depth=depth)
    ends = ((moved.before, flow.before), (moved.after, flow.after))
    sides = [
        _side(records, model, stands).filter(pl.col("stands") == end).drop("stands")
        for model, end in ends
    ]
    return sides[0].join(sides[1], on=_PAIR).sort(_PAIR).collect()


def _side(records: pl.LazyFrame, model: str, stands: pl.Expr) -> pl.LazyFrame:
    """Where each scored attempt of a model stands."""
    scored = pl.col("state").is_in([*sorted(FAILED), PASSED]) & (pl.col("model") == model)
    return records.filter(scored).select(*_PAIR, stands.alias("stands"))


def _standing(taxonomy: Taxonomy, shown_as: ShownAs, *, depth: int) -> pl.Expr:
    """Of a record: passed, the category that its failure is shown under, or not studied."""
    identifiers = [path[-1].id for path in taxonomy.walk()]
    shown: dict[str, CategoryId] = {one: shown_as(one)[:depth][-1] for one in identifiers}
    category = pl.col("category_id").replace_strict(
        shown, default=NOT_STUDIED, return_dtype=pl.String
    )
    return pl.when(pl.col("state") == PASSED).then(pl.lit(PASSED)).otherwise(category)
