"""Sentences of a prompt that are orders to the answerer, and the quantities that they ask for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ..values.number_words import CARDINALS
from .rule import ANSWER

MOST_CHARS: Final = 600
"""A longer sentence is material, not an order."""

_SPLIT: Final = re.compile(r"(?<=[.!?])[\"'\u201d)]*[ \t]+(?=[A-Z\"'(*\d])|\n+|;[ \t]")
_VERBS: Final = (
    r"(?:write|give|use|answer|respond|reply|provide|include|add|mention|list|create|generate|make"
    r"|compose|draft|explain|describe|summari[sz]e|produce|return|output|highlight|put|wrap|start"
    r"|begin|end|finish|conclude|separate|mark|repeat|keep|limit|contain|name|tell|present|rewrite"
    r"|rephrase|say|format|structure|divide|split|label|state|avoid|refrain|insert|have|restrict"
    r"|enclose|place|feature|employ|exclude|omit)"
)
_ORDER: Final = re.compile(
    r"[\s\d.)(*#>-]{0,20}(?:(?:at|in|after|before|for|throughout|within)\b[^,.\n]{1,60},[ ]*)?"
    r"(?:(?:please|also|then|finally|first|next|additionally|and|but|now|moreover"
    r"|furthermore|in addition|lastly|note that|remember to|remember that|try to|kindly"
    r"|in your (?:entire )?(?:response|answer|reply))\b[, ]*)*"
    r"(?:(?:make sure|be sure|ensure)\b|you (?:must|should|may|can|are|need|have)\b"
    r"|(?:can|could|would|will) you\b|i (?:want|need|would like)\b|i['\u2019]d like\b"
    rf"|(?:do not|don['\u2019]t|never|always)\b|{_VERBS}\b"
    r"|it (?:must|should|has to|needs to)\b|there (?:should|must|needs?|has|have)\b|(?:no|only)\b)",
    re.IGNORECASE,
)
_ABOUT_ANSWER: Final = re.compile(
    rf"\b(?:{ANSWER}|(?:the|your) (?:blog post|post|advertisement|ad|tweet|song|lyrics|resume"
    r"|itinerary|dialogue|joke|riddle|limerick|haiku|review|report|proposal|pitch|speech|rap|list"
    r"|title|word|words|letter|keywords?|phrase|very last)\b)[^.]*\b(?:must|should|has to|have to"
    r"|needs? to|is required to|cannot|can only)\b"
    r"|\bin your (?:entire |whole )?(?:response|answer|reply)\b",
    re.IGNORECASE,
)
_NUMBERS: Final = {word: number for word, number in CARDINALS.items() if number} | {
    "fifteen": 15,
    "twenty": 20,
    "a single": 1,
    "once": 1,
    "twice": 2,
}
_BOUNDS: Final = {
    "at least": "least",
    "no fewer than": "least",
    "no less than": "least",
    "not less than": "least",
    "a minimum of": "least",
    "minimum of": "least",
    "minimum": "least",
    "at most": "most",
    "no more than": "most",
    "not more than": "most",
    "a maximum of": "most",
    "maximum of": "most",
    "maximum": "most",
    "up to": "most",
    "within": "most",
    "not exceed": "most",
    "more than": "over",
    "over": "over",
    "less than": "under",
    "fewer than": "under",
    "under": "under",
    "below": "under",
    "exactly": "exact",
    "precisely": "exact",
    "only": "most",
    "just": "most",
}
_ROUGHLY: Final = re.compile(
    r"\b(?:about|around|approximately|roughly|or so|nearly|~)\s*\Z", re.IGNORECASE
)
_NUMBER: Final = rf"(?:\d{{1,6}}|\d{{1,3}},\d{{3}}|{'|'.join(_NUMBERS)})"
_BOUND: Final = "|".join(sorted(_BOUNDS, key=len, reverse=True))
QUANTITY: Final = (
    rf"(?:\b(?P<bound>{_BOUND})[ ])?\b(?P<number>{_NUMBER})"
    r"(?P<more>\+|[ ](?:words[ ])?or (?:more|fewer|less))?"
)
"""Pattern: a number with its bound; read by `quantity`."""
_PART: Final = re.compile(
    r"\b(?:each|every|per|apiece|title|headline|heading|subject line|bullet points? (?:of|with)"
    r"|first|second|third|opening|closing|introduction|conclusion|paragraph \d|stanza|verse"
    r"|section \d|line|items?|given|following|above|passage|these|those)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """How many of something are asked for, both ends inclusive."""

    low: int | None
    high: int | None
    told: str

    def allows(self, counts: range) -> bool:
        """Whether any of the ways of counting keeps to it."""
        if self.low is not None and counts[-1] < self.low:
            return False
        return self.high is None or counts[0] <= self.high


@lru_cache(maxsize=64)
def orders(task: str) -> tuple[str, ...]:
    """The sentences of the task that tell the answerer what to do."""
    return tuple(_orders(task))


def _orders(task: str) -> Iterator[str]:
    for sentence in _SPLIT.split(task):
        if 0 < len(sentence) <= MOST_CHARS and (
            _ORDER.match(sentence) or _ABOUT_ANSWER.search(sentence)
        ):
            yield sentence


def quantity(found: re.Match[str], *, otherwise: str = "exact") -> Quantity | None:
    """The quantity that a match of `QUANTITY` asks for; None where it is rough or of a part.

    Args:
        found: With the groups of `QUANTITY`.
        otherwise: What a number without bound means: exact, least, or "" for nothing.
    """
    before = found.string[: found.start()]
    if _ROUGHLY.search(before) or _PART.search(before):
        return None
    word = found["number"].lower()
    number = _NUMBERS.get(word) or int(word.replace(",", ""))
    more = (found["more"] or "").rsplit(" ", maxsplit=1)[-1]
    bound = _BOUNDS.get((found["bound"] or "").lower(), otherwise)
    if more:
        bound = "most" if more in {"fewer", "less"} else "least"
    elif re.search(r"\b(?:not|n['\u2019]t|never)[ ](?:\w+[ ]){0,2}\Z", before) and bound in {
        "over",
        "under",
    }:
        bound = {"over": "most", "under": "least"}[bound]
    return _bounded(bound, number, found[0].strip()) if bound else None


def _bounded(bound: str, number: int, told: str) -> Quantity:
    low = {"least": number, "over": number + 1, "exact": number}.get(bound)
    high = {"most": number, "under": number - 1, "exact": number}.get(bound)
    return Quantity(low, high, told)
