"""The first page: who was analysed, how often each model fails, and why."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from ...analysis import Heatmap, Signature
from ...outputs.summary import Summary
from ...presentation.charts import UNSCALED
from ...presentation.formatting import percent, rated
from ...presentation.wording import (
    NO_FAILURES,
    PER_ATTEMPT,
    PER_FAILURE,
    accounting_line,
    glossary,
    lost_rows,
    marked,
)
from ...records import (
    BENCHMARK_FAULTS_HEADING,
    SHARED_TRAPS_HEADING,
    SHARED_TRAPS_MEANING,
    fault_meaning,
)
from .. import figures, run_summary
from ..escaping import for_markdown, one_line
from ..figure_drawing import draw
from ..figures import Measure, Shape
from ..navigation import link, run_query
from ..run_cache import OpenedRun
from ..style import SCROLLING_FIGURE
from ..tables.heat_table import MAX_ROWS, heat_table
from ..widgets import choose_depth, choose_one

MEASURES: Final[dict[Measure, str]] = {
    "rate": f"{PER_ATTEMPT[0].upper()}{PER_ATTEMPT[1:]}",
    "share": f"{PER_FAILURE[0].upper()}{PER_FAILURE[1:]}",
}
"""The first is the default: where models fail unequally often, shares make the best look worst."""
# With more models, their bars are as high as the tree and the accounting together, so that the
# accounting balances the columns on the right.
_MAX_MODELS_ABOVE_ACCOUNTING: Final = 8
_ON_MODELS: Final = "the page Models lists all of them"
_ON_CATEGORIES: Final = "the page Categories lists all of them"
# Notices about single files can be as many as the files; the first ones show what they are about.
_MAX_NOTICES: Final = 50
# The alternative text of the figure is read aloud, and the table has all models.
_MAX_MODELS_IN_ALT: Final = 10
_SHAPES: Final[dict[Shape, str]] = {"sunburst": "Rings", "treemap": "Tiles"}


def show(opened: OpenedRun) -> None:
    """Draws the page."""
    run = opened.run
    st.title(f"Why models fail: {for_markdown(run.manifest.exp_id)}", anchor=False)
    st.caption(for_markdown(run_summary.headline(run.manifest), None))
    run_summary.show_warnings(run.manifest)
    st.markdown(run_summary.sentence_list(opened.sentences()))
    st.caption(
        "Numbers in brackets are 95 % intervals.",
        help=glossary("cause", "place", "nothing known", "interval"),
    )
    st.html(run_summary.key_figures(run))
    overall = run.summary.overall
    if overall is None or not overall.categories:
        st.info(NO_FAILURES)
        _accounting(opened)
    else:
        _rates_and_tree(opened, overall)
        _heatmap(opened)
    _failure_rules(opened)


def _rates_and_tree(opened: OpenedRun, overall: Signature) -> None:
    left, right = st.columns([5, 6], gap="large")
    with left:
        if opened.run.manifest.attempts_known:
            _failure_rates(opened)
    with right:
        _tree(opened, overall)
    many_models = len(opened.run.summary.models) > _MAX_MODELS_ABOVE_ACCOUNTING
    with right if many_models else left:
        _accounting(opened)


def _accounting(opened: OpenedRun) -> None:
    """The number of rows in each state; folded if no row was lost."""
    summary = opened.run.summary
    st.subheader("What became of every row", anchor=False)
    lost = lost_rows(summary.accounting) > 0
    with st.expander(accounting_line(summary.accounting), expanded=lost):
        st.html(run_summary.accounting_table(summary))


def _failure_rates(opened: OpenedRun) -> None:
    st.subheader("How often each model fails", anchor=False)
    st.caption("Share of its scored rows that failed. Whiskers are 95 % intervals.")
    models = sorted(opened.run.summary.models, key=lambda model: -model.failure_rate.value)
    rates = "; ".join(
        f"{one_line(model.model, 40)} {rated(model.failure_rate)}"
        for model in models[:_MAX_MODELS_IN_ALT]
    )
    draw(
        lambda: figures.failure_rate_figure(models),
        key=("failure rates", opened.index.fingerprint),
        alt=f"Failure rates with intervals: {rates}",
    )
    _cut_note(len(models), figures.MAX_BARS, "models", where=_ON_MODELS)


def _tree(opened: OpenedRun, overall: Signature) -> None:
    st.subheader("Failure categories", anchor=False)
    shape = choose_one("Picture", _SHAPES, key="picture", hide_label=True)
    shares = "; ".join(
        f"{one_line(rate.category.name, 40)} {percent(rate.share.value)}" for rate in overall.top
    )
    draw(
        lambda: figures.taxonomy_figure(overall, shape=shape),
        key=("tree", shape, opened.index.fingerprint),
        alt=f"Categories by their share of the failures; click one to go deeper: {shares}",
    )
    _cut_note(len(overall.categories), figures.MAX_SECTORS, "categories", where=_ON_CATEGORIES)


def _heatmap(opened: OpenedRun) -> None:
    run = opened.run
    st.subheader("Models and categories", anchor=False)
    with st.container(horizontal=True, gap="medium"):
        depth = choose_depth(run.taxonomy.depth, key="depth")
        attempts_known = run.manifest.attempts_known
        measure = choose_one("Show", MEASURES, key="numbers") if attempts_known else "share"
    heatmap = opened.heatmap(depth=depth)
    if heatmap is None:
        return
    if len(heatmap.models) <= figures.FEW_COLUMNS:
        left, right = st.columns([4, 5], gap="large")
    else:
        left = right = st.container()
    with left:
        _heatmap_figure(opened, heatmap, depth=depth, measure=measure)
    with right:
        st.html(heat_table(heatmap, run_query(), measure=measure))
        _cut_note(len(heatmap.categories), MAX_ROWS, "categories", where=_ON_CATEGORIES)


def _heatmap_figure(opened: OpenedRun, heatmap: Heatmap, *, depth: int, measure: Measure) -> None:
    scrolls = len(heatmap.models) > figures.FEW_COLUMNS
    with st.container(key=SCROLLING_FIGURE if scrolls else None):
        draw(
            lambda: figures.heatmap_figure(heatmap, measure=measure),
            key=("heat", depth, measure, opened.index.fingerprint),
            alt="Heatmap of models and categories; the table has the same numbers",
        )
    unscaled = UNSCALED if heatmap.unexplained else ""
    st.caption(f"{MEASURES[measure]}. Stronger blue means a larger value. {unscaled}")
    _cut_note(len(heatmap.categories), figures.MAX_ROWS, "categories", where="the table lists more")
    _cut_note(len(heatmap.models), figures.MAX_COLUMNS, "models", where=_ON_MODELS)


def _failure_rules(opened: OpenedRun) -> None:
    summary = opened.run.summary
    st.subheader("What counts as a failure", anchor=False)
    left, right = st.columns(2, gap="large")
    with left:
        st.html(run_summary.threshold_table(summary))
        for line in run_summary.disabled_detectors(summary):
            st.warning(line)
    with right:
        _suspected_faults(summary)
        _shared_traps(summary)
        _notices(summary.notices)


def _suspected_faults(summary: Summary) -> None:
    """Suspected benchmark faults, each kind with a link to its failures."""
    faults = summary.faults
    if any(faults.values()):
        st.subheader(BENCHMARK_FAULTS_HEADING, anchor=False, help=glossary("fault"))
    for kind, failures in faults.items():
        if failures:
            reason = fault_meaning(for_markdown(kind)).reason
            label = f"{marked(failures, summary.fault_examples.get(kind, 0))} to check"
            link("failures", label, icon=":material/flag:", benchmark_fault=kind)
            st.caption(f"{reason[0].upper()}{reason[1:]}.")


def _shared_traps(summary: Summary) -> None:
    if summary.traps:
        st.subheader(SHARED_TRAPS_HEADING, anchor=False)
        counted = marked(summary.traps, summary.trap_examples)
        st.caption(f"{counted}: {SHARED_TRAPS_MEANING}.")


def _notices(notices: Sequence[str]) -> None:
    if notices:
        with st.expander(f"Notices ({len(notices):,})"):
            lines = (f"- {for_markdown(notice, None)}" for notice in notices[:_MAX_NOTICES])
            st.markdown("\n".join(lines))


def _cut_note(total: int, shown: int, plural: str, *, where: str) -> None:
    """Says how many are shown if not all are, and where the others are."""
    if total > shown:
        st.caption(f"{shown:,} of {total:,} {plural} are shown; {where}.")
