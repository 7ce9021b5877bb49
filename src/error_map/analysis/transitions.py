"""Transitions between two models on the same examples: fixed, newly broken, or still wrong."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

import polars as pl

from ..records import CategoryId
from ..store import EXAMPLE_KEY, PAIR_KEY
from ..taxonomy import Taxonomy, reserved
from .accounting import FAILED
from .paired import mcnemar
from .signature import DisplayPath

PASSED: Final = "passed"
NOT_STUDIED: Final = "not studied"
"""Result of a failure without a category, as the sample left it out."""
Transition: TypeAlias = Literal["fixed", "broken", "same", "other", "unknown", "passed"]
"""How the result of an example differs between two models.

`fixed`: failed before, passed after. `broken`: passed before, failed after. `same`: failed both
times, in one category. `other`: failed both times, in two categories. `unknown`: failed both times,
at least once without a known reason. `passed`: passed both times.
"""


def transition_of(before: str, after: str, *, reasonless: Collection[str]) -> Transition:
    """Classifies a pair of results.

    Args:
        before: `passed`, `not studied`, or the id of a category.
        after: The same for the second model.
        reasonless: Results of failures that name no reason.

    Example:
        >>> transition_of("form", "passed", reasonless={NOT_STUDIED})
        'fixed'
    """
    match before == PASSED, after == PASSED:
        case True, True:
            return "passed"
        case False, True:
            return "fixed"
        case True, False:
            return "broken"
    if before in reasonless or after in reasonless:
        return "unknown"
    return "same" if before == after else "other"


@dataclass(frozen=True, slots=True)
class Flow:
    """Examples that have one pair of results."""

    before: str
    """`passed`, `not studied`, or the id of a category."""
    after: str
    examples: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """A flow of a picture, whose ends may be several categories merged into one."""

    before: str
    after: str
    transition: Transition
    examples: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Transitions:
    """Two models compared on the examples, attempt by attempt, on which both were scored."""

    before: str
    after: str
    flows: tuple[Flow, ...]
    """Most examples first."""
    unpaired: int
    """Scored attempts of either model without a counterpart of the other."""
    reasonless: frozenset[str] = frozenset({NOT_STUDIED})
    """Results of failures that name no reason: not studied, and the reserved categories."""
    repeated: bool = False
    """Whether an example has several pairs; these are not independent, so that no test applies."""

    @property
    def p_value(self) -> float | None:
        """The exact McNemar p-value of fixed against newly broken; None where no test applies."""
        counts = self.counts
        testable = self.examples and not self.repeated
        return mcnemar(counts["fixed"], counts["broken"]) if testable else None

    @property
    def examples(self) -> int:
        """Pairs that are compared."""
        return sum(flow.examples for flow in self.flows)

    @property
    def counts(self) -> Mapping[Transition, int]:
        """Pairs by transition; every transition is present."""
        counts: dict[Transition, int] = dict.fromkeys(get_args(Transition), 0)
        for flow in self.flows:
            counts[self.transition(flow)] += flow.examples
        return counts

    def transition(self, flow: Flow) -> Transition:
        """The transition of the examples of a flow."""
        return transition_of(flow.before, flow.after, reasonless=self.reasonless)

    def merged(self, retained: Collection[str], *, rest: str) -> tuple[Stream, ...]:
        """The flows with all results but some merged into one; transitions stay apart.

        Args:
            retained: Results that keep their name.
            rest: Name of the merged results.
        """
        sums = Counter[tuple[str, str, Transition]]()
        for flow in self.flows:
            before, after = (end if end in retained else rest for end in (flow.before, flow.after))
            sums[before, after, self.transition(flow)] += flow.examples
        return tuple(
            Stream(before=before, after=after, transition=transition, examples=examples)
            for (before, after, transition), examples in sums.items()
        )


def transitions(
    records: pl.LazyFrame,
    taxonomy: Taxonomy,
    *,
    before: str,
    after: str,
    display_path: DisplayPath,
    depth: int = 1,
) -> Transitions:
    """Compares two models example by example.

    Args:
        records: Records of the run.
        taxonomy: Taxonomy of the run.
        before: Name of a model.
        after: Name of the model that it is compared with.
        display_path: Path under which each category is displayed; see `folding`.
        depth: Levels of the taxonomy that are distinguished, from 1.
    """
    result = _result(taxonomy, display_path, depth=depth)
    sides = [_side(records, model, result) for model in (before, after)]
    paired = sides[0].join(sides[1], on=PAIR_KEY, suffix="_after").collect()
    scored_rows = sum(side.select(pl.len()).collect().item() for side in sides)
    order = ["len", "result", "result_after"]
    flows = (
        paired.group_by("result", "result_after").len().sort(order, descending=[True, False, False])
    )
    return Transitions(
        before=before,
        after=after,
        flows=tuple(Flow(*row) for row in flows.iter_rows()),
        unpaired=scored_rows - 2 * paired.height,
        reasonless=frozenset({NOT_STUDIED, *_reasonless(taxonomy)}),
        repeated=paired.select(EXAMPLE_KEY).n_unique() < paired.height,
    )


def _reasonless(taxonomy: Taxonomy) -> Iterator[CategoryId]:
    """The reserved categories and their descendants."""
    tops = {category.id for category in reserved()}
    return (path[-1].id for path in taxonomy.walk() if path[0].id in tops)


def flow_examples(
    records: pl.LazyFrame,
    taxonomy: Taxonomy,
    *,
    compared: Transitions,
    flow: Flow,
    display_path: DisplayPath,
    depth: int = 1,
) -> pl.DataFrame:
    """The examples of one flow: dataset, example_id and repeat, sorted.

    Args:
        records: Records of the run.
        taxonomy: Taxonomy of the run.
        compared: Two of its models.
        flow: One of their flows.
        display_path: Path under which each category is displayed; see `folding`.
        depth: The depth at which the two were compared.
    """
    result = _result(taxonomy, display_path, depth=depth)
    ends = ((compared.before, flow.before), (compared.after, flow.after))
    sides = [
        _side(records, model, result).filter(pl.col("result") == end).drop("result")
        for model, end in ends
    ]
    return sides[0].join(sides[1], on=PAIR_KEY).sort(PAIR_KEY).collect()


def _side(records: pl.LazyFrame, model: str, result: pl.Expr) -> pl.LazyFrame:
    """The result of each scored attempt of a model."""
    scored = pl.col("state").is_in([*sorted(FAILED), PASSED]) & (pl.col("model") == model)
    return records.filter(scored).select(*PAIR_KEY, result.alias("result"))


def _result(taxonomy: Taxonomy, display_path: DisplayPath, *, depth: int) -> pl.Expr:
    """The result of a record: passed, the category that is displayed for it, or not studied."""
    identifiers = [path[-1].id for path in taxonomy.walk()]
    displayed: dict[str, CategoryId] = {one: display_path(one)[:depth][-1] for one in identifiers}
    category = pl.col("category_id").replace_strict(
        displayed, default=NOT_STUDIED, return_dtype=pl.String
    )
    return pl.when(pl.col("state") == PASSED).then(pl.lit(PASSED)).otherwise(category)
