"""The conditions of the filter on the page Failures, and the form that adds one."""

from collections.abc import Callable, Sequence
from typing import Final

import streamlit as st

from .escaping import for_markdown, one_line
from .filters import (
    CATEGORY,
    MAX_CONDITIONS,
    SCORE,
    TEXT,
    Condition,
    conditions_in,
    encoded,
    filter_fields,
    in_words,
    score_range,
)
from .labels import unique_labels
from .run_cache import OpenedRun
from .tables.csv_export import category_path

# All options are sent to the browser; others can be typed in.
_MAX_OPTIONS: Final = 500
# Several conditions fit next to each other; the help text of a button shows the whole condition.
_MAX_BUTTON_CHARS: Final = 60
_MAX_OPTION_CHARS: Final = 100
_NO_VALUE: Final = "(none)"
_OPERATORS: Final = {"is": "is", "is not": "is not"}
_TEXT_OPERATORS: Final = {"is": "contains", "is not": "does not contain"}


def filter_form(opened: OpenedRun, *, set_filter: Callable[[str], None]) -> None:
    """Puts the conditions in the address on the page, and a form that adds one.

    Args:
        opened: The run.
        set_filter: Called with the new filter, as `filters.encoded` returns it.
    """
    conditions = conditions_in(st.query_params, filter_fields(opened.index))
    if conditions:
        _condition_buttons(opened, conditions, set_filter)
    box = st.expander(
        "Add a filter", key="filters", on_change="rerun", icon=":material/filter_alt:"
    )
    if box.open:
        with box:
            _form(opened, conditions, set_filter)


def _condition_buttons(
    opened: OpenedRun, conditions: Sequence[Condition], set_filter: Callable[[str], None]
) -> None:
    """One button per condition, which removes it."""
    known = filter_fields(opened.index)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for number, condition in enumerate(conditions):
            joined = "" if not number else ("or " if condition.alternative else "and ")
            is_category = condition.field == CATEGORY
            path = category_path(opened.run, condition.value) if is_category else ""
            label = joined + in_words(condition, known, category=path)
            others = encoded(other for n, other in enumerate(conditions) if n != number)
            st.button(
                for_markdown(label, _MAX_BUTTON_CHARS),
                key=f"condition {number}",
                icon=":material/close:",
                help=for_markdown(f"Remove: {label}", None),
                on_click=set_filter,
                args=(others,),
            )
        if len(conditions) > 1:
            st.button("Clear filters", type="tertiary", on_click=set_filter, args=("",))


def _form(
    opened: OpenedRun, conditions: Sequence[Condition], set_filter: Callable[[str], None]
) -> None:
    known = filter_fields(opened.index)
    if len(conditions) >= MAX_CONDITIONS:
        st.info(f"A filter has at most {MAX_CONDITIONS} conditions.")
        return
    connectives = ["and", "or"] if conditions else ["and"]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        joined = st.selectbox(
            "Combine with", connectives, width=120, disabled=not conditions, key="add joined"
        )
        field = st.selectbox(
            "Field",
            list(known),
            format_func=unique_labels(known, _MAX_BUTTON_CHARS).__getitem__,
            width=200,
            key="add field",
        )
        labels = _TEXT_OPERATORS if field == TEXT else _OPERATORS
        operator = st.selectbox(
            "Condition",
            list(_OPERATORS),
            format_func=labels.__getitem__,
            width=160,
            key="add way",
        )
        value = _value(opened, field)
        added = Condition(
            field, value or "", negated=operator == "is not", alternative=joined == "or"
        )
        st.button(
            "Add",
            type="primary",
            disabled=value is None,
            on_click=set_filter,
            args=(encoded((*conditions, added)),),
        )
    st.caption("“and” binds more tightly than “or”: a and b or c means (a and b) or c.")


def _value(opened: OpenedRun, field: str) -> str | None:
    """The value that the visitor chooses or types for a field; None if there is none yet."""
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
        values = opened.index.facet(field, limit=_MAX_OPTIONS)
        options = {one.value: f"{one.value or _NO_VALUE} ({one.failures:,})" for one in values}
    labels = unique_labels(options, _MAX_OPTION_CHARS)
    return st.selectbox(
        "Value",
        list(options),
        index=None,
        format_func=lambda value: labels.get(value or "", one_line(value or "")),
        key=f"add value {field}",
        accept_new_options=field != CATEGORY,
        placeholder="Choose or type",
        width=320,
    )
