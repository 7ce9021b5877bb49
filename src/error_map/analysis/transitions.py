"""From one model to another on the same examples: what was fixed, broken, or stayed wrong."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

import polars as pl

from ..records import CategoryId
from ..store import PAIR_KEY
from ..taxonomy import Taxonomy, reserved
from .accounting import FAILED
from .signature import ShownAs

PASSED: Final = "passed"
NOT_STUDIED: Final = "not studied"
"""A failure without a category, as the sample left it out."""
Change: TypeAlias = Literal["fixed", "broken", "same", "other", "unknown", "passed"]
"""What became of an example.

`fixed`: failed before, passed after. `broken`: passed before, failed after. `same`: failed both
times, in one category. `other`: failed both times, in two categories. `unknown`: failed both times,
at least once without a known reason. `passed`: passed both times.
"""


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
    reasonless: frozenset[str] = frozenset({NOT_STUDIED})
    """Standings of failures that name no reason: not studied, and the reserved categories."""

    @property
    def examples(self) -> int:
        """Pairs that are compared."""
        return sum(flow.examples for flow in self.flows)

    @property
    def counts(self) -> Mapping[Change, int]:
        """Pairs by what became of them; every change is there."""
        return {change: sum(self._of(change)) for change in get_args(Change)}

    def _of(self, change: Change) -> Iterator[int]:
        return (flow.examples for flow in self.flows if self.change(flow) == change)

    def change(self, flow: Flow) -> Change:
        """What became of the examples of a flow."""
        match flow.before == PASSED, flow.after == PASSED:
            case True, True:
                return "passed"
            case False, True:
                return "fixed"
            case True, False:
                return "broken"
        if {flow.before, flow.after} & self.reasonless:
            return "unknown"
        return "same" if flow.before == flow.after else "other"


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
    paired = sides[0].join(sides[1], on=PAIR_KEY, suffix="_after").collect()
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
        reasonless=frozenset({NOT_STUDIED, *_reasonless(taxonomy)}),
    )


def _reasonless(taxonomy: Taxonomy) -> Iterator[CategoryId]:
    """The reserved categories, and those under them."""
    tops = {category.id for category in reserved()}
    return (path[-1].id for path in taxonomy.walk() if path[0].id in tops)


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
    return sides[0].join(sides[1], on=PAIR_KEY).sort(PAIR_KEY).collect()


def _side(records: pl.LazyFrame, model: str, stands: pl.Expr) -> pl.LazyFrame:
    """Where each scored attempt of a model stands."""
    scored = pl.col("state").is_in([*sorted(FAILED), PASSED]) & (pl.col("model") == model)
    return records.filter(scored).select(*PAIR_KEY, stands.alias("stands"))


def _standing(taxonomy: Taxonomy, shown_as: ShownAs, *, depth: int) -> pl.Expr:
    """Of a record: passed, the category that its failure is shown under, or not studied."""
    identifiers = [path[-1].id for path in taxonomy.walk()]
    shown: dict[str, CategoryId] = {one: shown_as(one)[:depth][-1] for one in identifiers}
    category = pl.col("category_id").replace_strict(
        shown, default=NOT_STUDIED, return_dtype=pl.String
    )
    return pl.when(pl.col("state") == PASSED).then(pl.lit(PASSED)).otherwise(category)
