"""Everything that a finished run leaves, rendered from its draft a part at a time."""

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from typing import Final

import polars as pl
from anyio.lowlevel import checkpoint

from ..analysis import Tally, consensus, folding, tallies
from ..config import RunConfig
from ..readers import InvalidRow
from ..stages.assignment import standings
from ..stages.induction import Induced
from ..stages.sampling import KEY
from ..store import OUTCOME_SCHEMA, PART_ROWS, Draft, RunFolder
from ..taxonomy import dump_taxonomy
from .contract import CsvFile, final_columns, final_rows, single_columns, single_rows
from .tree_json import TreeFile

_TOGETHER_BYTES: Final = 4 * 2**20
"""Failures that are rendered together: a step costs a millisecond, however few they are."""
_LIGHT: Final = ("verdict", "error_title", "detector", "reason", "answer")
_STANDING: Final = ("state", "reason", "category_id")
_RECORD: Final = (*KEY, "score", "threshold", *_STANDING[:2], "weight", _STANDING[2])


@dataclass(frozen=True, slots=True)
class _Tables:
    single: CsvFile
    final: CsvFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What the files hold, in figures."""

    counted: tuple[Tally, ...]
    faults: dict[str, int]
    """Failures in the benchmark-fault lane, by what is suspect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """Writes the tables of one run as parts of its folder."""

    folder: RunFolder
    config: RunConfig
    draft: Draft
    induced: Induced
    judge_model: str
    template: str
    """Name and fingerprint of the diagnosis prompt; empty where no model was asked."""
    extras: tuple[str, ...]
    repeats: bool

    async def publish(self, invalid: Sequence[InvalidRow]) -> Published:
        """Records, failures, taxonomy, invalid rows and the contract's final files.

        Stops between two parts if it is cancelled; the parts are removed with their folder.
        """
        faults: Counter[str] = Counter()
        for group in self._groups():
            await checkpoint()
            parts = self.draft.parts_of(group)
            places = self._places(parts)
            faults.update(places["benchmark_fault"].drop_nulls().to_list())
            self._place_records(group, places)
            self.draft.put_beside("places", self._stretches(parts), places)
        self.draft.write("placed", self.draft.record_parts, self._invalid_records(invalid))
        records = self.folder.part(self.folder.records)
        self.draft.scan("placed").sink_parquet(records)
        counted = tallies(pl.scan_parquet(records))
        await self._write_failures(counted)
        yaml = dump_taxonomy(self.induced.taxonomy)
        self.folder.part(self.folder.taxonomy).write_text(yaml, encoding="utf-8")
        _invalid_frame(invalid).write_csv(self.folder.part(self.folder.invalid_rows))
        return Published(counted=counted, faults=dict(sorted(faults.items())))

    def _places(self, parts: range) -> pl.DataFrame:
        """Where each studied failure of whole datasets stands: key, standing, benchmark fault."""
        if not parts:
            schema = dict.fromkeys((*KEY, *_STANDING, "benchmark_fault"), pl.String)
            return pl.DataFrame(schema={**schema, "repeat": pl.Int32})
        keys = self.draft.read("failures", parts, KEY)
        outcomes = self.draft.read("outcomes", parts, _LIGHT)
        agreed = consensus(keys.hstack(outcomes.select("answer")))
        suspect = (
            pl.when(pl.col("state") == "no_error_found")
            .then(pl.lit("scorer"))
            .when(pl.lit(agreed))
            .then(pl.lit("consensus"))
        )
        places = keys.hstack(standings(outcomes, self.induced))
        return places.with_columns(suspect.alias("benchmark_fault"))

    def _place_records(self, group: range, places: pl.DataFrame) -> None:
        records = self.draft.read("records", group)
        known = places.select(*KEY, *_STANDING)
        found = records.select(KEY).join(known, on=KEY, how="left", maintain_order="left")
        state = found["state"].fill_null(records["state"])
        placed = records.with_columns(state, found["reason"], found["category_id"])
        self.draft.write("placed", group.start, placed.select(*_RECORD, *self.extras))

    def _invalid_records(self, invalid: Sequence[InvalidRow]) -> pl.DataFrame:
        texts = dict.fromkeys((*_RECORD, *self.extras), pl.String)
        numbers = {"repeat": pl.Int32, "score": pl.Float64, "threshold": pl.Float64}
        rows = [{"dataset": r.dataset, "state": "invalid", "reason": r.reason} for r in invalid]
        return pl.DataFrame(rows, schema={**texts, **numbers, "weight": pl.Float64})

    async def _write_failures(self, counted: Sequence[Tally]) -> None:
        taxonomy = self.induced.taxonomy
        shown_as = folding(counted, taxonomy, rare_below=self.config.rare_freq)
        with (
            self._single_file() as single,
            self._final_file() as final,
            TreeFile(self.folder.workshop, taxonomy) as tree,
            ThreadPoolExecutor(max_workers=1) as beside,
        ):
            tables = _Tables(single, final)
            every = map(self.draft.parts_of, self._groups())
            for parts in chain.from_iterable(map(self._stretches, every)):
                await checkpoint()
                failures = self._studied_in(parts)
                self.draft.write("studied", parts.start, failures)
                rows = final_rows(
                    failures, taxonomy, shown_as=shown_as, judge_model=self.judge_model
                )
                # Polars writes tables without Python's lock, which the tree's leaves hold.
                writing = beside.submit(self._write_tables, failures, rows, tables)
                tree.add(rows, [shown_as(one)[-1] for one in failures["category_id"].to_list()])
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
        return self.draft.groups(_TOGETHER_BYTES)

    def _stretches(self, parts: range) -> Iterator[range]:
        return self.draft.stretches(parts, _TOGETHER_BYTES)

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
            _studied(failures, outcomes, self._places(range(0))).write_parquet(path)


def _studied(failures: pl.DataFrame, outcomes: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """Failures beside their outcomes and their places, row by row."""
    own = failures.drop("state").hstack(outcomes.drop("reason"))
    return own.hstack(places.select(*_STANDING, "benchmark_fault"))


def _invalid_frame(invalid: Sequence[InvalidRow]) -> pl.DataFrame:
    rows = [(row.file, row.line, row.reason, row.dataset) for row in invalid]
    schema = {"file": pl.String, "line": pl.Int64, "reason": pl.String, "dataset": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")
