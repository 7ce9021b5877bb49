"""One page of failures as a table, and as cards for narrow screens; both link to each failure."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import polars as pl
import streamlit as st

from ...outputs.summary import FinishedRun
from ...records import CategoryId, DatasetName, ExampleId, ModelName, RecordKey
from ...store import Line, Sort, Where
from ..escaping import html_line, one_line
from ..html_parts import failures_link
from ..labels import short_names
from ..run_cache import OpenedRun
from ..style import WIDE_PAGES_ONLY

# Each failure is also a card of some 5 elements; the browser tests allow 4,000 per page.
ROWS_PER_PAGE: Final = 50
# The table with its pager fits on a screen 900 pixels high; longer tables scroll.
_MAX_HEIGHT_PX: Final = 560
_ROW_PX: Final = 36
# The columns together fit next to the sidebar in a window 1280 pixels wide.
COLUMN_WIDTHS_PX: Final = {
    "what went wrong": 296,
    "answer": 106,
    "reference": 106,
    "category": 130,
    "model": 138,
    "example": 124,
}
# What a column of answers has room for.
_MAX_ANSWER_CHARS: Final = 11
# More than fits into a cell without opening it, and about five lines of a card.
_MAX_CELL_CHARS: Final = 200
_SELECTIONS: Final = "times a row was chosen"
"""Session key of the number of selections, which is part of the table's key.

A table with a new key has no row selected when the visitor comes back to it.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Which failures are listed, and how."""

    where: Where
    sort: Sort
    query: Mapping[str, str]
    """Query parameters of the run and the filter, which links keep."""
    hidden: tuple[str, ...] = ()
    """Columns that have the same value in every row."""


def failure_table(opened: OpenedRun, listing: Listing, *, page: int, key: str) -> RecordKey | None:
    """Puts one page of failures on the page, as a table and as cards; the style hides one of them.

    Args:
        opened: The run.
        listing: Which of its failures.
        page: Page of the list, from 0.
        key: Key of the table, unique on the page.

    Returns:
        The failure that the visitor has just selected, if any.
    """
    offset = page * ROWS_PER_PAGE
    lines = opened.index.page(listing.where, listing.sort, offset=offset, limit=ROWS_PER_PAGE)
    st.html(failure_cards(opened.run, lines, listing.query))
    with st.container(key=f"{WIDE_PAGES_ONLY} {key}"):
        return _table(opened, lines, key=f"{key} {page}", hidden=listing.hidden)


def _table(
    opened: OpenedRun, lines: Sequence[Line], *, key: str, hidden: Sequence[str]
) -> RecordKey | None:
    selections = st.session_state.get(_SELECTIONS, 0)
    text = st.column_config.TextColumn
    state = st.dataframe(
        _frame(opened, lines, hidden),
        hide_index=True,
        height=min(_MAX_HEIGHT_PX, (len(lines) + 1) * _ROW_PX),
        key=f"{key} {selections}",
        on_select="rerun",
        selection_mode=["single-row", "single-cell"],
        column_config={
            **{name: text(width=width) for name, width in COLUMN_WIDTHS_PX.items()},
            "score": st.column_config.NumberColumn(width="small"),
        },
        alt="Failures: select a row to open it",
    )
    selected = [*state.selection.rows, *(row for row, _ in state.selection.cells)]
    if not selected or selected[0] >= len(lines):
        return None
    st.session_state[_SELECTIONS] = selections + 1
    return lines[selected[0]].key


def _frame(opened: OpenedRun, lines: Sequence[Line], hidden: Sequence[str]) -> pl.DataFrame:
    run = opened.run
    models = [model.model for model in run.summary.models]
    short = dict(zip(models, short_names(models), strict=True))
    columns: dict[str, Callable[[Line], str]] = {
        "what went wrong": _diagnosis,
        "answer": lambda line: _end_of(line.answer),
        "reference": lambda line: _end_of(line.reference),
        "category": lambda line: _category(run, line),
        "model": lambda line: short.get(line.key.model, line.key.model),
        "example": _example,
        "dataset": lambda line: line.key.dataset,
        **{name: partial(_kept, position) for position, name in enumerate(opened.index.kept)},
    }
    omitted = {*hidden, *(("dataset",) if len(run.manifest.datasets) <= 1 else ())}
    cells = {
        one_line(name, _MAX_CELL_CHARS): [one_line(cell(line), _MAX_CELL_CHARS) for line in lines]
        for name, cell in columns.items()
        if name not in omitted
    }
    frame = pl.DataFrame(cells, schema=dict.fromkeys(cells, pl.String))
    scores = pl.Series("score", [line.score for line in lines], pl.Float64)
    return frame.insert_column(frame.width - len(opened.index.kept), scores)


def _diagnosis(line: Line) -> str:
    title = line.title or line.state.replace("_", " ")
    return _without_breaks(f"{title}: {line.summary}" if line.summary else title)


def _end_of(text: str) -> str:
    """The end of an answer, where outputs give their result; its beginning is cut off."""
    line = _without_breaks(text)
    if len(line) <= _MAX_ANSWER_CHARS:
        return line
    return f"…{line[-_MAX_ANSWER_CHARS:].lstrip(' …')}"


def _category(run: FinishedRun, line: Line) -> str:
    """Name of the failure's category, without the names of its parents."""
    if line.category not in run.taxonomy:
        return line.category
    return run.taxonomy.path(CategoryId(line.category))[-1].name


