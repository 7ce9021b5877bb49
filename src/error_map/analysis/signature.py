"""Each model's failure signature: how often it fails, and of what."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from ..records import CategoryId
from ..taxonomy import HARD_TO_ANALYZE, OTHER, UNEXPLAINED, Category, Taxonomy, reserved
from .accounting import FAILED, STUDIED, Tally
from .rates import Rate
from .shares import Shares

DisplayPath: TypeAlias = Callable[[str], tuple[CategoryId, ...]]
"""From a category to the path that its failures are shown under."""
_EXPLAINED: Final = "explained"
_LOCATED: Final = "located"


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
    attempts_known: bool = True
    """False where failures alone are known: then nothing per attempt, nor `failure_rate`, tells."""
    located: Rate | None = None
    """Share of the failures of which only the place is known; None where none was studied."""
    mock: bool = False
    """True where a mock answered: then `explained` says nothing."""

    @property
    def top(self) -> tuple[CategoryRate, ...]:
        """The top categories."""
        return tuple(rate for rate in self.categories if rate.depth == 1)

    @property
    def unexplained(self) -> int:
        """Studied failures that are hard to analyze, and of which no place is known."""
        hard = sum(rate.share.hits for rate in self.top if rate.category.id == HARD_TO_ANALYZE)
        return hard - (self.located.hits if self.located else 0)


def signature(
    counted: Sequence[Tally],
    taxonomy: Taxonomy,
    *,
    models: Collection[str],
    display_path: DisplayPath,
    name: str = "",
) -> Signature | None:
    """The signature of some models together, or None if they have no scored rows.

    Args:
        counted: Of the whole run.
        taxonomy: Of the run.
        models: Whose; all of them were asked for.
        display_path: What each category counts in; see `folding`.
        name: Of the one model; empty for several.
    """
    own = [t for t in counted if t.model in models and t.state in FAILED | {"passed"}]
    attempts = sum(t.rows for t in own)
    if not attempts:
        return None
    failures = [t for t in own if t.state in FAILED]
    failed = sum(t.rows for t in failures)
    verdicts = Shares.counted(failures, lambda t: _verdict(t, taxonomy))
    return Signature(
        model=name,
        failure_rate=Rate.counted(failed, attempts),
        categories=_category_rates(
            Shares.counted(failures, lambda t: display_path(t.category)),
            taxonomy,
            attempts=attempts,
        ),
        explained=verdicts.of(_EXPLAINED),
        located=verdicts.of(_LOCATED),
    )


def _verdict(tally: Tally, taxonomy: Taxonomy) -> tuple[str, ...]:
    if tally.state != "assigned":
        return ()
    if taxonomy.path(CategoryId(tally.category))[0].id != HARD_TO_ANALYZE:
        return (_EXPLAINED,)
    return () if tally.category in {HARD_TO_ANALYZE, UNEXPLAINED} else (_LOCATED,)


def _category_rates(
    shares: Shares, taxonomy: Taxonomy, *, attempts: int
) -> tuple[CategoryRate, ...]:
    rates = (category_rate(shares, path, attempts=attempts) for path in taxonomy.walk())
    return _by_frequency([rate for rate in rates if rate and rate.share.hits], taxonomy)


def category_rate(
    shares: Shares, path: Sequence[Category], *, attempts: int
) -> CategoryRate | None:
    """How much of some failures a category holds, or None if none of them was studied.

    Args:
        shares: Of the failures, labelled by the ids of their categories.
        path: From a top category down to the one that is asked about.
        attempts: Rows that were scored, of the same models.
    """
    category = path[-1]
    share = shares.of(category.id)
    if share is None:
        return None
    per_attempt = _per_attempt(share, attempts=attempts)
    return CategoryRate(category=category, depth=len(path), share=share, per_attempt=per_attempt)


def _per_attempt(share: Rate, *, attempts: int) -> Rate:
    if share.trials == share.of:
        return Rate.counted(share.hits, attempts)
    return share.times(share.of / attempts)


def folding(counted: Sequence[Tally], taxonomy: Taxonomy, *, rare_below: float) -> DisplayPath:
    """What a category counts in wherever it is shown: its path, or "Other" where its top is thin.

    Args:
        counted: Of the whole run.
        taxonomy: Of the run; its reserved categories are never folded.
        rare_below: Top categories under this estimated share of the failures are thin.
    """
    studied = {tally.model for tally in counted if tally.state in STUDIED}
    failures = [t for t in counted if t.model in studied and t.state in FAILED]
    kept = {category.id for category in reserved()}
    path_in = _path_in(taxonomy)
    tops = Shares.counted(failures, lambda t: path_in(t.category)[:1])
    thin = {
        category.id
        for category in taxonomy.categories
        if category.id not in kept and (share := tops.of(category.id)) and share.value < rare_below
    }
    return _path_in(taxonomy, thin=frozenset(thin))


def _path_in(taxonomy: Taxonomy, *, thin: frozenset[CategoryId] = frozenset()) -> DisplayPath:
    def display_path(category: str) -> tuple[CategoryId, ...]:
        whole = tuple(step.id for step in taxonomy.path(CategoryId(category)))
        return (OTHER,) if whole[0] in thin else whole

    return display_path


def _by_frequency(rates: Sequence[CategoryRate], taxonomy: Taxonomy) -> tuple[CategoryRate, ...]:
    value = {rate.category.id: rate.share.value for rate in rates}
    last = {category.id for category in reserved()}

    def order(rate: CategoryRate) -> tuple[tuple[bool, float, str], ...]:
        path = taxonomy.path(rate.category.id)
        return tuple((step.id in last, -value.get(step.id, 0.0), step.id) for step in path)

    return tuple(sorted(rates, key=order))
