"""Writes the files of a finished run from its draft, one part at a time."""

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from typing import Final

import polars as pl
from anyio.lowlevel import checkpoint

from ..analysis import Tally, folding, tallies
from ..config import RunConfig
from ..readers import InvalidRow
from ..stages.assignment import (
    OUTCOME_COLUMNS,
    join_placements,
    no_placements,
    placements,
)
from ..stages.induction import Induced
from ..store import (
    EXAMPLE_KEY,
    INVALID_SCHEMA,
    KEY,
    OUTCOME_SCHEMA,
    PART_ROWS,
    STATE_COLUMNS,
    Draft,
    RunFolder,
)
from ..taxonomy import dump_taxonomy
from .contract import CsvFile, final_columns, final_rows, single_columns, single_rows
from .shared_answer import DOUBT, TRAP, shared_answers
from .tree_json import TreeFile

_RENDERED_BYTES: Final = 4 * 2**20
"""Failures that are rendered in one step: a step costs a millisecond however few they are, and its
memory grows with them."""
_MARKS: Final = ("benchmark_fault", "shared_answer")
_RECORD: Final = (*KEY, "score", "threshold", *STATE_COLUMNS[:2], "weight", STATE_COLUMNS[2])
"""Columns of the records file, in their order; the extra columns follow."""


