"""Finds the instructions in a prompt and the quantities that they prescribe."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from .rule import ANSWER

# A sentence of this length is the task's material. The limit also bounds the patterns' work.
MAX_SENTENCE_CHARS: Final = 600

_SPLIT: Final = re.compile(r"(?<=[.!?])[\"'\u201d)]*[ \t]+(?=[A-Z\"'(*\d])|\n+|;[ \t]")
_VERBS: Final = (
    r"(?:write|give|use|answer|respond|reply|provide|include|add|mention|list|create|generate|make"
    r"|compose|draft|explain|describe|summari[sz]e|produce|return|output|highlight|put|wrap|start"
    r"|begin|end|finish|conclude|separate|mark|repeat|keep|limit|contain|name|tell|present|rewrite"
    r"|rephrase|say|format|structure|divide|split|label|state|avoid|refrain|insert|have|restrict"
    r"|enclose|place|feature|employ|exclude|omit)"
)
_INSTRUCTION: Final = re.compile(
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
_NUMBERS: Final = {
    word: number
    for number, word in enumerate(
        (
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
        ),
        start=1,
    )
} | {"fifteen": 15, "twenty": 20, "a single": 1, "once": 1, "twice": 2}
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
"""Pattern: a number with its bound; the match is read by `quantity`."""
_PART: Final = re.compile(
    r"\b(?:each|every|per|apiece|title|headline|heading|subject line|bullet points? (?:of|with)"
    r"|first|second|third|opening|closing|introduction|conclusion|paragraph \d|stanza|verse"
    r"|section \d|line|items?|given|following|above|passage|these|those)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A prescribed number of things, both bounds inclusive."""

    low: int | None
    high: int | None
    wording: str
    """As in the prompt."""

    def allows(self, counts: range) -> bool:
        """Whether any of the counts, which depend on the way of counting, is within the bounds."""
        if self.low is not None and counts[-1] < self.low:
            return False
        return self.high is None or counts[0] <= self.high


# A dozen rules ask for the instructions of one task in succession, and so do the other models'
# outputs to it.
@lru_cache(maxsize=64)
def instructions(task: str) -> tuple[str, ...]:
    """The sentences of the task that tell the model what to do."""
    return tuple(_instructions(task))


def _instructions(task: str) -> Iterator[str]:
    for sentence in _SPLIT.split(task):
        if 0 < len(sentence) <= MAX_SENTENCE_CHARS and (
            _INSTRUCTION.match(sentence) or _ABOUT_ANSWER.search(sentence)
        ):
            yield sentence


def quantity(match: re.Match[str], *, default_bound: str = "exact") -> Quantity | None:
    """The quantity in a match of `QUANTITY`; None if it is approximate or concerns only a part.

    Args:
        match: With the groups of `QUANTITY`.
        default_bound: What a number without a bound means: "exact", "least", or "" for nothing.
    """
    before = match.string[: match.start()]
    # "About 300 words" cannot be violated clearly; "each paragraph" is not about the whole answer.
    if _ROUGHLY.search(before) or _PART.search(before):
        return None
    word = match["number"].lower()
    number = _NUMBERS.get(word) or int(word.replace(",", ""))
    more = (match["more"] or "").rsplit(" ", maxsplit=1)[-1]
    bound = _BOUNDS.get((match["bound"] or "").lower(), default_bound)
    if more:
        bound = "most" if more in {"fewer", "less"} else "least"
    elif re.search(r"\b(?:not|n['\u2019]t|never)[ ](?:\w+[ ]){0,2}\Z", before) and bound in {
        "over",
        "under",
    }:
        bound = {"over": "most", "under": "least"}[bound]
    return _bounded(bound, number, match[0].strip()) if bound else None


def _bounded(bound: str, number: int, wording: str) -> Quantity:
    low = {"least": number, "over": number + 1, "exact": number}.get(bound)
    high = {"most": number, "under": number - 1, "exact": number}.get(bound)
    return Quantity(low, high, wording)
