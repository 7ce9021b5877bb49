"""Multiple choice on general knowledge, from the table of facts beside this file."""

import csv
from dataclasses import dataclass
from pathlib import Path
from random import Random

from .graders import OptionIs
from .question import Draft

FACTS = Path(__file__).with_name("facts.csv")
LETTERS = "ABCD"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A question with its answer and three wrong ones."""

    topic: str
    question: str
    answer: str
    wrong_1: str
    wrong_2: str
    wrong_3: str


def facts() -> list[Fact]:
    """The table of facts, in the order of the file."""
    with FACTS.open(encoding="utf-8", newline="") as file:
        return [Fact(**row) for row in csv.DictReader(file)]


def choice_of(fact: Fact, rng: Random) -> Draft:
    """The question with its four options in a drawn order."""
    drawn = [fact.answer, fact.wrong_1, fact.wrong_2, fact.wrong_3]
    options = tuple(rng.sample(drawn, len(drawn)))
    letter = LETTERS[options.index(fact.answer)]
    lines = [f"{mark}. {option}" for mark, option in zip(LETTERS, options, strict=True)]
    return Draft(
        kind="option",
        topic=fact.topic,
        text="\n".join((fact.question, *lines)),
        reference=f"{letter}. {fact.answer}",
        check=OptionIs(letter, options),
    )


def choices(*, count: int, rng: Random) -> list[Draft]:
    """Multiple-choice drafts on `count` different facts, in a drawn order."""
    return [choice_of(fact, rng) for fact in rng.sample(facts(), count)]
