"""Exports failures as CSV for spreadsheet programs; no cell can act as a formula."""

import csv
import io
from collections.abc import Iterator
from hashlib import sha256
from typing import Final

from ...outputs.failure_texts import ModelCounts, ModelsOf, Texts, read_texts
from ...outputs.summary import FinishedRun
from ...presentation.sanitize import plain_lines
from ...records import CategoryId
from ...store import Index, Line, Sort, Where
from ..escaping import one_line

# The limit of a cell in Excel; longer cells are cut or refused by spreadsheet programs.
MAX_CELL_CHARS: Final = 32_767
TRUNCATED: Final = " … [truncated]"
# Bounds the server's memory: the file is built in memory and may be requested for 200,000 failures.
MAX_TEXT_CHARS: Final = 50_000_000
TEXT_OMITTED: Final = "[omitted: the file reached its limit of text; filter for fewer failures]"
# Rows whose texts are in memory together; a batch costs one pass over the run's files.
_BATCH_ROWS: Final = 2_000
# A cell that begins with one of these may be read as a formula (OWASP, "CSV injection").
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_TEXT_COLUMNS: Final = ("prompt", "output", "answer", "reference")
_HEADER: Final = (
    *("dataset", "example_id", "model", "repeat", "score", "category", "title", "summary"),
    *(*_TEXT_COLUMNS, "models_passed", "models_failed"),
    *("state", "verdict", "detector", "evidence_verified", "benchmark_fault"),
)


def failures_csv(
    run: FinishedRun,
    index: Index,
    *,
    where: Where,
    sort: Sort,
    max_text_chars: int = MAX_TEXT_CHARS,
) -> bytes:
    """The matching failures as CSV, one row per failure; long cells are truncated.

    The encoding is UTF-8 with a byte order mark, by which spreadsheet programs recognise it.

    Args:
        run: The run.
        index: Index of the run's failures.
        where: Condition that the failures meet.
        sort: Their order.
        max_text_chars: Characters of prompts, outputs and answers in the whole file; the texts of
            later rows are omitted, with a note in their cells.
    """
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow([*_HEADER, *map(formula_safe, index.kept)])
    counts = ModelCounts(run.folder)
    remaining = max_text_chars
    for lines in _batches(index, where, sort):
        models = counts.of(line.key for line in lines)
        for line, texts in _with_texts(run, lines, remaining):
            remaining -= sum(map(len, texts))
            example = models.get((line.key.dataset, line.key.example))
            writer.writerow(_row(run, line, texts, models=example))
    return stream.getvalue().encode("utf-8-sig", "replace")


def failures_csv_name(run: FinishedRun, index: Index, *, where: Where, count: int) -> str:
    """File name of an export; different filters give different names.

    Args:
        run: The run.
        index: Index of the run's failures.
        where: Condition that the failures meet.
        count: Number of matching failures.
    """
    name = f"failures-{run.manifest.exp_id}-{count}"
    if count == index.rows:
        return f"{name}.csv"
    digest = sha256(repr(where).encode("utf-8", "backslashreplace")).hexdigest()[:6]
    return f"{name}-of-{index.rows}-{digest}.csv"


def _batches(index: Index, where: Where, sort: Sort) -> Iterator[tuple[Line, ...]]:
    for offset in range(0, index.count(where), _BATCH_ROWS):
        yield index.page(where, sort, offset=offset, limit=_BATCH_ROWS)


def _with_texts(
    run: FinishedRun, lines: tuple[Line, ...], remaining: int
) -> Iterator[tuple[Line, tuple[str, ...]]]:
    """Each failure with its texts, or with notes once no characters remain."""
    numbers = [line.number for line in lines] if remaining > 0 else []
    # One character over the limit shows that a text has to be truncated.
    texts_by_number = read_texts(run.folder, numbers, most=MAX_CELL_CHARS + 1) if numbers else {}
    for line in lines:
        if remaining > 0:
            texts = _text_cells(texts_by_number[line.number])
        else:
            texts = (TEXT_OMITTED,) * len(_TEXT_COLUMNS)
        remaining -= sum(map(len, texts))
        yield line, texts


def _text_cells(texts: Texts) -> tuple[str, ...]:
    return tuple(map(text_cell, (texts.prompt, texts.output, texts.answer, texts.reference)))


def _row(
    run: FinishedRun, line: Line, texts: tuple[str, ...], *, models: ModelsOf | None
) -> list[str | int | float | None]:
    key = line.key
    passes_known = models is not None and run.manifest.attempts_known
    diagnosis = (line.state, line.verdict, line.detector, line.verified, line.benchmark_fault)
    return [
        *map(formula_safe, (key.dataset, key.example, key.model)),
        key.repeat,
        line.score,
        *map(formula_safe, (category_path(run, line.category), line.title, line.summary)),
        *texts,
        models.passed if models and passes_known else None,
        models.failed if models else None,
        *map(formula_safe, (*diagnosis, *line.kept)),
    ]


def category_path(run: FinishedRun, category: str) -> str:
    """Names of the categories from the top one down to this one; an unknown id as it is."""
    if category not in run.taxonomy:
        return category
    return " › ".join(step.name for step in run.taxonomy.path(CategoryId(category)))  # noqa: RUF001 - the separator that pages show


def formula_safe(cell: str) -> str:
    """A one-line cell that no spreadsheet program takes for a formula.

    Example:
        >>> formula_safe("=1+1"), formula_safe("5"), formula_safe(" =1")
        ("'=1+1", '5', "' =1")
    """
    return _quoted_if_formula(one_line(cell))


def text_cell(text: str) -> str:
    r"""A cell of several lines that is no formula, truncated to what a cell can hold.

    Example:
        >>> text_cell("=1\r\n2\x1b"), len(text_cell("a" * 40_000))
        ("'=1\n2\\x1b", 32767)
    """
    cell = _quoted_if_formula(plain_lines(text))
    if len(cell) <= MAX_CELL_CHARS:
        return cell
    return cell[: MAX_CELL_CHARS - len(TRUNCATED)] + TRUNCATED


def _quoted_if_formula(cell: str) -> str:
    return f"'{cell}" if cell.lstrip().startswith(_FORMULA_STARTS) else cell
