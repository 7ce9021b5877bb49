"""The lines of a filter on the page, and the form that adds one."""

from collections.abc import Callable, Sequence
from typing import Final

import streamlit as st

from . import escaping as words
from .csv_export import category_path
from .filters import (
    CATEGORY,
    MOST_TERMS,
    SCORE,
    TEXT,
    Term,
    fields,
    score_range,
    terms_in,
    told,
    written,
)
from .labels import told_apart
from .run_cache import Opened

_MOST_OPTIONS: Final = 500
_CHIP_CHARS: Final = 60
_LABEL_CHARS: Final = 100
_NOTHING: Final = "(none)"
_IS: Final = {"is": "is", "is not": "is not"}
_SAYS: Final = {"is": "contains", "is not": "does not contain"}


def filter_form(opened: Opened, *, ask: Callable[[str], None]) -> None:
    """Puts the lines of the filter in the address here, and a form that adds one.

    Args:
        opened: The run.
        ask: Told the filter that is wanted, as `filters.written` writes it.
    """
    known = fields(opened.index)
    terms = terms_in(st.query_params, known)
    if terms:
        _lines(opened, terms, ask)
    box = st.expander(
        "Add a filter", key="filters", on_change="rerun", icon=":material/filter_alt:"
    )
    if box.open:
        with box:
            _form(opened, terms, ask)


def _lines(opened: Opened, terms: Sequence[Term], ask: Callable[[str], None]) -> None:
    known = fields(opened.index)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for place, term in enumerate(terms):
            joined = "" if not place else ("or " if term.alternative else "and ")
            path = category_path(opened.run, term.value) if term.field == CATEGORY else ""
            line = joined + told(term, known, category=path)
            rest = written(other for n, other in enumerate(terms) if n != place)
            st.button(
                words.markdown(line, _CHIP_CHARS),
                key=f"term {place}",
                icon=":material/close:",
                help=words.markdown(f"Remove: {line}", None),
                on_click=ask,
                args=(rest,),
            )
        if len(terms) > 1:
            st.button("Clear filters", type="tertiary", on_click=ask, args=("",))


def _form(opened: Opened, terms: Sequence[Term], ask: Callable[[str], None]) -> None:
    known = fields(opened.index)
    if len(terms) >= MOST_TERMS:
        st.info(f"A filter has at most {MOST_TERMS} conditions.")
        return
    ways = ["and", "or"] if terms else ["and"]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        joined = st.selectbox("Combine with", ways, width=120, disabled=not terms, key="add joined")
        field = st.selectbox(
            "Field",
            list(known),
            format_func=told_apart(known, _CHIP_CHARS).__getitem__,
            width=200,
            key="add field",
        )
        named = _SAYS if field == TEXT else _IS
        way = st.selectbox(
            "Condition", list(_IS), format_func=named.__getitem__, width=160, key="add way"
        )
        value = _value(opened, field)
        term = Term(field, value or "", negated=way == "is not", alternative=joined == "or")
        wanted = written((*terms, term))
        st.button("Add", type="primary", disabled=value is None, on_click=ask, args=(wanted,))
    st.caption("“and” binds more tightly than “or”: a and b or c means (a and b) or c.")


def _value(opened: Opened, field: str) -> str | None:
    """What a field is compared with, as the visitor chooses it; None where nothing is chosen."""
    if field == TEXT:
        return st.text_input("Words or “exact phrases”", key="add words") or None
    if field == SCORE:
        low = st.number_input("At least", value=None, key="add low", width=120)
        high = st.number_input("At most", value=None, key="add high", width=120)
        return None if low is None and high is None else score_range(low, high)
    if field == CATEGORY:
        options = {
            str(path[-1].id): category_path(opened.run, path[-1].id)
            for path in opened.run.taxonomy.walk()
        }
    else:
        counted = opened.index.facet(field, limit=_MOST_OPTIONS)
        options = {one.value: f"{one.value or _NOTHING} ({one.failures:,})" for one in counted}
    labels = told_apart(options, _LABEL_CHARS)
    return st.selectbox(
        "Value",
        list(options),
        index=None,
        format_func=lambda one: labels.get(one or "", words.plain(one or "")),
        key=f"add value {field}",
        accept_new_options=field != CATEGORY,
        placeholder="Choose or type",
        width=320,
    )
