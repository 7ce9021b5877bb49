"""Transitions between two models: figure, table, and the examples of each transition."""

from collections.abc import Sequence
from functools import partial
from typing import Final

import polars as pl
import streamlit as st

from ...analysis import Flow, Rate, Transition, Transitions
from ...outputs.transition_examples import TransitionExample, transition_examples
from ...presentation.charts import COLOURS, LABELS, end_label
from ...presentation.formatting import count, rated
from ...presentation.wording import ONE_PAIR, chance
from ...store import Equals, Every, Under
from .. import figures
from ..escaping import MAX_NAME_CHARS, for_markdown, one_line
from ..figure_drawing import draw
from ..html_parts import number_boxes
from ..navigation import link, run_query
from ..run_cache import OpenedRun
from ..tables.transition_examples import transition_csv, transition_csv_name, transition_table
from ..widgets import number_binding

# Each example adds some 10 elements; the browser tests allow 4,000 per page.
_EXAMPLES_PER_PAGE: Final = 50
# Bounds what is sent to the browser; the rarest transitions of deep taxonomies have one example.
_MAX_TABLE_FLOWS: Final = 500
# Pairs of models and depths between which visitors switch; without the cache, each switch would
# read all records.
_CACHE_SIZE_TRANSITIONS: Final = 64


def show_transitions(opened: OpenedRun, before: str, after: str, *, depth: int) -> None:
    """Draws the transitions between two models, their table, and the examples of the selected one.

    Args:
        opened: The run.
        before: Name of the first model.
        after: Name of the second model.
        depth: Depth of the taxonomy at which reasons are compared.
    """
    if before == after:
        st.info("Choose two different models.")
        return
    fingerprint = opened.index.fingerprint
    transitions = _transitions(fingerprint, (before, after), depth=depth, _opened=opened)
    if not transitions.examples:
        st.info("No example was scored for both models.")
        return
    st.html(_counts(transitions))
    counts = transitions.counts
    changed = (f"{counts[change]:,} {LABELS[change]}" for change in ("fixed", "broken"))
    alone = f" {ONE_PAIR}" if len(opened.run.summary.models) > len((before, after)) else ""
    st.markdown(f"{', '.join(changed)}: {chance(transitions.p_value)}.{alone}")
    if transitions.counts["passed"] < transitions.examples:
        draw(
            lambda: figures.transition_figure(transitions, opened.run.category_names),
            key=("flows", before, after, depth, fingerprint),
            alt="Flows of examples between categories; the table below has the same numbers",
        )
        st.html(_legend(transitions))
        st.caption(
            f"Left: {for_markdown(before, 60)}; right: {for_markdown(after, 60)}. "
            "Examples that both models passed are not drawn. The reason is unknown if one of the "
            "two failures was not studied, has no known cause, or is in a category that names none."
        )
    _table(opened, transitions, depth)


@st.cache_resource(show_spinner=False, max_entries=_CACHE_SIZE_TRANSITIONS)
def _transitions(
    fingerprint: str, pair: tuple[str, str], *, depth: int, _opened: OpenedRun
) -> Transitions:
    del fingerprint  # part of the cache key only
    return _opened.run.transitions(*pair, depth=depth)


def _counts(transitions: Transitions) -> str:
    """The number of examples of each kind of transition, as number boxes."""
    boxes = []
    for change in _drawn_changes(transitions):
        examples = transitions.counts[change]
        boxes.append((f"{examples:,}", f"{LABELS[change]}<br>{_share(examples, transitions)}"))
    unpaired = f"{count(transitions.unpaired, 'attempt')} without a counterpart"
    boxes.append((f"{transitions.examples:,}", f"pairs compared<br>{unpaired}"))
    return number_boxes(boxes)


def _drawn_changes(transitions: Transitions) -> list[Transition]:
    """The kinds of transitions in the figure, in the order of the legend."""
    return [
        change
        for change in LABELS
        if change != "passed" and (transitions.counts[change] or change != "unknown")
    ]


