"""Models beside each other: how much of each model's failures every category holds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..records import CategoryId
from ..taxonomy import HARD_TO_ANALYZE, Category, Taxonomy
from .accounting import FAILED, Tally
from .shares import Shares
from .signature import CategoryRate, DisplayPath, Signature, category_rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Heatmap:
    """One row a model, one column a category; the shares of a row add up to 1."""

    models: tuple[str, ...]
    categories: tuple[Category, ...]
    """Most frequent over all models first, reserved ones last."""
    cells: tuple[tuple[CategoryRate | None, ...], ...]
    """`cells[model][category]`; None where none of the model's failures was studied."""
    unexplained: frozenset[CategoryId] = frozenset()
    """Which of the categories are "Hard to Analyze", or under it."""


def heatmap(
    counted: Sequence[Tally],
    taxonomy: Taxonomy,
    *,
    signatures: Sequence[Signature],
    overall: Signature,
    display_path: DisplayPath,
    depth: int = 1,
) -> Heatmap:
    """Every model's share of every category at one depth.

    Args:
        counted: Of the whole run.
        taxonomy: Of the run.
        signatures: Of the models, in the order of the rows.
        overall: Of all of them together; gives the order of the columns.
        display_path: What each category counts in; see `folding`.
        depth: Levels that are told apart, from 1; what ends above stands as itself.
    """
    models = [one.model for one in signatures]
    failures = [t for t in counted if t.model in models and t.state in FAILED]

    def cut(category: str) -> tuple[CategoryId, ...]:
        return display_path(category)[:depth][-1:]

    held = {cut(t.category)[0] for t in failures if t.category}
    columns = [rate.category.id for rate in overall.categories if rate.category.id in held]
    rows = []
    for one in signatures:
        shares = Shares.counted(
            (t for t in failures if t.model == one.model), lambda t: cut(t.category)
        )
        rows.append(
            tuple(
                category_rate(shares, taxonomy.path(column), attempts=one.failure_rate.trials)
                for column in columns
            )
        )
    hard = (column for column in columns if taxonomy.path(column)[0].id == HARD_TO_ANALYZE)
    return Heatmap(
        models=tuple(models),
        categories=_categories(columns, taxonomy),
        cells=tuple(rows),
        unexplained=frozenset(hard),
    )


def _categories(columns: Iterable[CategoryId], taxonomy: Taxonomy) -> tuple[Category, ...]:
    return tuple(taxonomy.path(column)[-1] for column in columns)
