"""Input widgets whose values are in the page's address."""

from collections.abc import Mapping, Sequence
from typing import Final, Literal, TypeVar

import streamlit as st

from .escaping import one_line

Option = TypeVar("Option", bound=str)
# More digits than levels or pages of any run, and few enough for every integer type.
_MAX_DIGITS: Final = 9


def choose_one(
    label: str, options: Mapping[Option, str], *, key: str, hide_label: bool = False
) -> Option:
    """A choice between a few options side by side; the first is the default.

    Args:
        label: What is chosen.
        options: The options with their labels.
        key: Name of the query parameter.
        hide_label: Whether only screen readers get the label, because the options explain it.
    """
    names = list(options)
    by_label = {option_label: name for name, option_label in options.items()}
    selected = st.segmented_control(
        label,
        list(by_label),
        default=options[names[0]],
        required=True,
        key=key,
        label_visibility="collapsed" if hide_label else "visible",
        bind="query-params",
    )
    return by_label[selected] if selected else names[0]


def choose_depth(max_depth: int, *, key: str) -> int:
    """The number of levels of the taxonomy to distinguish; without a widget if there is only one.

    Args:
        max_depth: Levels of the taxonomy.
        key: Name of the query parameter.
    """
    if max_depth <= 1:
        return 1
    levels = [str(level) for level in range(1, max_depth + 1)]
    selected = st.segmented_control(
        "Depth", levels, default=levels[0], required=True, key=key, bind="query-params"
    )
    return int(selected or 1)


def choose_name(label: str, names: Sequence[str], *, key: str, default: int) -> str:
    """A menu of names.

    Args:
        label: What is chosen.
        names: At least one name.
        key: Name of the query parameter.
        default: Position of the default; the last name if there are fewer.
    """
    selected = st.selectbox(
        label,
        names,
        index=min(default, len(names) - 1),
        format_func=one_line,
        key=key,
        bind="query-params",
    )
    return selected or names[0]


def number_binding(key: str) -> Literal["query-params"] | None:
    """Binds a number input to its query parameter, unless Streamlit cannot parse the parameter.

    Streamlit raises an `OverflowError` for `1e400`.
    """
    value = st.query_params.get(key, "")
    usable = value.isascii() and value.isdigit() and len(value) <= _MAX_DIGITS
    return "query-params" if usable or not value else None
