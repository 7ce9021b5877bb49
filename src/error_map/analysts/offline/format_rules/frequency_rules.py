"""Rules on how often a word or a letter occurs in an answer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from .instructions import QUANTITY, Quantity, instructions, quantity
from .rule import Violation, wording

_TERM: Final = (
    r"(?:[\"\u201c\u201d'\u2018`](?P<quoted>[^\"\u201c\u201d`\n]{1,60}?)[\"\u201d'\u2019`](?!\w)"
    r"|(?P<bare>[\w#!?&'-]{1,30}))"
)
_WHAT: Final = r"\b(?P<what>word|keyword|phrase|letter|name|hashtag|term)[ ]"
_VERB: Final = (
    r"(?:(?:(?:should|must|has to|have to|needs? to|to|can|may)[ ](?P<not>not[ ])?)?"
    r"(?:only[ ])?(?:appear(?:s|ing)?|be used|used|occur(?:s|ring)?|be mentioned|be included"
    r"|show(?:s)? up|be present|is used|be repeated)[ ]?)?"
)
_FREQUENCY: Final = re.compile(
    rf"{_WHAT}{_TERM},?[ ]{_VERB}(?:(?:for|a total of)[ ])?{QUANTITY}(?P<times>[ ]times?\b)?",
    re.IGNORECASE,
)
_NO_LETTER: Final = re.compile(
    r"\b(?:without (?:using |including |containing )?|(?:not|n['\u2019]t|never) (?:use|include"
    r"|contain|have) |avoid (?:using )?|refrain from (?:using )?)(?:any of )?the letter[ ]"
    r"[\"\u201c'\u2018`]?(?P<letter>[A-Za-z])\b[\"\u201d'\u2019`]?"
    r"(?![ ](?:more|less|at|over|\w+ (?:times|than))\b)(?!\w)",
    re.IGNORECASE,
)
_OTHERS: Final = re.compile(
    r"\b(?:who|trying|tries|tried|people|someone)\b"
    r"|\bwords?[ ](?:that|which|with|containing|where|in which)\b",
    re.IGNORECASE,
)
"""Words by which the rule is one for another text, or for each word of a list."""
_COUNTS_TIMES: Final = frozenset({"once", "twice", "thrice"})
# Words that follow "word" where it is not a word of the answer that is named.
_NO_TERMS: Final = frozenset(
    """with in that which and or of for count limit limits length should must is are per from to
    appears appear used only just exactly at no more less""".split()  # noqa: SIM905 - a long list reads best as text
)


@dataclass(frozen=True, slots=True)
class _Frequency:
    what: str
    term: str
    quantity: Quantity
    wording: str


def frequency(task: str, output: str) -> Iterator[Violation]:
    """A word or a letter that occurs more or less often than required."""
    for rule in _frequencies(task):
        counts = _occurrences(rule.what, rule.term, output)
        if rule.quantity.allows(counts):
            continue
        letter = rule.what == "letter"
        times = "once" if counts[-1] == 1 else f"{counts[-1]} times"
        yield Violation(
            "letter_frequency" if letter else "word_frequency",
            f"The prompt asks for {rule.wording}; the answer has the {rule.what} {rule.term!r}"
            f" {times if counts[-1] else 'nowhere'}.",
            spans=_places(rule, output),
        )


@lru_cache(maxsize=64)
def _frequencies(task: str) -> tuple[_Frequency, ...]:
    return tuple(
        rule for sentence in instructions(task) for rule in _frequencies_of_sentence(sentence)
    )


def _frequencies_of_sentence(sentence: str) -> Iterator[_Frequency]:
    for match in _FREQUENCY.finditer(sentence):
        if _OTHERS.search(sentence, 0, match.start()):
            continue
        term = match["quoted"] or match["bare"]
        what = match["what"].lower()
        counted = match["times"] or (match["number"] or "").lower() in _COUNTS_TIMES
        more = sentence[match.end() : match.end() + 9]
        if not counted and not more.startswith((" or more t", " times")):
            continue
        if (
            (match["bare"] or "").lower() in _NO_TERMS
            or (what == "letter" and len(term) != 1)
            or match["not"]
        ):
            continue
        if required := quantity(match, default_bound="exact"):
            yield _Frequency(what, term, required, wording(match[0]))
    for match in _NO_LETTER.finditer(sentence):
        if _OTHERS.search(sentence, 0, match.start()):
            continue
        yield _Frequency("letter", match["letter"], Quantity(None, 0, ""), wording(match[0]))


def _occurrences(what: str, term: str, output: str) -> range:
    """How often the term occurs in the output, from whole words only to parts of words too."""
    text, term = output.lower(), term.lower()
    everywhere = text.count(term)
    # Letters and hashtags have no word boundaries.
    if what == "letter" or not term[0].isalnum():
        return range(everywhere, everywhere + 1)
    whole_words = len(_whole_words(term, output))
    return range(whole_words, everywhere + 1)


def _whole_words(term: str, output: str) -> list[tuple[int, int]]:
    pattern = re.compile(rf"\b{re.escape(term)}\b", re.IGNORECASE)
    return [match.span() for match in pattern.finditer(output)]


def _places(rule: _Frequency, output: str) -> tuple[tuple[int, int], ...]:
    """The first place that is one too many; none if there are too few."""
    high = rule.quantity.high
    if high is None:
        return ()
    term = re.escape(rule.term)
    pattern = term if rule.what == "letter" else rf"\b{term}\b"
    spans = [match.span() for match in re.finditer(pattern, output, re.IGNORECASE)]
    return tuple(spans[high : high + 1])
