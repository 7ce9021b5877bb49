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
    r"\b(?:no|none(?! of (?:the above|these))|not|never|cannot|can't|n/a|undefined|impossible"
    r"|unknown|indeterminate|insufficient|null|nan|does not exist)\b",
)
_ENDLESS: Final = re.compile(r"\b(?:infinite(?:ly)?|infinity|infty|endless(?:ly)?)\b|\u221e")
_WORD: Final = re.compile(r"[a-z]{2,}")
_FUNCTIONS: Final = frozenset(
    {"sqrt", "pi", "log", "ln", "sin", "cos", "tan", "mod", "frac", "cdot"}
)
_MEASURE: Final = re.compile(
    r"(\d\.?)(?:(?:[ \t~]|\\[,; ]){1,3}[gmshLJNVWAKCFT\u03a9]|[LJNVWAKCFT\u03a9]"
    r"|[ \t]?[\u00b5\u03bc]?[smgLJNVWAFT\u03a9](?<=[\u00b5\u03bc].))"
    r"(?:\^?-?[23]|[\u00b2\u00b3])?(?:/[a-zA-Z]{1,3}(?:\^?[23])?)?(?=[\s$]*(?:[,;.)\]}]|\Z))"
)
"""A digit with a unit of one letter: in lower case only behind a blank, as `5m` is five times m."""
_TENS: Final = re.compile(r"(?<=\d)\s?[x\u00d7]\s?10\s?\^")
_NAMED: Final = re.compile(r"(?<![a-z])[a-z]\s?:\s?(?=[-\d])")
_OPTION: Final = re.compile(r"\([a-z]\)")
_NOTHING: Final = re.compile(r"\b(?:no|none|never|nothing|not any)\b")
_UNDECIDED: Final = re.compile(
    r"\b(?:cannot|can't|n/a|nan|null|undefined|unknown|impossible|possible|indeterminate"
    r"|insufficient|determined?|exists?|such|limit)\b"
)
_YES_OR_NO: Final = re.compile(r"(?:yes|no)(?:\s?[,.;:!]|\Z)")
_UNKNOWN: Final = re.compile(r"(?<![a-z])[a-df-hj-z](?![a-z])")
_SUBSCRIPT: Final = re.compile(r"_\s?(?:\w|\{\w{1,4}\}|\(\w{1,4}\))")
_IRRATIONAL: Final = re.compile(r"sqrt|pi(?![a-z])|\blog|\bln\b|\bsin|\bcos|\btan|[\u03c0\u221a]")
_OPEN: Final = re.compile(r"\d!|[\d)]\s*[-+*^]\s*[\d(]|\d\s*/\s*\(")


def kind_of(text: str) -> Kind:
    r"""Classifies the text of an answer by its form.

    Example:
        >>> kind_of("42 cm"), kind_of("no solution"), kind_of("2x + 1"), kind_of(r"3 \cdot 14")
        ('number', 'denial', 'unknowns', 'formula')
        >>> kind_of("20 V"), kind_of("1.5 x 10^11 m"), kind_of("20v")
        ('number', 'number', 'unknowns')
    """
    written = plain(_MEASURE.sub(r"\1", text[:MAX_CHARS]))
    if _ENDLESS.search(written):
        return "endless"
    if _DENIES.search(written):
        return "denial"
    words = [word for word in _WORD.findall(written) if word not in _FUNCTIONS]
    if len(words) >= MIN_SENTENCE_WORDS:
        return "words" if not any(map(str.isdecimal, written)) else "number"
    result = written.rpartition("=")[2].strip()
    result = _NAMED.sub("", _TENS.sub("*10^", result))
    if words or not result or is_number(result) or _OPTION.fullmatch(result):
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

    None also if the answer contains the value of the reference, or says in words that there is
    none of what is asked where the reference is 0.
    """
    gold = case.gold or ""
    if case.answer is None or case.answer.guessed or not _is_value(gold):
        return None
    answer = in_full(case.output, case.answer)
    kind = kind_of(answer.text)
    expected = {quantity.value for quantity in quantities(plain(gold))}
    given = {quantity.value for quantity in quantities(answer.text)} | cardinals(answer.text)
    if kind == "number" or expected & given or (kind == "words" and cardinals(answer.text)):
        return None
    if expected == {0} and _says_nothing(answer.text):
        return None
    if expected in ({0}, {1}) and _YES_OR_NO.match(plain(answer.text)):
        return None
    return answer, kind


def _is_value(gold: str) -> bool:
    """Whether the reference is a number: a name with a number in it has more words than a unit."""
    return is_number(gold) and len(_WORD.findall(plain(gold))) < MIN_SENTENCE_WORDS


def _says_nothing(text: str) -> bool:
    """Whether an answer counts none, and does not say that there is no way to tell."""
    written = plain(text[:MAX_CHARS])
    return _NOTHING.search(written) is not None and not _UNDECIDED.search(written)
