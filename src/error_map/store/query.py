"""Questions to the index of a run as values, and how they read in SQL."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, assert_never

from ..errors import InputError, closest
from ..records import WHOLE_SOLUTION_INCORRECT

TEXT_FIELDS: Final = (
    *("dataset", "example_id", "model", "state", "verdict", "detector", "verified"),
    *("benchmark_fault", "title", "stop_reason"),
)
"""Fields that are compared as a whole; `verified` is empty where nothing is quoted."""
KEPT: Final = "kept:"
"""What the name of a kept column is preceded by where it stands as a field."""
SORTS: Final = (
    *("number", "evidence", "score", "title", "category", "model", "dataset", "detector"),
)
"""`evidence` is the order of `EVIDENCE`; the others are those of a field."""
EVIDENCE: Final = (
    ("error", "=", "yes"),
    ("error", "=", ""),
    ("error", "=", "no"),
    ("located", ">=", ""),
    ("no error found", ">=", ""),
    (WHOLE_SOLUTION_INCORRECT, ">=", ""),
    ("unexplained", ">=", ""),
)
"""How much is known of a failure, most first: its verdict, and what `verified` is compared with.

First known causes: those whose quotations all stand in the output, then those that quote nothing,
then those with a quotation that was not found. Then failures of which the place is known, those in
which no error was found, those that are wrong as a whole, and the unexplained. Undiagnosed ones
come last; ties are in the run's order.
"""
MOST_SEARCHED: Final = 1_000
"""Characters of a search that are looked at."""
_TERM: Final = re.compile(r'"([^"]*)"?|([^\s"]+)')
_UNSPACED: Final = re.compile(
    "([\u0e00-\u0e7f\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002ffff])"
)
"""Letters of scripts that put no blanks between words: each of them counts as a word."""
_PREFIX_CHARS: Final = 3
"""Letters that must stand before a `*`."""


@dataclass(frozen=True, slots=True)
class Equals:
    """A field has this value; the field is one of `TEXT_FIELDS`, or `kept:` and a kept column."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Under:
    """In a category or under it, as the run's pages show it."""

    category: str
    directly: bool = False
    """Only those that stand in the category itself."""


@dataclass(frozen=True, slots=True)
class Scored:
    """The score lies in a range, its ends included; None leaves an end open."""

    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Says:
    """Prompt, output, reference, title or summary hold all of these words and "quoted phrases".

    Case and accents do not count. `calc*` finds all words that begin so. Signs are not looked at:
    a search without letters and digits finds nothing.
    """

    text: str


@dataclass(frozen=True, slots=True)
class Named:
    """The example's id is this; with a `*` at its end, the id begins with what stands before."""

    example: str


@dataclass(frozen=True, slots=True)
class Every:
    """All parts hold; without parts all failures."""

    parts: tuple["Where", ...] = ()


@dataclass(frozen=True, slots=True)
class Either:
    """Some part holds; without parts no failure."""

    parts: tuple["Where", ...] = ()


@dataclass(frozen=True, slots=True)
class Without:
    """The part does not hold."""

    part: "Where"


Where: TypeAlias = Equals | Under | Scored | Says | Named | Every | Either | Without
ALL: Final = Every()


@dataclass(frozen=True, slots=True)
class Sort:
    """An order of failures; ties by their number, and all of it backwards if descending."""

    by: str = "number"
    """One of `SORTS`."""
    descending: bool = False


BY_NUMBER: Final = Sort()
BY_EVIDENCE: Final = Sort("evidence")


@dataclass(frozen=True, slots=True)
class Condition:
    """A part of an SQL statement with what stands for its question marks."""

    sql: str
    values: tuple[str | float, ...] = ()


def condition(where: Where, kept: Sequence[str]) -> Condition:
    """The SQL of a question.

    Args:
        where: The question.
        kept: Names of the run's kept columns.

    Raises:
        InputError: It names a field that there is not.
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
            # A comparison with nothing is neither true nor false: such a failure is left too.
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
    given = [(f"score {sign} ?", end) for sign, end in ends if end is not None]
    sql = " AND ".join(part for part, _ in given) or "1"
    return Condition(f"({sql})", tuple(end for _, end in given))


def column(field: str, kept: Sequence[str]) -> str:
    """The column of the index that holds a field.

    Raises:
        InputError: There is no such field; the message says which there are.
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
    if not terms:
        return Condition("0" if text.strip() else "1")
    return Condition("number IN (SELECT rowid FROM words WHERE words MATCH ?)", (terms,))


def _named(example: str) -> Condition:
    beginning = example.removesuffix("*")
    if beginning in {"", example}:
        return Condition("example_id = ?", (example,))
    return Condition("substr(example_id, 1, ?) = ?", (len(beginning), beginning))


def _terms(text: str) -> Iterator[str]:
    """The words and phrases of a search as FTS5 reads them, quoted so that none is an operator."""
    for phrase, word in _TERM.findall(text[:MOST_SEARCHED]):
        said = phrase or word
        if any(map(_counts, said)):
            letters = word.rstrip("*")
            star = "*" if letters != word and len(letters) >= _PREFIX_CHARS else ""
            yield f'"{searchable(said).strip()}"{star}'


def _counts(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "LN"


def searchable(text: str) -> str:
    """The text as it is searched, with blanks where a script has none between its words."""
    plain = storable(text).replace("\0", " ")
    return plain if plain.isascii() else _UNSPACED.sub(r" \1 ", plain)


def storable(text: str) -> str:
    """The text with what is no character replaced, which SQLite takes not."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
