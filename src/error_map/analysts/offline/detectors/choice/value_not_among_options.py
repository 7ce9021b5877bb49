"""Finds workings whose result is none of the options, although one is chosen."""

import re
from functools import lru_cache
from itertools import islice
from typing import Final

from ...answer_types.multiple_choice import CACHE_SIZE, Choice, choice, options
from ...arithmetic.quantities import values
from ...arithmetic.sentences import TAIL_CHARS, concluded, near, sentences
from ...arithmetic.tokens import Number
from ...detector import Case, Detection, Detector, Habit, Measured, title_of
from ...text.word_overlap import in_quotes, lowercase

MIN_NUMERIC_SHARE: Final = 0.8
"""Share of the options that must be a single number, perhaps with a unit."""
MAX_UNIT_WORDS: Final = 3
"""Words that a unit may have, as in `miles per hour`."""
MAX_NUMERALS: Final = 3
"""Numerals of a number in scientific notation: its digits, the ten and the power."""
# 8 of 10 findings read were right: (8 + 4 * 0.82) / (10 + 4), see `Measured`.
CONFIDENCE: Final = 0.81
SHOWN_CHARS: Final = 120
CONTEXT_CHARS: Final = 300
"""About two sentences before or after the words that no option fits."""
SENTENCES_BEFORE: Final = 2
"""The sentence with these words, and the one whose value it is about."""
MAX_ADMISSIONS: Final = 10
"""Bounds the work on a text that repeats them."""

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
_TRIED: Final = re.compile(
    r"\b(?:(?:could|might|may) be\b|(?:try|trying|tried|guess|plug in some)\b"
    r"|let['\u2019]s say\b|if (?:the (?:number|answer|value)|we (?:try|take|choose|use|pick)) )",
    re.IGNORECASE,
)
"""Before a value that is only tried: that no option has it rules out the value."""
_RULED_OUT: Final = re.compile(r"\b(?:eliminat|rule out|ruled out|cross out|exclud)", re.IGNORECASE)
_HINTS: Final = ("not", "n't", "none of")
"""Every match contains one of these: a substring test is much faster than the pattern."""


def detect(case: Case) -> Detection | None:
    """Find results that no option has, computed in the last step or admitted by the text."""
    chosen = choice(case)
    if chosen is None:
        return None
    return _computed(case, chosen) or _admitted(case, chosen)


def _computed(case: Case, chosen: Choice) -> Detection | None:
    option_values = _numeric(case.prompt)
    found = concluded(chosen.working) if option_values and values(chosen.text) else None
    if found is None:
        return None
    sentence, value = found
    if near(value.value, option_values) or value.value in values(case.prompt[-TAIL_CHARS:]):
        return None
    shown = chosen.working[value.start : value.end]
    return Detection(
        title="Computed value is not among the options",
        summary=f"The working ends in the value {shown}, which is none of the options, but the"
        f" answer is option {chosen.letter}, {in_quotes(chosen.text, SHOWN_CHARS)}.",
        spans=((sentence.start, sentence.start + len(sentence.text)), chosen.statement),
        confidence=CONFIDENCE,
    )


def _admitted(case: Case, chosen: Choice) -> Detection | None:
    """The text itself says that no option fits, and chooses one."""
    begin = max(0, len(chosen.working) - TAIL_CHARS)
    tail = lowercase(chosen.working[begin:])
    if not any(hint in tail for hint in _HINTS):
        return None
    admissions = islice(_NONE_FITS.finditer(chosen.working, begin), MAX_ADMISSIONS)
    found = next((one for one in admissions if _about_result(one, case)), None)
    if found is None:
        return None
    quote = in_quotes(found[0], SHOWN_CHARS)
    return Detection(
        title="Computed value is not among the options",
        summary=f"The working itself says that no option fits ({quote}), but the answer is"
        f" option {chosen.letter}, {in_quotes(chosen.text, SHOWN_CHARS)}.",
        spans=(found.span(), chosen.statement),
        confidence=CONFIDENCE,
    )


def _about_result(found: re.Match[str], case: Case) -> bool:
    """Whether the words say it of the result, not of a value that was tried, nor of the task."""
    working = found.string
    if lowercase(found[0]) in lowercase(case.prompt):
        return False
    before = sentences(working[max(0, found.start() - CONTEXT_CHARS) : found.end()])
    if any(_TRIED.search(each.text) for each in before[-SENTENCES_BEFORE:]):
        return False
    after = sentences(working[found.start() : found.end() + CONTEXT_CHARS])
    return not after or _RULED_OUT.search(after[0].text) is None


@lru_cache(maxsize=CACHE_SIZE)
def _numeric(prompt: str) -> frozenset[Number]:
    """The values of all options if nearly all are single numbers; otherwise empty."""
    texts = options(prompt).values()
    plain = sum(map(_is_number, texts))
    if plain < MIN_NUMERIC_SHARE * len(texts):
        return frozenset()
    return frozenset(value for text in texts for value in values(text))


@lru_cache(maxsize=CACHE_SIZE)
def _is_number(text: str) -> bool:
    if _EXPRESSION.search(text) and not _TEN_TO.search(text):
        return False
    words = len(_WORD.findall(_COMMAND.sub("", text)))
    return words <= MAX_UNIT_WORDS and 0 < len(values(text)) <= MAX_NUMERALS


DETECTOR: Final = Detector(
    name="value_not_among_options",
    finding="Computed value is not among the options",
    description="The result of the working is none of the options, but the answer chooses one.",
    category="computation_error",
    kind="cause",
    rank=35,
    detect=detect,
    habit=Habit(form=title_of(detect)),
    measured=Measured(right=8, read=10),
)
