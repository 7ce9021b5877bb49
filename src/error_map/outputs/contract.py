"""The CSV files of the compatibility contract: their columns and rows."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Final, Self

import polars as pl
from pydantic_core import to_json

from ..analysis import DisplayPath
from ..records import CategoryId
from ..taxonomy import ROOT_DESCRIPTION, ROOT_NAME, Category, Taxonomy

ROOT: Final = Category(CategoryId("root"), ROOT_NAME, ROOT_DESCRIPTION)
FINAL_COLUMNS: Final = (
    "dataset",
    "example_id",
    "model",
    "input_text",
    "output_text",
    "score",
    "judge_model",
    "judge_response",
    "error_title",
    "error_summary",
    "prompt",
)
_INPUT_COLUMNS: Final = (
    "example_id",
    "model",
    "input_text",
    "output_text",
    "score",
    "correct_answer",
)
SINGLE_COLUMNS: Final = (
    "correct_output_list",
    "prompt",
    "judge_model",
    "judge_response",
    "template_used",
    "inference_success",
    "full_response",
)


class CsvFile:
    """A CSV file to which frames with the same columns are appended."""

    def __init__(self, stream: BinaryIO, columns: Sequence[str]) -> None:
        self._stream = stream
        self._columns = list(columns)
        pl.DataFrame(schema=dict.fromkeys(columns, pl.String)).write_csv(stream)

    @classmethod
    def open(cls, path: Path, columns: Sequence[str]) -> Self:
        """Creates a file with a header and no rows."""
        return cls(path.open("wb"), columns)

    def add(self, frame: pl.DataFrame) -> None:
        """Appends the rows of a frame."""
        frame.select(self._columns).write_csv(self._stream, include_header=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()


def preparation_columns(extras: Sequence[str]) -> tuple[str, ...]:
    """Columns of the data preparation CSV."""
    return (*_INPUT_COLUMNS, *extras, "dataset", "error", "repeat")


def prepared_rows(records: pl.DataFrame) -> pl.DataFrame:
    """Rows of the data preparation CSV: the selected failures and all passes."""
    rows = records.filter(pl.col("state").is_in(["passed", "selected"]))
    return rows.with_columns(_python_bool(pl.col("state") == "selected").alias("error"))


def _python_bool(condition: pl.Expr) -> pl.Expr:
    return pl.when(condition).then(pl.lit("True")).otherwise(pl.lit("False"))


def single_columns(extras: Sequence[str]) -> tuple[str, ...]:
    """Columns of the single error CSV."""
    return (*preparation_columns(extras), *SINGLE_COLUMNS)


def single_rows(failures: pl.DataFrame, *, judge_model: str, template: str) -> pl.DataFrame:
    """Diagnosed failures with the columns of the single error CSV.

    Args:
        failures: Rows of the failures file.
        judge_model: Name of the analyst.
        template: Name and fingerprint of the prompt; empty if no model was called.
    """
    answers = failures["correct_outputs"].to_list()
    outputs = [to_json([answer["output"] for answer in row]) for row in answers]
    return failures.with_columns(
        pl.lit("True").alias("error"),
        pl.Series("correct_output_list", outputs, pl.Binary).cast(pl.String),
        pl.lit(judge_model).alias("judge_model"),
        pl.lit(template).alias("template_used"),
        _python_bool(pl.col("verdict").is_not_null()).alias("inference_success"),
    )


def final_columns(kept: Sequence[str], *, depth: int, repeats: bool) -> tuple[str, ...]:
    """Columns of the final CSV.

    Args:
        kept: Extra columns of the input to copy.
        depth: Levels of the taxonomy below its root.
        repeats: Whether a model answered any example more than once.
    """
    categories = (f"category_depth_{level}" for level in range(depth + 1))
    own = tuple(name for name in kept if name not in FINAL_COLUMNS)
    return (*FINAL_COLUMNS, *own, *categories, *(("repeat",) if repeats else ()))


def final_rows(
    failures: pl.DataFrame,
    taxonomy: Taxonomy,
    *,
    display_path: DisplayPath,
    judge_model: str,
) -> pl.DataFrame:
    """Studied failures with the columns of the final CSV.

    Args:
        failures: Rows of the failures file.
        taxonomy: Taxonomy of the run.
        display_path: Returns the path under which the failures of a category are shown.
        judge_model: Name of the analyst.
    """
    identifiers = failures["category_id"].unique().sort()
    paths = {name: _cells(display_path(name), taxonomy) for name in identifiers.to_list()}
    levels = [
        pl.col("category_id")
        .replace_strict({name: cells[level] for name, cells in paths.items()}, default=None)
        .cast(pl.String)
        .alias(f"category_depth_{level}")
        for level in range(taxonomy.depth + 1)
    ]
    summary = pl.when(pl.col("error_summary") == "").then("reason").otherwise("error_summary")
    return failures.with_columns(
        pl.lit(judge_model).alias("judge_model"),
        summary.alias("error_summary"),
        *levels,
    )


def _cells(path: Sequence[CategoryId], taxonomy: Taxonomy) -> list[str | None]:
    steps = [ROOT, *(taxonomy.path(identifier)[-1] for identifier in path)]
    cells: list[str | None] = [
        json.dumps({"name": step.name, "description": step.description}, ensure_ascii=False)
        for step in steps
    ]
    return cells + [None] * (taxonomy.depth + 1 - len(cells))
