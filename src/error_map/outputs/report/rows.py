"""Rows of the failures file as values, read a few at a time."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import polars as pl
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from ...errors import StoreError
from ...records import Criterion, Finding, State
from ...store import criteria_of, findings_of

_AT_ONCE: Final = 50
"""Rows that are in memory together."""


def _or_empty(value: object) -> object:
    return "" if value is None else value


def _findings(value: object) -> object:
    return findings_of(value) if isinstance(value, str) else value


def _criteria(value: object) -> object:
    return criteria_of(value) if isinstance(value, str) else value


class _Correct(BaseModel):
    model_config = ConfigDict(frozen=True)

    model: str
    output: str


class TextlessRow(BaseModel):
    """What a redacted report takes of a failure: of its texts nothing but the finding's name."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    row: int
    """From 0."""
    dataset: str
    model: str
    repeat: int
    score: float
    threshold: float
    state: State
    verdict: Annotated[str, BeforeValidator(_or_empty)]
    error_title: str
    detector: str
    findings: Annotated[tuple[Finding, ...], BeforeValidator(_findings)]
    benchmark_fault: Annotated[str, BeforeValidator(_or_empty)]


class WholeRow(TextlessRow):
    """A failure with its texts; columns that are not named here are those of the input."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)

    example_id: str
    input_text: Annotated[str, BeforeValidator(_or_empty)]
    output_text: Annotated[str, BeforeValidator(_or_empty)]
    correct_answer: str | None
    correct_outputs: list[_Correct]
    error_summary: str
    criteria: Annotated[tuple[Criterion, ...], BeforeValidator(_criteria)]
    answer: str
    reason: str

    @property
    def kept(self) -> Iterator[tuple[str, str]]:
        """Columns of the input that have a value here."""
        for name, value in (self.model_extra or {}).items():
            if isinstance(value, str):
                yield name, value


_OTHERS: Final = ("weight", "judge_response", "prompt", "full_response", "category_id")
"""Columns that no report takes."""


def whole_rows(failures: Path, wanted: Sequence[int]) -> Iterator[WholeRow]:
    """Some rows by their number, with their texts.

    Raises:
        StoreError: The file is damaged.
    """
    for row in _rows(_scan(failures).drop(_OTHERS, strict=False), wanted):
        with damage_told(failures):
            one = WholeRow.model_validate(row)
        yield one


def textless_rows(failures: Path, wanted: Sequence[int]) -> Iterator[TextlessRow]:
    """Some rows by their number; their texts are not read.

    Raises:
        StoreError: The file is damaged.
    """
    for row in _rows(_scan(failures).select(list(TextlessRow.model_fields)), wanted):
        with damage_told(failures):
            one = TextlessRow.model_validate(row)
        yield one


def _scan(failures: Path) -> pl.LazyFrame:
    return pl.scan_parquet(failures, row_index_name="row", parallel="prefiltered")


def _rows(scan: pl.LazyFrame, wanted: Sequence[int]) -> Iterator[dict[str, object]]:
    if wanted:
        picked = scan.filter(pl.col("row").is_in(list(wanted)))
        for batch in picked.collect_batches(chunk_size=_AT_ONCE, maintain_order=True):
            yield from batch.iter_rows(named=True)


@contextmanager
def damage_told(failures: Path) -> Iterator[None]:
    """What is wrong with the file, told with its name.

    Raises:
        StoreError: The file is damaged.
    """
    try:
        yield
    except (pl.exceptions.PolarsError, ValidationError, OSError) as error:
        told = f"the run is damaged: {error}"
        raise StoreError(told, where=str(failures), hint="run it again") from error
