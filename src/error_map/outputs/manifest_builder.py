"""Builds the manifest of a run from the facts that each stage contributes."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace

from ..analysis import accounting
from ..analysts.base import AnalystDescription, AnswerRoute
from ..clock import current_time
from ..config import RunConfig
from ..readers import Catalog, Table
from ..records import Coverage
from ..stages.preparation import Prepared
from ..stages.thresholds import Threshold
from ..store import (
    BaseRateEntry,
    DatasetEntry,
    InputFile,
    Manifest,
    RouteEntry,
    RunFolder,
    StageCost,
    versions,
)
from .publish import Published

_SHARE_DIGITS = 4
"""Decimals of a stored share: a hundredth of a percent, finer than anything shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """What is known at the end of a run."""

    catalog: Catalog
    prepared: Prepared
    analyst: AnalystDescription
    published: Published
    notices: Sequence[str]
    """All messages to the user."""
    seconds: float
    """Duration of the run."""
    whole: bool
    """Whether every failure was diagnosed and every category divided as configured."""


def manifest_of(config: RunConfig, facts: RunFacts) -> Manifest:
    """The manifest of a finished run."""
    counts = accounting(facts.published.counted)
    analyst = facts.analyst
    return Manifest(
        exp_id=config.exp_id,
        analyst=analyst.name,
        mock=analyst.is_mock,
        fingerprint=analyst.fingerprint,
        whole=facts.whole,
        versions=versions(),
        completed_at=current_time(),
        seconds=round(facts.seconds, 1),
        ratio=config.ratio,
        seed=config.seed,
        rare_freq=config.rare_freq,
        inputs=tuple(_input_file(name, table) for name, table in facts.catalog.read.items()),
        datasets={
            name: _dataset_entry(
                facts.prepared.thresholds[name], analyst.routes[name], analyst.coverage.get(name)
            )
            for name in facts.catalog.datasets
        },
        models=facts.prepared.models,
        # Sorted, as the order in which models are named must not change the file.
        asked=config.models and tuple(sorted(config.models)),
        accounting=dict(counts),
        rows=counts.rows,
        faults=facts.published.faults,
        fault_examples=facts.published.fault_examples,
        trap_failures=facts.published.traps,
        trap_examples=facts.published.trap_examples,
        cost=analyst.cost,
        from_ledger=analyst.from_ledger,
        cacheable_share=_cacheable_share(analyst.cost.values()),
        prompts=analyst.prompts,
        detectors=analyst.detectors,
        base_rates={
            name: BaseRateEntry.model_validate(asdict(rates))
            for name, rates in analyst.base_rates.items()
        },
        notices=tuple(facts.notices),
        files=RunFolder(config.output_dir, config.exp_id).named,
    )


def _input_file(name: str, table: Table) -> InputFile:
    return InputFile(
        name=name,
        sha256=table.fingerprint,
        invalid=sum(row.state == "invalid" for row in table.invalid),
    )


def _cacheable_share(stages: Iterable[StageCost]) -> float | None:
    """Share of all input tokens that a provider's prompt cache can serve; None without any."""
    costs = list(stages)
    tokens = sum(stage.tokens_in for stage in costs)
    cacheable = sum(stage.tokens_cacheable for stage in costs)
    return _rounded(cacheable / tokens) if tokens else None


def _dataset_entry(
    threshold: Threshold, answers: AnswerRoute, coverage: Coverage | None
) -> DatasetEntry:
    return DatasetEntry(
        threshold=threshold.value,
        rule=str(threshold),
        origin=threshold.origin,
        route=answers.route,
        agreement=round(answers.agreement, _SHARE_DIGITS),
        distrust=answers.distrust,
        parts=tuple(
            RouteEntry(
                models=part.models,
                route=part.route,
                agreement=round(part.agreement, _SHARE_DIGITS),
                distrust=part.distrust,
            )
            for part in answers.parts
        ),
        coverage=coverage and replace(coverage, peers=_rounded(coverage.peers)),
    )


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, _SHARE_DIGITS)
