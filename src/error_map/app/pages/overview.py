"""The first page: what was analysed, how often models fail, and of what."""

from collections.abc import Mapping, Sequence
from typing import Final

import streamlit as st

from ...analysis import Heatmap, Signature
from ...presentation.charts import UNSCALED
from ...presentation.formatting import count, percent, rated
from ...presentation.wording import (
    NO_FAILURES,
    accounting_line,
    fault,
    glossary,
    lost_rows,
)
from ...records import BENCHMARK_FAULTS_HEADING
from .. import escaping as words
from .. import figures
from .. import run_summary as said
from ..charts import draw
from ..figures import Measure, Shape
from ..heat_table import MOST_ROWS, heat_table
from ..navigation import address_of_run, link
from ..run_cache import Opened
from ..style import WIDE
from ..widgets import choice, depth_choice

MEASURES: Final[dict[Measure, str]] = {"share": "Share of failures", "rate": "Rate per attempt"}
_MANY: Final = 8
"""Models from which on their bars are as high as the tree and the accounting together."""
_ON_MODELS: Final = "the page Models has all of them"
_ON_TREE: Final = "the page Categories has all of them"
_MOST_NOTICES: Final = 50
_SHAPES: Final[dict[Shape, str]] = {"sunburst": "Rings", "treemap": "Tiles"}


def show(opened: Opened) -> None:
    """Draws the page."""
    run = opened.run
    st.title(f"Why models fail: {words.markdown(run.manifest.exp_id)}", anchor=False)
    st.caption(words.markdown(said.head_line(run.manifest), None))
    said.warn(run.manifest)
    st.markdown(said.in_words(opened.sentences()))
    st.caption(
        "Numbers in brackets are 95 % intervals.",
        help=glossary("cause", "explained", "interval"),
    )
    st.html(said.facts(run))
    overall = run.summary.overall
    if overall is None or not overall.categories:
        st.info(NO_FAILURES)
        _accounting(opened)
    else:
        _rates_and_tree(opened, overall)
        _heat(opened)
    _rules(opened)


def _rates_and_tree(opened: Opened, overall: Signature) -> None:
    left, right = st.columns([5, 6], gap="large")
    with left:
        if opened.run.manifest.attempts_known:
            _failure_rates(opened)
    with right:
        _tree(opened, overall)
    with right if len(opened.run.summary.models) > _MANY else left:
        _accounting(opened)


def _accounting(opened: Opened) -> None:
    """Every state with its rows, folded where nothing was lost."""
    summary = opened.run.summary
    st.subheader("What became of every row", anchor=False)
    lost = lost_rows(summary.accounting) > 0
    with st.expander(accounting_line(summary.accounting), expanded=lost):
        st.html(said.accounting_table(summary))


def _failure_rates(opened: Opened) -> None:
    st.subheader("How often each model fails", anchor=False)
    st.caption("Share of its scored rows that failed. Whiskers are 95 % intervals.")
    models = sorted(opened.run.summary.models, key=lambda one: -one.failure_rate.value)
    told = "; ".join(
        f"{words.plain(one.model, 40)} {rated(one.failure_rate)}" for one in models[:10]
    )
    draw(
        lambda: figures.failure_rates(models),
        of=("failure rates", opened.index.fingerprint),
        alt=f"Failure rates with intervals: {told}",
    )
    _rest(len(models), figures.MOST_BARS, "models", where=_ON_MODELS)


def _tree(opened: Opened, overall: Signature) -> None:
    st.subheader("Failure categories", anchor=False)
    shape = choice("Picture", _SHAPES, key="picture", silent=True)
    told = "; ".join(
        f"{words.plain(one.category.name, 40)} {percent(one.share.value)}" for one in overall.top
    )
    draw(
        lambda: figures.tree_picture(overall, shape=shape),
        of=("tree", shape, opened.index.fingerprint),
        alt=f"Categories by their share of the failures; click one to go deeper: {told}",
    )
    _rest(
        len(overall.categories),
        figures.MOST_SECTORS,
        "categories",
        where=_ON_TREE,
    )


def _heat(opened: Opened) -> None:
    run = opened.run
    st.subheader("Models and categories", anchor=False)
    with st.container(horizontal=True, gap="medium"):
        depth = depth_choice(run.taxonomy.depth, key="depth")
        known = run.manifest.attempts_known
        measure = choice("Show", MEASURES, key="numbers") if known else "share"
    heat = opened.heatmap(depth=depth)
    if heat is None:
        return
    if len(heat.models) <= figures.FEW_COLUMNS:
        left, right = st.columns([4, 5], gap="large")
    else:
        left = right = st.container()
    with left:
        _heat_picture(opened, heat, depth=depth, measure=measure)
    with right:
        st.html(heat_table(heat, address_of_run(), measure=measure))
        _rest(len(heat.categories), MOST_ROWS, "categories", where=_ON_TREE)


def _heat_picture(opened: Opened, heat: Heatmap, *, depth: int, measure: Measure) -> None:
    with st.container(key=WIDE if len(heat.models) > figures.FEW_COLUMNS else None):
        draw(
            lambda: figures.heat_picture(heat, measure=measure),
            of=("heat", depth, measure, opened.index.fingerprint),
            alt="Heatmap of models and categories; the table has the same numbers",
        )
    st.caption(f"A stronger blue is more. {UNSCALED if heat.unexplained else ''}")
    _rest(len(heat.categories), figures.MOST_ROWS, "categories", where="the table has more")
    _rest(len(heat.models), figures.MOST_COLUMNS, "models", where=_ON_MODELS)


def _rules(opened: Opened) -> None:
    summary = opened.run.summary
    st.subheader("What counts as a failure", anchor=False)
    left, right = st.columns(2, gap="large")
    with left:
        st.html(said.threshold_table(summary))
        for line in said.doubts(summary):
            st.warning(line)
    with right:
        _suspicion(summary.faults)
        _notices(summary.notices)


def _suspicion(faults: Mapping[str, int]) -> None:
    """Failures that the benchmark may have caused, each kind with a link to exactly these."""
    if any(faults.values()):
        st.subheader(BENCHMARK_FAULTS_HEADING, anchor=False, help=glossary("fault"))
    for kind, failures in faults.items():
        if failures:
            why = fault(words.markdown(kind)).meaning
            label = f"{count(failures, 'failure')} to check"
            link("failures", label, icon=":material/flag:", benchmark_fault=kind)
            st.caption(f"{why[0].upper()}{why[1:]}.")


def _notices(notices: Sequence[str]) -> None:
    if notices:
        with st.expander(f"Notices ({len(notices):,})"):
            lines = (f"- {words.markdown(notice, None)}" for notice in notices[:_MOST_NOTICES])
            st.markdown("\n".join(lines))


def _rest(there_are: int, most: int, what: str, *, where: str) -> None:
    if there_are > most:
        st.caption(f"The first {most:,} of {there_are:,} {what} are shown; {where}.")
