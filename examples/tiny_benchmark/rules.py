"""Format rules: each has its wording in the prompt and its check."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Protocol

BULLET = re.compile(r"^\s*[-*•]\s+\S", re.MULTILINE)
NUMBERED = re.compile(r"^\s*(\d+)[.)]\s+\S", re.MULTILINE)
QUOTES = "\"'`“”"
SPELLED = {2: "two", 3: "three", 4: "four", 5: "five"}


class Rule(Protocol):
    """One format rule."""

    @property
    def wording(self) -> str:
        """The sentence in the prompt that states the rule."""
        ...

    def holds(self, text: str) -> bool:
        """Whether a stripped, non-empty text follows the rule."""
        ...


@dataclass(frozen=True, slots=True)
class Bullets:
    """A given number of bullet points; `-`, `*` and `•` are bullets."""

    count: int

    @property
    def wording(self) -> str:
        """The sentence in the prompt that states the rule."""
        return f"Write exactly {SPELLED[self.count]} bullet points, each on its own line."

    def holds(self, text: str) -> bool:
        """Whether the number of bullet lines is `count`."""
        return len(BULLET.findall(text)) == self.count


@dataclass(frozen=True, slots=True)
class Numbered:
    """A list numbered from 1 to `count`."""

    count: int

    @property
    def wording(self) -> str:
        """The sentence in the prompt that states the rule."""
        return f"Write a numbered list with exactly {SPELLED[self.count]} items."

    def holds(self, text: str) -> bool:
        """Whether the numbers are 1, 2, … up to the count, each once."""
        return NUMBERED.findall(text) == [str(number) for number in range(1, self.count + 1)]


@dataclass(frozen=True, slots=True)
class Capitals:
    """Capital letters only."""

    @property
    def wording(self) -> str:
        """The sentence in the prompt that states the rule."""
        return "Use capital letters only."

    def holds(self, text: str) -> bool:
        """Whether there are letters and all are upper case."""
        return text.isupper()


@dataclass(frozen=True, slots=True)
class SmallLetters:
    """No capital letters."""

    @property
    def wording(self) -> str:
        """The sentence in the prompt that states the rule."""
        return "Use lowercase letters only, no capital letters."

    def holds(self, text: str) -> bool:
        """Whether there are letters and all are lower case."""
        return text.islower()


@dataclass(frozen=True, slots=True)
class NumberOnly:
    """A number and nothing else."""

    value: Decimal

    @property
    def wording(self) -> str:
        """The sentence in the prompt that states the rule."""
        return "Answer with the number only, in digits, and write nothing else."

    def holds(self, text: str) -> bool:
        """Whether the text is the expected number, optionally with a full stop."""
        try:
            return Decimal(text.replace(",", "")) == self.value
        except InvalidOperation:
            return False


@dataclass(frozen=True, slots=True)
class Exactly:
    """One given text and nothing else."""

    text: str
    wording: str

    def holds(self, text: str) -> bool:
        """Whether it is that text, apart from quotes and a final full stop."""
        return _bare(text) == _bare(self.text)


@dataclass(frozen=True, slots=True)
class Includes:
    """A phrase that the answer must contain."""

    phrase: str

    @property
    def wording(self) -> str:
        """The sentence in the prompt that states the rule."""
        return f'Include the phrase "{self.phrase}".'

    def holds(self, text: str) -> bool:
        """Whether the text contains the phrase, ignoring case."""
        return self.phrase.casefold() in text.casefold()


@dataclass(frozen=True, slots=True)
class EndsWith:
    """The last word of the answer."""

    word: str

    @property
    def wording(self) -> str:
        """The sentence in the prompt that states the rule."""
        return f'The last word of your answer must be "{self.word}".'

    def holds(self, text: str) -> bool:
        """Whether the last word is `word`, ignoring case and punctuation."""
        return re.findall(r"\w+", text.casefold())[-1:] == [self.word.casefold()]


@dataclass(frozen=True, slots=True)
class Avoids:
    """A word that the answer must not contain."""

    word: str

    @property
    def wording(self) -> str:
        """The sentence in the prompt that states the rule."""
        return f'Do not use the word "{self.word}".'

    def holds(self, text: str) -> bool:
        """Whether the text lacks the word, ignoring case; longer words may contain it."""
        return self.word.casefold() not in re.findall(r"\w+", text.casefold())


@dataclass(frozen=True, slots=True)
class AtMostWords:
    """A limit on the length."""

    count: int

    @property
    def wording(self) -> str:
        """The sentence in the prompt that states the rule."""
        return f"Use at most {self.count} words."

    def holds(self, text: str) -> bool:
        """Whether the text has at most `count` words, split at white space."""
        return len(text.split()) <= self.count


def _bare(text: str) -> str:
    return " ".join(text.split()).strip(QUOTES).rstrip(".").strip(QUOTES)
