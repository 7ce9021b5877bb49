"""The question that every composer makes and every grader reads."""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal, Protocol, TypeAlias

Dataset: TypeAlias = Literal["word_problems", "general_knowledge", "instructions"]
Kind: TypeAlias = Literal["solution", "option", "json", "format"]

MAX_DRAWS = 1000
"""Draws of one template before it counts as used up."""


class Check(Protocol):
    """What decides whether an answer is right."""

    def passed(self, output: str) -> bool:
        """Whether the whole output of the model counts as right."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A question before it has a place in a dataset."""

    kind: Kind
    """The family of prompts that is used for it."""
    topic: str
    text: str
    """The task itself, with its options or its source text."""
    reference: str
    """A right answer, with its working if there is one; empty if there are many."""
    check: Check


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A draft with its id."""

    dataset: Dataset
    example_id: str
    draft: Draft


Template: TypeAlias = Callable[[Random], Draft]


def drafts_of(templates: Sequence[Template], *, count: int, rng: Random) -> list[Draft]:
    """Distinct drafts, the templates taking turns so that any first part holds them all.

    Raises:
        ValueError: If a template cannot make another distinct text.
    """
    drafts: dict[str, Draft] = {}
    for turn in range(count):
        draft = _distinct(templates[turn % len(templates)], rng=rng, taken=drafts)
        drafts[draft.text] = draft
    return list(drafts.values())


def _distinct(template: Template, *, rng: Random, taken: Container[str]) -> Draft:
    for _ in range(MAX_DRAWS):
        draft = template(rng)
        if draft.text not in taken:
            return draft
    raise ValueError(f"template {template!r} has no distinct question left after {MAX_DRAWS} draws")
