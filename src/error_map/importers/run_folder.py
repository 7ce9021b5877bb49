"""Converts results of another program, or without their run, to an ordinary run folder."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from hashlib import file_digest
from pathlib import Path
from typing import Final

import polars as pl

from ..analysis import accounting, tallies
from ..clock import current_time
from ..config import check_name
from ..errors import InputError, closest
from ..progress import Progress, StageEnded, StageMoved, StageStarted, silent
from ..records import CategoryId
from ..store import (
    EXAMPLE_KEY,
    INVALID_SCHEMA,
    KEY,
    PART_ROWS,
    DatasetEntry,
    FileKind,
    InputFile,
    Manifest,
    RunFolder,
    telling_no_room,
    versions,
)
from ..taxonomy import (
    HARD_TO_ANALYZE,
    NO_ERROR_FOUND,
    NOT_DIAGNOSED,
    OTHER,
    Taxonomy,
    dump_taxonomy,
)
from .leaf import Growth, Leaf
from .rows import NODE, Rows, rows_frame
from .tables import csv_leaves, parquet_leaves
from .tree import RAW, tree_leaves

STAGE: Final = "reading"
UNKNOWN: Final = "unknown"
_READERS: Final[Mapping[str, Callable[[Path, Growth], Iterator[Leaf]]]] = {
    ".json": tree_leaves,
    ".csv": partial(csv_leaves, separator=","),
    ".tsv": partial(csv_leaves, separator="\t"),
    ".parquet": parquet_leaves,
}
_KINDS: Final[tuple[FileKind, ...]] = ("records", "failures", "taxonomy", "invalid_rows")
_MAKE_ROOM: Final = "make room there, or let TMPDIR name a folder that has room"
_NO_NAME: Final = re.compile(r"[^\w.-]+")
_NAME_CHARS: Final = 60
_LACKS: Final = {
    "score": "The file has no scores.",
    "input_text": "The file has no prompts.",
    "output_text": "The file has no outputs.",
    "correct_answer": "The file has no reference answers.",
    "correct_outputs": "The file has no correct answers of other models.",
    "findings": "The file does not say where in the outputs the evidence is.",
}
_ALWAYS: Final = (
    "The file holds failures only: how many attempts there were, and how many passed, is unknown.",
    "The rule by which an answer counts as a failure is unknown.",
    "Whether all failures were analysed or only a sample is unknown.",
)
_NAMELESS: Final = "Names of categories were derived from their ids: the file does not have them."


def open_results(path: Path, into: Path, progress: Progress = silent) -> RunFolder:
    """Writes a run folder from one file of analysed failures, ours or the reference's.

    Supported files: the contract's final JSON tree, its final CSV, a failures file of ours
    (Parquet), or a table with `error_title`, `error_summary` or `judge_response`. Every failure of
    the file becomes a row, or an invalid row with the reason. The manifest lists what the file
    lacks. Memory does not grow with the file.

    Args:
        path: The file; its suffix says what it is.
        into: The folder that receives the run's files; created if it does not exist.
        progress: Receives the number of failures read so far; the total is not known in advance.

    Raises:
        InputError: The file is something else, or cannot be read, or `into` cannot be written to.
    """
    reader = _READERS.get(path.suffix.lower())
    if not path.is_file():
        raise InputError("no such file", where=str(path))
    if reader is None:
        hint = closest(path.suffix, _READERS)
        raise InputError(f"no results can be read from {path.suffix!r}", where=str(path), hint=hint)
    folder = RunFolder(into, _run_name(path))
    try:
        with telling_no_room(into, hint=_MAKE_ROOM), folder.writing(folder.read_back):
            _Import(path, folder).run(reader, progress)
    except OSError as error:
        raise InputError(f"cannot read or write: {error}", where=str(path)) from error
    return folder


def _run_name(path: Path) -> str:
    name = path.stem.rpartition("exp_id=")[2]
    plain = _NO_NAME.sub("_", name).strip("_.")[:_NAME_CHARS]
    try:
        return check_name(plain, what="a run")
    except InputError:
        return "results"


class _Import:
    """The import of one file into a run folder."""

    def __init__(self, path: Path, folder: RunFolder) -> None:
        self._path = path
        self._folder = folder
        self._growth = Growth()
        self._rows = Rows(path.stem)
        self._invalid: list[tuple[str, int, str, None, str]] = []
        self._parts = 0

    def run(self, reader: Callable[[Path, Growth], Iterator[Leaf]], progress: Progress) -> None:
        """Writes the run's files as parts."""
        progress(StageStarted(STAGE, 0))
        pending: list[dict[str, object]] = []
        done = 0
        for done, leaf in enumerate(reader(self._path, self._growth), 1):
            row = self._rows.row(leaf)
            if isinstance(row, str):
                self._invalid.append((self._path.name, leaf.place, row, None, "invalid"))
            else:
                pending.append(row)
            if len(pending) == PART_ROWS:
                self._keep(pending)
                pending = []
                progress(StageMoved(STAGE, done))
        self._keep(pending)
        progress(StageEnded(STAGE, done))
        if not self._parts:
            first = f"; the first: {self._invalid[0][2]}" if self._invalid else ""
            raise InputError(f"no failure in it{first}", where=str(self._path), hint=RAW)
        self._write()

    def _keep(self, rows: list[dict[str, object]]) -> None:
        if rows:
            frame = rows_frame(rows, self._rows.schema)
            # Parts on disk, so that memory does not grow with the file.
            frame.write_parquet(self._part(self._parts), compression="lz4")
            self._parts += 1

    def _part(self, number: int) -> Path:
        return self._folder.workshop / f"leaves-{number:06}.parquet"

    def _write(self) -> None:
        taxonomy, found = self._growth.grown()
        kept = tuple(self._rows.kept)
        parts = pl.scan_parquet(
            [self._part(number) for number in range(self._parts)],
            glob=False,
            schema=self._rows.schema,
            missing_columns="insert",
        )
        failures = self._folder.part(self._folder.failures)
        placed(parts, taxonomy, found).sink_parquet(failures, row_group_size=PART_ROWS)
        self._write_records(failures, kept)
        yaml = dump_taxonomy(taxonomy)
        self._folder.part(self._folder.taxonomy).write_text(yaml, encoding="utf-8")
        invalid = pl.DataFrame(self._invalid, schema=INVALID_SCHEMA, orient="row")
        invalid.write_csv(self._folder.part(self._folder.invalid_rows))
        manifest = self._manifest()
        self._folder.write_json(self._folder.manifest, manifest.model_dump(mode="json"))

    def _write_records(self, failures: Path, kept: tuple[str, ...]) -> None:
        columns = ("score", "threshold", "state", "reason", "weight", "category_id")
        records = pl.scan_parquet(failures, glob=False).select(*KEY, *columns, *kept)
        reasons = [reason for _, _, reason, *_ in self._invalid]
        invalid = pl.LazyFrame(
            {"state": "invalid", "reason": reasons}, schema_overrides={"reason": pl.String}
        )
        both = pl.concat([records, invalid], how="diagonal")
        both.sink_parquet(self._folder.part(self._folder.records))

    def _manifest(self) -> Manifest:
        records = pl.scan_parquet(self._folder.part(self._folder.records), glob=False)
        failures = pl.scan_parquet(self._folder.part(self._folder.failures), glob=False)
        accounted = accounting(tallies(records))
        judges = sorted(judge for judge in self._rows.judges if judge)
        with self._path.open("rb") as stream:
            fingerprint = file_digest(stream, "sha256").hexdigest()
        source = InputFile(name=self._path.name, sha256=fingerprint, invalid=len(self._invalid))
        marked = failures.drop_nulls("benchmark_fault").group_by("benchmark_fault")
        examples = pl.struct(EXAMPLE_KEY).n_unique().alias("examples")
        faults = marked.agg(pl.len(), examples).sort("benchmark_fault").collect()
        thresholds = failures.group_by("dataset").agg(pl.col("threshold").first()).sort("dataset")
        return Manifest(
            exp_id=self._folder.exp_id,
            analyst=", ".join(judges[:3]) or UNKNOWN,
            versions=versions(),
            completed_at=current_time(),
            seconds=0.0,
            ratio=1.0,
            seed=0,
            rare_freq=0.0,
            inputs=(source,),
            datasets={
                dataset: DatasetEntry(threshold=threshold or 0.0, rule=UNKNOWN, origin=UNKNOWN)
                for dataset, threshold in thresholds.collect().iter_rows()
            },
            models=tuple(failures.select(pl.col("model").unique().sort()).collect()["model"]),
            accounting=dict(accounted),
            rows=accounted.rows,
            faults=dict(faults.select("benchmark_fault", "len").iter_rows()),
            fault_examples=dict(faults.select("benchmark_fault", "examples").iter_rows()),
            notices=self._notices(),
            lacks=self._lacks(),
            files={kind: self._folder.named[kind] for kind in _KINDS},
            attempts_known=False,
        )

    def _notices(self) -> tuple[str, ...]:
        notices = [f"opened from {self._path.name}, which is not a run"]
        if self._invalid:
            _, place, reason, *_ = self._invalid[0]
            first = f"the first: {place}: {reason}"
            notices.append(f"{len(self._invalid)} failures are invalid and set aside; {first}")
        return tuple(notices)

    def _lacks(self) -> tuple[str, ...]:
        lacking = (lack for name, lack in _LACKS.items() if not self._rows.filled[name])
        nameless = (_NAMELESS,) if self._growth.nameless else ()
        return (*_ALWAYS, *lacking, *nameless)


