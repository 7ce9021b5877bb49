"""What a working says that the unknowns of the task are: `a + 2b = 12`, `r = 7`."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import groupby
from typing import Final, TypeAlias

from .equality_parser import Equality, Member, equalities
from .polynomials import Coefficient, Monomial, Polynomial, unknowns

CACHE_SIZE: Final = 256
"""Texts whose values are cached: one right working is compared with many failures."""
MAX_TERMS: Final = 3
TASK_CHARS: Final = 4_000
MARKED_CHARS: Final = 400

Key: TypeAlias = tuple[tuple[Monomial, Coefficient], ...]
"""An expression in unknowns, whatever the order and the notation of its terms."""

_MARKED: Final = re.compile(
    rf"\$([^$]{{1,{MARKED_CHARS}}})\$|\\\((.{{1,{MARKED_CHARS}}}?)\\\)|\\\[(.{{1,{MARKED_CHARS}}}?)\\\]",
    re.DOTALL,
)
_COMMAND: Final = re.compile(r"\\([a-zA-Z]+)")
_LETTER: Final = re.compile(r"[a-zA-Z]")
_PLAIN_LETTER: Final = re.compile(r"(?<![\w'\u2019])[b-zB-HJ-Z](?![\w'\u2019])")
_ASKS: Final = re.compile(
    r"\b(?:find|compute|determine|what (?:is|are)|calculate|evaluate|enter|give|value of)\b"
    r"([^?\n]{0,200})",
    re.IGNORECASE,
)
_FORM: Final = re.compile(
    r"\b(?:forms?|written|write|express(?:ed)?|simplified|represented)\b([^?\n]{0,200})",
    re.IGNORECASE,
)
_GREEK: Final = frozenset("alpha beta gamma delta theta phi omega lambda mu rho tau".split())  # noqa: SIM905
_PREFIXES: Final = ("overline", "mathbf", "vec", "angle")


@dataclass(frozen=True, slots=True)
class Assigned:
    """An expression in unknowns and the number that a working gives it."""

    of: Member
    value: Coefficient
    factor: Coefficient
    """What the number was divided by, as the expression without its factor has the value."""
    end: int
    """Where the number ends."""


@lru_cache(maxsize=CACHE_SIZE)
def assigned(text: str) -> Mapping[Key, Sequence[Assigned]]:
    """By expression, each place of a text where it is set equal to a number, in order."""
    found: dict[Key, list[Assigned]] = defaultdict(list)
    for _, links in groupby(equalities(text), key=_chain):
        for of, last in _numbered(tuple(links)):
            key, factor = _key(of.of.value)
            value = (last.of.closed or Fraction(0)) / factor
            found[key].append(Assigned(of, value, factor, last.end))
    return found


def letters(key: Key) -> frozenset[str]:
    """The letters that the unknowns of an expression are written with, Greek ones by name."""
    return frozenset(letter for name in unknowns(dict(key)) for letter in _letters(name))


@lru_cache(maxsize=CACHE_SIZE)
def task_letters(prompt: str) -> frozenset[str]:
    """The letters of the formulas in a task; where none is marked, single letters."""
    marked = [_inside(found) for found in _MARKED.finditer(prompt[-TASK_CHARS:])]
    if not marked:
        return frozenset(_PLAIN_LETTER.findall(prompt[-TASK_CHARS:]))
    return frozenset().union(*map(_written, marked))


def marked(prompt: str) -> tuple[str, ...]:
    """The formulas of a task that LaTeX marks."""
    return tuple(_inside(found) for found in _MARKED.finditer(prompt[-TASK_CHARS:]))


@lru_cache(maxsize=CACHE_SIZE)
def asked_letters(prompt: str) -> frozenset[str]:
    """Those of them that the answer is to be put together of: m and n of `find $m + n$`."""
    combined: set[str] = set()
    for order in _ASKS.finditer(prompt[-TASK_CHARS:]):
        for found in _MARKED.finditer(order[1]):
            written = _written(_inside(found))
            combined |= written if len(written) > 1 else set()
    return frozenset(combined)


@lru_cache(maxsize=CACHE_SIZE)
def form_letters(prompt: str) -> frozenset[str]:
    r"""Those that only write the result: a, b and c of `in the form $\frac{a\sqrt{b}}{c}$`."""
    written: set[str] = set()
    for form in _FORM.finditer(prompt[-TASK_CHARS:]):
        found = _MARKED.search(form[1])
        if found and "=" not in found[0]:
            written |= _written(_inside(found))
    return frozenset(written)


def _inside(found: re.Match[str]) -> str:
    return found[1] or found[2] or found[3] or ""


def _written(formula: str) -> frozenset[str]:
    commands = frozenset(_COMMAND.findall(formula)) & _GREEK
    return commands | frozenset(_LETTER.findall(_COMMAND.sub(" ", formula)))


def _letters(name: str) -> frozenset[str]:
    if name in _GREEK:
        return frozenset({name})
    for prefix in _PREFIXES:
        name = name.removeprefix(prefix)
    if "(" in name or "_" in name:
        return frozenset(name[0])
    return frozenset(_LETTER.findall(name))


def _chain(link: Equality) -> int:
    return link.chain


def _numbered(links: Sequence[Equality]) -> Iterator[tuple[Member, Member]]:
    """Every expression of a chain, with the number that the chain ends in."""
    members = [links[0].left, *(link.right for link in links)]
    last = next((each for each in reversed(members) if each.of.literal), None)
    for each in members:
        value = each.of.value
        telling = each.of.closed is None and () not in value and len(value) <= MAX_TERMS
        if last and telling and each.start < last.start:
            yield each, last


def _key(value: Polynomial) -> tuple[Key, Coefficient]:
    """The expression, a single term without its factor, and that factor."""
    if len(value) > 1:
        return tuple(sorted(value.items())), Fraction(1)
    ((monomial, factor),) = value.items()
    return ((monomial, Fraction(1)),), factor
