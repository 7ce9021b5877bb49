"""Classifies answers that are not a number although the reference is one."""

import re
from typing import Final, Literal, TypeAlias

from ..answers.extractors.routes import Answer
from ..arithmetic.quantities import quantities
from ..detector import Case
from ..values.equality import is_number, plain
from ..values.number_words import cardinals
from .whole_answer import in_full

Kind: TypeAlias = Literal[
    "number", "denial", "endless", "words", "unknowns", "formula", "irrational"
]

# A number with its unit has at most three words, as in "42 miles per hour".
MIN_SENTENCE_WORDS: Final = 4
"""Words from which on an answer is a sentence rather than a number with its unit."""
# Bounds the work; the first sentence of an answer is enough to classify it.
MAX_CHARS: Final = 300

_DENIES: Final = re.compile(
    r"\b(?:no|none|not|never|cannot|can't|n/a|undefined|impossible"
    r"|unknown|indeterminate|insufficient|null|nan|does not exist)\b",
)
_ENDLESS: Final = re.compile(r"\b(?:infinite(?:ly)?|infinity|infty|endless(?:ly)?)\b|\u221e")
_WORD: Final = re.compile(r"[a-z]{2,}")
_FUNCTIONS: Final = frozenset(
    {"sqrt", "pi", "log", "ln", "sin", "cos", "tan", "mod", "frac", "cdot"}
)
_UNKNOWN: Final = re.compile(r"(?<![a-z])[a-df-hj-z](?![a-z])")
_SUBSCRIPT: Final = re.compile(r"_\s?(?:\w|\{\w{1,4}\}|\(\w{1,4}\))")
_IRRATIONAL: Final = re.compile(r"sqrt|pi(?![a-z])|\blog|\bln\b|\bsin|\bcos|\btan|[\u03c0\u221a]")
_OPEN: Final = re.compile(r"\d!|[\d)]\s*[-+*^]\s*[\d(]|\d\s*/\s*\(")


def kind_of(text: str) -> Kind:
    r"""Classifies the text of an answer by its form.

    Example:
        >>> kind_of("42 cm"), kind_of("no solution"), kind_of("2x + 1"), kind_of(r"3 \cdot 14")
        ('number', 'denial', 'unknowns', 'formula')
    """
    written = plain(text[:MAX_CHARS])
    if _ENDLESS.search(written):
        return "endless"
    if _DENIES.search(written):
        return "denial"
    words = [word for word in _WORD.findall(written) if word not in _FUNCTIONS]
    if len(words) >= MIN_SENTENCE_WORDS:
        return "words" if not any(map(str.isdecimal, written)) else "number"
    result = written.rpartition("=")[2].strip()
    if words or not result or is_number(result):
        return "number"
    if _UNKNOWN.search(_SUBSCRIPT.sub("", result)):
        return "unknowns"
    return _formula(result)


def _formula(written: str) -> Kind:
    if _IRRATIONAL.search(written):
        return "irrational"
    return "formula" if _OPEN.search(written) else "number"


def other_kind(case: Case) -> tuple[Answer, Kind] | None:
    """The whole answer and its kind, if a number is expected and the answer is none.

    None also if the answer contains the value of the reference.
    """
    gold = case.gold or ""
    if case.answer is None or case.answer.guessed or not is_number(gold):
        return None
    answer = in_full(case.output, case.answer)
    kind = kind_of(answer.text)
    expected = {quantity.value for quantity in quantities(plain(gold))}
    given = {quantity.value for quantity in quantities(answer.text)} | cardinals(answer.text)
    if kind == "number" or expected & given or (kind == "words" and cardinals(answer.text)):
        return None
    return answer, kind
