"""Two models on the same examples: what was fixed, broken, or stayed wrong."""

from collections.abc import Sequence
from functools import partial
from typing import Final

import polars as pl
import streamlit as st

from ...analysis import Flow, Rate, Transition, Transitions
from ...outputs.transition_examples import TransitionExample, transition_examples
from ...presentation.charts import COLOURS, LABELS, end_label
from ...presentation.formatting import count, rated
from ...store import Equals, Every, Under
from .. import escaping as words
from .. import figures
from ..charts import draw
from ..navigation import address_of_run, link
from ..run_cache import Opened
from ..transition_examples import moved_sheet, moved_sheet_name, moved_table
from ..widgets import number_binding

_PAGE: Final = 50
"""Examples that one page of the list holds."""
_MOST_LISTED: Final = 500
"""Flows that the table holds."""


def show_moves(opened: Opened, before: str, after: str, *, depth: int) -> None:
    """Draws the flows between two models, their table, and the examples of the chosen one."""
    if before == after:
        st.info("Choose two different models.")
        return
    moved = _moved(opened.index.fingerprint, (before, after), depth=depth, _opened=opened)
    if not moved.examples:
        st.info("There is no example that both models were scored on.")
        return
    st.html(_sums(moved))
    if moved.counts["passed"] < moved.examples:
        draw(
            lambda: figures.flow_picture(moved, opened.run.category_names),
            of=("flows", before, after, depth, opened.index.fingerprint),
            alt="Flows of examples between categories; the table below has the same numbers",
        )
        st.html(_legend(moved))
        st.caption(
            f"Left: {words.markdown(before, 60)}; right: {words.markdown(after, 60)}. "
            "Examples that passed both times are not drawn."
        )
    _table(opened, moved, depth)


@st.cache_resource(show_spinner=False, max_entries=64)
def _moved(fingerprint: str, pair: tuple[str, str], *, depth: int, _opened: Opened) -> Transitions:
    del fingerprint  # a part of the key
    return _opened.run.transitions(*pair, depth=depth)


def _sums(moved: Transitions) -> str:
    boxes = [
        (f"{moved.counts[change]:,}", f"{LABELS[change]}<br>{_part(moved.counts[change], moved)}")
        for change in _drawn(moved)
    ]
    alone = f"{count(moved.unpaired, 'attempt')} without a counterpart"
    boxes.append((f"{moved.examples:,}", f"pairs compared<br>{alone}"))
    lines = (f"<div><b>{number}</b><span>{told}</span></div>" for number, told in boxes)
    return f'<div class="em-facts">{"".join(lines)}</div>'


def _drawn(moved: Transitions) -> list[Transition]:
    """What became of the examples, in the order of the legend; what passed both times is left."""
    return [
        change
        for change in LABELS
        if change != "passed" and (moved.counts[change] or change != "unknown")
    ]


def _legend(moved: Transitions) -> str:
    keys = (
        f'<span><i style="background:{COLOURS[change]}"></i>{LABELS[change]}</span>'
        for change in _drawn(moved)
    )
    return f'<div class="em-legend">{"".join(keys)}</div>'


def _part(examples: int, moved: Transitions) -> str:
    return rated(Rate.counted(examples, moved.examples))


def _table(opened: Opened, moved: Transitions, depth: int) -> None:
    st.subheader("All transitions", anchor=False)
    flows = moved.flows[:_MOST_LISTED]
    picked = st.dataframe(
        _frame(opened, moved, flows),
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        key="flow",
        height=min(400, 40 + 35 * len(flows)),
        alt="Transitions between two models: select a row to see its examples",
    )
    if len(moved.flows) > _MOST_LISTED:
        st.caption(f"The largest {_MOST_LISTED:,} of {len(moved.flows):,} transitions are listed.")
    rows = picked["selection"]["rows"]
    if rows:
        _examples(opened, moved, flows[rows[0]], depth=depth)
    else:
        st.caption("Select a row to see its examples.")


def _frame(opened: Opened, moved: Transitions, flows: Sequence[Flow]) -> pl.DataFrame:
    names = opened.run.category_names
    return pl.DataFrame(
        {
            "before": [_end(end_label(flow.before, names)) for flow in flows],
            "after": [_end(end_label(flow.after, names)) for flow in flows],
            "what happened": [LABELS[moved.transition(flow)] for flow in flows],
            "examples": [flow.examples for flow in flows],
            f"of {moved.examples:,} pairs": [_part(flow.examples, moved) for flow in flows],
        }
    )


def _end(name: str) -> str:
    return words.plain(name, words.NAME_CHARS)


def _examples(opened: Opened, moved: Transitions, flow: Flow, *, depth: int) -> None:
    names = opened.run.category_names
    ends = [words.markdown(end_label(end, names)) for end in (flow.before, flow.after)]
    st.subheader(f"{ends[0]} → {ends[1]}", anchor=False)
    for model, end in ((moved.before, flow.before), (moved.after, flow.after)):
        if end in names:
            name = words.markdown(end_label(end, names))
            where = Every((Equals("model", model), Under(end)))
            told = _all_failures(opened.index.count(where), model, name)
            link("failures", told, model=model, category=end)
    found = transition_examples(opened.run, moved, flow, depth=depth)
    _listed(opened, found, file_name=moved_sheet_name(opened.run, moved, flow))


def _all_failures(failures: int, model: str, category: str) -> str:
    """What a link to a model's failures of a category leads to, more than those of the flow."""
    every = f"All {count(failures, 'failure')}" if failures > 1 else "The one failure"
    return f"{every} of {words.markdown(model)} in {category}"


def _listed(opened: Opened, found: Sequence[TransitionExample], *, file_name: str) -> None:
    st.download_button(
        "Download CSV",
        partial(moved_sheet, opened.run, found),
        file_name=file_name,
        mime="text/csv",
        on_click="ignore",
        help=f"All {count(len(found), 'example')}, with state and category of both models.",
    )
    pages = -(-len(found) // _PAGE)
    page = 1
    if pages > 1:
        page = st.number_input("Page", 1, pages, key="page", bind=number_binding("page"))
    start = (page - 1) * _PAGE
    shown = found[start : start + _PAGE]
    caption = f"{start + 1:,} to {start + len(shown):,} of {count(len(found), 'example')}"
    st.html(moved_table(opened.run, shown, address_of_run(), caption=caption))
