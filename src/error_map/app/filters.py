"""The filter of the page Failures: what it asks, as it stands in the address."""

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
MOST_TERMS: Final = 30
_TO: Final = ".."
_LABELS: Final = {
    TEXT: "text",
    "model": "model",
    CATEGORY: "category",
    SCORE: "score",
    "title": "title",
    "detector": "detector",
    "verified": "evidence verified",
    "verdict": "verdict",
    "state": "state",
    "benchmark_fault": "benchmark suspicion",
    "dataset": "dataset",
    "example_id": "example",
}


@dataclass(frozen=True, slots=True)
class Term:
    """One line of a filter."""

    field: str
    """`text`, `category`, `score`, a field of the index, or `kept:` and a kept column."""
    value: str
    """Words for a text; `low..high` for a score, either of which may be left out."""
    negated: bool = False
    alternative: bool = False
    """Whether it begins a group of its own: `a and b or c` is `(a and b) or c`."""


def fields(index: Index) -> dict[str, str]:
    """What can be asked for, and what it is called."""
    return {**_LABELS, **{f"{KEPT}{name}": name for name in index.kept}}


def terms_in(address: Mapping[str, str], known: Mapping[str, str]) -> tuple[Term, ...]:
    """The terms that an address asks for: its `filter`, and fields that a link names.

    What cannot be read or is not known is left out.

    Example:
        >>> terms_in({"model": "bee", "filter": '[["or", "not", "title", "Slip"]]'}, _LABELS)
        (Term(field='title', value='Slip', negated=True, alternative=True), Term(field='model', \
value='bee', negated=False, alternative=False))
    """
    linked = (Term(name, address[name]) for name in TEXT_LINKS if name in address)
    every = (*_listed(address.get("filter", "[]")), *linked)
    return tuple(term for term in every if term.field in known)[:MOST_TERMS]


TEXT_LINKS: Final = (*TEXT_FIELDS, CATEGORY, SCORE)
"""Parts of an address that are a term by themselves."""


def _listed(text: str) -> Iterator[Term]:
    try:
        listed = json.loads(text)
    except (ValueError, RecursionError):
        return
    for one in listed if isinstance(listed, list) else []:
        match one:
            case [str(joined), str(way), str(field), str(value)]:
                yield Term(field, storable(value), negated=way == "not", alternative=joined == "or")
            case _:
                pass


def written(terms: Iterable[Term]) -> str:
    """Terms as the `filter` of an address; empty for none."""
    listed = [
        [
            "or" if term.alternative else "and",
            "not" if term.negated else "is",
            term.field,
            term.value,
        ]
        for term in terms
    ]
    return json.dumps(listed, ensure_ascii=False, separators=(",", ":")) if listed else ""


def where_of(terms: Sequence[Term], search: str = "") -> Where:
    """The condition that terms and a search stand for: of words, or of an example's id."""
    groups: list[list[Where]] = [[]]
    for term in terms:
        if term.alternative and groups[-1]:
            groups.append([])
        groups[-1].append(_where(term))
    wanted = Either(tuple(Every(tuple(group)) for group in groups))
    parts = (wanted,) if terms else ()
    if not (said := search.strip()):
        return Every(parts)
    return Every((*parts, Either((Says(said), Named(said.strip('"'))))))


def _where(term: Term) -> Where:
    where: Where
    if term.field == TEXT:
        where = Says(term.value)
    elif term.field == CATEGORY:
        where = Under(term.value)
    elif term.field == SCORE:
        low, _, high = term.value.partition(_TO)
        where = Scored(_number(low), _number(high))
    else:
        where = Equals(term.field, term.value)
    return Without(where) if term.negated else where


def score_range(low: float | None, high: float | None) -> str:
    """The value of a term over scores.

    Example:
        >>> score_range(0.5, None)
        '0.5..'
    """
    ends = ("" if end is None else f"{end:g}" for end in (low, high))
    return _TO.join(ends)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _range(value: str) -> str:
    """A range of scores in words.

    Example:
        >>> _range("0.5.."), _range("..1"), _range("0..1")
        ('at least 0.5', 'at most 1', 'from 0 to 1')
    """
    low, _, high = value.partition(_TO)
    if low and high:
        return f"from {low} to {high}"
    return f"at least {low}" if low else f"at most {high}"


def told(term: Term, known: Mapping[str, str], *, category: str = "") -> str:
    """A term in words.

    Args:
        term: Any.
        known: What the fields are called.
        category: The path of names, if the term asks for a category.

    Example:
        >>> told(Term("model", "bee", negated=True), _LABELS)
        'model is not bee'
    """
    name = known[term.field]
    if term.field == TEXT:
        return f"{name} {'does not contain' if term.negated else 'contains'} {term.value}"
    if term.field == CATEGORY:
        return f"{name} is {'not ' if term.negated else ''}{category or term.value}"
    value = _range(term.value) if term.field == SCORE else term.value or "(none)"
    return f"{name} is {'not ' if term.negated else ''}{value}"