@dataclass(frozen=True, slots=True)
class _Tables:
    """The CSV files that are open while failures are written."""

    single: CsvFile
    final: CsvFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The contents of the files in numbers."""

    counted: tuple[Tally, ...]
    """Records by dataset, model, state and category."""
    faults: dict[str, int]
    """Suspected benchmark faults, as failures by kind."""
    fault_examples: dict[str, int]
    """The same as examples."""
    traps: int
    """Failures with an answer that is a shared trap."""
    trap_examples: int
    """Examples of these."""


class _Marks:
    """Counts marked failures and their examples, some datasets at a time."""

    def __init__(self) -> None:
        self._failures: Counter[str] = Counter()
        self._examples: Counter[str] = Counter()

    def add(self, places: pl.DataFrame) -> None:
        """Adds the failures of whole datasets, as `_places` returns them."""
        trap = pl.col("shared_answer").is_not_null().and_(pl.col("benchmark_fault").is_null())
        mark = pl.when(trap).then(pl.lit(TRAP)).otherwise("benchmark_fault").alias("mark")
        counted = (
            places.lazy()
            .select(mark, pl.struct(EXAMPLE_KEY).alias("example"))
            .drop_nulls("mark")
            .group_by("mark")
            .agg(pl.len(), pl.col("example").n_unique())
            .collect()
        )
        for name, failures, examples in counted.iter_rows():
            self._failures[name] += failures
            self._examples[name] += examples

    def published(self, counted: tuple[Tally, ...]) -> Published:
        """The totals, next to the numbers of the records."""
        kinds = sorted(self._failures.keys() - {TRAP})
        return Published(
            counted=counted,
            faults={kind: self._failures[kind] for kind in kinds},
            fault_examples={kind: self._examples[kind] for kind in kinds},
            traps=self._failures[TRAP],
            trap_examples=self._examples[TRAP],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """Writes the tables of one run as temporary parts of its folder."""

    folder: RunFolder
    config: RunConfig
    draft: Draft
    induced: Induced
    judge_model: str
    template: str
    """Name and fingerprint of the diagnosis prompt; empty if no model was called."""
    extras: tuple[str, ...]
    """Extra columns of the input."""
    repeats: bool
    """Whether a model answered any example more than once."""

    async def publish(self, invalid: Sequence[InvalidRow]) -> Published:
        """Writes records, failures, taxonomy, invalid rows and the contract's final files.

        Stops between two parts if it is cancelled; the caller removes the parts.
        """
        marks = _Marks()
        for group in self._groups():
            await checkpoint()
            parts = self.draft.parts_of(group)
            places = self._places(group, parts)
            marks.add(places)
            self._place_records(group, places)
            self.draft.put_matching("places", self._stretches(parts), places)
        self.draft.write("placed", self.draft.record_parts, self._invalid_records(invalid))
        records = self.folder.part(self.folder.records)
        self.draft.scan("placed").sink_parquet(records)
        counted = tallies(pl.scan_parquet(records))
        await self._write_failures(counted)
        yaml = dump_taxonomy(self.induced.taxonomy)
        self.folder.part(self.folder.taxonomy).write_text(yaml, encoding="utf-8")
        _invalid_frame(invalid).write_csv(self.folder.part(self.folder.invalid_rows))
        return marks.published(counted)

    def _places(self, group: range, parts: range) -> pl.DataFrame:
        """Placements of the studied failures of whole datasets, with suspected benchmark faults."""
        if not parts:
            return no_placements().with_columns(pl.lit(None, pl.String).alias(n) for n in _MARKS)
        keys = self.draft.read("failures", parts, KEY)
        outcomes = self.draft.read("outcomes", parts, (*OUTCOME_COLUMNS, "answer"))
        attempts = self.draft.read("records", group, (*EXAMPLE_KEY, "model", "state"))
        texts = self.draft.read("failures", parts, ("input_text", "correct_answer"))
        answered = keys.hstack(outcomes.select("answer")).hstack(texts)
        placed = placements(keys, outcomes, self.induced).hstack(shared_answers(attempts, answered))
        scored_wrong = pl.col("state") == "no_error_found"
        suspect = (
            pl.when(scored_wrong)
            .then(pl.lit("scorer"))
            .when(pl.col("shared") == DOUBT)
            .then(pl.lit("consensus"))
        )
        shared = pl.when(~scored_wrong).then("shared_answer").alias("shared_answer")
        return placed.with_columns(suspect.alias("benchmark_fault"), shared)

    def _place_records(self, group: range, places: pl.DataFrame) -> None:
        placed = join_placements(self.draft.read("records", group), places)
        self.draft.write("placed", group.start, placed.select(*_RECORD, *self.extras))

    def _invalid_records(self, invalid: Sequence[InvalidRow]) -> pl.DataFrame:
        texts = dict.fromkeys((*_RECORD, *self.extras), pl.String)
        numbers = {"repeat": pl.Int32, "score": pl.Float64, "threshold": pl.Float64}
        rows = [{"dataset": r.dataset, "state": r.state, "reason": r.reason} for r in invalid]
        return pl.DataFrame(rows, schema={**texts, **numbers, "weight": pl.Float64})

    async def _write_failures(self, counted: Sequence[Tally]) -> None:
        taxonomy = self.induced.taxonomy
        display_path = folding(counted, taxonomy, rare_below=self.config.rare_freq)
        with (
            self._single_file() as single,
            self._final_file() as final,
            TreeFile(self.folder.workshop, taxonomy) as tree,
            ThreadPoolExecutor(max_workers=1) as table_writer,
        ):
            tables = _Tables(single, final)
            datasets = map(self.draft.parts_of, self._groups())
            for parts in chain.from_iterable(map(self._stretches, datasets)):
                await checkpoint()
                failures = self._studied_in(parts)
                self.draft.write("studied", parts.start, failures)
                rows = final_rows(
                    failures, taxonomy, display_path=display_path, judge_model=self.judge_model
                )
                # In a thread: Polars releases Python's lock, which rendering the tree needs.
                writing = table_writer.submit(self._write_tables, failures, rows, tables)
                tree.add(rows, [display_path(one)[-1] for one in failures["category_id"].to_list()])
                writing.result()
            await checkpoint()
            tree.write(self.folder.part(self.folder.final_json))
        await checkpoint()
        self._join_failures()

    def _studied_in(self, parts: range) -> pl.DataFrame:
        return _studied(
            self.draft.read("failures", parts),
            self.draft.read("outcomes", parts),
            self.draft.read("places", parts.start),
        )

    def _write_tables(self, failures: pl.DataFrame, rows: pl.DataFrame, files: _Tables) -> None:
        files.final.add(rows)
        files.single.add(
            single_rows(failures, judge_model=self.judge_model, template=self.template)
        )

    def _groups(self) -> Iterator[range]:
        return self.draft.groups(_RENDERED_BYTES)

    def _stretches(self, parts: range) -> Iterator[range]:
        return self.draft.stretches(parts, _RENDERED_BYTES)

    def _single_file(self) -> CsvFile:
        path = self.folder.part(self.folder.single_error)
        return CsvFile.open(path, single_columns(self.extras))

    def _final_file(self) -> CsvFile:
        kept = self.extras if self.config.cols_to_keep is None else self.config.cols_to_keep
        depth = self.induced.taxonomy.depth
        columns = final_columns(kept, depth=depth, repeats=self.repeats)
        return CsvFile.open(self.folder.part(self.folder.final_csv), columns)

    def _join_failures(self) -> None:
        path = self.folder.part(self.folder.failures)
        if self.draft.failures:
            self.draft.scan("studied").sink_parquet(path, row_group_size=PART_ROWS)
        else:
            failures = pl.DataFrame(schema=self.draft.failure_schema)
            outcomes = pl.DataFrame(schema=OUTCOME_SCHEMA)
            _studied(failures, outcomes, self._places(range(0), range(0))).write_parquet(path)


def _studied(failures: pl.DataFrame, outcomes: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """Failures joined with their outcomes and placements, row by row."""
    own = failures.drop("state").hstack(outcomes.drop("reason"))
    return own.hstack(places.select(*STATE_COLUMNS, *_MARKS))


def _invalid_frame(invalid: Sequence[InvalidRow]) -> pl.DataFrame:
    rows = [(row.file, row.line, row.reason, row.dataset, row.state) for row in invalid]
    return pl.DataFrame(rows, schema=INVALID_SCHEMA, orient="row")
