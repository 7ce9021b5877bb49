"""Stage 3: a taxonomy out of diagnoses, level by level."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from ..analysts.base import Categorizer, TitleGroup
from ..bounded import gathered
from ..errors import CallFailed
from ..records import CategoryId
from ..taxonomy import Category, Taxonomy, reserved

_ASKED_AGAIN: Final = 2
Title: TypeAlias = tuple[str, str]
"""A title and the detector that it rests on."""


@dataclass(frozen=True, slots=True)
class Induced:
    """A taxonomy, and where each title stands in it."""

    taxonomy: Taxonomy
    places: Mapping[Title, CategoryId]
    """Titles that no category took are missing."""
    missing: str = "no category of the taxonomy fits the title"
    """Why they are."""
    undivided: tuple[str, ...] = ()
    """Categories that were to be divided and could not be, each with the reason."""


@dataclass(frozen=True, slots=True)
class _Node:
    category: Category
    groups: tuple[TitleGroup, ...]
    depth: int


def without_categories(reason: str) -> Induced:
    """The reserved categories alone, and why no title stands in another."""
    return Induced(Taxonomy(reserved()), {}, reason)


async def induce(groups: Sequence[TitleGroup], analyst: Categorizer) -> Induced:
    """Divides the groups into categories, and these again, as long as the analyst proposes any.

    Siblings are divided side by side; one whose division fails stays whole, and is named.

    Args:
        groups: Unique, in an order that does not depend on chance.
        analyst: Who proposes and places.

    Raises:
        CallFailed: There are no top categories.
    """
    children: dict[CategoryId, list[Category]] = {}
    places: dict[Title, CategoryId] = {}
    undivided: dict[CategoryId, str] = {}
    tops = await _divide(None, groups, analyst, depth=0)
    frontier = tops
    while frontier:
        for node in frontier:
            places.update(_placed(node.groups, node.category))

        async def deeper(node: _Node) -> list[_Node]:
            try:
                return await _divide(node.category, node.groups, analyst, depth=node.depth + 1)
            except CallFailed as error:
                undivided[node.category.id] = f"{node.category.name!r} is not divided: {error}"
                return []

        inner = [node for node in frontier if node.depth < analyst.max_depth]
        parts = await gathered(deeper, inner, limit=max(len(inner), 1))
        for node, below in zip(inner, parts, strict=True):
            children[node.category.id] = [part.category for part in below]
        frontier = [part for below in parts for part in below]
    grown = [_grown(node.category, children) for node in tops]
    taken = {category.id for category in grown}
    spare = [category for category in reserved() if category.id not in taken]
    told = tuple(undivided[category] for category in sorted(undivided))
    return Induced(Taxonomy((*grown, *spare)), places, undivided=told)


async def extend(frozen: Induced, groups: Sequence[TitleGroup], analyst: Categorizer) -> Induced:
    """The frozen taxonomy as it is, with the titles placed that it has not seen.

    Args:
        frozen: Of an earlier run; its places stay.
        groups: All groups of this run.
        analyst: Who places.
    """
    places = dict(frozen.places)
    for group in groups:
        known = [places[title] for title in _titles(group) if title in places]
        places.update(dict.fromkeys(_titles(group), known[0]) if known else {})
    fresh = tuple(group for group in groups if (group.title, group.detector) not in places)
    own = {category.id for category in reserved()}
    level = tuple(category for category in frozen.taxonomy.categories if category.id not in own)
    waiting = [(level, fresh)]
    while waiting:
        categories, items = waiting.pop()
        if not categories or not items:
            continue
        placed = await _place(items, categories, analyst)
        for number, category in enumerate(categories):
            inside = tuple(group for group in items if placed.get(group) == number)
            places.update(_placed(inside, category))
            waiting.append((category.children, inside))
    return Induced(frozen.taxonomy, places)


def _told_otherwise(group: TitleGroup) -> TitleGroup:
    """The group by what was said of it last and how often it occurs."""
    said = " ".join((*group.summaries[-1:], f"Occurrences: {group.count}."))
    return replace(group, summaries=(said,))


def _titles(group: TitleGroup) -> list[Title]:
    return [(title, group.detector) for title in (group.title, *group.also)]


def _placed(groups: Iterable[TitleGroup], category: Category) -> dict[Title, CategoryId]:
    return {title: category.id for group in groups for title in _titles(group)}


def _grown(category: Category, children: Mapping[CategoryId, list[Category]]) -> Category:
    below = tuple(_grown(child, children) for child in children.get(category.id, ()))
    return replace(category, children=below)


async def _divide(
    parent: Category | None, groups: Sequence[TitleGroup], analyst: Categorizer, *, depth: int
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
    groups: Sequence[TitleGroup], categories: Sequence[Category], analyst: Categorizer
) -> dict[TitleGroup, int]:
    """The number of each group's category; what comes back wrong is asked again, alone."""
    numbered = dict(enumerate(categories))
    placed = dict(await analyst.place(dict(enumerate(groups)), numbered))
    for turn in range(_ASKED_AGAIN):
        left = [item for item in range(len(groups)) if placed.get(item) not in numbered]
        # Told otherwise: the same question again would only get the same answer again.
        offered = dict(reversed(numbered.items())) if turn else numbered
        asked = {item: _told_otherwise(groups[item]) if turn else groups[item] for item in left}

        async def alone(
            item: int,
            asked: Mapping[int, TitleGroup] = asked,
            offered: Mapping[int, Category] = offered,
        ) -> Mapping[int, int]:
            return await analyst.place({item: asked[item]}, offered)

        for again in await gathered(alone, left, limit=max(len(left), 1)):
            placed.update(again)
    return {
        group: placed[item] for item, group in enumerate(groups) if placed.get(item) in numbered
    }
