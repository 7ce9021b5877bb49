"""Filters and orders of the index of a run as values, and their translation to SQL."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, assert_never

from ..errors import InputError, closest
from ..records import WHOLE_SOLUTION_INCORRECT
from .columns import KEY

TEXT_FIELDS: Final = (
    *(*KEY[:3], "state", "verdict", "detector", "verified"),
    *("benchmark_fault", "title", "stop_reason"),
)
"""Fields that are compared as a whole; `verified` is empty where nothing is quoted."""
KEPT: Final = "kept:"
"""Prefix of a kept column that is used as a field."""
SORTS: Final = (
    *("number", "evidence", "score", "title", "category", "model", "dataset", "detector"),
)
"""`evidence` is the order of `EVIDENCE`; the others are by a field."""
EVIDENCE: Final = (
    ("error", "=", "yes"),
    ("error", "=", ""),
    ("error", "=", "no"),
    ("located", ">=", ""),
    ("no error found", ">=", ""),
    (WHOLE_SOLUTION_INCORRECT, ">=", ""),
    ("unexplained", ">=", ""),
)
"""Order of failures by how much is known about them: a verdict and a condition on `verified`.

Known causes come first: those whose quotations were all found in the output, then those that quote
nothing, then those with a quotation that was not found. They are followed by failures with a known
place, without an error, wrong as a whole, and unexplained. Undiagnosed failures come last; ties are
in the run's order.
"""
MAX_SEARCH_CHARS: Final = 1_000
"""Bounds the work of a search, which comes from an address; nobody types as much."""
_TERM: Final = re.compile(r'"([^"]*)"?|([^\s"]+)')
_UNSPACED: Final = re.compile(
    "([\u0e00-\u0e7f\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002ffff])"
)
"""Letters of scripts without blanks between words: each is indexed as a word of its own."""
_PREFIX_CHARS: Final = 3
"""Minimum letters before a `*`: shorter prefixes match a large part of the vocabulary."""


@dataclass(frozen=True, slots=True)
class Equals:
    """A field has this value; the field is one of `TEXT_FIELDS`, or `kept:` and a kept column."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Under:
    """In a category or below it, as the run's pages display it."""

    category: str
    directly: bool = False
    """Only failures in the category itself."""


@dataclass(frozen=True, slots=True)
class Scored:
    """The score is in a range, ends included; None leaves an end open."""

    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Says:
    """Prompt, output, reference, title and summary contain all these words and "quoted phrases".

    Case and accents are ignored. `calc*` matches all words with this prefix. Punctuation is
    ignored: a search without letters and digits matches nothing.
    """

    text: str


@dataclass(frozen=True, slots=True)
class Named:
    """The example's id is equal to this, or begins with it where a `*` follows."""

    example: str


@dataclass(frozen=True, slots=True)
class Every:
    """All parts hold; without parts, all failures match."""

    parts: tuple["Where", ...] = ()


@dataclass(frozen=True, slots=True)
class Either:
    """At least one part holds; without parts, no failure matches."""

    parts: tuple["Where", ...] = ()


@dataclass(frozen=True, slots=True)
class Without:
    """The part does not hold."""

    part: "Where"


Where: TypeAlias = Equals | Under | Scored | Says | Named | Every | Either | Without
ALL: Final = Every()


@dataclass(frozen=True, slots=True)
class Sort:
    """An order of failures, with ties by number; reversed as a whole if descending."""

    by: str = "number"
    """One of `SORTS`."""
    descending: bool = False


BY_NUMBER: Final = Sort()
BY_EVIDENCE: Final = Sort("evidence")


@dataclass(frozen=True, slots=True)
class Condition:
    """A part of an SQL statement and the values of its placeholders."""

    sql: str
    values: tuple[str | float, ...] = ()


def condition(where: Where, kept: Sequence[str]) -> Condition:
    """The SQL of a filter.

    Args:
        where: The filter.
        kept: Names of the run's kept columns.

    Raises:
        InputError: The filter names an unknown field.
    """
    match where:
        case Equals(field=field, value=value):
            met = Condition(f"{column(field, kept)} = ?", (storable(value),))
        case Under():
            met = _under(where)
        case Scored():
            met = _scored(where)
        case Says(text=text):
            met = _says(text)
        case Named(example=example):
            met = _named(storable(example))
        case Every(parts=parts):
            met = _joined([condition(part, kept) for part in parts], "AND", empty="1")
        case Either(parts=parts):
            met = _joined([condition(part, kept) for part in parts], "OR", empty="0")
        case Without(part=part):
            # A comparison with NULL is neither true nor false; the part does not hold then.
            inner = condition(part, kept)
            met = Condition(f"({inner.sql}) IS NOT 1", inner.values)
        case _:
            assert_never(where)
    return met


def _under(where: Under) -> Condition:
    own = " AND own" if where.directly else ""
    inner = f"SELECT category FROM under WHERE ancestor = ?{own}"
    return Condition(f"category IN ({inner})", (storable(where.category),))


def _scored(where: Scored) -> Condition:
    ends = ((">=", where.low), ("<=", where.high))
    bounds = [(f"score {sign} ?", end) for sign, end in ends if end is not None]
    sql = " AND ".join(part for part, _ in bounds) or "1"
    return Condition(f"({sql})", tuple(end for _, end in bounds))


def column(field: str, kept: Sequence[str]) -> str:
    """The column of the index for a field.

    Raises:
        InputError: No such field exists; the message lists the fields.
    """
    if field in TEXT_FIELDS or field == "category":
        return field
    names = [f"{KEPT}{name}" for name in kept]
    if field in names:
        return f"kept_{names.index(field)}"
    known = (*TEXT_FIELDS, "category", *names)
    raise InputError(f"no field {field!r}", where="filter", hint=closest(field, known))


def _joined(parts: Sequence[Condition], word: str, *, empty: str) -> Condition:
    sql = f" {word} ".join(part.sql for part in parts)
    values = tuple(value for part in parts for value in part.values)
    return Condition(f"({sql})" if parts else empty, values)


def _says(text: str) -> Condition:
    terms = " ".join(_terms(text))
    # A search of nothing but punctuation matches nothing; an empty search matches everything.
    if not terms:
        return Condition("0" if text.strip() else "1")
    return Condition("number IN (SELECT rowid FROM words WHERE words MATCH ?)", (terms,))


def _named(example: str) -> Condition:
    beginning = example.removesuffix("*")
    if beginning in {"", example}:
        return Condition("example_id = ?", (example,))
    # Not LIKE, in which `%` and `_` of an id would be wildcards.
    return Condition("substr(example_id, 1, ?) = ?", (len(beginning), beginning))


def _terms(text: str) -> Iterator[str]:
    """The words and phrases of a search for FTS5, quoted so that none is read as an operator."""
    for phrase, word in _TERM.findall(text[:MAX_SEARCH_CHARS]):
        term = phrase or word
        if any(map(_is_indexed, term)):
            letters = word.rstrip("*")
            star = "*" if letters != word and len(letters) >= _PREFIX_CHARS else ""
            yield f'"{searchable(term).strip()}"{star}'


def _is_indexed(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "LN"


def searchable(text: str) -> str:
    """The text as it is indexed, with blanks added where a script has none between words."""
    plain = storable(text).replace("\0", " ")
    return plain if plain.isascii() else _UNSPACED.sub(r" \1 ", plain)


def storable(text: str) -> str:
    """The text with lone surrogates replaced, which SQLite does not accept."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
