"""Failure signatures of models: how often a model fails, and in which categories."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

from ..records import CategoryId
from ..taxonomy import HARD_TO_ANALYZE, OTHER, UNEXPLAINED, Category, Taxonomy, reserved
from .accounting import FAILED, STUDIED, Tally
from .rates import Rate
from .shares import Shares

DisplayPath: TypeAlias = Callable[[str], tuple[CategoryId, ...]]
"""Maps a category to the path under which its failures are displayed."""
Tier: TypeAlias = Literal["cause", "place", "nothing"]
"""What is known about a failure: why it failed, only at which step, or nothing."""
TIERS: Final[tuple[Tier, ...]] = get_args(Tier)


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryRate:
    """The share of the failures that are in a category."""

    category: Category
    depth: int
    """1 for a top category."""
    share: Rate
    """Share of the failures."""
    per_attempt: Rate
    """Share of all attempts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """The failures of one model, or of all models together."""

    model: str
    """Empty for all models together."""
    failure_rate: Rate
    categories: tuple[CategoryRate, ...]
    """By frequency, reserved ones last, parents before children; only those with hits."""
    explained: Rate | None
    """Share of the failures whose cause is known; None where none was analysed."""
    attempts_known: bool = True
    """False if only failures are known: then `failure_rate` and rates per attempt say nothing."""
    located: Rate | None = None
    """Share of the failures of which only the place is known; None where none was analysed."""
    nothing_known: Rate | None = None
    """Share of the failures of which neither is known; None where none was analysed."""
    mock: bool = False
    """True for a mock judge: then what is known about the failures says nothing."""

    @property
    def top(self) -> tuple[CategoryRate, ...]:
        """The top categories."""
        return tuple(rate for rate in self.categories if rate.depth == 1)

    @property
    def unexplained(self) -> int:
        """Number of analysed failures of which neither cause nor place is known."""
        return self.nothing_known.hits if self.nothing_known else 0

    @property
    def tiers(self) -> Mapping[Tier, Rate]:
        """What is known about the failures; empty for a mock judge and where none was analysed.

        The shares add up to 1 unless failures have no error, no category or no diagnosis.
        """
        rates = (self.explained, self.located, self.nothing_known)
        known = {tier: rate for tier, rate in zip(TIERS, rates, strict=True) if rate}
        return {} if self.mock else known


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
        counted: Tallies of the whole run.
        taxonomy: Taxonomy of the run.
        models: Names of the models, all of them requested.
        display_path: Path under which each category is displayed; see `folding`.
        name: Name of the only model; empty for several.
    """
    own = [t for t in counted if t.model in models and t.state in FAILED | {"passed"}]
    attempts = sum(t.rows for t in own)
    if not attempts:
        return None
    failures = [t for t in own if t.state in FAILED]
    failed = sum(t.rows for t in failures)
    known = Shares.counted(failures, lambda t: tier_of(t, taxonomy))
    return Signature(
        model=name,
        failure_rate=Rate.counted(failed, attempts),
        categories=_category_rates(
            Shares.counted(failures, lambda t: display_path(t.category)),
            taxonomy,
            attempts=attempts,
        ),
        explained=known.of("cause"),
        located=known.of("place"),
        nothing_known=known.of("nothing"),
    )


def tier_of(tally: Tally, taxonomy: Taxonomy) -> tuple[Tier, ...]:
    """What is known about some failures: one tier, or none if they have no category.

    Args:
        tally: Failures with the same state and category.
        taxonomy: Taxonomy of the run.
    """
    if tally.state != "assigned":
        return ()
    if taxonomy.path(CategoryId(tally.category))[0].id != HARD_TO_ANALYZE:
        return ("cause",)
    return ("nothing",) if tally.category in {HARD_TO_ANALYZE, UNEXPLAINED} else ("place",)


def _category_rates(
    shares: Shares, taxonomy: Taxonomy, *, attempts: int
) -> tuple[CategoryRate, ...]:
    rates = (category_rate(shares, path, attempts=attempts) for path in taxonomy.walk())
    return _by_frequency([rate for rate in rates if rate and rate.share.hits], taxonomy)


def category_rate(
    shares: Shares, path: Sequence[Category], *, attempts: int
) -> CategoryRate | None:
    """The share of some failures in a category, or None if none of them was analysed.

    Args:
        shares: Shares of the failures, labelled with the ids of their categories.
        path: Path from a top category down to the category.
        attempts: Number of scored rows of the same models.
    """
    category = path[-1]
    share = shares.of(category.id)
    if share is None:
        return None
    per_attempt = _per_attempt(share, attempts=attempts)
    return CategoryRate(category=category, depth=len(path), share=share, per_attempt=per_attempt)


def _per_attempt(share: Rate, *, attempts: int) -> Rate:
    # A complete count of failures is a complete count of attempts as well.
    if share.trials == share.of:
        return Rate.counted(share.hits, attempts)
    return share.times(share.of / attempts)


def folding(counted: Sequence[Tally], taxonomy: Taxonomy, *, rare_below: float) -> DisplayPath:
    """The path under which a category is displayed: its own, or "Other" if its top one is rare.

    Args:
        counted: Tallies of the whole run.
        taxonomy: Taxonomy of the run; reserved categories are never folded.
        rare_below: Estimated share of the failures below which a top category is rare.
    """
    studied = {tally.model for tally in counted if tally.state in STUDIED}
    failures = [t for t in counted if t.model in studied and t.state in FAILED]
    kept = {category.id for category in reserved()}
    path_in = _path_in(taxonomy)
    tops = Shares.counted(failures, lambda t: path_in(t.category)[:1])
    rare = {
        category.id
        for category in taxonomy.categories
        if category.id not in kept and (share := tops.of(category.id)) and share.value < rare_below
    }
    return _path_in(taxonomy, rare=frozenset(rare))


def _path_in(taxonomy: Taxonomy, *, rare: frozenset[CategoryId] = frozenset()) -> DisplayPath:
    def display_path(category: str) -> tuple[CategoryId, ...]:
        whole = tuple(step.id for step in taxonomy.path(CategoryId(category)))
        return (OTHER,) if whole[0] in rare else whole

    return display_path


def _by_frequency(rates: Sequence[CategoryRate], taxonomy: Taxonomy) -> tuple[CategoryRate, ...]:
    value = {rate.category.id: rate.share.value for rate in rates}
    last = {category.id for category in reserved()}

    def order(rate: CategoryRate) -> tuple[tuple[bool, float, str], ...]:
        path = taxonomy.path(rate.category.id)
        # Ties are ordered by id, so that the same run always gives the same order.
        return tuple((step.id in last, -value.get(step.id, 0.0), step.id) for step in path)

    return tuple(sorted(rates, key=order))