def _legend(transitions: Transitions) -> str:
    entries = (
        f'<span><i style="background:{COLOURS[change]}"></i>{LABELS[change]}</span>'
        for change in _drawn_changes(transitions)
    )
    return f'<div class="em-legend">{"".join(entries)}</div>'


def _share(examples: int, transitions: Transitions) -> str:
    return rated(Rate.counted(examples, transitions.examples))


def _table(opened: OpenedRun, transitions: Transitions, depth: int) -> None:
    st.subheader("All transitions", anchor=False)
    flows = transitions.flows[:_MAX_TABLE_FLOWS]
    state = st.dataframe(
        _frame(opened, transitions, flows),
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        key="flow",
        height=min(400, 40 + 35 * len(flows)),  # header and rows; scrolls after ten rows
        alt="Transitions between two models: select a row to see its examples",
    )
    if len(transitions.flows) > _MAX_TABLE_FLOWS:
        total = len(transitions.flows)
        st.caption(f"The {_MAX_TABLE_FLOWS:,} largest of {total:,} transitions are listed.")
    rows = state["selection"]["rows"]
    if rows:
        _examples(opened, transitions, flows[rows[0]], depth=depth)
    else:
        st.caption("Select a row to see its examples.")


def _frame(opened: OpenedRun, transitions: Transitions, flows: Sequence[Flow]) -> pl.DataFrame:
    names = opened.run.category_names
    return pl.DataFrame(
        {
            "before": [_cell(end_label(flow.before, names)) for flow in flows],
            "after": [_cell(end_label(flow.after, names)) for flow in flows],
            "transition": [LABELS[transitions.transition(flow)] for flow in flows],
            "examples": [flow.examples for flow in flows],
            f"of {transitions.examples:,} pairs": [
                _share(flow.examples, transitions) for flow in flows
            ],
        }
    )


def _cell(name: str) -> str:
    return one_line(name, MAX_NAME_CHARS)


def _examples(opened: OpenedRun, transitions: Transitions, flow: Flow, *, depth: int) -> None:
    names = opened.run.category_names
    ends = [for_markdown(end_label(end, names)) for end in (flow.before, flow.after)]
    st.subheader(f"{ends[0]} → {ends[1]}", anchor=False)
    for model, end in ((transitions.before, flow.before), (transitions.after, flow.after)):
        if end in names:
            where = Every((Equals("model", model), Under(end)))
            category = for_markdown(end_label(end, names))
            label = _all_failures_label(opened.index.count(where), model, category)
            link("failures", label, model=model, category=end)
    examples = transition_examples(opened.run, transitions, flow, depth=depth)
    file_name = transition_csv_name(opened.run, transitions, flow)
    _example_list(opened, examples, file_name=file_name)


def _all_failures_label(failures: int, model: str, category: str) -> str:
    """Label of the link to all failures of a model in a category, not only those of the flow."""
    which = f"All {count(failures, 'failure')}" if failures > 1 else "The one failure"
    return f"{which} of {for_markdown(model)} in {category}"


def _example_list(
    opened: OpenedRun, examples: Sequence[TransitionExample], *, file_name: str
) -> None:
    st.download_button(
        "Download CSV",
        partial(transition_csv, opened.run, examples),
        file_name=file_name,
        mime="text/csv",
        on_click="ignore",
        help=f"All {count(len(examples), 'example')}, with the state and category of both models.",
    )
    pages = -(-len(examples) // _EXAMPLES_PER_PAGE)
    page = 1
    if pages > 1:
        page = st.number_input("Page", 1, pages, key="page", bind=number_binding("page"))
    start = (page - 1) * _EXAMPLES_PER_PAGE
    shown = examples[start : start + _EXAMPLES_PER_PAGE]
    caption = f"{start + 1:,} to {start + len(shown):,} of {count(len(examples), 'example')}"
    st.html(transition_table(opened.run, shown, run_query(), caption=caption))
