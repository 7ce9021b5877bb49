"""Rules on casing throughout the answer, and on commas."""

import re
from collections.abc import Iterator
from typing import Final

from .instructions import SUBORDINATE, plain_instructions
from .rule import Violation

_ONLY: Final = r"(?:only |all |entirely |completely |just )*"
_ALL_UPPER: Final = re.compile(
    rf"\b(?:in|using|use|with) {_ONLY}(?:capital letters|caps\b|capitals\b|uppercase|upper case)"
    r"|\b(?:no|without(?: using)?(?: any)?) (?:lowercase|lower case) letters|\ball caps\b"
    r"|\bin English, (?:all )?capital letters\b|\bletters in your [^.]{1,30} capitali[sz]ed\b",
    re.IGNORECASE,
)
_ALL_LOWER: Final = re.compile(
    rf"\b(?:in|using|use|with|contain only) {_ONLY}(?:lowercase|lower case|small letters)"
    r"|\b(?:no|without(?: using)?(?: any)?|not (?:use|contain|include|have) any)"
    r" (?:capital|uppercase|upper case) letters"
    r"|\ball (?:lowercase|lower case)\b|\bnot a single letter\b[^.\n]{0,40}\bcapitali[sz]ed"
    r"|\ball (?:of the )?letters (?:are|must be|should be|in your \w+ must be) (?:in )?lower ?case",
    re.IGNORECASE,
)
_CASE_OF_PARTS: Final = re.compile(
    r"\bwords?\b(?![^.]{0,30}entire)|\b(?:title|heading|each|first|names?|initial|keyword|section"
    r"|phrases?|letters? of|highlight|times|some|few|option|choice|subject"
    r"|headline|header|emphasis|emphasi[sz]e)\b|\bcapital letter\b"
    r"|\b(?:variable|function|constant|column|field|key|label|tag)s?\b",
    re.IGNORECASE,
)
_CLAUSE_END: Final = re.compile(r"[,;:.]|\b(?:and|but)\b", re.IGNORECASE)
_LETTERS: Final = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_NO_COMMAS: Final = re.compile(
    r"\b(?:do not|don['\u2019]t|doesn['\u2019]t|not|without|avoid|refrain from|never|no|cannot)[ ]"
    r"(?:allowed to[ ]|to[ ])?(?:the[ ])?"
    r"(?:use|using|usage|contain|containing|include|including|have)?(?:[ ]of)?[ ]?"
    r"(?:the use of[ ])?(?:any[ ]|a[ ]single[ ])?commas?\b(?![ ](?:before|after|between|splice"
    r"|separated|in numbers|as|within))",
    re.IGNORECASE,
)
# Enough of the text around a comma to find it again.
_CONTEXT_CHARS: Final = 20


def casing(task: str, output: str) -> Iterator[Violation]:
    """Letters in another case than the one that the prompt requires throughout."""
    for sentence in plain_instructions(task):
        upper, lower = _ALL_UPPER.search(sentence), _ALL_LOWER.search(sentence)
        if bool(upper) == bool(lower):
            continue
        found = upper or lower
        # Rules on the case of names, titles or some words do not concern the rest of the answer.
        if found is None or _CASE_OF_PARTS.search(_around(sentence, found)):
            continue
        word = _wrong_case(output, upper=bool(upper))
        if word is None:
            continue
        form = "all in capital letters" if upper else "all in lower case"
        yield Violation(
            "upper_case" if upper else "lower_case",
            f"The prompt asks for an answer {form}; the answer has {word[0]!r}.",
            spans=(word.span(),),
        )
        return


def commas(task: str, output: str) -> Iterator[Violation]:
    """Commas, if the prompt forbids them."""
    position = output.find(",")
    if position < 0 or not any(map(_forbids_commas, plain_instructions(task))):
        return
    span = (max(0, position - _CONTEXT_CHARS), min(len(output), position + _CONTEXT_CHARS))
    number = output.count(",")
    has = "a comma" if number == 1 else f"{number} commas"
    yield Violation("commas", f"The prompt forbids commas; the answer has {has}.", spans=(span,))


def _forbids_commas(sentence: str) -> bool:
    found = _NO_COMMAS.search(sentence)
    return found is not None and not SUBORDINATE.search(sentence[: found.start()])


def _around(sentence: str, found: re.Match[str]) -> str:
    """The sentence up to the end of the clause of the match."""
    after = _CLAUSE_END.split(sentence[found.end() :], maxsplit=1)[0]
    return sentence[: found.end()] + after


def _wrong_case(output: str, *, upper: bool) -> re.Match[str] | None:
    """The first word with a letter in the wrong case."""
    wrong = str.islower if upper else str.isupper
    for word in _LETTERS.finditer(output):
        # Letters such as the ordinal indicator have no other case.
        if any(wrong(letter) and letter.swapcase() != letter for letter in word[0]):
            return word
    return None
