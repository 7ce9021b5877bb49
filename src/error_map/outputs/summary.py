"""Summary of a run as one value: built at its end, or read back from its files."""

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
    Rate,
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
from ..presentation.wording import outputs_of
from ..records import STATES, UNSCORED, Coverage
from ..stages.preparation import SAMPLE_ROWS
from ..store import DatasetEntry, Manifest, RunFolder, ThresholdOrigin, read_manifest
from ..store import open_run as open_folder
from ..taxonomy import Taxonomy, load_taxonomy
from .notebook import summary_html

_MAX_NAMED: Final = 5
"""Datasets that an error message names, so that it stays a sentence."""


@dataclass(frozen=True, slots=True)
class ThresholdLine:
    """The rule by which an answer of one dataset counts as a failure."""

    dataset: str
    rule: str
    """Such as `score < 1`."""
    origin: ThresholdOrigin


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How the final answers of one dataset are extracted from the outputs."""

    dataset: str
    route: str | None
    """The answer route, such as `last number`; None if none was learned."""
    agreement: float
    """Share of the scores that the extracted answers reproduce, in [0, 1]."""
    distrust: str
    """Why detectors that compare values are off for this dataset; empty if they are on."""
    sampled: bool = False
    """Whether the agreement was measured on a sample of the rows."""
    outputs: str = ""
    """The outputs that it is about, such as `short outputs`; empty for all but those in `parts`."""
    parts: tuple["Reading", ...] = ()
    """Parts of the dataset with an answer route of their own."""

    @property
    def subject(self) -> str:
        """The dataset, and which of its outputs if it is about a part."""
        return f"{self.dataset}, {self.outputs}" if self.outputs else self.dataset

    @property
    def all(self) -> tuple["Reading", ...]:
        """It and its parts."""
        return (self, *self.parts)

    explained: Rate | None = None
    """Share of the dataset's failures that have a cause; None if none was studied."""
    coverage: Coverage | None = None
    """What the detectors could say; None if a judge diagnosed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """Calls, tokens and cost of a run."""

    calls: int
    tokens_in: int
    tokens_out: int
    cost: float | None
    """US dollars; None if a price is unknown."""
    from_ledger: int
    """Requests that needed no call because the ledger had the reply."""

    @classmethod
    def of(cls, manifest: Manifest) -> Self | None:
        """The spending of a finished run; None if its analyst calls no model."""
        if not manifest.prompts:
            return None
        stages = manifest.cost.values()
        prices = [stage.cost for stage in stages if stage.cost is not None]
        return cls(
            calls=sum(stage.calls for stage in stages),
            tokens_in=sum(stage.tokens_in for stage in stages),
            tokens_out=sum(stage.tokens_out for stage in stages),
            cost=sum(prices) if len(prices) == len(stages) else None,
            from_ledger=manifest.from_ledger,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The figures of one run."""

    exp_id: str
    analyst: str
    accounting: Accounting
    thresholds: tuple[ThresholdLine, ...]
    readings: tuple[Reading, ...]
    overall: Signature | None
    """All models together; None if no sample was scored."""
    models: tuple[Signature, ...]
    faults: Mapping[str, int]
    """Suspected benchmark faults: failures by their mark, `scorer` or `consensus`."""
    fault_examples: Mapping[str, int]
    """The same as examples; empty if they were not counted."""
    traps: int
    """Failures with a wrong answer that is a trap shared by most models."""
    trap_examples: int
    """Examples of these."""
    notices: tuple[str, ...]
    mock: bool = False
    """Whether a mock judge answered, so that nothing is known about the models."""
    whole: bool = True
    """Whether the run reached its end."""
    spending: Spending | None = None
    """None if the analyst calls no model."""

    def _repr_html_(self) -> str:
        """The notebook view."""
        return summary_html(self)


