"""The page of the tree: categories that open, and the failures in them."""

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
from .. import escaping as words
from .. import run_summary as said
from ..failure_table import Listing, failure_table, in_address, pager
from ..navigation import address_of_run, go, link
from ..run_cache import Opened
from ..widgets import number_binding

MOST_CHILDREN: Final = 50
"""Categories under one that are on the page together."""


@dataclass(frozen=True, slots=True)
class _Branch:
    """A category with those under it that are to be seen."""

    rate: CategoryRate
    below: tuple["_Branch", ...]


@dataclass(frozen=True, slots=True)
class _View:
    """What is seen of the tree."""

    opened: Opened
    least: float
    """Share of the failures, a fraction, under which categories are left out."""
    deepest: int


def show(opened: Opened) -> None:
    """Draws the page."""
    st.title("Failure categories", anchor=False)
    said.warn(opened.run.manifest)
    overall = opened.run.summary.overall
    if overall is None or not overall.categories:
        st.info(NO_FAILURES)
        return
    view = _View(opened, *_controls(overall.categories))
    rates = [
        rate
        for rate in overall.categories
        if rate.share.value >= view.least and rate.depth <= view.deepest
    ]
    trials = overall.categories[0].share.trials
    left_out = len(overall.categories) - len(rates)
    told = (
        f"Shares of {trials:,} studied failures, with 95 % intervals. Click a category to open it."
    )
    hidden = f" {count(left_out, 'category is', 'categories are')} hidden." if left_out else ""
    st.caption(told + hidden, help=glossary("cause", "place", "interval"))
    _branches(view, tuple(_grown(rates, 1)), "top")


def _controls(rates: Sequence[CategoryRate]) -> tuple[float, int]:
    depth = max(rate.depth for rate in rates)
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        least = st.number_input(
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
        levels = depth
        if depth > 1:
            levels = st.number_input(
                "Levels",
                min_value=1,
                max_value=depth,
                value=depth,
                key="levels",
                bind=number_binding("levels"),
                width=160,
            )
    return least / 100, levels


def _grown(rates: Sequence[CategoryRate], depth: int) -> Iterator[_Branch]:
    """Branches out of rates that stand parents before children."""
    starts = [n for n, rate in enumerate(rates) if rate.depth == depth]
    for start, end in zip(starts, [*starts[1:], len(rates)], strict=False):
        yield _Branch(rates[start], tuple(_grown(rates[start + 1 : end], depth + 1)))


def _branches(view: _View, branches: Sequence[_Branch], key: str) -> None:
    """Puts some categories here, as many as fit on a page."""
    state = f"{key} from"
    first = min(st.session_state.get(state, 0), max(0, len(branches) - 1))
    for branch in branches[first : first + MOST_CHILDREN]:
        _branch(view, branch)
    if len(branches) > MOST_CHILDREN:
        last = min(first + MOST_CHILDREN, len(branches))
        with st.container(horizontal=True, vertical_alignment="center"):
            for told, start, off in (
                ("Previous categories", first - MOST_CHILDREN, not first),
                ("Next categories", last, last >= len(branches)),
            ):
                put = partial(_put, state, max(0, start))
                st.button(told, key=f"{state} {told}", disabled=off, on_click=put)
            st.text(f"{first + 1:,} to {last:,} of {len(branches):,}", width="content")


def _put(name: str, value: int) -> None:
    st.session_state[name] = value


def _branch(view: _View, branch: _Branch) -> None:
    rate, category = branch.rate, branch.rate.category
    name = words.markdown(category.name)
    told = f"**{name}** · {denominator(rate.share)} · {rated(rate.share)}"
    key = f"open-{_mark(category.id)}"
    box = st.expander(told, key=key, on_change="rerun", bind="query-params")
    if box.open:
        with box:
            _inside(view, branch)


def _inside(view: _View, branch: _Branch) -> None:
    category, share = branch.rate.category, branch.rate.share
    if category.description:
        st.text(words.plain(category.description))
    link("failures", f"Search and filter {count(share.hits, 'failure')}", category=category.id)
    _branches(view, branch.below, category.id)
    own = (
        Under(category.id, directly=True)
        if category.children and branch.below
        else Under(category.id)
    )
    if view.opened.index.count(own):
        if branch.below:
            st.caption("Failures in none of the categories above")
        _failures(view.opened, own, category.id)


def _failures(opened: Opened, where: Where, category: str) -> None:
    mark = _mark(category)
    state = f"page of {mark}"
    page = st.session_state.get(state, 0)
    listing = Listing(
        where=where,
        sort=BY_EVIDENCE,
        address={**address_of_run(), "category": category},
        left_out=("category",),
    )
    chosen = failure_table(opened, listing, page=page, key=f"table {mark}")
    pager(opened.index.count(where), page, key=f"table {mark}", turn=partial(_put, state))
    if chosen is not None:
        go("failures", category=category, failure=in_address(chosen))


def _mark(category: str) -> str:
    """A short name for a category that can stand in an address and in a style."""
    return blake2b(category.encode("utf-8", "replace"), digest_size=5).hexdigest()
