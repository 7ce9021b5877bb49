"""The page that compares models: their signatures, and the transitions from one to another."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from ...analysis import CategoryRate, Heatmap, Signature
from ...presentation.formatting import denominator, in_full, rated
from ...presentation.wording import NO_FAILURES, TIER_NAMES, glossary, tier_lines
from ...taxonomy import Category
from .. import figures
from ..escaping import MAX_NAME_CHARS, one_line
from ..figure_drawing import draw
from ..html_parts import table
from ..run_cache import OpenedRun
from ..widgets import choose_depth, choose_name, choose_one
from .overview import MEASURES
from .transitions import show_transitions

# More bars per category are hard to tell apart by colour.
MAX_COMPARED: Final = 4
"""Models compared in the figure of signatures."""
# Bounds the elements of the page in runs of very many models.
_MAX_TABLE_MODELS: Final = 200


def show(opened: OpenedRun) -> None:
    """Draws the page."""
    run = opened.run
    st.title("Compare models", anchor=False)
    models = {model.model: model for model in run.summary.models}
    if not models:
        st.info("No model was scored.")
        return
    selected = _choose_models(list(models))
    with st.container(horizontal=True, gap="medium"):
        depth = choose_depth(run.taxonomy.depth, key="depth")
        attempts_known = run.manifest.attempts_known
        measure = choose_one("Show", MEASURES, key="numbers") if attempts_known else "share"
    _signatures(opened, [models[name] for name in selected], depth=depth, measure=measure)
    _all_models(opened)
    if len(models) == 1:
        st.info("This run has one model, so there is nothing to compare it with.")
    elif not attempts_known:
        st.info("The source contains only failures, so it is not known what other models passed.")
    else:
        st.header("Transitions from one model to another", anchor=False)
        left, right = st.columns(2)
        with left:
            before = choose_name("Before", list(models), key="before", default=0)
        with right:
            after = choose_name("After", list(models), key="after", default=1)
        show_transitions(opened, before, after, depth=depth)


def _choose_models(names: Sequence[str]) -> list[str]:
    """Up to `MAX_COMPARED` models; the address may name them."""
    if len(names) == 1:
        return list(names)
    selected = st.multiselect(
        "Models",
        names,
        default=list(names[:MAX_COMPARED]),
        format_func=one_line,
        max_selections=MAX_COMPARED,
        select_all=False,
        key="models",
        bind="query-params",
    )
    return selected or list(names[:MAX_COMPARED])


def _signatures(
    opened: OpenedRun, models: Sequence[Signature], *, depth: int, measure: figures.Measure
) -> None:
    st.header("Failure categories", anchor=False)
    st.caption(
        f"{MEASURES[measure]} of each model. Whiskers are 95 % intervals.",
        help=glossary("interval"),
    )
    categories = _categories(opened, models, depth)
    if not categories:
        st.info(NO_FAILURES)
        return
    names = tuple(model.model for model in models)
    draw(
        lambda: figures.signature_figure(models, categories, measure=measure),
        key=("signatures", names, depth, measure, opened.index.fingerprint),
        alt=f"Categories of {len(models)} models with intervals; the table has the numbers",
    )
    if len(categories) > figures.MAX_BARS:
        st.caption(f"{figures.MAX_BARS} of {len(categories):,} categories are shown.")
    with st.expander("Show as a table"):
        st.html(_table(models, categories, opened.heatmap(depth=depth), measure=measure))


def _categories(opened: OpenedRun, models: Sequence[Signature], depth: int) -> list[Category]:
    """The categories of the models at a depth, most frequent over all models of the run first."""
    overall = opened.run.summary.overall
    present = {rate.category.id for model in models for rate in model.categories}
    rates = overall.categories if overall else ()
    return [
        rate.category
        for rate in rates
        if rate.category.id in present and _is_at(depth, rate.depth, rate.category)
    ]


def _is_at(depth: int, level: int, category: Category) -> bool:
    """Whether a category of a level is shown at a depth; leaves above it are shown too."""
    return level == depth or (level < depth and not category.children)


def _table(
    models: Sequence[Signature],
    categories: Sequence[Category],
    heatmap: Heatmap | None,
    *,
    measure: figures.Measure,
) -> str:
    """The numbers of the figure in HTML, including zeros."""
    cells = _cells(heatmap) if heatmap else {}
    rows = [
        (
            category.name,
            *(_cell_text(cells.get((model.model, category.id)), measure) for model in models),
        )
        for category in categories
    ]
    names = (one_line(model.model, MAX_NAME_CHARS) for model in models)
    return table(("category", *names), rows, caption="Rate, 95 % interval, counts")


def _cells(heatmap: Heatmap) -> dict[tuple[str, str], CategoryRate | None]:
    """The cells by model and id of the category."""
    return {
        (model, category.id): cell
        for model, row in zip(heatmap.models, heatmap.cells, strict=True)
        for category, cell in zip(heatmap.categories, row, strict=True)
    }


def _cell_text(cell: CategoryRate | None, measure: figures.Measure) -> str:
    if cell is None:
        return "none studied"
    rate = figures.select_rate(cell, measure)
    return f"{rated(rate)}, {figures.counts_of(cell, measure)}"


def _known(model: Signature) -> Sequence[str]:
    """One cell per tier of what is known about the failures of a model."""
    if model.mock or not model.tiers:
        return ["a mock judge" if model.mock else "none studied"] * len(TIER_NAMES)
    return [in_full(rate) for _, rate in tier_lines(model)]


def _all_models(opened: OpenedRun) -> None:
    """A table of all models of the run."""
    summary = opened.run.summary
    attempts_known = opened.run.manifest.attempts_known
    rows = [
        (
            model.model,
            f"{rated(model.failure_rate)}, {denominator(model.failure_rate)}"
            if attempts_known
            else f"{model.failure_rate.hits:,}",
            *_known(model),
        )
        for model in summary.models[:_MAX_TABLE_MODELS]
    ]
    header = ("model", "failed" if attempts_known else "failures", *TIER_NAMES.values())
    with st.expander(f"Table of all models ({len(summary.models):,})"):
        st.caption(
            "How often each model fails, and what is known of its failures.",
            help=glossary("cause", "place", "nothing known"),
        )
        st.html(table(header, rows, caption="Rate, 95 % interval, counts"))
        if len(summary.models) > _MAX_TABLE_MODELS:
            st.caption(f"The first {_MAX_TABLE_MODELS:,} models are listed.")