def placed(rows: pl.LazyFrame, taxonomy: Taxonomy, found: Mapping[int, CategoryId]) -> pl.LazyFrame:
    """Rows with their categories, and with the state and verdict that follow from these.

    Args:
        rows: Columns of `ROW_SCHEMA`, optional and kept ones.
        taxonomy: Taxonomy of the imported file.
        found: Category by node.
    """
    states = {NOT_DIAGNOSED: "undiagnosed", NO_ERROR_FOUND: "no_error_found", OTHER: "unassigned"}
    verdicts = {
        NOT_DIAGNOSED: None,
        NO_ERROR_FOUND: "no error found",
        HARD_TO_ANALYZE: "unexplained",
    }
    tops = {node: taxonomy.path(category)[0].id for node, category in found.items()}
    places = pl.LazyFrame(
        {
            NODE: list(found),
            "category_id": list(found.values()),
            "state_here": [states.get(top, "assigned") for top in tops.values()],
            "verdict_here": [verdicts.get(top, "error") for top in tops.values()],
        },
        schema={
            NODE: pl.Int64,
            **dict.fromkeys(("category_id", "state_here", "verdict_here"), pl.String),
        },
    )
    nowhere = pl.col("category_id").is_null()
    undiagnosed = pl.col("state") == "undiagnosed"
    bare = pl.col("reason") == ""
    return (
        rows.join(places, on=NODE, how="left", maintain_order="left")
        .with_columns(
            pl.coalesce("state", "state_here", pl.lit("unassigned")),
            pl.when(nowhere & bare)
            .then(pl.lit("the file names no category"))
            .otherwise("reason")
            .alias("reason"),
        )
        .with_columns(
            # Every failure needs a category, and "Other" is the one that claims nothing.
            pl.col("category_id").fill_null(OTHER),
            pl.when(undiagnosed)
            .then(None)
            .otherwise(pl.coalesce("verdict", "verdict_here", pl.lit("error")))
            .alias("verdict"),
            pl.when(undiagnosed & bare).then("error_summary").otherwise("reason").alias("reason"),
            pl.when(undiagnosed & bare)
            .then(pl.lit(""))
            .otherwise("error_summary")
            .alias("error_summary"),
            pl.coalesce(
                "benchmark_fault",
                pl.when(pl.col("state") == "no_error_found").then(pl.lit("scorer")),
            ),
        )
        .drop(NODE, "state_here", "verdict_here")
    )
