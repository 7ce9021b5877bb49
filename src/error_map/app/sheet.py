"""A choice of failures as a CSV sheet for people: no cell is taken for a formula."""

import csv
import io
from collections.abc import Iterator
from typing import Final

from ..outputs.summary import FinishedRun
from ..records import CategoryId
from ..store import Index, Line, Sort, Where
from . import words

_PART: Final = 2_000
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_HEADER: Final = (
    *("dataset", "example_id", "model", "repeat", "score", "category", "title", "summary"),
    *("state", "verdict", "detector", "evidence_verified", "benchmark_fault"),
)


def sheet(run: FinishedRun, index: Index, *, where: Where, sort: Sort) -> bytes:
    """The sheet, in UTF-8 with the mark that spreadsheet programs look for; long cells clipped."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow([*_HEADER, *map(guarded, index.kept)])
    for line in _lines(index, where, sort):
        writer.writerow(_row(run, line))
    return stream.getvalue().encode("utf-8-sig", "replace")


def _lines(index: Index, where: Where, sort: Sort) -> Iterator[Line]:
    for offset in range(0, index.count(where), _PART):
        yield from index.page(where, sort, offset=offset, limit=_PART)


def _row(run: FinishedRun, line: Line) -> list[str | int | float | None]:
    key = line.key
    texts = (line.title, line.summary, line.state, line.verdict, line.detector, line.verified)
    return [
        *map(guarded, (key.dataset, key.example, key.model)),
        key.repeat,
        line.score,
        guarded(category_path(run, line.category)),
        *map(guarded, (*texts, line.benchmark_fault, *line.kept)),
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
