"""ErrorMap and run(): the whole run, stage by stage."""

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import anyio
import polars as pl

from .analysis import accounting
from .analysts.estimate import Estimate
from .analysts.factory import AtWork, analyst_at_work, estimate_of
from .analysts.offline.answers.route_learning import learn
from .analysts.offline.registry import chosen
from .analysts.texts import clipped
from .config import Direction, InferenceType, Provider, RunConfig, usable_cores
from .errors import InputError, ModelError, refuse_unknown
from .forked import refuse_fork
from .outputs.contract import CsvFile, preparation_columns, prepared_rows
from .outputs.manifest_builder import Told, manifest_of
from .outputs.notebook import summary_html
from .outputs.publish import Published, Publisher
from .outputs.summary import Summary, summary_of
from .progress import Noticed, Progress, Selected, silent
from .readers import (
    Catalog,
    InvalidRow,
    NameTemplate,
    ReadOptions,
    data_source,
    file_source,
    find_files,
)
from .records import STATES
from .stages.analysis import ask, rehearse
from .stages.induction import Induced
from .stages.preparation import Prepared, prepare
from .stages.selection import SELECTED, Selection
from .store import Draft, Manifest, RunFolder, telling_no_room

_FAILURES_A_PROCESS: Final = 500
"""Starting a process of the detectors takes 0.5 CPU s: as much as so many failures."""
_ASK_AGAIN: Final = (
    "the same command asks again where a call failed, with --retry-undiagnosed also where an "
    "answer was invalid"
)
_REASON_CHARS: Final = 160
"""Of a reason in a message, which has room for 500."""

_MAKE_ROOM: Final = "make room there, or choose another --output-dir"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult(Mapping[str, object]):
    """What a finished run gives back; reads like a dict of its first four fields too."""

    exp_id: str
    total_records: int
    """Rows of the accounting: every input row."""
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
        """What a notebook shows."""
        return summary_html(self.summary)


async def run_config(
    config: RunConfig, *, data: object = None, progress: Progress = silent
) -> RunResult:
    """A whole run, from tables to a map of failures.

    Args:
        config: What is asked for.
        data: A frame or an iterable of dicts instead of `config.data_path`.
        progress: Told what happens.

    Raises:
        InputError: The data or the options cannot be used; nothing was written.
        ModelError: The model could not be used, or too many failures stayed undiagnosed.
        BudgetExceeded: A ceiling was reached. Both have what was written, if anything was.
    """
    if config.dry_run:
        raise InputError("a dry run has no result", hint="await ErrorMap(...).estimate()")
    refuse_fork()
    started = time.monotonic()
    if config.examines:
        chosen(config.detectors, config.no_detector)  # refused before anything is read
    folder = RunFolder(config.output_dir, config.exp_id)
    catalog, notices = _open_catalog(config, data)
    with telling_no_room(config.output_dir, hint=_MAKE_ROOM), folder.writing():
        draft = Draft(folder.workshop)
        prepared = await _prepare(catalog, config, draft, folder=folder, progress=progress)
        invalid = _invalid_rows(catalog, config)
        notices = _told_to(progress, (*notices, *_reading_notices(catalog, invalid)))
        progress(_selected(draft, invalid))
        profiles = {name: learn(rows) for name, rows in prepared.taught.items()}
        async with analyst_at_work(config, profiles, progress) as at_work:
            induced, stopped = await ask(
                draft, at_work, folder=folder, rebuild=config.rebuild, progress=progress
            )
        notices += (*at_work.notices, *_told_to(progress, _asking_notices(at_work, induced)))
        publisher = Publisher(
            folder=folder,
            config=config,
            draft=draft,
            induced=induced,
            judge_model=at_work.analyst.name,
            template=at_work.template,
            extras=catalog.extras,
            repeats=prepared.repeats,
        )
        published = await publisher.publish(invalid)
        stopped = stopped or _too_few_left(
            published,
            induced,
            why=lambda: (at_work.cut, _most_lost_to(draft)),
            most=config.max_lost,
        )
        told = Told(
            catalog=catalog,
            prepared=prepared,
            profiles=profiles,
            at_work=at_work,
            published=published,
            notices=(*notices, *prepared.notices),
            seconds=time.monotonic() - started,
            whole=stopped is None and not induced.undivided,
        )
        manifest = manifest_of(config, told)
        folder.write_json(folder.config, config.storable())
        folder.write_json(folder.manifest, manifest.model_dump(mode="json"))
    result = _result(manifest, published, induced=induced, folder=folder)
    if stopped is not None:
        stopped.written = result
        raise stopped
    return result


