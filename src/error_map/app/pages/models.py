"""Models beside each other: their signatures, and what became of each example between two."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from ...analysis import CategoryRate, Heatmap, Signature
from ...presentation.formatting import denominator, rated
from ...presentation.wording import NO_FAILURES, glossary
from ...taxonomy import Category
from .. import escaping as words
from .. import figures
from ..charts import draw
from ..run_cache import Opened
from ..widgets import choice, depth_choice, one_of
from .overview import MEASURES
from .transitions import show_moves

MOST: Final = 4
"""Models that are told apart by colour."""
_MOST_LISTED: Final = 200
"""Models in the table of all."""


def show(opened: Opened) -> None:
    """Draws the page."""
    run = opened.run
    st.title("Compare models", anchor=False)
    models = {one.model: one for one in run.summary.models}
    if not models:
        st.info("No model was scored.")
        return
    chosen = _chosen(list(models))
    with st.container(horizontal=True, gap="medium"):
        depth = depth_choice(run.taxonomy.depth, key="depth")
        known = run.manifest.attempts_known
        measure = choice("Show", MEASURES, key="numbers") if known else "share"
    _signatures(opened, [models[name] for name in chosen], depth=depth, measure=measure)
    _every_model(opened)
    if len(models) == 1:
        st.info("This run has one model, so there is nothing to compare it with.")
    elif not known:
        st.info("The source contains only failures, so it is not known what other models passed.")
    else:
        st.header("Changes from one model to another", anchor=False)
        left, right = st.columns(2)
        with left:
            before = one_of("Before", list(models), key="before", start=0)
        with right:
            after = one_of("After", list(models), key="after", start=1)
        show_moves(opened, before, after, depth=depth)


def _chosen(names: Sequence[str]) -> list[str]:
    """Up to four models; the address may name them."""
    if len(names) == 1:
        return list(names)
    picked = st.multiselect(
        "Models",
        names,
        default=list(names[:MOST]),
        format_func=words.plain,
        max_selections=MOST,
        select_all=False,
        key="models",
        bind="query-params",
    )
    return picked or list(names[:MOST])


def _signatures(
    opened: Opened, models: Sequence[Signature], *, depth: int, measure: figures.Measure
) -> None:
    st.header("Failure categories", anchor=False)
    told = "the model's failures" if measure == "share" else "all scored rows of the model"
    st.caption(
        f"Share of each category in {told}. Whiskers are 95 % intervals.",
        help=glossary("interval"),
    )
    categories = _categories(opened, models, depth)
    if not categories:
        st.info(NO_FAILURES)
        return
    names = tuple(one.model for one in models)
    draw(
        lambda: figures.signature_bars(models, categories, measure=measure),
        of=("signatures", names, depth, measure, opened.index.fingerprint),
        alt=f"Categories of {len(models)} models with intervals; the table has the numbers",
    )
    if len(categories) > figures.MOST_BARS:
        st.caption(f"The first {figures.MOST_BARS} of {len(categories):,} categories are drawn.")
    with st.expander("Show as a table"):
        st.html(_table(models, categories, opened.heatmap(depth=depth), measure=measure))


def _categories(opened: Opened, models: Sequence[Signature], depth: int) -> list[Category]:
    """Of one depth, those that any of the models has; most frequent over all models first."""
    overall = opened.run.summary.overall
    held = {rate.category.id for one in models for rate in one.categories}
    every = overall.categories if overall else ()
    return [
        rate.category
        for rate in every
        if rate.category.id in held and _at(rate.depth, rate.category, depth)
    ]


def _at(level: int, category: Category, depth: int) -> bool:
    """Whether a category is of a depth, or a leaf above it."""
    return level == depth or (level < depth and not category.children)


def _table(
    models: Sequence[Signature],
    categories: Sequence[Category],
    heat: Heatmap | None,
    *,
    measure: figures.Measure,
) -> str:
    """The numbers of the picture, and those that are too small to be drawn: none of so many."""
    cells = _cells(heat) if heat else {}
    rows = [
        (
            category.name,
            *(_told(cells.get((one.model, category.id)), measure) for one in models),
        )
        for category in categories
    ]
    names = (words.plain(one.model, words.NAME_CHARS) for one in models)
    return words.table(("category", *names), rows, caption="Rate, 95 % interval, counts")


def _cells(heat: Heatmap) -> dict[tuple[str, str], CategoryRate | None]:
    return {
        (model, category.id): cell
        for model, row in zip(heat.models, heat.cells, strict=True)
        for category, cell in zip(heat.categories, row, strict=True)
    }


def _told(rate: CategoryRate | None, measure: figures.Measure) -> str:
    if rate is None:
        return "none studied"
    one = figures.measured(rate, measure)
    return f"{rated(one)}, {denominator(one)}"


def _every_model(opened: Opened) -> None:
    """All models of the run in a table."""
    summary = opened.run.summary
    known = opened.run.manifest.attempts_known
    rows = [
        (
            one.model,
            f"{rated(one.failure_rate)}, {denominator(one.failure_rate)}"
            if known
            else f"{one.failure_rate.hits:,}",
            f"{rated(one.explained)}, {denominator(one.explained)}"
            if one.explained
            else "none studied",
        )
        for one in summary.models[:_MOST_LISTED]
    ]
    header = ("model", "failed" if known else "failures", "explained")
    with st.expander(f"Table of all models ({len(summary.models):,})"):
        st.caption("How often each fails, and what is explained.", help=glossary("explained"))
        st.html(words.table(header, rows, caption="Rate, 95 % interval, counts"))
        if len(summary.models) > _MOST_LISTED:
            st.caption(f"The first {_MOST_LISTED:,} are listed.")
