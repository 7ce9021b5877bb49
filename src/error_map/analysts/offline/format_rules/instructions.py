"""Finds the instructions in a prompt and the quantities that they prescribe."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ..values.number_words import CARDINALS
from .rule import ANSWER, wording

# A sentence of this length is the task's material. The limit also bounds the patterns' work.
MAX_SENTENCE_CHARS: Final = 600
# Scorers differ in what they call "about": IFEval tolerates 2 sentences or 25 words too many.
ROUGHLY: Final = 2
"""Factor by which an approximate quantity must be missed before it counts as missed."""
MIN_ROUGH: Final = 20
"""Smallest approximate quantity that can be missed clearly."""

# Shorter quotations may be words or titles that the instruction names.
MIN_QUOTED_WORDS: Final = 4
"""Words of a quotation from which it is a text to work on, not a part of the instruction."""

_SPLIT: Final = re.compile(r"(?<=[.!?])[\"'\u201d)]*[ \t]+(?=[A-Z\"'(*\d])|\n+|;[ \t]")
_QUOTATION: Final = re.compile(r"\"[^\"\n]*\"|\u201c[^\u201d\n]*\u201d")
_VERBS: Final = (
    r"(?:write|give|use|answer|respond|reply|provide|include|add|mention|list|create|generate|make"
    r"|compose|draft|explain|describe|summari[sz]e|produce|return|output|highlight|put|wrap|start"
    r"|begin|end|finish|conclude|separate|mark|repeat|keep|limit|contain|name|tell|present|rewrite"
    r"|rephrase|say|format|structure|divide|split|label|state|avoid|refrain|insert|have|restrict"
    r"|enclose|place|feature|employ|exclude|omit|italici[sz]e|choose|pick|select|show|plan|suggest"
    r"|elaborate|expand|critique|convert|translate|organi[sz]e|capitali[sz]e|break)"
)
_INSTRUCTION: Final = re.compile(
    r"[\s\d.)(*#>-]{0,20}(?:(?:at|in|after|before|for|throughout|within)\b[^,.\n]{1,60},[ ]*)?"
    r"(?:(?:please|also|then|finally|first|next|additionally|and|but|now|moreover"
    r"|furthermore|in addition|lastly|note that|remember to|remember that|try to|kindly"
    r"|in your (?:entire )?(?:response|answer|reply))\b[, ]*)*"
    r"(?:(?:make sure|be sure|ensure)\b|you (?:must|should|may|can|are|need|have)\b"
    r"|(?:can|could|would|will) you\b|i (?:want|need|would like)\b(?! to\b)|i['\u2019]d like\b"
    rf"|(?:do not|don['\u2019]t|never|always)\b|{_VERBS}\b"
    r"|(?:at (?:least|most)|max(?:imum)?|min(?:imum)?|exactly|no (?:more|fewer) than)\b"
    r"|it (?:must|should|has to|needs to)\b|there (?:should|must|needs?|has|have)\b|(?:no|only)\b)",
    re.IGNORECASE,
)
_ABOUT_ANSWER: Final = re.compile(
    rf"\b(?:{ANSWER}|(?:the|your) (?:[\w-]+ )?(?:post|advertisement|ad|tweet|song|lyrics|resume"
    r"|itinerary|dialogue|joke|riddle|limerick|haiku|review|report|proposal|pitch|speech|rap|list"
    r"|template|quiz|slogan|page|outline|critique|document|brief"
    r"|title|words?|letter|keywords?|phrase|sentences?|paragraphs?|very last))\b[^.]*?"
    r"\b(?:must|should|has to|have to|needs? to|is required to|cannot|can only)\b"
    r"|\bin your (?:entire |whole )?(?:response|answer|reply|poem|story|essay)\b"
    r"|\b(?:make|making) sure\b",
    re.IGNORECASE,
)
_NUMBERS: Final = {word: number for word, number in CARDINALS.items() if number} | {
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "a single": 1,
    "once": 1,
    "twice": 2,
    "thrice": 3,
}
_BOUNDS: Final = {
    "at least": "least",
    "no fewer than": "least",
    "no less than": "least",
    "not less than": "least",
    "not fewer than": "least",
    "a minimum of": "least",
    "minimum of": "least",
    "minimum": "least",
    "at most": "most",
    "no more than": "most",
    "not more than": "most",
    "no longer than": "most",
    "a maximum of": "most",
    "maximum of": "most",
    "maximum": "most",
    "max": "most",
    "up to": "most",
    "within": "most",
    "not exceed": "most",
    "limited to": "most",
    "more than": "over",
    "longer than": "over",
    "greater than": "over",
    "exceed": "over",
    "exceeding": "over",
    "over": "over",
    "less than": "under",
    "fewer than": "under",
    "shorter than": "under",
    "under": "under",
    "below": "under",
    "exactly": "exact",
    "precisely": "exact",
    "only": "most",
    "just": "most",
}
_ROUGHLY: Final = re.compile(
    r"(?:\b(?:about|around|approximately|approx\.?|roughly|some|circa|close to|nearly|almost)|~)"
    r"\s*\Z",
    re.IGNORECASE,
)
_ROUGHLY_AFTER: Final = re.compile(r"\A[ ](?:or so|give or take)\b", re.IGNORECASE)
_NUMBER: Final = rf"(?:\d{{1,3}},\d{{3}}|\d{{1,6}}|{'|'.join(_NUMBERS)})"
_BOUND: Final = "|".join(sorted(_BOUNDS, key=len, reverse=True))
QUANTITY: Final = (
    rf"(?:\b(?P<bound>{_BOUND}),?[ ](?:a total of[ ])?)?(?P<between>\b(?:between|from)[ ])?"
    rf"\b(?P<number>{_NUMBER})"
    rf"(?:(?:[ ](?:or|to)[ ]|[-\u2013]|(?P<conjunction>[ ]and[ ]))(?P<upper>{_NUMBER})\b)?"
    r"(?P<more>\+|[ ](?:words[ ])?or (?:more|fewer|less))?"
)
"""Pattern: a number or a range with its bound; the match is read by `quantity`."""
# "Each paragraph has 3 sentences" says nothing of the whole, wherever in the sentence it is.
_EACH: Final = re.compile(r"\b(?:each|every|per|apiece)\b", re.IGNORECASE)
_EACH_AFTER: Final = re.compile(
    r"\A[^.;:]{0,40}?\b(?:per|apiece|every|each)\b"
    r"(?![ ](?:\w+[ ]){0,3}?(?:separated|divided|marked|starting|labell?ed|beginning|using|with"
    r"|on))",
    re.IGNORECASE,
)
_PART: Final = re.compile(
    r"\b(?:title|headline|heading|subject line|bullet points? (?:of|with)"
    r"|first|second|third|last|opening|closing|introduction|intro|conclusion|paragraph \d|stanza"
    r"|verse|section \d|line|items?|given|following|above|passage|these|those|chorus|abstract"
    r"|caption|next|previous|summary of the|dialogue between|then)\b",
    re.IGNORECASE,
)
_PART_AFTER: Final = re.compile(
    r"\A[ ]?(?:in|for|of|from|on)[ ](?:the|your|its)[ ](?:(?:first|last|second|third|opening)"
    r"|introduction|intro\b|conclusion|title|summary|abstract)",
    re.IGNORECASE,
)
_CLAUSE: Final = re.compile(
    r"[,;:(]|\b(?:and|but)\b(?=[ ](?:have|has|make|use|contain|include|at)\b)"
)
_DEFINITE: Final = re.compile(
    r"\b(?:the|these|those|all|both|any|my|following|above|last|first|next|other|previous"
    r"|every|of|number|top|and|plus)[ ]\Z",
    re.IGNORECASE,
)
_EDIT: Final = re.compile(
    r"\b(?:add|insert|append|includ(?:e|ing)|remove|delete|merge|combine|swap|move|change)[ ]\Z",
    re.IGNORECASE,
)
"""A number of things to add to a text, or to change in it, is not the number of all."""
_NEGATED: Final = re.compile(
    r"(?:\b(?:not|never|avoid|without|refrain from|cannot)|\b\w+n['\u2019]t)[ ]"
    r"(?:(?!(?:and|but)\b)[\w\"']+[ ]){0,5}\Z",
    re.IGNORECASE,
)
# "Explain why writers should not use commas": the rule is one for somebody else.
SUBORDINATE: Final = re.compile(
    r"\b(?:why|how|whether|when|if|who|where)\b[^.,;:]{0,60}"
    r"\b(?:should|must|may|can|has to|have to|needs? to|would)\b[^.,;:]{0,40}\Z",
    re.IGNORECASE,
)
"""Pattern: the beginning of a sentence after which no rule for the answer follows."""
_LIMITED: Final = re.compile(
    r"\b(?:limit\w*|restrict\w*|keep|kept|cap|capped)\b[^.]{0,60}?\b(?:to|at)[ ]\Z", re.IGNORECASE
)
_AFTER: Final = re.compile(
    r"\A[ ]?(?:words|sentences|times|long)?[ ,(]{0,3}(?P<word>or (?:more|less|fewer|longer|shorter)"
    r"|max(?:imum)?\b|min(?:imum)?\b|at (?:most|least)|tops\b)",
    re.IGNORECASE,
)
_BOUNDS_AFTER: Final = {
    "more": "least",
    "longer": "least",
    "min": "least",
    "minimum": "least",
    "least": "least",
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A prescribed number of things, both bounds inclusive."""

    low: int | None
    high: int | None
    wording: str
    """As in the prompt, in quotation marks."""

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


