"""Failures fifty a page, as a table or, on a phone, as cards; each leads to its own page."""

import html
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final
from urllib.parse import urlencode

import polars as pl
import streamlit as st

from ..outputs.summary import FinishedRun
from ..records import CategoryId, DatasetName, ExampleId, ModelName, RecordKey
from ..store import Line, Sort, Where
from . import escaping as words
from .run_cache import Opened
from .style import WIDE_ROWS

ROWS: Final = 50
_HEIGHT_PX: Final = 560
_ROW_PX: Final = 36
WIDTHS_PX: Final = {
    "what went wrong": 296,
    "answer": 106,
    "reference": 106,
    "category": 130,
    "model": 138,
    "example": 124,
}
"""Together they fit next to the sidebar where the window is 1280 pixels wide."""
_TAIL_CHARS: Final = 11
"""Of an answer or a reference: as many as its column shows, from the end."""
_TIMES: Final = "times a row was chosen"
"""Part of a table's key: a table that is seen again has no row chosen."""
_CELL_CHARS: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Which failures are listed, and how."""

    where: Where
    sort: Sort
    address: Mapping[str, str]
    """The part of an address that says which run and which of its failures."""
    left_out: tuple[str, ...] = ()
    """Columns that say the same in every row."""


def failure_table(opened: Opened, listing: Listing, *, page: int, key: str) -> RecordKey | None:
    """Puts one page of failures here: a table, and where that is too wide, cards with links.

    Args:
        opened: The run.
        listing: Which of its failures.
        page: From 0.
        key: Of the table among those of its page.

    Returns:
        The failure that was just chosen.
    """
    lines = opened.index.page(listing.where, listing.sort, offset=page * ROWS, limit=ROWS)
    st.html(failure_cards(opened.run, lines, listing.address))
    with st.container(key=f"{WIDE_ROWS} {key}"):
        return _table(opened, lines, key=f"{key} {page}", left_out=listing.left_out)


def _table(
    opened: Opened, lines: Sequence[Line], *, key: str, left_out: Sequence[str]
) -> RecordKey | None:
    times = st.session_state.get(_TIMES, 0)
    text = st.column_config.TextColumn
    state = st.dataframe(
        _frame(opened, lines, left_out),
        hide_index=True,
        height=min(_HEIGHT_PX, (len(lines) + 1) * _ROW_PX),
        key=f"{key} {times}",
        on_select="rerun",
        selection_mode=["single-row", "single-cell"],
        column_config={
            **{name: text(width=width) for name, width in WIDTHS_PX.items()},
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
    models = [one.model for one in run.summary.models]
    short = dict(zip(models, words.short_names(models), strict=True))
    column: dict[str, Callable[[Line], str]] = {
        "what went wrong": _diagnosis,
        "answer": lambda line: _tail(line.answer),
        "reference": lambda line: _tail(line.reference),
        "category": lambda line: _category(run, line),
        "model": lambda line: short.get(line.key.model, line.key.model),
        "example": _example,
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


def _tail(text: str) -> str:
    """The end of an answer, as much as is seen of it; the rest of a row is to the right."""
    line = _one_line(text)
    return line if len(line) <= _TAIL_CHARS else f"…{line[-_TAIL_CHARS:].lstrip(' …')}"


def _category(run: FinishedRun, line: Line) -> str:
    """The name of a failure's own category, without those above it."""
    if line.category not in run.taxonomy:
        return line.category
    return run.taxonomy.path(CategoryId(line.category))[-1].name


def _example(line: Line) -> str:
    return line.key.example + (f" #{line.key.repeat}" * (line.key.repeat > 0))


def _one_line(text: str) -> str:
    """The text without line breaks, which a cell would show as signs."""
    return " ".join(text.split())


def _kept(place: int, line: Line) -> str:
    return line.kept[place]


def failure_cards(run: FinishedRun, lines: Sequence[Line], address: Mapping[str, str]) -> str:
    """Failures below each other in HTML, for a narrow page: all of what went wrong is seen.

    Args:
        run: The run.
        lines: Of its failures.
        address: See `Listing`.
    """
    cards = "".join(_card(run, line, address) for line in lines)
    return f'<div class="em-cards" role="list">{cards}</div>'


def _card(run: FinishedRun, line: Line, address: Mapping[str, str]) -> str:
    query = urlencode({**address, "failure": in_address(line.key)}, errors="replace")
    answers = (("answer", line.answer), ("reference", line.reference))
    read = " · ".join(f"{name}: {_one_line(text)}" for name, text in answers if text)
    where = " · ".join((_category(run, line), line.key.model, _example(line)))
    said, told, place = (
        words.escaped(text, _CELL_CHARS) for text in (_diagnosis(line), read, where)
    )
    link = f'<a href="failures?{html.escape(query)}">{said}</a>'
    return f'<div role="listitem">{link}<span>{told}</span><small>{place}</small></div>'


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