def _example(line: Line) -> str:
    return line.key.example + (f" #{line.key.repeat}" * (line.key.repeat > 0))


def _without_breaks(text: str) -> str:
    """The text with blanks instead of line breaks, which cells would show as escape sequences."""
    return " ".join(text.split())


def _kept(position: int, line: Line) -> str:
    return line.kept[position]


def failure_cards(run: FinishedRun, lines: Sequence[Line], query: Mapping[str, str]) -> str:
    """Failures as a list of cards in HTML, which wrap on a narrow page instead of cutting off text.

    Args:
        run: The run.
        lines: Failures of the run.
        query: See `Listing`.
    """
    cards = "".join(_card(run, line, query) for line in lines)
    return f'<div class="em-cards" role="list">{cards}</div>'


def _card(run: FinishedRun, line: Line, query: Mapping[str, str]) -> str:
    answers = (("answer", line.answer), ("reference", line.reference))
    compared = " · ".join(f"{name}: {_without_breaks(text)}" for name, text in answers if text)
    origin = " · ".join((_category(run, line), line.key.model, _example(line)))
    title, middle, bottom = (
        html_line(text, _MAX_CELL_CHARS) for text in (_diagnosis(line), compared, origin)
    )
    link = failures_link(title, {**query, "failure": encode_key(line.key)})
    return f'<div role="listitem">{link}<span>{middle}</span><small>{bottom}</small></div>'


def pager(count: int, page: int, *, key: str, turn_to: Callable[[int], None]) -> None:
    """Shows which rows of a list are visible, with buttons to the previous and next page.

    Args:
        count: Rows in all.
        page: Current page, from 0.
        key: Key of the buttons, unique on the page.
        turn_to: Called with the page to show.
    """
    last = max(0, (count - 1) // ROWS_PER_PAGE)
    if not last:
        return
    with st.container(horizontal=True, vertical_alignment="center", key=f"{key} pager"):
        st.button(
            "Previous", key=f"{key} back", disabled=page <= 0, on_click=turn_to, args=(page - 1,)
        )
        first = page * ROWS_PER_PAGE + 1
        end = min(count, first + ROWS_PER_PAGE - 1)
        st.text(f"{first:,} to {end:,} of {count:,}", width="content")
        st.button(
            "Next", key=f"{key} next", disabled=page >= last, on_click=turn_to, args=(page + 1,)
        )


def encode_key(key: RecordKey) -> str:
    """The key of a failure as the query parameter `failure`."""
    return json.dumps([key.dataset, key.example, key.model, key.repeat], ensure_ascii=False)


def decode_key(text: str) -> RecordKey | None:
    """The key in a query parameter `failure`; None if it is not one.

    Example:
        >>> decode_key('["d", "e1", "m", 0]')
        RecordKey(dataset='d', example='e1', model='m', repeat=0)
    """
    try:
        parts = json.loads(text)
    except (ValueError, RecursionError):
        return None
    match parts:
        case [_, _, _, bool()]:  # bool is a subclass of int
            return None
        case [str(dataset), str(example), str(model), int(repeat)]:
            return RecordKey(DatasetName(dataset), ExampleId(example), ModelName(model), repeat)
        case _:
            return None
