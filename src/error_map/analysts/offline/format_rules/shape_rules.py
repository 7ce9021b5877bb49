"""Rules on list items, casing, length and characters of an answer."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from .instructions import instructions
from .rule import ANSWER, START, Violation

# Ways of counting words (hyphens, numbers, markup) differ by a few per cent.
LENGTH_TOLERANCE: Final = 0.05
"""Share of a length limit by which an output may miss it."""
# Tolerates a stray letter or two, such as a unit or an initial.
MIN_WRONG_CASE_LETTERS: Final = 3
# Tolerates a word or two around the one, such as "The answer: 7".
MAX_WORDS_FOR_ONE: Final = 3

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
_NUMBER_WORDS: Final[Mapping[str, int]] = MappingProxyType(
    {
        word: number
        for number, word in enumerate(
            ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), start=2
        )
    }
)
_AT_LEAST: Final = frozenset({"at least", "more than", "over", "minimum of"})


def bullets(task: str, output: str) -> Violation | None:
    """A wrong number of bullet points or numbered items."""
    if match := _BULLETS.search(task):
        # Nested bullets may or may not count.
        counts = {len(_BULLET.findall(output)), len(_TOP_BULLET.findall(output))}
        return _wrong_count(match[1], counts, "bullet points")
    if match := _NUMBERED.search(task):
        return _wrong_count(match[1], {len(_NUMBER.findall(output))}, "numbered items")
    return None


def casing(task: str, output: str) -> Violation | None:
    """Letters in another case than the one that the prompt requires throughout."""
    for sentence in instructions(task):
        upper, lower = _ALL_UPPER.search(sentence), _ALL_LOWER.search(sentence)
        # Rules on the case of names or titles do not concern the rest of the answer.
        if _CASE_OF_PARTS.search(sentence) or bool(upper) == bool(lower):
            continue
        wrong, case = (str.islower, "upper") if upper else (str.isupper, "lower")
        if sum(map(wrong, output)) >= MIN_WRONG_CASE_LETTERS:
            return Violation("Wrong casing", f"The prompt requires {case} case throughout.")
    return None


def length(task: str, output: str) -> Violation | None:
    """A word limit that is clearly missed."""
    words = len(output.split())
    for match in _LIMIT.finditer(task):
        bound, limit = match[1].lower(), int(match[2].replace(",", ""))
        short = bound in _AT_LEAST and words < limit * (1 - LENGTH_TOLERANCE)
        if short or (bound not in _AT_LEAST and words > limit * (1 + LENGTH_TOLERANCE)):
            return Violation(
                "Length limit broken",
                f"The prompt requires {bound} {limit} words; the output has {words}.",
            )
    if _ONE_WORD.search(task) and words > MAX_WORDS_FOR_ONE:
        return Violation(
            "Length limit broken", f"The prompt requires one word; the output has {words}."
        )
    return None


def number_only(task: str, output: str) -> Violation | None:
    """Words next to the number, where the prompt requires the number alone."""
    if not _NUMBER_ONLY.search(task) or _ONE_NUMBER.fullmatch(output.strip()):
        return None
    return Violation(
        "More than the number", "The prompt requires only the number; the output has more."
    )


def commas(task: str, output: str) -> Violation | None:
    """Commas, if the prompt forbids them."""
    if "," in output and any(map(_NO_COMMAS.search, instructions(task))):
        return Violation(
            "Forbidden character used", "The prompt forbids commas; the output contains some."
        )
    return None


def _wrong_count(number: str, counts: set[int], things: str) -> Violation | None:
    required = _NUMBER_WORDS.get(number.lower()) or int(number)
    if required in counts:
        return None
    return Violation(
        "Wrong number of items",
        f"The prompt requires {required} {things}; the output has {max(counts)}.",
    )