@lru_cache(maxsize=64)
def plain_instructions(task: str) -> tuple[str, ...]:
    """The instructions without quotations of whole sentences, which are the task's material."""
    return tuple(_instructions(_QUOTATION.sub(_without_text, task)))


def _without_text(quotation: re.Match[str]) -> str:
    return '""' if len(quotation[0].split()) >= MIN_QUOTED_WORDS else quotation[0]


def _instructions(task: str) -> Iterator[str]:
    for sentence in _SPLIT.split(task):
        if 0 < len(sentence) <= MAX_SENTENCE_CHARS and (
            _INSTRUCTION.match(sentence) or _ABOUT_ANSWER.search(sentence)
        ):
            yield sentence


def quantity(match: re.Match[str], *, default_bound: str = "exact") -> Quantity | None:
    """The quantity in a match of `QUANTITY`; None if it is unclear or concerns only a part.

    Args:
        match: With the groups of `QUANTITY`.
        default_bound: What a number without a bound means: "exact", "least", or "" for nothing.
    """
    start = match.start("bound" if match["bound"] else "number")
    before, after = match.string[:start], match.string[match.end() :]
    if _of_a_part(before, after) or SUBORDINATE.search(before):
        return None
    number, upper = _number(match["number"]), match["upper"]
    if match["conjunction"] and not match["between"]:
        return None
    negation = _NEGATED.search(before)
    words = (negation[0] if negation else "") + match[0].strip()
    if _ROUGHLY.search(before) or _ROUGHLY_AFTER.match(after):
        return _rough(number, upper, words)
    bound = _bound(match, before, after)
    if negation:
        bound = {"over": "most", "under": "least"}.get(bound, "-")
    if not bound:
        bound = (
            ""
            if _DEFINITE.search(before) or _EDIT.search(before)
            else "exact"
            if upper
            else default_bound
        )
    return _bounded(bound, number, upper, words=words) if bound.strip("-") else None


