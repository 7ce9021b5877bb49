"""Workings that come to a value which no option has; an option is picked all the same."""

import re
from functools import lru_cache
from typing import Final

from ...answer_types.multiple_choice import CACHE_SIZE, Choice, choice, options
from ...arithmetic.quantities import values
from ...arithmetic.sentences import TAIL_CHARS, concluded, near
from ...arithmetic.tokens import Number
from ...detector import Case, Detector, Measured, Sign
from ...text.word_overlap import in_quotes, lowercase

NUMERIC: Final = 0.8
"""Share of the options that must be one number with at most a unit."""
MOST_WORDS: Final = 3
"""Words that a unit may have."""
MOST_NUMERALS: Final = 3
"""Numerals of one number: its digits, and the ten and the power of scientific notation."""
CONFIDENCE: Final = 0.81
SHOWN_CHARS: Final = 120

_WORD: Final = re.compile(r"[A-Za-z]{2,}")
_COMMAND: Final = re.compile(r"\\[a-zA-Z]+")
_TEN_TO: Final = re.compile(r"10\s*\^")
_EXPRESSION: Final = re.compile(
    r"sqrt|\\pi|\\frac|\bpi\b|[\u03c0\u221a/]|log|\bln\b|[a-z]\s*[-+=<>]|e\^|[a-df-z]\^"
)
_NONE_FITS: Final = re.compile(
    r"\b(?:(?:is|are|was|were|be)(?: not|n't)|not) (?:\w+ )?(?:listed|among|available|provided"
    r"|given|one of|in|an option|any of) (?:\w+ ){0,3}(?:options?|choices?|answers?|list)\b"
    r"|\b(?:is|are) not (?:listed|an option|available as an option)\b"
    r"|\bnone of (?:the|these|those) (?:\w+ ){0,3}(?:options|choices|answers)"
    r" (?:exactly )?(?:match|correspond|fit|equal|is|are|seem|agree)"
    r"|\b(?:not|n't) (?:exactly )?(?:match|correspond to|fit|agree with) (?:with )?(?:any|one) of"
    r" the|\b(?:options|choices) (?:given |provided )?do(?:es)?(?: not|n't) (?:\w+ )?(?:match"
    r"|include|contain|correspond|fit)",
    re.IGNORECASE,
)
_HINTS: Final = ("not", "n't", "none of")
"""One of these is always part of it; plain words are found faster than a pattern."""


def detect(case: Case) -> Sign | None:
    """Fires where the last step's value is no option's, or the text itself says that none fits."""
    chosen = choice(case)
    if chosen is None:
        return None
    return _computed(case, chosen) or _said(chosen)


def _computed(case: Case, chosen: Choice) -> Sign | None:
    there = _numeric(case.prompt)
    found = concluded(chosen.working) if there and values(chosen.text) else None
    if found is None:
        return None
    sentence, value = found
    if near(value.value, there) or value.value in values(case.prompt[-TAIL_CHARS:]):
        return None
    shown = chosen.working[value.start : value.end]
    return Sign(
        title="Computed value is not among the options",
        summary=f"The working ends with the value {shown}, which none of the options has; the"
        f" answer is option {chosen.letter} all the same, {in_quotes(chosen.text, SHOWN_CHARS)}.",
        spans=((sentence.start, sentence.start + len(sentence.text)), chosen.statement),
        confidence=CONFIDENCE,
    )


def _said(chosen: Choice) -> Sign | None:
    """The text says itself that what it found is not offered, and picks an option."""
    begin = max(0, len(chosen.working) - TAIL_CHARS)
    tail = lowercase(chosen.working[begin:])
    if not any(hint in tail for hint in _HINTS):
        return None
    found = _NONE_FITS.search(chosen.working, begin)
    if found is None:
        return None
    said = in_quotes(found[0], SHOWN_CHARS)
    return Sign(
        title="Computed value is not among the options",
        summary=f"The working itself says that no option fits ({said}), and the"
        f" answer is option {chosen.letter} all the same, {in_quotes(chosen.text, SHOWN_CHARS)}.",
        spans=(found.span(), chosen.statement),
        confidence=CONFIDENCE,
    )


@lru_cache(maxsize=CACHE_SIZE)
def _numeric(prompt: str) -> frozenset[Number]:
    """The values of all options, where nearly all of them are one number; else none."""
    texts = options(prompt).values()
    plain = sum(map(_is_number, texts))
    if plain < NUMERIC * len(texts):
        return frozenset()
    return frozenset(value for text in texts for value in values(text))


@lru_cache(maxsize=CACHE_SIZE)
def _is_number(text: str) -> bool:
    if _EXPRESSION.search(text) and not _TEN_TO.search(text):
        return False
    words = len(_WORD.findall(_COMMAND.sub("", text)))
    return words <= MOST_WORDS and 0 < len(values(text)) <= MOST_NUMERALS


DETECTOR: Final = Detector(
    name="value_not_among_options",
    finding="Computed value is not among the options",
    description="The working comes to a value that no option has; the answer picks one anyway.",
    category="computation_error",
    kind="cause",
    rank=35,
    detect=detect,
    measured=Measured(right=8, read=10),
)
