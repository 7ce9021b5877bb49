"""A run in figures, as one value: at its end, and read back from its files."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Self

import polars as pl

from ..analysis import (
    FAILED,
    Accounting,
    DisplayPath,
    Flow,
    Heatmap,
    Signature,
    Tally,
    Transitions,
    accounting,
    flow_examples,
    folding,
    heatmap,
    signature,
    tallies,
    transitions,
)
from ..analysis.accounting import STUDIED
from ..errors import InputError, StoreError, closest, refuse_unknown
from ..forked import refuse_fork
from ..records import STATES
from ..stages.preparation import SAMPLE_ROWS
from ..store import Manifest, RunFolder, ThresholdOrigin, read_manifest
from ..store import open_run as open_folder
from ..taxonomy import Taxonomy, load_taxonomy
from .notebook import summary_html

_NAMED: Final = 5
"""Datasets that a message names."""


@dataclass(frozen=True, slots=True)
class ThresholdLine:
    """The rule by which one dataset's records failed."""

    dataset: str
    rule: str
    """Such as `score < 1`."""
    origin: ThresholdOrigin


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How the final answers of one dataset are read."""

    dataset: str
    route: str | None
    """Such as `last number`; None where no way was learnt."""
    agreement: float
    """Share of the studied scores that this reproduces, in [0, 1]."""
    distrust: str
    """Why detectors that compare values are off for it; empty where they are on."""
    sampled: bool = False
    """Whether `agreement` was measured on a sample of its rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """What a run asked a model, and what that cost."""

    calls: int
    tokens_in: int
    tokens_out: int
    cost: float | None
    """US dollars; None where a price is unknown."""
    from_ledger: int
    """Questions that needed no call, as the ledger had the answer."""

    @classmethod
    def of(cls, manifest: Manifest) -> Self | None:
        """That of a finished run; None where no model was to be asked."""
        if not manifest.prompts:
            return None
        stages = manifest.cost.values()
        prices = [one.cost for one in stages if one.cost is not None]
        return cls(
            calls=sum(one.calls for one in stages),
            tokens_in=sum(one.tokens_in for one in stages),
            tokens_out=sum(one.tokens_out for one in stages),
            cost=sum(prices) if len(prices) == len(stages) else None,
            from_ledger=manifest.from_ledger,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One run in figures."""

    exp_id: str
    analyst: str
    accounting: Accounting
    thresholds: tuple[ThresholdLine, ...]
    readings: tuple[Reading, ...]
    overall: Signature | None
    """All models together; None where nothing was scored."""
    models: tuple[Signature, ...]
    faults: Mapping[str, int]
    """Failures in the benchmark-fault lane, by what is suspect."""
    notices: tuple[str, ...]
    mock: bool = False
    """Whether the answers are a mock's, and say nothing about the models."""
    whole: bool = True
    """Whether the run came to its end."""
    spending: Spending | None = None
    """None where no model was to be asked."""

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        return summary_html(self)


def summary_of(manifest: Manifest, counted: Sequence[Tally], taxonomy: Taxonomy) -> Summary:
    """The summary of a finished run.

    Args:
        manifest: What the run was.
        counted: Of its records.
        taxonomy: Of the run.
    """
    seen = sorted({tally.model for tally in counted if tally.state != "invalid"})
    asked = seen if manifest.asked is None else [one for one in manifest.asked if one in seen]
    display_path = folding(counted, taxonomy, rare_below=manifest.rare_freq)

    def own(models: Sequence[str], name: str = "") -> Signature | None:
        found = signature(counted, taxonomy, models=models, display_path=display_path, name=name)
        known = manifest.attempts_known
        return found and replace(found, attempts_known=known, mock=manifest.mock)

    signatures = [own([model], model) for model in asked]
    usable = Counter[str]()
    for tally in counted:
        usable[tally.dataset] += tally.rows if tally.state != "invalid" else 0
    rules = manifest.datasets.items()
    return Summary(
        exp_id=manifest.exp_id,
        analyst=manifest.analyst,
        accounting=accounting(counted),
        thresholds=tuple(ThresholdLine(name, entry.rule, entry.origin) for name, entry in rules),
        readings=tuple(
            Reading(
                dataset=name,
                route=entry.route,
                agreement=entry.agreement,
                distrust=entry.distrust,
                sampled=usable[name] > SAMPLE_ROWS,
            )
            for name, entry in rules
        ),
        overall=own(asked),
        models=tuple(one for one in signatures if one),
        faults=manifest.faults,
        notices=manifest.notices,
        mock=manifest.mock,
        whole=manifest.whole,
        spending=Spending.of(manifest),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedRun:
    """A run that is on disk: what its pages, pictures and reports are made of."""

    folder: RunFolder
    manifest: Manifest
    taxonomy: Taxonomy
    counted: tuple[Tally, ...]
    """Of its records."""
    summary: Summary
    display_path: DisplayPath
    """The path that a category's failures are shown under."""

    @property
    def category_names(self) -> dict[str, str]:
        """Of all its categories, by id."""
        return {path[-1].id: path[-1].name for path in self.taxonomy.walk()}

    def heatmap(self, *, depth: int = 1) -> Heatmap | None:
        """Its models beside each other; None where nothing was scored.

        Args:
            depth: Levels of the taxonomy that are told apart, from 1.
        """
        if self.summary.overall is None:
            return None
        return heatmap(
            self.counted,
            self.taxonomy,
            signatures=self.summary.models,
            overall=self.summary.overall,
            display_path=self.display_path,
            depth=depth,
        )

    def transitions(self, before: str, after: str, *, depth: int = 1) -> Transitions:
        """What became of each example from one of its models to another.

        Args:
            before: A model of the run.
            after: The model it is compared with.
            depth: Levels of the taxonomy that are told apart, from 1.

        Raises:
            InputError: The run has no such model.
        """
        self.refuse_strangers((before, after))
        return transitions(
            pl.scan_parquet(self.folder.records),
            self.taxonomy,
            before=before,
            after=after,
            display_path=self.display_path,
            depth=depth,
        )

    def compared(self, before: str, after: str, *, depth: int = 1) -> Transitions:
        """As `transitions`, of at least one example.

        Raises:
            InputError: The two cannot be compared; the message says why.
        """
        where = self.manifest.exp_id
        self.refuse_strangers((before, after))
        if before == after:
            told = f"{before!r} is named twice; a comparison needs two different models"
            known = [one.model for one in self.summary.models]
            raise InputError(told, where=where, hint=closest("", known))
        if not self.manifest.attempts_known:
            hint = "its source has failures only; compare models of a run"
            raise InputError("what passed is not known", where=where, hint=hint)
        found = self.transitions(before, after, depth=depth)
        if not found.examples:
            raise self._nothing_shared(before, after)
        return found

    def refuse_strangers(self, models: Sequence[str]) -> None:
        """Refuses names that are no models of the run.

        Raises:
            InputError: Names the first of them, and what exists; of datasets, how they become one.
        """
        known, where = [one.model for one in self.summary.models], self.manifest.exp_id
        if len(models) > 1 and set(models) <= self.manifest.datasets.keys() - set(known):
            told = f"{' and '.join(map(repr, models))} are no models but datasets"
            hint = "run their files with --dataset-name NAME --model-name '{model} ({file})'"
            raise InputError(told, where=where, hint=hint)
        refuse_unknown(models, known, what="model", where=where)

    def _nothing_shared(self, before: str, after: str) -> InputError:
        """Why two models have no example in common, and what to do about it."""
        scored = FAILED | {"passed"}
        first, second = (
            sorted({t.dataset for t in self.counted if t.model == model and t.state in scored})
            for model in (before, after)
        )
        if set(first) & set(second):
            told = f"no example was scored for both {before!r} and {after!r}"
            hint = "the same example needs the same example_id and attempt for both models"
        else:
            told = f"{before!r} and {after!r} have no dataset in common: "
            told += f"{before!r} answered {_some(first)}, {after!r} answered {_some(second)}"
            hint = "where these are one dataset, run them with --dataset-name NAME"
        return InputError(told, where=self.manifest.exp_id, hint=hint)

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        return summary_html(self.summary)

    def flow_examples(self, moved: Transitions, flow: Flow, *, depth: int = 1) -> pl.DataFrame:
        """The examples behind one of the flows: dataset, example_id and repeat, sorted.

        Args:
            moved: Two models of the run compared.
            flow: One of their flows.
            depth: The depth at which they were compared.
        """
        return flow_examples(
            pl.scan_parquet(self.folder.records),
            self.taxonomy,
            compared=moved,
            flow=flow,
            display_path=self.display_path,
            depth=depth,
        )


def _some(names: Sequence[str]) -> str:
    """The first few names."""
    spare = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {spare} more" if spare > 0 else "")


def read_run(folder: RunFolder) -> FinishedRun:
    """A run that is on disk.

    Raises:
        StoreError: Its files are damaged.
        InputError: This process was forked from one that has used ErrorMap.
    """
    refuse_fork()
    manifest = read_manifest(folder)
    folder = replace(folder, files=dict(manifest.files))
    try:
        counted = tallies(pl.scan_parquet(folder.records))
        taxonomy = load_taxonomy(folder.taxonomy)
    except (pl.exceptions.PolarsError, InputError) as error:
        told = f"the run is damaged: {error}"
        raise StoreError(told, where=str(folder.records), hint="run it again") from error
    _check(counted, taxonomy, folder)
    return FinishedRun(
        folder=folder,
        manifest=manifest,
        taxonomy=taxonomy,
        counted=counted,
        summary=summary_of(manifest, counted, taxonomy),
        display_path=folding(counted, taxonomy, rare_below=manifest.rare_freq),
    )


def _check(counted: Sequence[Tally], taxonomy: Taxonomy, folder: RunFolder) -> None:
    """Refuses records that do not go with their taxonomy, as in a folder that somebody changed.

    Raises:
        StoreError: A name is no text, a state is unknown, or a category is not in the taxonomy.
    """
    for tally in counted:
        names = (tally.dataset, tally.model, tally.category)
        if not all(isinstance(name, str) for name in names):  # a column may hold bytes
            message = f"the run is damaged: {names!r} are no names"
        elif tally.state not in STATES:
            message = f"the run is damaged: no state {tally.state!r}"
        elif (tally.category or tally.state in STUDIED) and tally.category not in taxonomy:
            message = f"the run is damaged: its taxonomy has no category {tally.category!r}"
        else:
            continue
        raise StoreError(message, where=str(folder.records), hint="run it again")


def open_run(output_dir: Path | str, exp_id: str) -> FinishedRun:
    """A finished run of an output folder.

    Raises:
        InputError: There is no such run; the message says which there are.
        StoreError: Its files are damaged, or gone.
    """
    return read_run(open_folder(Path(output_dir), exp_id))
