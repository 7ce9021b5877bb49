"""Graders: each checks a model's whole output against a rule, without a model.

The README of `examples` describes their rules.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from .rules import Rule

NUMBER = re.compile(r"(?<![\w.])-?\$?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?")
ANSWER_IS = re.compile(r"answer is:?", re.IGNORECASE)
ANSWER_LINE = re.compile(r"^\W*(?:A|answer|final answer)\W*:", re.IGNORECASE | re.MULTILINE)
NEXT_QUESTION = re.compile(r"^\W*(?:Question|Q)\W*:", re.MULTILINE)
LETTER = re.compile(r"^\W*([A-D])(?:[).:*]|\s*$)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class NumberIs:
    """The final number of the output equals `value`."""

    value: Decimal

    def passed(self, output: str) -> bool:
        """Whether the final number is the expected one; `62`, `$62.00` and `62.` are equal."""
        return final_number(output) == self.value


@dataclass(frozen=True, slots=True)
class WordIs:
    """The final word of a set, such as weekdays, is `word`."""

    word: str
    among: tuple[str, ...]

    def passed(self, output: str) -> bool:
        """Whether the first word after the marker, else the last one, is the expected one."""
        marked = marked_answer(output)
        found = _named(marked or "", self.among)[:1] or _named(own_part(output), self.among)[-1:]
        return found == [self.word]


@dataclass(frozen=True, slots=True)
class OptionIs:
    """The chosen option is the expected one; a letter takes precedence over an option's text."""

    letter: str
    options: tuple[str, ...]
    """Texts of the options A, B, C, D in the order of the prompt."""

    def passed(self, output: str) -> bool:
        """Whether the chosen letter is the expected one; an ambiguous choice is wrong."""
        return chosen_letter(output, self.options) == self.letter


@dataclass(frozen=True, slots=True)
class JsonIs:
    """The first JSON object in the output equals the one in `text`."""

    text: str

    def passed(self, output: str) -> bool:
        """Whether strict parsing yields the same keys, values and types, in any order."""
        start = output.find("{")
        if start < 0:
            return False
        try:
            found, _ = json.JSONDecoder().raw_decode(output, start)
        except ValueError:
            return False
        return same_json(found, json.loads(self.text))


@dataclass(frozen=True, slots=True)
class Follows:
    """The output follows all rules."""

    rules: tuple[Rule, ...]

    def passed(self, output: str) -> bool:
        """Whether all rules hold; an output that is empty or recites a rule follows none."""
        text = output.strip()
        recited = any(rule.wording.rstrip(".").casefold() in text.casefold() for rule in self.rules)
        return bool(text) and not recited and all(rule.holds(text) for rule in self.rules)


def own_part(output: str) -> str:
    """The output up to the next question, if the model invents one."""
    for start in NEXT_QUESTION.finditer(output):
        if output[: start.start()].strip():
            return output[: start.start()]
    return output


def marked_answer(output: str) -> str | None:
    """The line after the last `answer is`, else after the last `A:` or `Answer:`."""
    text = own_part(output)
    for marker in (ANSWER_IS, ANSWER_LINE):
        ends = [found.end() for found in marker.finditer(text)]
        if ends:
            return text[ends[-1] :].lstrip().split("\n", 1)[0]
    return None


def final_number(output: str) -> Decimal | None:
    """The final number of the output.

    In a marked answer it is the number after the last `=`, else the first number; without a
    marked answer with a number it is the last number of the output.

    Example:
        >>> final_number("80 - 20 = 60. The answer is $60.")
        Decimal('60')
        >>> final_number("That leaves 1,250 grams")
        Decimal('1250')
    """
    marked = marked_answer(output) or ""
    numbers = _numbers(marked.rpartition("=")[2]) or _numbers(marked)
    if numbers:
        return numbers[0]
    everywhere = _numbers(own_part(output))
    return everywhere[-1] if everywhere else None


def chosen_letter(output: str, options: Sequence[str]) -> str | None:
    """The letter chosen in the marked answer, else in the whole output.

    In each, it is the only letter at the start of a line, else the only option whose text occurs;
    several different ones are no choice.
    """
    places = [text for text in (marked_answer(output), own_part(output)) if text]
    for place in places:
        letters = set(LETTER.findall(place))
        if letters:
            return letters.pop() if len(letters) == 1 else None
        named = [option for option in options if _named(place, (option,))]
        if len(named) == 1:
            return "ABCD"[options.index(named[0])]
    return None


def same_json(left: object, right: object) -> bool:
    """Equality of parsed JSON in which `true` is not 1, and 1 is 1.0."""
    match left, right:
        case dict(), dict():
            return left.keys() == right.keys() and all(same_json(left[k], right[k]) for k in left)
        case list(), list():
            return len(left) == len(right) and all(map(same_json, left, right))
        case bool() | None, _:
            return left is right
        case _, bool() | None:
            return False
    return left == right


def _numbers(text: str) -> list[Decimal]:
    return [Decimal(re.sub(r"[$,]", "", found[0])) for found in NUMBER.finditer(text)]


def _named(text: str, words: Sequence[str]) -> list[str]:
    """The words that occur in the text as whole words, in the order of the text."""
    found = [
        (place.start(), word)
        for word in words
        for place in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE)
    ]
    return [word for _, word in sorted(found)]
