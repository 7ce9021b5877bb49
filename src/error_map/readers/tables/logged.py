"""Optional fields of a record that a table has under a usual name of evaluation tools."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

import polars as pl

from ...store.columns import LOG_SCHEMA

USUAL_NAMES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "log_stop_reason": ("stop_reason", "finish_reason"),
        "log_tokens_out": ("tokens_out", "output_tokens", "completion_tokens"),
    }
)
"""The names by field; of several in one table, the first counts."""


def logged_fields(names: Sequence[str]) -> list[pl.Expr]:
    """The optional fields that extra columns contain, as copies; the columns stay as they are.

    A text that is no whole number is no number of tokens.
    """
    return [
        pl.col(name).replace("", None).cast(LOG_SCHEMA[field], strict=False).alias(field)
        for field, name in _sources(names).items()
    ]


def logged_names(names: Sequence[str]) -> tuple[str, ...]:
    """The optional fields that a table of these columns has.

    Example:
        >>> logged_names(["model", "finish_reason"]), logged_names(["log_turns", "finish_reason"])
        (('log_stop_reason',), ('log_turns',))
    """
    return tuple(name for name in names if name in LOG_SCHEMA) or tuple(_sources(names))


def _sources(names: Sequence[str]) -> dict[str, str]:
    """The extra column by the field that is a copy of it."""
    found = {
        field: next((name for name in usual if name in names), None)
        for field, usual in USUAL_NAMES.items()
    }
    return {field: name for field, name in found.items() if name is not None}
