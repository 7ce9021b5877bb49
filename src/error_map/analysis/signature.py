"""Each model's failure signature: how often it fails, and of what."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from ..records import CategoryId
from ..taxonomy import HARD_TO_ANALYZE, OTHER, Category, Taxonomy, reserved
from .accounting import FAILED, STUDIED, Tally
from .rates import Rate, Stratum


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryRate:
    """How much of the failures a category explains."""

    category: Category
    depth: int
    """1 for a top category."""
    share: Rate
    """Among the failures."""
    per_attempt: Rate
    """Among all attempts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One model, or all of them together."""

    model: str
    """Empty for all models together."""
    failure_rate: Rate
    categories: tuple[CategoryRate, ...]
    """Most frequent first, reserved ones last, each before its children; only those with hits."""
    explained: Rate | None
    """Share of the failures that have a cause; None where none was studied."""

    @property
    def top(self) -> tuple[CategoryRate, ...]:
        """The top categories."""
        return tuple(rate for rate in self.categories if rate.depth == 1)


def signature(
    counted: Sequence[Tally], taxonomy: Taxonomy, *, model: str = "", rare_below: float = 0.0
) -> Signature | None:
    """The signature of a model, or None if it has no scored rows.

    Args:
        counted: Of the whole run.
        taxonomy: Of the run.
        model: Its name; empty for all models whose failures were asked for.
        rare_below: Top categories under this share of the failures are counted as "Other".
    """
    asked = {t.model for t in counted if t.state != "not_selected" and t.state in FAILED}
    chosen = {model} if model else asked or {t.model for t in counted}
    own = [t for t in counted if t.model in chosen and t.state in FAILED | {"passed"}]
    attempts = sum(t.rows for t in own)
    if not attempts:
        return None
    failed = sum(t.rows for t in own if t.state in FAILED)
    failures = [t for t in own if t.state in FAILED]
    failure_rate = Rate.counted(failed, attempts)
    rates = _category_rates(failures, taxonomy, attempts=attempts, rare_below=rare_below)
    explained = _share(failures, lambda t: _explains(t, taxonomy))
    return Signature(model=model, failure_rate=failure_rate, categories=rates, explained=explained)


def _explains(tally: Tally, taxonomy: Taxonomy) -> bool:
    top = taxonomy.path(CategoryId(tally.category))[0]
    return tally.state == "assigned" and top.id != HARD_TO_ANALYZE


def _share(failures: Sequence[Tally], has: Callable[[Tally], bool]) -> Rate | None:
    """Share of the failures with a property, one stratum a (dataset, model)."""
    groups: dict[tuple[str, str], list[Tally]] = {}
    for tally in failures:
        groups.setdefault((tally.dataset, tally.model), []).append(tally)
    strata = [stratum for group in groups.values() if (stratum := _stratum(group, has))]
    return Rate.estimated(strata) if strata else None


def _stratum(group: Sequence[Tally], has: Callable[[Tally], bool]) -> Stratum | None:
    studied = [tally for tally in group if tally.state in STUDIED]
    if not studied:
        return None
    return Stratum(
        hits=sum(tally.rows for tally in studied if has(tally)),
        sampled=sum(tally.rows for tally in studied),
        of=sum(tally.rows for tally in group),
    )


def _category_rates(
    failures: Sequence[Tally], taxonomy: Taxonomy, *, attempts: int, rare_below: float
) -> tuple[CategoryRate, ...]:
    folded = folding(failures, taxonomy, rare_below=rare_below)
    found: list[CategoryRate] = []
    for path in taxonomy.walk():
        category = path[-1]
        share = _share(failures, partial(_counts_in, folded, category.id))
        if share and share.hits:
            per_attempt = _per_attempt(share, attempts=attempts)
            depth = len(path)
            found.append(
                CategoryRate(category=category, depth=depth, share=share, per_attempt=per_attempt)
            )
    return _by_frequency(found, taxonomy)


def _counts_in(
    folded: Callable[[str], tuple[CategoryId, ...]], category: CategoryId, tally: Tally
) -> bool:
    return category in folded(tally.category)


def _per_attempt(share: Rate, *, attempts: int) -> Rate:
    if share.trials == share.of:
        return Rate.counted(share.hits, attempts)
    return share.times(share.of / attempts)


def folding(
    failures: Sequence[Tally], taxonomy: Taxonomy, *, rare_below: float
) -> Callable[[str], tuple[CategoryId, ...]]:
    """What a category counts in where it is shown: its path, or "Other" where its top is thin."""
    shown: dict[str, int] = {}
    for tally in failures:
        if tally.state in STUDIED:
            top = taxonomy.path(CategoryId(tally.category))[0].id
            shown[top] = shown.get(top, 0) + tally.rows
    least = rare_below * sum(shown.values())

    def path(category: str) -> tuple[CategoryId, ...]:
        whole = tuple(step.id for step in taxonomy.path(CategoryId(category)))
        return whole if shown.get(whole[0], 0) >= least else (OTHER,)

    return path


def _by_frequency(rates: Sequence[CategoryRate], taxonomy: Taxonomy) -> tuple[CategoryRate, ...]:
    value = {rate.category.id: rate.share.value for rate in rates}
    last = {category.id for category in reserved()}

    def order(rate: CategoryRate) -> tuple[tuple[bool, float, str], ...]:
        path = taxonomy.path(rate.category.id)
        return tuple((step.id in last, -value.get(step.id, 0.0), step.id) for step in path)

    return tuple(sorted(rates, key=order))
