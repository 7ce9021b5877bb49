"""The page of failures: a table with search and filters, and the page of each failure."""

from collections.abc import Mapping
from functools import partial
from typing import Final

import streamlit as st

from ...presentation.wording import NO_FAILURES, glossary
from ...store import BY_EVIDENCE, Sort, Where
from ..filter_form import filter_form
from ..filters import LINK_FIELDS, conditions_in, encoded, filter_fields, to_where
from ..run_cache import OpenedRun
from ..tables.csv_export import MAX_CELL_CHARS, MAX_TEXT_CHARS, failures_csv, failures_csv_name
from ..tables.failure_table import (
    ROWS_PER_PAGE,
    Listing,
    decode_key,
    encode_key,
    failure_table,
    pager,
)
from .failure import show_failure

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
_PAGE_PARAMETERS: Final = ("page", FAILURE)
# Query parameters are untrusted: far more pages than any run has, and no slow parsing of digits.
_MAX_PAGE_DIGITS: Final = 9
_MAX_SEARCH_CHARS: Final = 1_000
_ORDER_HELP: Final = (
    "Best evidence first: failures with a known cause, beginning with those whose quotations were "
    "all found in the output; then failures for which only the place is known; then those of which "
    "nothing is known."
    f"\n\n{glossary('cause', 'place', 'nothing known')}"
)
_NO_MATCH: Final = (
    "No failure matches. To find an example, enter its whole id, or the beginning of its id "
    "followed by *. Examples that passed are not listed here."
)
_CSV_HELP: Final = (
    "One row per failure, with prompt, output, answer as read and reference. Texts are truncated "
    f"after {MAX_CELL_CHARS:,} characters. After {MAX_TEXT_CHARS // 1_000_000} million characters "
    "in all, the texts of the remaining rows are omitted, which their cells say."
)


def show(opened: OpenedRun) -> None:
    """Draws the table, or the failure that the address names."""
    where, sort = _where(opened), _sort()
    encoded_key = st.query_params.get(FAILURE)
    if encoded_key is None:
        _table(opened, where, sort)
        return
    key = decode_key(encoded_key)
    number = None if key is None else opened.index.find(key)
    if number is None:
        st.title("Failures", anchor=False)
        st.warning("The failure in this address is not in this run.")
        st.button("Back to the list", on_click=_set_query, args=(FAILURE, ""))
    else:
        show_failure(opened, number, where, sort=sort, set_query=_set_query)


def _where(opened: OpenedRun) -> Where:
    """The filter in the address; fields that a link names become conditions of the filter."""
    conditions = conditions_in(st.query_params, filter_fields(opened.index))
    linked = [name for name in LINK_FIELDS if name in st.query_params]
    if linked:
        for name in linked:
            del st.query_params[name]
        st.query_params["filter"] = encoded(conditions)
    return to_where(conditions, st.query_params.get("search", ""))


def _sort() -> Sort:
    order = st.query_params.get("order", "evidence")
    return Sort(order.lstrip("-"), order.startswith("-")) if order in _SORTS else BY_EVIDENCE


def _set_query(name: str, value: str) -> None:
    """Sets a query parameter, or removes it if the value is empty; resets the page of the list."""
    if name != "page":  # another filter or order gives another list, in which pages differ
        st.query_params.pop("page", None)
    if value:
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)


def _set_query_from(name: str, widget: str) -> None:
    """Sets a query parameter to the value of a widget."""
    _set_query(name, str(st.session_state[widget] or ""))


def _table(opened: OpenedRun, where: Where, sort: Sort) -> None:
    index = opened.index
    st.title("Failures", anchor=False)
    _search_and_order()
    filter_form(opened, set_filter=partial(_set_query, "filter"))
    count = index.count(where)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{count:,}** of {index.rows:,} failures. Select one to open it.")
        st.download_button(
            "Download CSV",
            partial(failures_csv, opened.run, index, where=where, sort=sort),
            file_name=failures_csv_name(opened.run, index, where=where, count=count),
            mime="text/csv",
            help=_CSV_HELP,
            on_click="ignore",
            disabled=not count,
        )
    if not count:
        st.info(_NO_MATCH if index.rows else NO_FAILURES)
        return
    page = _page(count)
    listing = Listing(where=where, sort=sort, query=_list_query())
    selected = failure_table(opened, listing, page=page, key="failures")
    pager(count, page, key="failures", turn_to=_turn_to)
    if selected is not None:
        _set_query(FAILURE, encode_key(selected))
        st.rerun()


def _list_query() -> dict[str, str]:
    """The query parameters of the run, the filter and the order."""
    return {name: st.query_params[name] for name in st.query_params if name not in _PAGE_PARAMETERS}


def _page(count: int) -> int:
    """The page of the list in the address, from 0; the nearest one if it does not exist."""
    text = st.query_params.get("page", "1")
    readable = text.isascii() and text.isdigit() and len(text) <= _MAX_PAGE_DIGITS
    number = int(text) if readable else 1
    return min(max(number, 1) - 1, (count - 1) // ROWS_PER_PAGE)


def _turn_to(page: int) -> None:
    _set_query("page", str(page + 1) if page else "")


def _search_and_order() -> None:
    search, order = st.query_params.get("search", ""), st.query_params.get("order", "evidence")
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    # The keys contain the values in the address, so that the widgets follow the address.
    box, menu = f"search {search}", f"order {order}"
    with left:
        st.text_input(
            "Search prompts, outputs, references, titles, summaries and example ids",
            value=search,
            type="search",
            placeholder='words, "exact phrases", or calc* for words that begin with calc',
            key=box,
            on_change=_set_query_from,
            args=("search", box),
            max_chars=_MAX_SEARCH_CHARS,
        )
    with right:
        st.selectbox(
            "Order",
            list(_SORTS),
            index=list(_SORTS).index(order) if order in _SORTS else 0,
            format_func=_SORTS.__getitem__,
            key=menu,
            on_change=_set_query_from,
            args=("order", menu),
            help=_ORDER_HELP,
        )
