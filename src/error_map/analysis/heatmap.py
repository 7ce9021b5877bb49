"""The share of each model's failures in each category, for all models."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..records import CategoryId
from ..taxonomy import HARD_TO_ANALYZE, Category, Taxonomy
from .accounting import FAILED, Tally
from .shares import Shares
from .signature import CategoryRate, DisplayPath, Signature, category_rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Heatmap:
    """One row per model, one column per category; the shares of a row add up to 1."""

    models: tuple[str, ...]
    categories: tuple[Category, ...]
    """The most frequent over all models first, reserved ones last."""
    cells: tuple[tuple[CategoryRate | None, ...], ...]
    """`cells[model][category]`; None where none of the model's failures was analysed."""
    unexplained: frozenset[CategoryId] = frozenset()
    """The categories that are "Hard to Analyze" or below it."""


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
        counted: Tallies of the whole run.
        taxonomy: Taxonomy of the run.
        signatures: Signatures of the models, in the order of the rows.
        overall: Signature of all models together; it determines the order of the columns.
        display_path: Path under which each category is displayed; see `folding`.
        depth: Levels that are distinguished, from 1; shorter paths keep their own last category.
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
    # Pictures separate them: they do not say why models fail.
    hard = (column for column in columns if taxonomy.path(column)[0].id == HARD_TO_ANALYZE)
    return Heatmap(
        models=tuple(models),
        categories=_categories(columns, taxonomy),
        cells=tuple(rows),
        unexplained=frozenset(hard),
    )


def _categories(columns: Iterable[CategoryId], taxonomy: Taxonomy) -> tuple[Category, ...]:
    return tuple(taxonomy.path(column)[-1] for column in columns)
