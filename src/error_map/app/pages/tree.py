"""The page of the taxonomy: categories that open, with their failures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from typing import Final

import streamlit as st

from ...analysis import CategoryRate
from ...presentation.formatting import count, denominator, rated
from ...presentation.wording import NO_FAILURES, glossary
from ...store import BY_EVIDENCE, Under, Where
from .. import run_summary
from ..escaping import for_markdown, one_line
from ..navigation import link, run_query, switch_to
from ..run_cache import OpenedRun
from ..tables.failure_table import Listing, encode_key, failure_table, pager
from ..widgets import number_binding

# Each category adds some 20 elements; the browser tests allow 4,000 per page.
MAX_CHILDREN: Final = 50
"""Categories with the same parent that are shown at once."""


@dataclass(frozen=True, slots=True)
class _Branch:
    """A category with the shown categories below it."""

    rate: CategoryRate
    children: tuple["_Branch", ...]


@dataclass(frozen=True, slots=True)
class _View:
    """The run, and which part of its taxonomy is shown."""

    opened: OpenedRun
    min_share: float
    """Categories with a smaller share of the failures are hidden; a fraction."""
    levels: int
    """Deeper categories are hidden."""


def show(opened: OpenedRun) -> None:
    """Draws the page."""
    st.title("Failure categories", anchor=False)
    run_summary.show_warnings(opened.run.manifest)
    overall = opened.run.summary.overall
    if overall is None or not overall.categories:
        st.info(NO_FAILURES)
        return
    view = _View(opened, *_controls(overall.categories))
    rates = [
        rate
        for rate in overall.categories
        if rate.share.value >= view.min_share and rate.depth <= view.levels
    ]
    trials = overall.categories[0].share.trials
    hidden = len(overall.categories) - len(rates)
    note = f" {count(hidden, 'category is', 'categories are')} hidden." if hidden else ""
    st.caption(
        f"Shares of {trials:,} studied failures, with 95 % intervals. "
        f"Click a category to open it.{note}",
        help=glossary("cause", "place", "interval"),
    )
    _branches(view, tuple(_grow(rates, 1)), "top")


def _controls(rates: Sequence[CategoryRate]) -> tuple[float, int]:
    """The minimum share, as a fraction, and the number of levels to show."""
    max_depth = max(rate.depth for rate in rates)
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        min_percent = st.number_input(
            "Minimum share of failures (%)",
            min_value=0.0,
            max_value=100.0,
            value=0.0,
            step=0.5,
            format="%.2f",
            key="least",
            bind="query-params",
            width=230,
        )
        levels = max_depth
        if max_depth > 1:
            levels = st.number_input(
                "Levels",
                min_value=1,
                max_value=max_depth,
                value=max_depth,
                key="levels",
                bind=number_binding("levels"),
                width=160,
            )
    return min_percent / 100, levels


def _grow(rates: Sequence[CategoryRate], depth: int) -> Iterator[_Branch]:
    """Branches from rates in which parents precede their children."""
    starts = [position for position, rate in enumerate(rates) if rate.depth == depth]
    for start, end in zip(starts, [*starts[1:], len(rates)], strict=False):
        yield _Branch(rates[start], tuple(_grow(rates[start + 1 : end], depth + 1)))


def _branches(view: _View, branches: Sequence[_Branch], key: str) -> None:
    """Puts branches on the page, `MAX_CHILDREN` at a time."""
    state = f"{key} from"
    first = min(st.session_state.get(state, 0), max(0, len(branches) - 1))
    for branch in branches[first : first + MAX_CHILDREN]:
        _branch(view, branch)
    if len(branches) > MAX_CHILDREN:
        last = min(first + MAX_CHILDREN, len(branches))
        with st.container(horizontal=True, vertical_alignment="center"):
            for label, start, disabled in (
                ("Previous categories", first - MAX_CHILDREN, not first),
                ("Next categories", last, last >= len(branches)),
            ):
                turn = partial(_set_state, state, max(0, start))
                st.button(label, key=f"{state} {label}", disabled=disabled, on_click=turn)
            st.text(f"{first + 1:,} to {last:,} of {len(branches):,}", width="content")


def _set_state(name: str, value: int) -> None:
    st.session_state[name] = value


def _branch(view: _View, branch: _Branch) -> None:
    rate, category = branch.rate, branch.rate.category
    label = f"**{for_markdown(category.name)}** · {denominator(rate.share)} · {rated(rate.share)}"
    key = f"open-{_short_id(category.id)}"
    box = st.expander(label, key=key, on_change="rerun", bind="query-params")
    if box.open:
        with box:
            _content(view, branch)


def _content(view: _View, branch: _Branch) -> None:
    category, share = branch.rate.category, branch.rate.share
    if category.description:
        st.text(one_line(category.description))
    link("failures", f"Search and filter {count(share.hits, 'failure')}", category=category.id)
    _branches(view, branch.children, category.id)
    only_here = bool(category.children and branch.children)
    where = Under(category.id, directly=only_here)
    if view.opened.index.count(where):
        if branch.children:
            st.caption("Failures in none of the categories above")
        _failures(view.opened, where, category.id)


def _failures(opened: OpenedRun, where: Where, category: str) -> None:
    short_id = _short_id(category)
    state = f"page of {short_id}"
    page = st.session_state.get(state, 0)
    listing = Listing(
        where=where,
        sort=BY_EVIDENCE,
        query={**run_query(), "category": category},
        hidden=("category",),
    )
    key = f"table {short_id}"
    selected = failure_table(opened, listing, page=page, key=key)
    pager(opened.index.count(where), page, key=key, turn_to=partial(_set_state, state))
    if selected is not None:
        switch_to("failures", category=category, failure=encode_key(selected))


def _short_id(category: str) -> str:
    """A short digest of a category's id, for addresses and CSS classes."""
    return blake2b(category.encode("utf-8", "replace"), digest_size=5).hexdigest()
