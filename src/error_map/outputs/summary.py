"""A run in figures, as one value: at its end, and read back from its files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from ..analysis import (
    Accounting,
    Flow,
    Heatmap,
    ShownAs,
    Signature,
    Tally,
    Transitions,
    accounting,
    folding,
    heatmap,
    moved_examples,
    signature,
    tallies,
    transitions,
)
from ..analysis.accounting import STUDIED
from ..errors import InputError, StoreError, refuse_unknown
from ..records import STATES
from ..store import Manifest, RunFolder, read_manifest
from ..store import open_run as open_folder
from ..taxonomy import Taxonomy, load_taxonomy


@dataclass(frozen=True, slots=True)
class ThresholdLine:
    """The rule by which one dataset's records failed."""

    dataset: str
    rule: str
    """Such as `score < 1`."""
    origin: str


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

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        from .notebook import summary_html  # noqa: PLC0415 - it shows this

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
    shown_as = folding(counted, taxonomy, rare_below=manifest.rare_freq)

    def own(models: Sequence[str], name: str = "") -> Signature | None:
        found = signature(counted, taxonomy, models=models, shown_as=shown_as, name=name)
        return found and replace(found, attempts_known=manifest.attempts_known)

    signatures = [own([model], model) for model in asked]
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
            )
            for name, entry in rules
        ),
        overall=own(asked),
        models=tuple(one for one in signatures if one),
        faults=manifest.faults,
        notices=manifest.notices,
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
    shown_as: ShownAs
    """The path that a category's failures are shown under."""

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
            shown_as=self.shown_as,
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
        known = [one.model for one in self.summary.models]
        refuse_unknown((before, after), known, what="model", where=self.manifest.exp_id)
        return transitions(
            pl.scan_parquet(self.folder.records),
            self.taxonomy,
            before=before,
            after=after,
            shown_as=self.shown_as,
            depth=depth,
        )

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        from .notebook import summary_html  # noqa: PLC0415 - it shows what this holds

        return summary_html(self.summary)

    def moved_examples(self, moved: Transitions, flow: Flow, *, depth: int = 1) -> pl.DataFrame:
        """The examples behind one of the flows: dataset, example_id and repeat, sorted.

        Args:
            moved: Two models of the run, beside each other.
            flow: One of theirs.
            depth: The depth at which they were compared.
        """
        return moved_examples(
            pl.scan_parquet(self.folder.records),
            self.taxonomy,
            moved=moved,
            flow=flow,
            shown_as=self.shown_as,
            depth=depth,
        )


def read_run(folder: RunFolder) -> FinishedRun:
    """A run that is on disk.

    Raises:
        StoreError: Its files are damaged.
    """
    manifest = read_manifest(folder)
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
        shown_as=folding(counted, taxonomy, rare_below=manifest.rare_freq),
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