def summary_of(manifest: Manifest, counted: Sequence[Tally], taxonomy: Taxonomy) -> Summary:
    """The summary of a finished run.

    Args:
        manifest: The run's manifest.
        counted: Numbers of its records by dataset, model, state and category.
        taxonomy: The run's taxonomy.
    """
    seen = sorted({tally.model for tally in counted if tally.state not in UNSCORED})
    studied = seen if manifest.asked is None else [one for one in manifest.asked if one in seen]
    display_path = folding(counted, taxonomy, rare_below=manifest.rare_freq)

    def explained(dataset: str) -> Rate | None:
        rows = [tally for tally in counted if tally.dataset == dataset]
        result = signature(rows, taxonomy, models=studied, display_path=display_path)
        return result.explained if result else None

    def own(models: Sequence[str], name: str = "") -> Signature | None:
        result = signature(counted, taxonomy, models=models, display_path=display_path, name=name)
        known = manifest.attempts_known
        return result and replace(result, attempts_known=known, mock=manifest.mock)

    signatures = [own([model], model) for model in studied]
    usable = Counter[str]()
    for tally in counted:
        usable[tally.dataset] += tally.rows if tally.state not in UNSCORED else 0
    rules = manifest.datasets.items()
    return Summary(
        exp_id=manifest.exp_id,
        analyst=manifest.analyst,
        accounting=accounting(counted),
        thresholds=tuple(ThresholdLine(name, entry.rule, entry.origin) for name, entry in rules),
        readings=tuple(
            _reading(name, entry, sampled=usable[name] > SAMPLE_ROWS, explained=explained(name))
            for name, entry in rules
        ),
        overall=own(studied),
        models=tuple(one for one in signatures if one),
        faults=manifest.faults,
        fault_examples=manifest.fault_examples,
        traps=manifest.trap_failures,
        trap_examples=manifest.trap_examples,
        notices=manifest.notices,
        mock=manifest.mock,
        whole=manifest.whole,
        spending=Spending.of(manifest),
    )