async def estimate_config(
    config: RunConfig, *, data: object = None, progress: Progress = silent
) -> Estimate:
    """What a run would ask the model and what that costs; sends and writes nothing.

    Args:
        config: What is asked for.
        data: A frame or an iterable of dicts instead of `config.data_path`.
        progress: Told what happens.

    Raises:
        InputError: The data or the options cannot be used.
    """
    refuse_fork()
    dry = config.model_copy(update={"dry_run": True})
    catalog, notices = _open_catalog(dry, data)
    with TemporaryDirectory() as folder:
        draft = Draft(Path(folder))
        prepared = await prepare(catalog, dry, draft, on_selected=_let_go, progress=progress)
        invalid = _invalid_rows(catalog, dry)
        _told_to(progress, (*notices, *_reading_notices(catalog, invalid)))
        profiles = {name: learn(rows) for name, rows in prepared.taught.items()}
        async with analyst_at_work(_with_few_processes(dry, draft.failures), profiles) as at_work:
            titles = await rehearse(draft, at_work, progress) if at_work.unsent else 0
            return estimate_of(dry, at_work, failures=draft.failures, titles=titles)


def _with_few_processes(config: RunConfig, failures: int) -> RunConfig:
    """The configuration with no more processes than pay for themselves in so many failures."""
    most = config.processes or usable_cores()
    few = min(most, 1 + failures // _FAILURES_A_PROCESS)
    return config.model_copy(update={"processes": few})


def _let_go(selection: Selection) -> None:
    """Keeps nothing of it."""
    del selection


def _too_few_left(
    published: Published, induced: Induced, *, why: Callable[[], Sequence[str]], most: float
) -> ModelError | None:
    """What ends a run as failed whose files are written, but rest on too few of the failures.

    Args:
        published: The files.
        induced: The taxonomy and the places of its groups.
        why: Reads why failures are undiagnosed, each reason empty where it is not so.
        most: Share of the failures that may be lost.
    """
    accounted = accounting(published.counted)
    counts = dict(accounted)
    lost, unassigned = counts["undiagnosed"], counts["unassigned"]
    if lost > most * accounted.studied:
        share = f"{lost} of {accounted.studied} failures are undiagnosed"
        return ModelError(share, hint="; ".join(filter(None, (*why(), _ASK_AGAIN))))
    if unassigned > most * accounted.studied and not induced.places:
        nowhere = f"no error title was placed in a category: {unassigned} failures are unassigned"
        return ModelError(nowhere, hint=_ASK_AGAIN)
    return None


def _most_lost_to(draft: Draft) -> str:
    """Why most of the undiagnosed failures are; empty where there are none."""
    lost = draft.scan("outcomes").filter(pl.col("verdict").is_null()) if draft.failures else None
    if (
        lost is None
        or (reasons := lost.select(pl.col("reason").mode().sort()).collect()).is_empty()
    ):
        return ""
    return f"most often as {clipped(reasons.item(0, 0), _REASON_CHARS)!r}"


def _open_catalog(config: RunConfig, data: object) -> tuple[Catalog, tuple[str, ...]]:
    options = ReadOptions(
        columns=config.columns,
        encoding=config.encoding,
        strict=config.strict,
        dataset_name=config.dataset_name,
        model_name=None if config.model_name is None else NameTemplate.parse(config.model_name),
    )
    if data is None:
        files, left_alone = find_files(config.data_path)
        sources = [file_source(path, options) for path in files]
    else:
        sources, left_alone = [data_source(data, options)], []
    catalog = Catalog(sources, requested=config.datasets)
    known = {*catalog.extras, "correct_answer"}
    refuse_unknown(config.cols_to_keep or (), known, what="column", where="cols_to_keep")
    refuse_unknown(config.dataset_params, catalog.known, what="dataset", where="dataset_params")
    return catalog, tuple(left_alone)


async def _prepare(
    catalog: Catalog, config: RunConfig, draft: Draft, *, folder: RunFolder, progress: Progress
) -> Prepared:
    path = folder.part(folder.preparation)
    with CsvFile.open(path, preparation_columns(catalog.extras)) as file:

        def write(selection: Selection) -> None:
            file.add(prepared_rows(selection.records))

        return await prepare(catalog, config, draft, on_selected=write, progress=progress)


def _invalid_rows(catalog: Catalog, config: RunConfig) -> list[InvalidRow]:
    rows = [row for table in catalog.read.values() for row in table.invalid]
    if config.datasets is None:
        return rows
    return [row for row in rows if row.dataset is None or row.dataset in config.datasets]


def _reading_notices(catalog: Catalog, invalid: Sequence[InvalidRow]) -> Iterator[str]:
    for error in catalog.empty:
        yield f"{error}; the other files are read"
    for table in catalog.read.values():
        yield from table.notices
    yield from catalog.notices()
    if invalid:
        first = invalid[0]
        place = f"{first.file}:{first.line}"
        count = "1 row is" if len(invalid) == 1 else f"{len(invalid)} rows are"
        yield f"{count} invalid and set aside; the first: {place}: {first.reason}"


def _told_to(progress: Progress, notices: Iterable[str]) -> tuple[str, ...]:
    """The notices, each of which was told."""
    told = tuple(notices)
    for notice in told:
        progress(Noticed(notice))
    return told


def _asking_notices(at_work: AtWork, induced: Induced) -> Iterator[str]:
    if at_work.mock:
        yield "the answers are a mock's: nothing here says anything about the models"
    if at_work.cut:
        yield at_work.cut
    for told in induced.undivided:
        yield f"{told}; the same command tries again"


def _selected(draft: Draft, invalid: Sequence[InvalidRow]) -> Selected:
    counted = draft.scan("records").group_by("state").len().collect()
    by_state = dict(counted.iter_rows())
    by_state["undiagnosed"] = by_state.pop(SELECTED, 0)
    by_state["invalid"] = len(invalid)
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
    """One analysis, configured once; `await run()` does it.

    Args:
        inference_type: None for the LLM analyst if a model is named and the offline one else;
            `offline`, `litellm` and `litellm-mock` force it.
        litellm_config: Arguments for LiteLLM; wins over `judge` and `provider`.
        exp_id: Names the run's files: letters, digits, `.`, `_`, `-`; None for a time stamp.
        output_dir: Where the files go; None for `output`.
        data_path: A folder of result files, or one file.
        datasets: Names of the datasets to read; None for all.
        dataset_params: By dataset: `success_threshold`, `score_direction`.
        judge: The model that is to be the analyst.
        provider: `azure` or `rits`.
        seed: Of the sample and of every draw; None for 42.
        models: Models whose failures are studied; None for all.
        ratio: Share of the failures to study, in (0, 1].
        max_workers: Concurrent calls of an LLM analyst.
        use_correct_predictions: Show the analyst correct answers of other models.
        rare_freq: Top categories under this share are shown as "Other".
        cols_to_keep: Extra columns that the final files carry; None for all.
        data: A frame or an iterable of dicts, instead of files.
        columns: Canonical column name to the data's own name.
        dataset_name: Of all rows, whatever files and rows say; None for theirs.
        model_name: Template of the models' names, with `{model}`, `{file}`, `{dataset}`, `{run}`.
        encoding: Of text files.
        strict: Stop at the first invalid row.
        score_direction: `low` where less is better.
        processes: Of the offline analyst; None for one a core.
        dry_run: Refuse to run: only `estimate` can be awaited, which sends nothing.
        retry_undiagnosed: Ask again where the recorded answer was invalid.
        config_file: An `error-map.toml`; the arguments given here win over it.
        progress: Told what happens.
        settings: Any other field of RunConfig, such as `api_base` or `max_cost`.

    Raises:
        InputError: An argument cannot be used.
    """

    def __init__(
        self,
        inference_type: InferenceType | None = None,
        litellm_config: Mapping[str, Any] | None = None,
        exp_id: str | None = None,
        output_dir: Path | str | None = None,
        data_path: Path | str | None = None,
        datasets: Sequence[str] | None = None,
        dataset_params: Mapping[str, Mapping[str, object]] | None = None,
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
        columns: Mapping[str, str] | None = None,
        dataset_name: str | None = None,
        model_name: str | None = None,
        encoding: str | None = None,
        strict: bool | None = None,
        score_direction: Direction | None = None,
        processes: int | None = None,
        dry_run: bool | None = None,
        retry_undiagnosed: bool | None = None,
        config_file: Path | str | None = None,
        progress: Progress = silent,
        **settings: Any,  # noqa: ANN401 - RunConfig knows their types
    ) -> None:
        given = {**locals(), **settings}
        for name in ("self", "data", "config_file", "progress", "settings"):
            del given[name]
        self.config = RunConfig.load(given, file=Path(config_file) if config_file else None)
        self._data = data
        self._progress = progress

    async def run(self) -> RunResult:
        """The whole run; see `run_config`."""
        return await run_config(self.config, data=self._data, progress=self._progress)

    async def estimate(self) -> Estimate:
        """What the run would ask the model and what that costs; see `estimate_config`."""
        return await estimate_config(self.config, data=self._data, progress=self._progress)


async def run(**options: Any) -> RunResult:  # noqa: ANN401 - every argument of ErrorMap
    """One run with the arguments of `ErrorMap`."""
    return await ErrorMap(**options).run()


def run_sync(**options: Any) -> RunResult:  # noqa: ANN401 - every argument of ErrorMap
    """`run` for callers without an event loop."""
    if _in_a_loop():
        raise RuntimeError("an event loop is running: await error_map.run(...) instead of run_sync")
    return anyio.run(ErrorMap(**options).run)


def _in_a_loop() -> bool:
    """Whether an event loop runs here.

    It has ended before a run begins: an error of the run would be chained to its exception.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
