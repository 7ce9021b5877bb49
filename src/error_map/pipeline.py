"""The whole run: prepare, analyse, publish; and `ErrorMap` and `run`, which start one."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Unpack

import anyio
import polars as pl

from .analysis import Tally, accounting, studied_by_dataset
from .analysts.base import AnalystDescription, ComparedAnswer
from .analysts.estimate import Estimate
from .analysts.factory import open_analyst, open_dry_run, refuse_unknown_detectors
from .analysts.texts import clipped
from .config import RunConfig
from .errors import ErrorMapError, InputError, ModelError
from .forked import refuse_fork
from .options import DatasetOptions, InferenceType, Options, OwnOptions, Provider, ReferenceOptions
from .outputs.contract import CsvFile, preparation_columns, prepared_rows
from .outputs.cut_off import cut_off_notices
from .outputs.manifest_builder import RunFacts, manifest_of
from .outputs.notebook import summary_html
from .outputs.publish import Published, Publisher
from .outputs.summary import Summary, summary_of
from .presentation.coverage import coverage_lines
from .presentation.formatting import count
from .progress import Noticed, Progress, Selected, silent
from .readers import InvalidRow
from .records import STATES
from .stages.analysis import Analysis, analyse, rehearse
from .stages.compared import SELECTED
from .stages.induction import Induced
from .stages.preparation import Prepared, prepare
from .stages.reading import invalid_rows, open_catalog, reading_notices
from .stages.selection import Selection
from .store import Draft, Manifest, RunFolder, telling_no_room

_TRY_AGAIN: Final = (
    "the same command repeats the calls that failed; with --retry-undiagnosed also those whose "
    "reply was invalid"
)
_MAX_REASON_CHARS: Final = 160
"""Maximum of a reason that a hint quotes: a third of the characters that a hint may have."""
# Fewer are known from the table of suspected faults; these are worth a look at the scorer itself.
_MIN_RIGHT_FAILURES: Final = 5
"""Failures of a dataset that look right, from which on a notice says so."""
_MIN_RIGHT_SHARE: Final = 0.03
"""Share of the studied failures of a dataset that these must be; good scorers miss about 1 %."""
_MAKE_ROOM: Final = "free some space there, or choose another --output-dir"


class RunArguments(Options, total=False):
    """The keyword arguments of `run` and `run_sync`."""

    data: object
    """A frame or an iterable of dicts, instead of files."""
    config_file: Path | str | None
    """An `error-map.toml`; options that are given directly win over it."""
    progress: Progress
    """Receives the events of the run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult(Mapping[str, object]):
    """The result of a finished run; its first four fields can be read like a dict's."""

    exp_id: str
    total_records: int
    """Every input row, valid or not."""
    error_records: int
    """Failures that were studied."""
    completed_at: str
    """ISO 8601, UTC."""
    summary: Summary = field(repr=False)
    folder: RunFolder = field(repr=False)

    def __getitem__(self, name: str) -> object:
        if name not in tuple(self):
            raise KeyError(name)
        return getattr(self, name)

    def __iter__(self) -> Iterator[str]:
        return iter(("exp_id", "total_records", "error_records", "completed_at"))

    def __len__(self) -> int:
        return 4

    def _repr_html_(self) -> str:
        """The run as a notebook shows it."""
        return summary_html(self.summary)


async def run_config(
    config: RunConfig, *, data: object = None, progress: Progress = silent
) -> RunResult:
    """Runs the whole analysis, from tables to a map of failures.

    Args:
        config: The options.
        data: A frame or an iterable of dicts, instead of `config.data_path`.
        progress: Receives the events of the run.

    Raises:
        InputError: The data or the options cannot be used; nothing was written.
        ModelError: The model could not be used, or too many failures stayed undiagnosed.
        BudgetExceeded: A limit was reached. `written` of both has the result, if there is one.
    """
    if config.dry_run:
        raise InputError("a dry run has no result", hint="await ErrorMap(...).estimate()")
    folder = RunFolder(config.output_dir, config.exp_id)
    # Opens the data before the folder is created, so that bad input leaves nothing behind.
    run = Run(config, data, draft=Draft(folder.workshop), progress=progress)
    with telling_no_room(config.output_dir, hint=_MAKE_ROOM), folder.writing():
        columns = preparation_columns(run.catalog.extras)
        with CsvFile.open(folder.part(folder.preparation), columns) as file:
            prepared = await run.prepare(lambda one: file.add(prepared_rows(one.records)))
        analysis = await run.analyse(prepared, folder)
        result, stopped = await run.publish(prepared, analysis, folder)
    if stopped is not None:
        stopped.written = result
        raise stopped
    return result


