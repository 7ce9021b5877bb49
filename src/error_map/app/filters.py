"""The filter of the page Failures: its conditions, and how the address stores them."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ..store import (
    KEPT,
    TEXT_FIELDS,
    Either,
    Equals,
    Every,
    Index,
    Named,
    Says,
    Scored,
    Under,
    Where,
    Without,
    storable,
)

TEXT: Final = "text"
CATEGORY: Final = "category"
SCORE: Final = "score"
# Bounds the size of the database query that an address can request.
MAX_CONDITIONS: Final = 30
LINK_FIELDS: Final = (*TEXT_FIELDS, CATEGORY, SCORE)
"""Fields that a link can filter by as a query parameter of their own, such as `?model=m`."""
_RANGE_SEPARATOR: Final = ".."
_LABELS: Final = {
    TEXT: "text",
    "model": "model",
    CATEGORY: "category",
    SCORE: "score",
    "title": "title",
    "detector": "detector",
    "verified": "evidence verified",
    "stop_reason": "why the output ended",
    "verdict": "verdict",
    "state": "state",
    "benchmark_fault": "suspected benchmark fault",
    "dataset": "dataset",
    "example_id": "example",
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a filter."""

    field: str
    """`text`, `category`, `score`, a field of the index, or `kept:` and the name of a column."""
    value: str
    """Words for `text`; `low..high` for `score`, where either end may be missing."""
    negated: bool = False
    alternative: bool = False
    """Whether "or" precedes it, which begins a new group: `a and b or c` is `(a and b) or c`."""


def filter_fields(index: Index) -> dict[str, str]:
    """The fields that can be filtered by, with their labels."""
    return {**_LABELS, **{f"{KEPT}{name}": name for name in index.kept}}


def conditions_in(query: Mapping[str, str], known: Mapping[str, str]) -> tuple[Condition, ...]:
    """The conditions in an address: its parameter `filter`, and fields with their own parameter.

    Anything unreadable and any unknown field is ignored.

    Args:
        query: Query parameters of the address.
        known: Known fields; see `filter_fields`.

    Example:
        >>> conditions_in({"model": "bee", "filter": '[["or", "not", "title", "Slip"]]'}, _LABELS)
        (Condition(field='title', value='Slip', negated=True, alternative=True), \
Condition(field='model', value='bee', negated=False, alternative=False))
    """
    linked = (Condition(name, query[name]) for name in LINK_FIELDS if name in query)
    conditions = (*_decoded(query.get("filter", "[]")), *linked)
    return tuple(one for one in conditions if one.field in known)[:MAX_CONDITIONS]


def _decoded(text: str) -> Iterator[Condition]:
    try:
        entries = json.loads(text)
    except (ValueError, RecursionError):
        return
    for entry in entries if isinstance(entries, list) else []:
        match entry:
            case [str(joined), str(operator), str(field), str(value)]:
                yield Condition(
                    field,
                    storable(value),
                    negated=operator == "not",
                    alternative=joined == "or",
                )
            case _:
                pass


def encoded(conditions: Iterable[Condition]) -> str:
    """The conditions as the query parameter `filter`; empty if there are none."""
    entries = [
        [
            "or" if condition.alternative else "and",
            "not" if condition.negated else "is",
            condition.field,
            condition.value,
        ]
        for condition in conditions
    ]
    return json.dumps(entries, ensure_ascii=False, separators=(",", ":")) if entries else ""


def to_where(conditions: Sequence[Condition], search: str = "") -> Where:
    """The query that the conditions and a search amount to.

    Args:
        conditions: Conditions of the filter, in order.
        search: Words that the texts contain, or the id of an example.
    """
    groups: list[list[Where]] = [[]]
    for condition in conditions:
        if condition.alternative and groups[-1]:
            groups.append([])
        groups[-1].append(_where(condition))
    parts = (Either(tuple(Every(tuple(group)) for group in groups)),) if conditions else ()
    if not (words := search.strip()):
        return Every(parts)
    return Every((*parts, Either((Says(words), Named(words.strip('"'))))))


def _where(condition: Condition) -> Where:
    where: Where
    if condition.field == TEXT:
        where = Says(condition.value)
    elif condition.field == CATEGORY:
        where = Under(condition.value)
    elif condition.field == SCORE:
        low, _, high = condition.value.partition(_RANGE_SEPARATOR)
        where = Scored(_number(low), _number(high))
    else:
        where = Equals(condition.field, condition.value)
    return Without(where) if condition.negated else where


def score_range(low: float | None, high: float | None) -> str:
    """The value of a condition on the score; None for an open end.

    Example:
        >>> score_range(0.5, None)
        '0.5..'
    """
    ends = ("" if end is None else f"{end:g}" for end in (low, high))
    return _RANGE_SEPARATOR.join(ends)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _range_in_words(value: str) -> str:
    """A range of scores in words.

    Example:
        >>> _range_in_words("0.5.."), _range_in_words("..1"), _range_in_words("0..1")
        ('at least 0.5', 'at most 1', 'from 0 to 1')
    """
    low, _, high = value.partition(_RANGE_SEPARATOR)
    if low and high:
        return f"from {low} to {high}"
    return f"at least {low}" if low else f"at most {high}"


def in_words(condition: Condition, known: Mapping[str, str], *, category: str = "") -> str:
    """The condition in words.

    Args:
        condition: Condition on a known field.
        known: Labels of the known fields.
        category: Path of names of the category, for a condition on the category.

    Example:
        >>> in_words(Condition("model", "bee", negated=True), _LABELS)
        'model is not bee'
    """
    label, value = known[condition.field], condition.value
    if condition.field == TEXT:
        return f"{label} {'does not contain' if condition.negated else 'contains'} {value}"
    if condition.field == CATEGORY:
        value = category or value
    elif condition.field == SCORE:
        value = _range_in_words(value)
    else:
        value = value or "(none)"
    return f"{label} is {'not ' if condition.negated else ''}{value}"
