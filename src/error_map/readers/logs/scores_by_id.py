"""Scores from a file of their own, for logs that have none."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

import polars as pl

from ...errors import InputError, closest
from ..file_names import suffix_of
from ..tables.scores import ScoreFormat, parsed_scores, way_out
from ..tables.table import as_text
from .json_files import json_lines
from .sample import Sample

COLUMNS: Final = ("example_id", "dataset", "model", "repeat")
"""Columns that say which samples a score is for; all but the first may be missing or empty."""
SUFFIXES: Final = (".csv", ".tsv", ".jsonl", ".ndjson", ".parquet")
_MAX_SHOWN: Final = 3
"""Unreadable scores that are looked at for an option that reads them."""

_Key: TypeAlias = tuple[str | None, ...]


class Scored(NamedTuple):
    """What the file says of a sample."""

    score: float
    reference: str | None


class ScoresById:
    """The scores of a file, by example and, where it names them, dataset, model and repeat.

    Args:
        path: A table with the columns `example_id` and `score`, and possibly `dataset`, `model`,
            `repeat` and `correct_answer`.
        written: How its scores are written.

    Raises:
        InputError: It cannot be read, has a row without a score, or two scores for one sample.
    """

    def __init__(self, path: Path, written: ScoreFormat) -> None:
        self.path = path
        self._scored: dict[_Key, Scored] = {}
        self._fits: dict[tuple[bool, ...], None] = {}
        """Which of COLUMNS the rows name, in the order in which they are tried."""
        frame = _read(path)
        names = [name for name in COLUMNS if name in frame.columns]
        scores = frame.select(parsed_scores(frame["score"], written))["score"]
        keys = frame.select(names).iter_rows(named=True)
        nothing = [None] * frame.height
        answers = frame["correct_answer"] if "correct_answer" in frame.columns else nothing
        given = zip(keys, scores, answers, strict=True)
        for number, (row, score, answer) in enumerate(given, start=1):
            key = tuple(_cell(row.get(name)) for name in COLUMNS)
            where = f"{path}, row {number}"
            if key[0] is None:
                raise InputError("no example_id", where=where)
            if score is None or not abs(score) < float("inf"):
                raise InputError(
                    f"no score for example {key[0]!r}",
                    where=where,
                    hint=way_out(_unread(frame["score"], scores), written),
                )
            known = self._scored.setdefault(key, Scored(score, _cell(answer)))
            if known.score != score:
                raise InputError(f"a second score for example {key[0]!r}", where=where)
            self._fits[tuple(part is not None for part in key)] = None
        # The row that says most of a sample wins.
        self._fits = dict.fromkeys(sorted(self._fits, key=sum, reverse=True))

    def of(self, sample: Sample) -> Scored | None:
        """What the file says of a sample; None if nothing."""
        names = (sample.example, sample.dataset, sample.model, sample.repeat)
        keys = (
            tuple(name if fits else None for name, fits in zip(names, one, strict=True))
            for one in self._fits
        )
        return next((self._scored[key] for key in keys if key in self._scored), None)

    def scored(self, sample: Sample) -> Sample:
        """The sample with its score of the file, if it has an answer to be scored."""
        if sample.score is None and not sample.awaits_score:
            return sample
        found = self.of(sample)
        if found is None:
            missing = f"no score for it in {self.path}"
            return replace(sample, fault=missing) if sample.score is None else sample
        reference = sample.reference if found.reference is None else found.reference
        return replace(sample, score=found.score, fault="", reference=reference)


def _read(path: Path) -> pl.DataFrame:
    suffix = suffix_of(path)
    try:
        if suffix == ".parquet":
            frame = as_text(pl.read_parquet(path, glob=False))
        elif suffix in {".csv", ".tsv"}:
            separator = "\t" if suffix == ".tsv" else ","
            frame = pl.read_csv(path, separator=separator, infer_schema=False, glob=False)
        elif suffix in {".jsonl", ".ndjson"}:
            frame = as_text(pl.DataFrame(list(_rows(path)), strict=False, infer_schema_length=None))
        else:
            hint = closest(suffix, SUFFIXES)
            raise InputError(f"no reader for {suffix!r}", where=str(path), hint=hint)
    except OSError as error:
        raise InputError(f"cannot read: {error.strerror or error}", where=str(path)) from error
    except pl.exceptions.PolarsError as error:
        raise InputError(f"cannot read: {error}", where=str(path)) from error
    for name in ("example_id", "score"):
        if name not in frame.columns:
            hint = closest(name, frame.columns) if frame.columns else "the file has no columns"
            raise InputError(f"no column {name!r}", where=str(path), hint=hint)
    return frame


def _rows(path: Path) -> Iterator[Mapping[str, object]]:
    names = (*COLUMNS, "score", "correct_answer")
    for _, row in json_lines(path):
        yield {name: row[name] for name in names if name in row}


def _cell(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _unread(given: pl.Series, scores: pl.Series) -> list[str]:
    return given.cast(pl.String).filter(scores.is_null()).drop_nulls().head(_MAX_SHOWN).to_list()