async def estimate_config(
    config: RunConfig, *, data: object = None, progress: Progress = silent
) -> Estimate:
    """Estimates the calls and the cost of a run; sends and writes nothing.

    Args:
        config: The options.
        data: A frame or an iterable of dicts, instead of `config.data_path`.
        progress: Receives the events.

    Raises:
        InputError: The data or the options cannot be used.
    """
    with TemporaryDirectory() as folder:
        run = Run(config, data, draft=Draft(Path(folder)), progress=progress)
        prepared = await run.prepare(_ignore)
        return await run.estimate(prepared)


class Run:
    """One run in three steps: `prepare` reads and selects, `analyse` diagnoses, `publish` writes.

    Args:
        config: The options.
        data: A frame or an iterable of dicts, instead of `config.data_path`; None for files.
        draft: Holds the intermediate tables.
        progress: Receives the events.

    Raises:
        InputError: The data or the options cannot be used.
    """

    def __init__(
        self, config: RunConfig, data: object, *, draft: Draft, progress: Progress
    ) -> None:
        refuse_fork()
        refuse_unknown_detectors(config)  # before minutes are spent on reading
        self._started_s = time.monotonic()
        self._config = config
        self._draft = draft
        self._progress = progress
        self.catalog, self._opening_notices = open_catalog(config, data)
        self._notices: list[str] = []
        """Messages that the user has seen so far."""
        self._invalid: list[InvalidRow] = []

    async def prepare(self, on_selected: Callable[[Selection], None]) -> Prepared:
        """Reads all data and selects the failures to study.

        Args:
            on_selected: Called with each dataset's records before their texts are released.
        """
        prepared = await prepare(
            self.catalog,
            self._config,
            self._draft,
            on_selected=on_selected,
            progress=self._progress,
        )
        self._invalid = invalid_rows(self.catalog, self._config)
        self._notify((*self._opening_notices, *reading_notices(self.catalog, self._invalid)))
        self._progress(_selected(self._draft, self._invalid))
        return prepared

    async def analyse(self, prepared: Prepared, folder: RunFolder) -> Analysis:
        """Has the analyst diagnose the failures and sort them into a taxonomy."""
        async with open_analyst(self._config, self._progress) as analyst:
            analyst.prepare(prepared.samples)
            self._announce(analyst.describe())
            await analyst.compare(_compared(self._draft))
            analysis = await analyse(
                self._draft,
                analyst,
                folder=folder,
                rebuild=self._config.rebuild,
                progress=self._progress,
            )
        self._notices.extend(analysis.analyst.notices)  # reported while the model was called
        self._notify(_analysis_notices(analysis))
        return analysis

    async def estimate(self, prepared: Prepared) -> Estimate:
        """Rehearses the diagnosis without sending anything, and counts what would be sent."""
        failures = self._draft.failures
        async with open_dry_run(self._config, failures=failures) as dry_run:
            titles = 0
            dry_run.analyst.prepare(prepared.samples)
            self._announce(dry_run.analyst.describe())
            if dry_run.unsent:  # the offline analyst costs nothing, so its detectors need not run
                await dry_run.analyst.compare(_compared(self._draft))
                titles = await rehearse(self._draft, dry_run.analyst, self._progress)
            return dry_run.estimate(failures=failures, titles=titles)

    async def publish(
        self, prepared: Prepared, analysis: Analysis, folder: RunFolder
    ) -> tuple[RunResult, ErrorMapError | None]:
        """Writes the run's files.

        Returns:
            The result, and the error with which the run ends although its files are written.
        """
        publisher = Publisher(
            folder=folder,
            config=self._config,
            draft=self._draft,
            induced=analysis.induced,
            judge_model=analysis.analyst.name,
            template=analysis.analyst.template,
            extras=self.catalog.extras,
            repeats=prepared.repeats,
        )
        published = await publisher.publish(self._invalid)
        self._notify(_scorer_notices(published.counted, judged=bool(analysis.analyst.prompts)))
        self._notify(cut_off_notices(folder.part(folder.failures), published.counted))
        stopped = analysis.stopped or self._too_many_lost(published, analysis)
        facts = RunFacts(
            catalog=self.catalog,
            prepared=prepared,
            analyst=analysis.analyst,
            published=published,
            notices=(*self._notices, *prepared.notices),
            seconds=time.monotonic() - self._started_s,
            whole=stopped is None and not analysis.induced.undivided,
        )
        manifest = manifest_of(self._config, facts)
        folder.write_json(folder.config, self._config.storable())
        folder.write_json(folder.manifest, manifest.model_dump(mode="json"))
        result = _result(manifest, published, induced=analysis.induced, folder=folder)
        return result, stopped

    def _too_many_lost(self, published: Published, analysis: Analysis) -> ModelError | None:
        """The error of a run whose files are written, but describe too few of its failures."""
        accounted = accounting(published.counted)
        counts = dict(accounted)
        lost, unassigned = counts["undiagnosed"], counts["unassigned"]
        tolerated = self._config.max_lost * accounted.studied
        # A chart of the failures that happened to be diagnosed would mislead.
        if lost > tolerated:
            message = f"{lost} of {accounted.studied} failures are undiagnosed"
            reasons = (analysis.analyst.truncation, _most_common_reason(self._draft), _TRY_AGAIN)
            return ModelError(message, hint="; ".join(filter(None, reasons)))
        if unassigned > tolerated and not analysis.induced.places:
            message = (
                f"no error title was placed in a category: {unassigned} failures are unassigned"
            )
            return ModelError(message, hint=_TRY_AGAIN)
        return None

    def _announce(self, analyst: AnalystDescription) -> None:
        """Says what the detectors can do for each dataset; the manifest keeps it as figures."""
        distrust = {name: route.distrust for name, route in analyst.routes.items()}
        for line in coverage_lines(analyst.coverage, distrust):
            self._progress(Noticed(line))

    def _notify(self, notices: Iterable[str]) -> None:
        for notice in notices:
            self._notices.append(notice)
            self._progress(Noticed(notice))


