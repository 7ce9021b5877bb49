"""Choices that stand in the page's address."""

from collections.abc import Mapping, Sequence
from typing import Final, Literal, TypeVar

import streamlit as st

from . import escaping as words

One = TypeVar("One", bound=str)
_MOST_DIGITS: Final = 9
"""No run has more levels or pages."""


def choice(label: str, options: Mapping[One, str], *, key: str, silent: bool = False) -> One:
    """One of a few, side by side; the first unless the address says otherwise.

    Args:
        label: What is chosen.
        options: What each is called on the page.
        key: Its name in the address.
        silent: What is chosen is clear without the label, which is only read aloud.
    """
    names = list(options)
    shown = {told: name for name, told in options.items()}
    picked = st.segmented_control(
        label,
        list(shown),
        default=options[names[0]],
        required=True,
        key=key,
        label_visibility="collapsed" if silent else "visible",
        bind="query-params",
    )
    return shown[picked] if picked else names[0]


def depth_choice(deepest: int, *, key: str) -> int:
    """How many levels of the taxonomy are told apart; 1 where there is but one."""
    if deepest <= 1:
        return 1
    levels = [str(level) for level in range(1, deepest + 1)]
    picked = st.segmented_control(
        "Depth", levels, default=levels[0], required=True, key=key, bind="query-params"
    )
    return int(picked or 1)


def one_of(label: str, names: Sequence[str], *, key: str, start: int) -> str:
    """One of many names; the one at `start` unless the address says otherwise."""
    picked = st.selectbox(
        label,
        names,
        index=min(start, len(names) - 1),
        format_func=words.plain,
        key=key,
        bind="query-params",
    )
    return picked or names[0]


def number_binding(key: str) -> Literal["query-params"] | None:
    """Binds a number input to the address, unless Streamlit cannot take what stands there.

    It raises an `OverflowError` for `1e400`.
    """
    asked = st.query_params.get(key, "")
    usable = asked.isascii() and asked.isdigit() and len(asked) <= _MOST_DIGITS
    return "query-params" if usable or not asked else None
