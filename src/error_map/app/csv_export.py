"""A choice of failures as a CSV sheet for people: no cell is taken for a formula."""

import csv
import io
from collections.abc import Iterator
from hashlib import sha256
from typing import Final

from ..outputs.failure_texts import ModelCounts, ModelsOf, Texts, read_texts
from ..outputs.summary import FinishedRun
from ..presentation.sanitize import plain_lines
from ..records import CategoryId
from ..store import Index, Line, Sort, Where
from . import escaping as words

CELL_CHARS: Final = 32_767
"""What a cell of a spreadsheet program holds."""
CLIPPED: Final = " … [clipped]"
MOST_TEXT_CHARS: Final = 50_000_000
"""Of all texts in one sheet: it is made in memory, and may be asked for 200,000 failures."""
LEFT_OUT: Final = "[left out: the sheet is full of texts; filter for fewer failures]"
_PART: Final = 2_000
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_TEXTS: Final = ("prompt", "output", "answer", "reference")
_HEADER: Final = (
    *("dataset", "example_id", "model", "repeat", "score", "category", "title", "summary"),
    *(*_TEXTS, "models_passed", "models_failed"),
    *("state", "verdict", "detector", "evidence_verified", "benchmark_fault"),
)


def sheet(
    run: FinishedRun, index: Index, *, where: Where, sort: Sort, most: int = MOST_TEXT_CHARS
) -> bytes:
    """The sheet, in UTF-8 with the mark that spreadsheet programs look for; long cells clipped.

    Args:
        run: The run.
        index: Of its failures.
        where: Which of them.
        sort: In which order.
        most: Characters of texts in all; rows behind them say that theirs are left out.
    """
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow([*_HEADER, *map(guarded, index.kept)])
    counts = ModelCounts(run.folder)
    for lines in _parts(index, where, sort):
        models = counts.of(line.key for line in lines)
        for line, texts in _with_texts(run, lines, most):
            most -= sum(map(len, texts))
            example = models.get((line.key.dataset, line.key.example))
            writer.writerow(_row(run, line, texts, models=example))
    return stream.getvalue().encode("utf-8-sig", "replace")


def sheet_name(run: FinishedRun, index: Index, *, where: Where, count: int) -> str:
    """What the file of a sheet is called: another name for another choice.

    Args:
        run: The run.
        index: Of its failures.
        where: Which of them.
        count: How many these are.
    """
    name = f"failures-{run.manifest.exp_id}-{count}"
    if count == index.rows:
        return f"{name}.csv"
    digest = sha256(repr(where).encode("utf-8", "backslashreplace")).hexdigest()[:6]
    return f"{name}-of-{index.rows}-{digest}.csv"


def _parts(index: Index, where: Where, sort: Sort) -> Iterator[tuple[Line, ...]]:
    for offset in range(0, index.count(where), _PART):
        yield index.page(where, sort, offset=offset, limit=_PART)


def _with_texts(
    run: FinishedRun, lines: tuple[Line, ...], room: int
) -> Iterator[tuple[Line, tuple[str, ...]]]:
    """Failures with their texts, or what stands for these where there is no room left."""
    numbers = [line.number for line in lines] if room > 0 else []
    found = read_texts(run.folder, numbers, most=CELL_CHARS + 1) if numbers else {}
    for line in lines:
        texts = _cells(found[line.number]) if room > 0 else (LEFT_OUT,) * len(_TEXTS)
        room -= sum(map(len, texts))
        yield line, texts


def _cells(texts: Texts) -> tuple[str, ...]:
    every = (texts.prompt, texts.output, texts.answer, texts.reference)
    return tuple(map(text_cell, every))


def _row(
    run: FinishedRun, line: Line, texts: tuple[str, ...], *, models: ModelsOf | None
) -> list[str | int | float | None]:
    key = line.key
    known = models is not None and run.manifest.attempts_known
    told = (line.state, line.verdict, line.detector, line.verified, line.benchmark_fault)
    return [
        *map(guarded, (key.dataset, key.example, key.model)),
        key.repeat,
        line.score,
        *map(guarded, (category_path(run, line.category), line.title, line.summary)),
        *texts,
        models.passed if models and known else None,
        models.failed if models else None,
        *map(guarded, (*told, *line.kept)),
    ]


def category_path(run: FinishedRun, category: str) -> str:
    """Names from a top category down to this one; empty where there is none."""
    if category not in run.taxonomy:
        return category
    return " › ".join(step.name for step in run.taxonomy.path(CategoryId(category)))  # noqa: RUF001 - as it is seen


def guarded(cell: str) -> str:
    """A cell that no program runs: `=1+1` becomes `'=1+1`, and control characters are seen.

    Example:
        >>> guarded("=1+1"), guarded("5"), guarded(" =1")
        ("'=1+1", '5', "' =1")
    """
    shown = words.plain(cell)
    return f"'{shown}" if shown.lstrip().startswith(_FORMULA) else shown


def text_cell(text: str) -> str:
    r"""A text of several lines as a cell: guarded, and clipped to what a cell holds.

    Example:
        >>> text_cell("=1\r\n2\x1b"), len(text_cell("a" * 40_000))
        ("'=1\n2\\x1b", 32767)
    """
    shown = plain_lines(text)
    cell = f"'{shown}" if shown.lstrip().startswith(_FORMULA) else shown
    if len(cell) <= CELL_CHARS:
        return cell
    return cell[: CELL_CHARS - len(CLIPPED)] + CLIPPED