def _most_common_reason(draft: Draft) -> str:
    """Why most of the undiagnosed failures are undiagnosed; empty if none is."""
    if not draft.failures:
        return ""
    lost = draft.scan("outcomes").filter(pl.col("verdict").is_null())
    reasons = lost.select(pl.col("reason").mode().sort()).collect()
    if reasons.is_empty():
        return ""
    return f"most often as {clipped(reasons.item(0, 0), _MAX_REASON_CHARS)!r}"


def _analysis_notices(analysis: Analysis) -> Iterator[str]:
    if analysis.analyst.is_mock:
        yield "the answers are a mock's: nothing here says anything about the models"
    if analysis.analyst.truncation:
        yield analysis.analyst.truncation
    for reason in analysis.induced.undivided:
        yield f"{reason}; the same command tries again"


def _scorer_notices(counted: Sequence[Tally], *, judged: bool) -> Iterator[str]:
    """One notice per dataset in which many failures look right."""
    studied = studied_by_dataset(counted)
    right: Counter[str] = Counter()
    for tally in counted:
        right[tally.dataset] += tally.rows if tally.state == "no_error_found" else 0
    what = "are without an error that the judge finds" if judged else "hold the reference's answer"
    for dataset, rows in sorted(right.items()):
        if rows >= max(_MIN_RIGHT_FAILURES, _MIN_RIGHT_SHARE * studied[dataset]):
            yield (
                f"{rows:,} of the {count(studied[dataset], 'studied failure')} of {dataset} {what}:"
                " check the scorer"
            )


