"""Rules by which the answer is a single word, letter or number and nothing else."""

import re
from collections.abc import Iterator
from typing import Final

from .rule import START, Violation, wording

# Tolerates a word or two around the one, such as "The answer: 7".
MAX_WORDS_FOR_ONE: Final = 3
# Enough to see that the answer is more than a word.
QUOTED_CHARS: Final = 80

_ONLY: Final = r"(?:only[ ]|just[ ]|exactly[ ])?"
_ONE_WORD: Final = re.compile(
    rf"{START}(?:answer|respond|reply)[ ]{_ONLY}(?:with|in|using)[ ]{_ONLY}"
    r"(?P<what>(?:one|a single)[ ](?:word|number|letter))\b(?!s| (?:or|for|of|per|each)\b)",
    re.IGNORECASE | re.MULTILINE,
)
_LETTER_ONLY: Final = re.compile(
    rf"{START}(?:answer|respond|reply)[ ]"
    r"(?:(?:only|just)[ ]with|with[ ](?:only|just))[ ](?P<what>(?:the|a)[ ](?:option[ ])?letter)\b",
    re.IGNORECASE | re.MULTILINE,
)
_NUMBER_ONLY: Final = re.compile(
    rf"{START}(?:answer|respond|reply)[ ](?:only[ ]with[ ](?:the|a)[ ]number\b"
    r"|with[ ](?:only[ ](?:the|a)[ ]number\b|(?:the|a)[ ]number[ ]only\b))",
    re.IGNORECASE | re.MULTILINE,
)
_ONE_NUMBER: Final = re.compile(r"\W*\d[\d.,/ ]*\D{0,3}")


def single_answer(task: str, output: str) -> Iterator[Violation]:
    """More than the word, letter or number that the prompt asks for."""
    required, text = _asked(task), output.strip()
    if not required:
        return
    number = "number" in required and "only" in required
    kept = _ONE_NUMBER.fullmatch(text) if number else len(text.split()) <= MAX_WORDS_FOR_ONE
    if kept:
        return
    start = len(output) - len(output.lstrip())
    short = len(text) <= QUOTED_CHARS
    has = f"is {wording(text)}" if short else f"has {len(text.split())} words"
    yield Violation(
        "single_answer",
        f"The prompt asks for {required}; the answer {has}.",
        spans=((start, min(len(output), start + QUOTED_CHARS)),),
    )


def _asked(task: str) -> str:
    """What the answer is to consist of, in words; empty if the prompt does not say."""
    if _NUMBER_ONLY.search(task):
        return "only a number"
    if match := _ONE_WORD.search(task):
        return match["what"].lower()
    return "only a letter" if _LETTER_ONLY.search(task) else ""