def _reading(
    dataset: str, entry: DatasetEntry, *, sampled: bool, explained: Rate | None
) -> Reading:
    parts = tuple(
        Reading(
            dataset=dataset,
            route=part.route,
            agreement=part.agreement,
            distrust=part.distrust,
            sampled=sampled,
            outputs=outputs_of(part.models),
        )
        for part in entry.parts
    )
    return Reading(
        dataset=dataset,
        route=entry.route,
        agreement=entry.agreement,
        distrust=entry.distrust,
        sampled=sampled,
        parts=parts,
        explained=explained,
        coverage=entry.coverage,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedRun:
    """A finished run on disk, from which pages, pictures and reports are made."""

    folder: RunFolder
    manifest: Manifest
    taxonomy: Taxonomy
    counted: tuple[Tally, ...]
    """Numbers of records by dataset, model, state and category."""
    summary: Summary
    display_path: DisplayPath
    """Gives the path under which a category's failures are shown."""

    @property
    def category_names(self) -> dict[str, str]:
        """Names of all categories by id."""
        return {path[-1].id: path[-1].name for path in self.taxonomy.walk()}

    def heatmap(self, *, depth: int = 1) -> Heatmap | None:
        """Categories of all models, one row per model; None if no sample was scored.

        Args:
            depth: Number of taxonomy levels to distinguish, at least 1.
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
        """The transition of each example from one model of the run to another.

        Args:
            before: A model of the run.
            after: The model to compare it with.
            depth: Number of taxonomy levels to distinguish, at least 1.

        Raises:
            InputError: The run does not have one of the models.
        """
        self.check_models((before, after))
        return transitions(
            pl.scan_parquet(self.folder.records),
            self.taxonomy,
            before=before,
            after=after,
            display_path=self.display_path,
            depth=depth,
        )

    def compared(self, before: str, after: str, *, depth: int = 1) -> Transitions:
        """As `transitions`, with at least one example.

        Raises:
            InputError: The models cannot be compared; the message says why.
        """
        where = self.manifest.exp_id
        self.check_models((before, after))
        if before == after:
            message = f"{before!r} is named twice; a comparison needs two different models"
            known = [model.model for model in self.summary.models]
            raise InputError(message, where=where, hint=closest("", known))
        if not self.manifest.attempts_known:
            hint = "its source holds failures only; compare models of a run of ErrorMap"
            raise InputError("the passing attempts are unknown", where=where, hint=hint)
        pair = self.transitions(before, after, depth=depth)
        if not pair.examples:
            raise self._nothing_shared(before, after)
        return pair

    def check_models(self, models: Sequence[str]) -> None:
        """Raises if the run does not have one of the models.

        Raises:
            InputError: Names the first missing model and those that exist; if the names are those
                of datasets, says how to combine the datasets.
        """
        known, where = [model.model for model in self.summary.models], self.manifest.exp_id
        if len(models) > 1 and set(models) <= self.manifest.datasets.keys() - set(known):
            message = f"{' and '.join(map(repr, models))} are datasets, not models"
            hint = "run their files with --dataset-name NAME --model-name '{model} ({file})'"
            raise InputError(message, where=where, hint=hint)
        refuse_unknown(models, known, what="model", where=where)

    def _nothing_shared(self, before: str, after: str) -> InputError:
        """The error for two models without a common example, with its remedy."""
        scored = FAILED | {"passed"}
        first, second = (
            sorted({t.dataset for t in self.counted if t.model == model and t.state in scored})
            for model in (before, after)
        )
        if set(first) & set(second):
            message = f"no example was scored for both {before!r} and {after!r}"
            hint = "the same example needs the same example_id and attempt for both models"
        else:
            message = f"{before!r} and {after!r} have no dataset in common: "
            message += f"{before!r} answered {_some(first)}, {after!r} answered {_some(second)}"
            hint = "if these are one dataset, run them with --dataset-name NAME"
        return InputError(message, where=self.manifest.exp_id, hint=hint)

    def _repr_html_(self) -> str:
        """The notebook view."""
        return summary_html(self.summary)

    def flow_examples(self, moved: Transitions, flow: Flow, *, depth: int = 1) -> pl.DataFrame:
        """The examples of one flow: dataset, example_id and repeat, sorted.

        Args:
            moved: The comparison of two models of the run.
            flow: One of its flows.
            depth: The depth at which the models were compared.
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
    """The first names, and how many more there are."""
    remaining = len(names) - _MAX_NAMED
    return ", ".join(names[:_MAX_NAMED]) + (f" and {remaining} more" if remaining > 0 else "")


def read_run(folder: RunFolder) -> FinishedRun:
    """Reads a finished run from disk.

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
        message = f"the run is damaged: {error}"
        raise StoreError(message, where=str(folder.records), hint="run it again") from error
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
    """Raises if records and taxonomy do not match, as in a folder that was edited by hand.

    Raises:
        StoreError: A name is not text, a state is unknown, or the taxonomy lacks a category.
    """
    for tally in counted:
        names = (tally.dataset, tally.model, tally.category)
        if not all(isinstance(name, str) for name in names):  # a column may hold bytes
            message = f"the run is damaged: {names!r} are not names"
        elif tally.state not in STATES:
            message = f"the run is damaged: unknown state {tally.state!r}"
        elif (tally.category or tally.state in STUDIED) and tally.category not in taxonomy:
            message = f"the run is damaged: its taxonomy has no category {tally.category!r}"
        else:
            continue
        raise StoreError(message, where=str(folder.records), hint="run it again")


def open_run(output_dir: Path | str, exp_id: str) -> FinishedRun:
    """Opens a finished run of an output folder.

    Raises:
        InputError: The run does not exist; the message names those that do.
        StoreError: Its files are damaged or missing.
    """
    return read_run(open_folder(Path(output_dir), exp_id))
