"""Loads the shared result sets as a run does: failures and correct answers with their peers."""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from error_map.analysis import consensus
from error_map.analysts.offline.analyst import profiles_of
from error_map.analysts.offline.answers.final_answer import (
    equals_reference,
    final_answer,
    gold_answer,
)
from error_map.analysts.offline.answers.profiles import Profile, Profiles
from error_map.analysts.studied_row import StudiedRow
from error_map.config import RunConfig
from error_map.readers import Catalog, ReadOptions, Source, data_source, file_source
from error_map.records import Failure
from error_map.stages.compared import SELECTED
from error_map.stages.peer_answers import correct_outputs
from error_map.stages.preparation import sample_rows
from error_map.stages.selection import Selection, select
from error_map.store.codec import failures_of

from .measurement import shared

HELD_OUT: Final = "held out"
"""Examples of the full MMLU-Pro that are not in the set of 500: no detector was tuned on them."""
HELD_OUT_EXAMPLES: Final = 400
MARK: Final = "gold_first_error_step"
TYPE: Final = "gold_error_type"
PART: Final = ("task", "subject")
"""Columns with the part of a labelled set that a row belongs to; the first that exists is used."""
_STEP: Final = re.compile(r"^\s*Step (\d+)\s*:", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An answer as the detectors get it, and its labels by human annotators."""

    failure: Failure
    """For a correct answer: as if it had failed."""
    consensus: bool = False
    step: int | None = None
    """The first wrong step by the annotators."""
    kind: str = ""
    """The kind of error by the annotators."""
    part: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultSet:
    """One set, in full or sampled."""

    name: str
    failures: int
    """Number of failures in the whole set."""
    failed: Sequence[Row]
    passed: Sequence[Row]
    profiles: Profiles
    agreed: int
    """Number of the `compared` rows whose score the answer routes reproduce."""
    compared: int
    pass_rates: dict[str, float]
    """Share of the rows that passed, by model."""

    @property
    def profile(self) -> Profile:
        """The profile of most rows."""
        return self.profiles.common

    def profile_of(self, row: Row) -> Profile:
        """The profile of one row."""
        record = row.failure.record
        return self.profiles.of(record.key.model, record.output)


def step_of(output: str, place: int) -> int:
    r"""The number of the step that contains an offset.

    Example:
        >>> step_of("Step 1: a\nStep 2: b", 13)
        2
    """
    steps = [int(found[1]) for found in _STEP.finditer(output) if found.start() <= place]
    return steps[-1] if steps else 1


def names() -> list[str]:
    """Names of the available sets."""
    folder = shared() / "data"
    files = [*sorted((folder / "outputs").glob("*.csv")), *sorted((folder / "labelled").glob("*"))]
    whole = [HELD_OUT] if _whole().exists() else []
    return [*(path.stem for path in files), *whole]


def loaded(name: str, *, rows: int | None, seed: int) -> ResultSet:
    """Loads one set.

    Args:
        name: One of `names()`.
        rows: Number of failures, and of correct answers, to sample; None for all.
        seed: Seed of the sample.
    """
    config = RunConfig.load({"exp_id": "bench", "ratio": 1.0, "seed": seed})
    catalog = Catalog([_source(name, seed)])
    dataset = catalog.datasets[0]
    selection = select(catalog.rows(dataset), config)
    profiles = profiles_of(sample_rows(selection, config.seed)[dataset])
    failures = selection.failures.with_columns(_flags(selection, profiles))
    passes = selection.records.filter(pl.col("state") == "passed")
    right = _drawn(passes, rows, seed)
    peers = correct_outputs(passes, right, seed=seed)
    right = right.with_columns(peers, pl.lit(1.0).alias("weight"))
    compared = _drawn(selection.records, rows and 2 * rows, seed)
    return ResultSet(
        name=name,
        failures=failures.height,
        failed=_rows(_drawn(failures, rows, seed)),
        passed=_rows(right),
        profiles=profiles,
        agreed=sum(_agrees(row, profiles) for row in _studied(compared)),
        compared=compared.height,
        pass_rates=_pass_rates(selection.records),
    )


def _pass_rates(records: pl.DataFrame) -> dict[str, float]:
    rates = records.group_by("model").agg((pl.col("state") == "passed").mean()).sort("model")
    return dict(rates.iter_rows())


def _whole() -> Path:
    return shared() / "data/scale/mmlu_pro_full.parquet"


def _source(name: str, seed: int) -> Source:
    for folder in ("outputs", "labelled"):
        path = shared() / "data" / folder / f"{name}.csv"
        if path.exists():
            return file_source(path, ReadOptions())
    return data_source(_held_out(seed), ReadOptions())


def _held_out(seed: int) -> pl.DataFrame:
    seen = pl.read_csv(shared() / "data/outputs/mmlu_pro.csv", columns=["example_id"])
    whole = pl.scan_parquet(_whole())
    others = whole.select(pl.col("example_id").unique()).collect()["example_id"].cast(pl.String)
    unseen = sorted(set(others) - set(seen["example_id"].cast(pl.String)))
    drawn = random.Random(seed).sample(unseen, min(HELD_OUT_EXAMPLES, len(unseen)))
    chosen = whole.filter(pl.col("example_id").cast(pl.String).is_in(drawn)).collect()
    return chosen.with_columns(pl.lit("held_out").alias("dataset"))


def _flags(selection: Selection, profiles: Profiles) -> pl.Series:
    failures = selection.failures
    outputs = failures.select("model", pl.col("output_text").fill_null("")).iter_rows()
    answers = [final_answer(output, profiles.of(model, output)) for model, output in outputs]
    texts = pl.Series("answer", [one.text if one else "" for one in answers], dtype=pl.String)
    shared = consensus(selection.records, failures.with_columns(texts))
    return (shared["kind"] == "doubt").fill_null(value=False).alias("consensus")


def _drawn(frame: pl.DataFrame, rows: int | None, seed: int) -> pl.DataFrame:
    if rows is None or frame.height <= rows:
        return frame
    return frame[sorted(random.Random(seed).sample(range(frame.height), rows))]


def _rows(frame: pl.DataFrame) -> list[Row]:
    flags, steps, kinds, parts = (
        _cells(frame, *columns) for columns in (("consensus",), (MARK,), (TYPE,), PART)
    )
    return [
        Row(
            failure=failure,
            consensus=flags[row] == "true",
            step=int(steps[row]) if steps[row].isdecimal() else None,
            kind=kinds[row],
            part=parts[row],
        )
        for row, failure in enumerate(failures_of(frame))
    ]


def _cells(frame: pl.DataFrame, *columns: str) -> list[str]:
    """The first of these columns that exists, as text; blanks if none does."""
    for name in columns:
        if name in frame.columns:
            return frame[name].cast(pl.String).fill_null("").to_list()
    return [""] * frame.height


def _studied(records: pl.DataFrame) -> Iterator[StudiedRow]:
    passed = (pl.col("state") == "passed").alias("passed")
    columns = ("input_text", "output_text", "correct_answer")
    for row in (
        records.filter(pl.col("state").is_in(["passed", SELECTED]))
        .select(*columns, passed, "model")
        .iter_rows()
    ):
        yield StudiedRow(*row)


def _agrees(row: StudiedRow, profiles: Profiles) -> bool:
    profile = profiles.of(row.model, row.output)
    answer, gold = final_answer(row.output, profile), gold_answer(row.reference, profile)
    if answer is None or gold is None:
        return not row.passed
    return equals_reference(row.output, answer, gold=gold, profile=profile) == row.passed
