"""Composes the whole benchmark from one seed."""

from collections.abc import Sequence
from random import Random

from . import dates_and_counts, instructions, knowledge, word_problems
from .question import Dataset, Draft, Question, drafts_of

WORD_PROBLEMS = 84
DATES_AND_COUNTS = 30
CHOICES = 68
INSTRUCTIONS = 62


def compose(seed: int) -> list[Question]:
    """Every question of the three datasets; the same seed gives the same questions.

    Each dataset has a generator of its own, so that a change in one does not affect the others.
    """
    rngs = [Random(f"{seed}/{part}") for part in range(4)]  # noqa: S311 - questions, not secrets
    solved = drafts_of(word_problems.TEMPLATES, count=WORD_PROBLEMS, rng=rngs[0])
    counted = drafts_of(dates_and_counts.TEMPLATES, count=DATES_AND_COUNTS, rng=rngs[1])
    chosen = knowledge.choices(count=CHOICES, rng=rngs[2])
    formatted = drafts_of(instructions.TEMPLATES, count=INSTRUCTIONS, rng=rngs[3])
    return [
        *_numbered("word_problems", "wp", mixed(solved, counted)),
        *_numbered("general_knowledge", "gk", chosen),
        *_numbered("instructions", "in", formatted),
    ]


def mixed(many: Sequence[Draft], few: Sequence[Draft]) -> list[Draft]:
    """Both lists interleaved evenly, each in its own order."""
    places = [
        (place / len(part), part[place]) for part in (many, few) for place in range(len(part))
    ]
    return [draft for _, draft in sorted(places, key=lambda pair: pair[0])]


def _numbered(dataset: Dataset, prefix: str, drafts: Sequence[Draft]) -> list[Question]:
    return [
        Question(dataset=dataset, example_id=f"{prefix}-{place:03}", draft=draft)
        for place, draft in enumerate(drafts, start=1)
    ]