def _compared(draft: Draft) -> Iterator[list[ComparedAnswer]]:
    for answers, passed in draft.compared():
        yield list(map(ComparedAnswer, answers, passed))


def _ignore(selection: Selection) -> None:
    """Stores nothing: a dry run needs no table of the prepared records."""
    del selection


def _selected(draft: Draft, invalid: Sequence[InvalidRow]) -> Selected:
    counted = draft.scan("records").group_by("state").len().collect()
    by_state = dict(counted.iter_rows())
    by_state["undiagnosed"] = by_state.pop(SELECTED, 0)
    for row in invalid:
        by_state[row.state] = by_state.get(row.state, 0) + 1
    return Selected({state: by_state.get(state, 0) for state in STATES})


def _result(
    manifest: Manifest, published: Published, *, induced: Induced, folder: RunFolder
) -> RunResult:
    summary = summary_of(manifest, published.counted, induced.taxonomy)
    return RunResult(
        exp_id=manifest.exp_id,
        total_records=summary.accounting.rows,
        error_records=summary.accounting.studied,
        completed_at=manifest.completed_at,
        summary=summary,
        folder=folder,
    )


class ErrorMap:
    """One analysis, configured once; `await run()` runs it.

    Args:
        inference_type: This and the other options are described in `error_map.options` and by
            `error-map --help`; None means the default.
        data: A frame or an iterable of dicts, instead of files.
        config_file: An `error-map.toml`; options that are given here win over it.
        progress: Receives the events of the run.
        options: The options that the reference implementation does not have.

    Raises:
        InputError: An option is unknown or its value cannot be used.
    """

    def __init__(
        self,
        inference_type: InferenceType | None = None,
        litellm_config: Mapping[str, object] | None = None,
        exp_id: str | None = None,
        output_dir: Path | str | None = None,
        data_path: Path | str | None = None,
        datasets: Sequence[str] | None = None,
        dataset_params: Mapping[str, DatasetOptions] | None = None,
        judge: str | None = None,
        provider: Provider | None = None,
        seed: int | None = None,
        models: Sequence[str] | None = None,
        ratio: float | None = None,
        max_workers: int | None = None,
        use_correct_predictions: bool | None = None,  # noqa: FBT001 - the contract
        rare_freq: float | None = None,
        cols_to_keep: Sequence[str] | None = None,
        *,
        data: object = None,
        config_file: Path | str | None = None,
        progress: Progress = silent,
        **options: Unpack[OwnOptions],
    ) -> None:
        reference = ReferenceOptions(
            inference_type=inference_type,
            litellm_config=litellm_config,
            exp_id=exp_id,
            output_dir=output_dir,
            data_path=data_path,
            datasets=datasets,
            dataset_params=dataset_params,
            judge=judge,
            provider=provider,
            seed=seed,
            models=models,
            ratio=ratio,
            max_workers=max_workers,
            use_correct_predictions=use_correct_predictions,
            rare_freq=rare_freq,
            cols_to_keep=cols_to_keep,
        )
        file = Path(config_file) if config_file else None
        self.config = RunConfig.load({**reference, **options}, file=file)
        self._data = data
        self._progress = progress

    async def run(self) -> RunResult:
        """Runs the analysis; see `run_config`."""
        return await run_config(self.config, data=self._data, progress=self._progress)

    async def estimate(self) -> Estimate:
        """Estimates the calls and the cost of the run; see `estimate_config`."""
        return await estimate_config(self.config, data=self._data, progress=self._progress)


async def run(**arguments: Unpack[RunArguments]) -> RunResult:
    """Runs one analysis with the arguments of `ErrorMap`."""
    return await ErrorMap(**arguments).run()


def run_sync(**arguments: Unpack[RunArguments]) -> RunResult:
    """`run` for callers without an event loop.

    Raises:
        RuntimeError: An event loop is running; await `run` instead.
    """
    if _in_a_loop():
        raise RuntimeError("an event loop is running: await error_map.run(...) instead of run_sync")
    return anyio.run(ErrorMap(**arguments).run)


def _in_a_loop() -> bool:
    """Whether an event loop is running.

    In a function of its own, so that its exception is handled before a run begins: an error of the
    run would be chained to it.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
