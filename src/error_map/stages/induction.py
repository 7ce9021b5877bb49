"""Stage 3: a taxonomy out of diagnoses, level by level."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ..analysts.base import Analyst, TitleGroup
from ..records import CategoryId
from ..taxonomy import Category, Taxonomy, reserved

MAX_DEPTH: Final = 2
"""Levels under the top categories."""
_ASKED_AGAIN: Final = 2


@dataclass(frozen=True, slots=True)
class Induced:
    """A taxonomy, and where each group of equal titles stands in it."""

    taxonomy: Taxonomy
    places: Mapping[TitleGroup, CategoryId]
    """Groups that no category took are missing."""


@dataclass(frozen=True, slots=True)
class _Node:
    category: Category
    groups: tuple[TitleGroup, ...]
    depth: int


async def induce(groups: Sequence[TitleGroup], analyst: Analyst) -> Induced:
    """Divides the groups into categories, and these again, as long as the analyst proposes any.

    Args:
        groups: Unique; sorted here, so that their order decides nothing.
        analyst: Who proposes and places.
    """
    children: dict[CategoryId | None, list[Category]] = {None: []}
    places: dict[TitleGroup, CategoryId] = {}
    frontier = await _divide(None, tuple(sorted(groups)), analyst, depth=0)
    children[None] = [node.category for node in frontier]
    while frontier:
        deeper: list[_Node] = []
        for node in frontier:
            places.update(dict.fromkeys(node.groups, node.category.id))
            if node.depth < MAX_DEPTH:
                parts = await _divide(node.category, node.groups, analyst, depth=node.depth + 1)
                children[node.category.id] = [part.category for part in parts]
                deeper.extend(parts)
        frontier = deeper
    tops = [_grown(category, children) for category in children[None]]
    taken = {category.id for category in tops}
    spare = [category for category in reserved() if category.id not in taken]
    return Induced(Taxonomy((*tops, *spare)), places)


def _grown(category: Category, children: Mapping[CategoryId | None, list[Category]]) -> Category:
    below = tuple(_grown(child, children) for child in children.get(category.id, ()))
    return replace(category, children=below)


async def _divide(
    parent: Category | None, groups: Sequence[TitleGroup], analyst: Analyst, *, depth: int
) -> list[_Node]:
    categories = await analyst.propose(groups, parent=parent) if groups else ()
    if not categories:
        return []
    placed = await _place(groups, categories, analyst)
    members: dict[int, list[TitleGroup]] = {number: [] for number in range(len(categories))}
    for group, number in placed.items():
        members[number].append(group)
    return [
        _Node(categories[number], tuple(inside), depth)
        for number, inside in members.items()
        if inside
    ]


async def _place(
    groups: Sequence[TitleGroup], categories: Sequence[Category], analyst: Analyst
) -> dict[TitleGroup, int]:
    """The number of each group's category; what comes back wrong is asked again, alone."""
    numbered = dict(enumerate(categories))
    placed = dict(await analyst.place(dict(enumerate(groups)), numbered))
    for item, group in enumerate(groups):
        for _ in range(_ASKED_AGAIN):
            if placed.get(item) in numbered:
                break
            placed.update({item: (await analyst.place({item: group}, numbered)).get(item, -1)})
    return {
        group: placed[item] for item, group in enumerate(groups) if placed.get(item) in numbered
    }
