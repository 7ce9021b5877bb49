"""Rules on the shape of an answer: items, casing, length, characters."""

import re
from typing import Final

from ..values.number_words import CARDINALS
from .instructions import orders
from .rule import ANSWER, START, Broken

MARGIN: Final = 0.05
"""A length limit counts as broken beyond this share: ways of counting words differ."""
WRONG_CASE_LETTERS: Final = 3
"""Letters in the wrong case from which on the casing is broken."""
ONE_WORD_MOST: Final = 3

_COUNT: Final = r"(\d{1,2}|two|three|four|five|six|seven|eight|nine|ten)[ ]"
_ORDER: Final = (
    rf"(?:\b{ANSWER}[ ](?:must|should|has to|needs to)[ ][^.\n]{{0,20}}?"
    rf"|{START}(?:write|give|use|provide|list|answer|respond|reply|summari[sz]e)\b[^.\n]{{0,60}}?)"
)
_BULLETS: Final = re.compile(
    rf"{_ORDER}\b(?:exactly|precisely|contain|have|include|in|with)[ ](?:only[ ])?{_COUNT}"
    r"(?:\w+[ ])?(?:bullet[ ]points?|bullets)",
    re.IGNORECASE | re.MULTILINE,
)
_NUMBERED: Final = re.compile(
    rf"{_ORDER}\bnumbered list (?:with|of)[ ](?:exactly[ ])?{_COUNT}", re.IGNORECASE | re.MULTILINE
)
_BULLET: Final = re.compile(r"^[ \t]*[-*\u2022+][ \t]+\S", re.MULTILINE)
_TOP_BULLET: Final = re.compile(r"^[-*\u2022+][ \t]+\S", re.MULTILINE)
_NUMBER: Final = re.compile(r"^[ \t]*\d{1,3}[.)][ \t]+\S", re.MULTILINE)
_LIMIT: Final = re.compile(
    rf"(?:\b{ANSWER}\b|{START}(?:answer|respond|reply|write|limit|keep|use|summari[sz]e|explain"
    r"|describe))\b[^.?!\n]{0,80}?\b(less than|fewer than|under|below|at most|no more than"
    r"|maximum of|up to|within|exceed|at least|more than|over|minimum of)"
    r"[ ](\d[\d,]{0,6})[ ]words?\b(?=[^.?\n]*(?:[.!\n]|\Z))",
    re.IGNORECASE | re.MULTILINE,
)
_ONE_WORD: Final = re.compile(
    rf"{START}(?:answer|respond|reply)[ ](?:only[ ]|just[ ])?(?:with|in|using)[ ]"
    r"(?:only[ ]|just[ ]|exactly[ ])?(?:one|a single)[ ](?:word|number|letter)\b",
    re.IGNORECASE | re.MULTILINE,
)
_NUMBER_ONLY: Final = re.compile(
    rf"{START}(?:answer|respond|reply)[ ](?:only[ ]with[ ](?:the|a)[ ]number\b"
    r"|with[ ](?:only[ ](?:the|a)[ ]number\b|(?:the|a)[ ]number[ ]only\b))",
    re.IGNORECASE | re.MULTILINE,
)
_ONE_NUMBER: Final = re.compile(r"\W*\d[\d.,/ ]*\D{0,3}")
_ALL_UPPER: Final = re.compile(
    r"\b(?:in|using|use|with) (?:only |all )*(?:capital letters|caps\b|uppercase|upper case)"
    r"|\b(?:no|without(?: using)?(?: any)?) (?:lowercase|lower case) letters|\ball caps\b",
    re.IGNORECASE,
)
_ALL_LOWER: Final = re.compile(
    r"\b(?:in|using|use|with) (?:only |all )*(?:lowercase|lower case|small letters)"
    r"|\b(?:no|without(?: using)?(?: any)?) (?:capital|uppercase|upper case) letters"
    r"|\ball (?:lowercase|lower case)\b|\bnot a single letter\b[^.\n]{0,40}\bcapitali[sz]ed",
    re.IGNORECASE,
)
_CASE_OF_PARTS: Final = re.compile(
    r"\bwords? (?:with|in)\b|\b(?:title|heading|each|first|names?|initial|keyword|section"
    r"|letters? of|highlight|times)\b|\bcapital letter\b",
    re.IGNORECASE,
)
_NO_COMMAS: Final = re.compile(
    r"\b(?:do not|don['\u2019]t|not|without|avoid|refrain from|never|no)[ ]"
    r"(?:allowed to[ ])?(?:the[ ])?"
    r"(?:use|using|usage|contain|containing|include|including|have)?(?:[ ]of)?[ ]?"
    r"(?:any[ ]|a[ ]single[ ])?commas?\b",
    re.IGNORECASE,
)
_AT_LEAST: Final = frozenset({"at least", "more than", "over", "minimum of"})


def bullets(task: str, output: str) -> Broken | None:
    """The number of bullet points or numbered items that was asked for, where it is another."""
    found = _BULLETS.search(task)
    if found is not None:
        counts = {len(_BULLET.findall(output)), len(_TOP_BULLET.findall(output))}
        return _miscounted(found[1], counts, "bullet points")
    found = _NUMBERED.search(task)
    return (
        _miscounted(found[1], {len(_NUMBER.findall(output))}, "numbered items") if found else None
    )


def casing(task: str, output: str) -> Broken | None:
    """Letters in the other case than the prompt asks for throughout."""
    for order in orders(task):
        upper, lower = _ALL_UPPER.search(order), _ALL_LOWER.search(order)
        if _CASE_OF_PARTS.search(order) or bool(upper) == bool(lower):
            continue
        wrong, wanted = (str.islower, "upper") if upper else (str.isupper, "lower")
        if sum(map(wrong, output)) >= WRONG_CASE_LETTERS:
            return Broken("Wrong casing", f"The prompt asks for {wanted} case throughout.")
    return None


def length(task: str, output: str) -> Broken | None:
    """A limit of words that is clearly broken."""
    words = len(output.split())
    for found in _LIMIT.finditer(task):
        bound, limit = found[1].lower(), int(found[2].replace(",", ""))
        short = bound in _AT_LEAST and words < limit * (1 - MARGIN)
        if short or (bound not in _AT_LEAST and words > limit * (1 + MARGIN)):
            return Broken(
                "Length limit broken",
                f"The prompt asks for {bound} {limit} words; the output has {words}.",
            )
    if _ONE_WORD.search(task) and words > ONE_WORD_MOST:
        return Broken("Length limit broken", f"The prompt asks for one word; there are {words}.")
    return None


def number_only(task: str, output: str) -> Broken | None:
    """Words beside the number, where the number alone was asked for."""
    if not _NUMBER_ONLY.search(task) or _ONE_NUMBER.fullmatch(output.strip()):
        return None
    return Broken("More than the number", "The prompt asks for the number only; there is more.")


def commas(task: str, output: str) -> Broken | None:
    """Commas where they are forbidden."""
    if "," in output and any(map(_NO_COMMAS.search, orders(task))):
        return Broken("Forbidden character used", "The prompt forbids commas; the output has some.")
    return None


def _miscounted(asked: str, counts: set[int], things: str) -> Broken | None:
    wanted = CARDINALS.get(asked.lower()) or int(asked)
    if wanted in counts:
        return None
    return Broken(
        "Wrong number of items",
        f"The prompt asks for {wanted} {things}; the output has {max(counts)}.",
    )