def _number(text: str) -> int:
    word = text.lower()
    return _NUMBERS.get(word) or int(word.replace(",", ""))


def _of_a_part(before: str, after: str) -> bool:
    """Whether a number concerns each or one of the parts, not the whole answer."""
    clause = _CLAUSE.split(before)[-1]
    return bool(
        _EACH.search(before)
        or _PART.search(clause)
        or _EACH_AFTER.match(after)
        or _PART_AFTER.match(after)
    )


def _bound(match: re.Match[str], before: str, after: str) -> str:
    """The bound of a number: before it, after it, or by the verb of the sentence."""
    if match["more"]:
        word = match["more"].rsplit(" ", maxsplit=1)[-1].lower()
        return "most" if word in {"fewer", "less"} else "least"
    if match["bound"]:
        return _BOUNDS[match["bound"].lower()]
    if found := _AFTER.match(after):
        word = found["word"].rsplit(" ", maxsplit=1)[-1].lower()
        return _BOUNDS_AFTER.get(word, "most")
    return "most" if _LIMITED.search(before) else ""


def _rough(number: int, upper: str | None, words: str) -> Quantity | None:
    if number < MIN_ROUGH:
        return None
    high = ROUGHLY * (_number(upper) if upper else number)
    return Quantity(number // ROUGHLY, high, wording(f"about {words}"))


def _bounded(bound: str, number: int, upper: str | None, *, words: str) -> Quantity | None:
    last = _number(upper) if upper else number
    if last < number:  # not a range, as in "on page 9 to 3"
        return None
    low = {"least": number, "over": number + 1, "exact": number}.get(bound)
    high = {"most": last, "under": last - 1, "exact": last}.get(bound)
    return Quantity(low, high, wording(words))
