"""Failures as a table of fifty rows a page; a row that is chosen leads to its own page."""

import json
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

import polars as pl
import streamlit as st

from ..records import DatasetName, ExampleId, ModelName, RecordKey
from ..store import Line, Sort, Where
from . import words
from .opened import Opened
from .sheet import category_path

ROWS: Final = 50
_HEIGHT_PX: Final = 560
_ROW_PX: Final = 36
_DIAGNOSIS_PX: Final = 330
"""So much of a phone's page that the diagnosis is all that is seen before it is scrolled."""
_ANSWER_PX: Final = 150
_TIMES: Final = "times a row was chosen"
"""Part of a table's key: a table that is seen again has no row chosen."""
_CELL_CHARS: Final = 200


def failure_table(
    opened: Opened,
    where: Where,
    sort: Sort,
    *,
    page: int,
    key: str,
    left_out: Sequence[str] = (),
) -> RecordKey | None:
    """Puts one page of a table here.

    Args:
        opened: The run.
        where: Which failures.
        sort: In which order.
        page: From 0.
        key: Of the table among those of its page.
        left_out: Columns that say the same in every row.

    Returns:
        The failure that was just chosen.
    """
    lines = opened.index.page(where, sort, offset=page * ROWS, limit=ROWS)
    times = st.session_state.get(_TIMES, 0)
    state = st.dataframe(
        _frame(opened, lines, left_out),
        hide_index=True,
        height=min(_HEIGHT_PX, (len(lines) + 1) * _ROW_PX),
        key=f"{key} {page} {times}",
        on_select="rerun",
        selection_mode=["single-row", "single-cell"],
        column_config={
            "what went wrong": st.column_config.TextColumn(width=_DIAGNOSIS_PX),
            "answer": st.column_config.TextColumn(width=_ANSWER_PX),
            "reference": st.column_config.TextColumn(width=_ANSWER_PX),
            "score": st.column_config.NumberColumn(width="small"),
        },
        alt="Failures: select a row to open it",
    )
    chosen = [*state.selection.rows, *(row for row, _ in state.selection.cells)]
    if not chosen or chosen[0] >= len(lines):
        return None
    st.session_state[_TIMES] = times + 1
    return lines[chosen[0]].key


def _frame(opened: Opened, lines: Sequence[Line], left_out: Sequence[str]) -> pl.DataFrame:
    run = opened.run
    column: dict[str, Callable[[Line], str]] = {
        "what went wrong": _diagnosis,
        "answer": lambda line: _one_line(line.answer),
        "reference": lambda line: _one_line(line.reference),
        "category": lambda line: category_path(run, line.category),
        "model": lambda line: line.key.model,
        "example": lambda line: line.key.example + (f" #{line.key.repeat}" * (line.key.repeat > 0)),
        "dataset": lambda line: line.key.dataset,
        **{name: partial(_kept, n) for n, name in enumerate(opened.index.kept)},
    }
    unseen = {*left_out, *(("dataset",) if len(run.manifest.datasets) <= 1 else ())}
    cells = {
        words.plain(name, _CELL_CHARS): [words.plain(told(line), _CELL_CHARS) for line in lines]
        for name, told in column.items()
        if name not in unseen
    }
    frame = pl.DataFrame(cells, schema=dict.fromkeys(cells, pl.String))
    scores = pl.Series("score", [line.score for line in lines], pl.Float64)
    return frame.insert_column(frame.width - len(opened.index.kept), scores)


def _diagnosis(line: Line) -> str:
    title = line.title or line.state.replace("_", " ")
    return _one_line(f"{title}: {line.summary}" if line.summary else title)


def _one_line(text: str) -> str:
    """The text without line breaks, which a cell would show as signs."""
    return " ".join(text.split())


def _kept(place: int, line: Line) -> str:
    return line.kept[place]


def pager(count: int, page: int, *, key: str, turn: Callable[[int], None]) -> None:
    """Says which rows are shown, and puts buttons here that turn to others.

    Args:
        count: Rows in all.
        page: The one that is shown, from 0.
        key: Of the buttons among those of the page.
        turn: Told the page that is wanted.
    """
    last = max(0, (count - 1) // ROWS)
    if not last:
        return
    with st.container(horizontal=True, vertical_alignment="center", key=f"{key} pager"):
        st.button(
            "Previous", key=f"{key} back", disabled=page <= 0, on_click=turn, args=(page - 1,)
        )
        first = page * ROWS + 1
        st.text(f"{first:,} to {min(count, first + ROWS - 1):,} of {count:,}", width="content")
        st.button("Next", key=f"{key} next", disabled=page >= last, on_click=turn, args=(page + 1,))


def in_address(key: RecordKey) -> str:
    """A failure's key as it stands in an address."""
    return json.dumps([key.dataset, key.example, key.model, key.repeat], ensure_ascii=False)


def key_in(text: str) -> RecordKey | None:
    """The key that stands in an address, or None where none can be read.

    Example:
        >>> key_in('["d", "e1", "m", 0]')
        RecordKey(dataset='d', example='e1', model='m', repeat=0)
    """
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return None
    match told:
        case [_, _, _, bool()]:  # which is an int too
            return None
        case [str(dataset), str(example), str(model), int(repeat)]:
            return RecordKey(DatasetName(dataset), ExampleId(example), ModelName(model), repeat)
        case _:
            return None
