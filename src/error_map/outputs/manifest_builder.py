"""What a run writes down of itself: the manifest out of what each stage knows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..analysis import accounting
from ..analysts.factory import AtWork
from ..analysts.offline.answers.route_learning import Profile
from ..config import RunConfig, moment
from ..readers import Catalog, Table
from ..stages.preparation import Prepared
from ..stages.thresholds import Threshold
from ..store import DatasetEntry, InputFile, Manifest, RunFolder, StageCost, versions
from .publish import Published


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is known at the end of a run."""

    catalog: Catalog
    prepared: Prepared
    profiles: Mapping[str, Profile]
    at_work: AtWork
    published: Published
    notices: Sequence[str]
    seconds: float
    whole: bool


def manifest_of(config: RunConfig, told: Told) -> Manifest:
    """The manifest of a run that has ended."""
    accounted = accounting(told.published.counted)
    cost = told.at_work.cost()
    return Manifest(
        exp_id=config.exp_id,
        analyst=told.at_work.analyst.name,
        mock=told.at_work.mock,
        fingerprint=told.at_work.fingerprint,
        whole=told.whole,
        versions=versions(),
        completed_at=moment(),
        seconds=round(told.seconds, 1),
        ratio=config.ratio,
        seed=config.seed,
        rare_freq=config.rare_freq,
        inputs=tuple(_input_file(name, table) for name, table in told.catalog.read.items()),
        datasets={
            name: _dataset_entry(told.prepared.thresholds[name], told.profiles[name])
            for name in told.catalog.datasets
        },
        models=told.prepared.models,
        asked=config.models and tuple(sorted(config.models)),
        accounting=dict(accounted),
        rows=accounted.rows,
        faults=told.published.faults,
        cost=cost,
        from_ledger=told.at_work.from_ledger,
        cacheable_share=_cacheable_share(cost.values()),
        prompts=told.at_work.prompts,
        detectors=told.at_work.detectors,
        notices=tuple(told.notices),
        files=RunFolder(config.output_dir, config.exp_id).named,
    )


def _input_file(name: str, table: Table) -> InputFile:
    return InputFile(name=name, sha256=table.fingerprint, invalid=len(table.invalid))


def _cacheable_share(stages: Iterable[StageCost]) -> float | None:
    every = list(stages)
    tokens = sum(stage.tokens_in for stage in every)
    return round(sum(s.tokens_cacheable for s in every) / tokens, 4) if tokens else None


def _dataset_entry(threshold: Threshold, profile: Profile) -> DatasetEntry:
    return DatasetEntry(
        threshold=threshold.value,
        rule=str(threshold),
        origin=threshold.origin,
        route=profile.route,
        agreement=round(profile.agreement, 4),
        distrust=profile.distrust,
    )
