"""The page of failures: a table with search and filters, and each failure by itself."""

from collections.abc import Mapping
from functools import partial
from typing import Final

import streamlit as st

from ...presentation.wording import NO_FAILURES, glossary
from ...store import BY_EVIDENCE, Sort, Where
from ..csv_export import CELL_CHARS, MOST_TEXT_CHARS, sheet, sheet_name
from ..failure_table import ROWS, Listing, failure_table, in_address, key_in, pager
from ..filter_form import filter_form
from ..filters import TEXT_LINKS, fields, terms_in, where_of, written
from ..run_cache import Opened
from .failure import show_one

_SORTS: Final[Mapping[str, str]] = {
    "evidence": "best evidence first",
    "number": "in the run's order",
    "score": "lowest score first",
    "-score": "highest score first",
    "title": "by title",
    "category": "by category",
    "model": "by model",
    "dataset": "by dataset",
    "detector": "by detector",
}
FAILURE: Final = "failure"
_OF_ONE: Final = ("page", FAILURE)
_ORDER_HELP: Final = (
    "Best evidence first: failures with a known cause, those whose quotations were all found in "
    "the output before the others; then those of which only the place is known; then the "
    "unexplained."
    f"\n\n{glossary('cause', 'place', 'explained')}"
)
_NO_MATCH: Final = (
    "No failure matches. An example is found by its whole id, or by how its id begins with * at "
    "the end; examples that passed are not among the failures."
)
_SHEET_HELP: Final = (
    "A row a failure, with prompt, output, answer as read and reference. A text is cut after "
    f"{CELL_CHARS:,} characters; a sheet holds {MOST_TEXT_CHARS // 1_000_000} million characters "
    "of texts, and rows after these say that theirs are left out."
)


def show(opened: Opened) -> None:
    """Draws the page: the table, or the failure that the address names."""
    where, sort = _asked(opened), _sort()
    named = st.query_params.get(FAILURE)
    if named is None:
        _table(opened, where, sort)
        return
    key = key_in(named)
    number = None if key is None else opened.index.find(key)
    if number is None:
        st.title("Failures", anchor=False)
        st.warning("The failure in this address is not in this run.")
        st.button("Back to the list", on_click=_ask, args=(FAILURE, ""))
    else:
        show_one(opened, number, where, sort=sort, ask=_ask)


def _asked(opened: Opened) -> Where:
    """The condition in the address; fields that a link names become lines of the filter."""
    terms = terms_in(st.query_params, fields(opened.index))
    linked = [name for name in TEXT_LINKS if name in st.query_params]
    if linked:
        for name in linked:
            del st.query_params[name]
        st.query_params["filter"] = written(terms)
    return where_of(terms, st.query_params.get("search", ""))


def _sort() -> Sort:
    asked = st.query_params.get("order", "evidence")
    return Sort(asked.lstrip("-"), asked.startswith("-")) if asked in _SORTS else BY_EVIDENCE


def _ask(name: str, value: str) -> None:
    """Puts something into the address, or takes it out; what is shown begins anew."""
    if name != "page":
        st.query_params.pop("page", None)
    if value:
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)


def _take(name: str, widget: str) -> None:
    """Puts what a widget holds into the address."""
    _ask(name, str(st.session_state[widget] or ""))


def _table(opened: Opened, where: Where, sort: Sort) -> None:
    index = opened.index
    st.title("Failures", anchor=False)
    _search_and_order()
    filter_form(opened, ask=partial(_ask, "filter"))
    count = index.count(where)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{count:,}** of {index.rows:,} failures. Select one to open it.")
        st.download_button(
            "Download CSV",
            partial(sheet, opened.run, index, where=where, sort=sort),
            file_name=sheet_name(opened.run, index, where=where, count=count),
            mime="text/csv",
            help=_SHEET_HELP,
            on_click="ignore",
            disabled=not count,
        )
    if not count:
        st.info(_NO_MATCH if index.rows else NO_FAILURES)
        return
    page = _page(count)
    listing = Listing(where=where, sort=sort, address=_address())
    chosen = failure_table(opened, listing, page=page, key="failures")
    pager(count, page, key="failures", turn=_turn)
    if chosen is not None:
        _ask(FAILURE, in_address(chosen))
        st.rerun()


def _address() -> dict[str, str]:
    """What this address says beside the page and the failure: the run, the choice, the order."""
    return {name: st.query_params[name] for name in st.query_params if name not in _OF_ONE}


def _page(count: int) -> int:
    asked = st.query_params.get("page", "1")
    number = (
        int(asked) if asked.isascii() and asked.isdigit() and len(asked) < len("1000000000") else 1
    )
    return min(max(number, 1) - 1, (count - 1) // ROWS)


def _turn(page: int) -> None:
    _ask("page", str(page + 1) if page else "")


def _search_and_order() -> None:
    search, order = st.query_params.get("search", ""), st.query_params.get("order", "evidence")
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    box, menu = f"search {search}", f"order {order}"
    with left:
        st.text_input(
            "Search prompts, outputs, references, titles, summaries and example ids",
            value=search,
            type="search",
            placeholder='words, "exact phrases", or calc* for words that begin with calc',
            key=box,
            on_change=_take,
            args=("search", box),
            max_chars=1_000,
        )
    with right:
        st.selectbox(
            "Order",
            list(_SORTS),
            index=list(_SORTS).index(order) if order in _SORTS else 0,
            format_func=_SORTS.__getitem__,
            key=menu,
            on_change=_take,
            args=("order", menu),
            help=_ORDER_HELP,
        )
