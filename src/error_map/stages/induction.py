"""Stage 3: builds a taxonomy from the titles of the diagnoses, level by level."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from ..analysts.base import Categorizer, TitleGroup
from ..bounded import gathered
from ..errors import CallFailed
from ..records import CategoryId
from ..taxonomy import Category, Taxonomy, reserved

_RETRIES: Final = 2
"""Repetitions for a title without a valid place; bounds the calls, as each is one: first alone but
unchanged, then rephrased."""
Title: TypeAlias = tuple[str, str]
"""A title, and the detector whose finding it rests on."""


@dataclass(frozen=True, slots=True)
class Induced:
    """A taxonomy with the category of each title."""

    taxonomy: Taxonomy
    places: Mapping[Title, CategoryId]
    """Category by title; titles that fit no category are missing."""
    missing: str = "no category of the taxonomy fits the title"
    """Why the missing titles have no category."""
    undivided: tuple[str, ...] = ()
    """Categories whose division failed, each with the reason."""


@dataclass(frozen=True, slots=True)
class _Node:
    category: Category
    groups: tuple[TitleGroup, ...]
    depth: int


def without_categories(reason: str) -> Induced:
    """The reserved categories alone, and the reason why there are no others."""
    return Induced(Taxonomy(reserved()), {}, reason)


async def induce(groups: Sequence[TitleGroup], analyst: Categorizer) -> Induced:
    """Divides the groups into categories, and these again, as long as the analyst proposes any.

    Siblings are divided concurrently. A category whose division fails is not divided, and is
    listed in `undivided`.

    Args:
        groups: Unique groups in a deterministic order.
        analyst: Proposes the categories and places the groups.

    Raises:
        CallFailed: The top categories could not be obtained.
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
        # All at once: the engine limits its concurrent calls itself.
        parts = await gathered(deeper, inner, limit=max(len(inner), 1))
        for node, below in zip(inner, parts, strict=True):
            children[node.category.id] = [part.category for part in below]
        frontier = [part for below in parts for part in below]
    grown = [_grown(node.category, children) for node in tops]
    used = {category.id for category in grown}
    unused = [category for category in reserved() if category.id not in used]
    reasons = tuple(undivided[category] for category in sorted(undivided))
    return Induced(Taxonomy((*grown, *unused)), places, undivided=reasons)


async def extend(frozen: Induced, groups: Sequence[TitleGroup], analyst: Categorizer) -> Induced:
    """Places new titles in an existing taxonomy, which does not change.

    Args:
        frozen: The taxonomy of an earlier run; its titles keep their places.
        groups: All groups of this run.
        analyst: Places the groups.
    """
    places = dict(frozen.places)
    for group in groups:
        known = [places[title] for title in _titles(group) if title in places]
        places.update(dict.fromkeys(_titles(group), known[0]) if known else {})
    fresh = tuple(group for group in groups if (group.title, group.detector) not in places)
    reserved_ids = {category.id for category in reserved()}
    tops = tuple(top for top in frozen.taxonomy.categories if top.id not in reserved_ids)
    pending = [(tops, fresh)]
    while pending:
        categories, items = pending.pop()
        if not categories or not items:
            continue
        placed = await _place(items, categories, analyst)
        for number, category in enumerate(categories):
            inside = tuple(group for group in items if placed.get(group) == number)
            places.update(_placed(inside, category))
            pending.append((category.children, inside))
    return Induced(frozen.taxonomy, places)


def _rephrased(group: TitleGroup) -> TitleGroup:
    """The group described by its last summary and its count."""
    summary = " ".join((*group.summaries[-1:], f"Occurrences: {group.count}."))
    return replace(group, summaries=(summary,))


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
    """Category number of each group; groups with an invalid answer are requested again, alone."""
    numbered = dict(enumerate(categories))
    placed = dict(await analyst.place(dict(enumerate(groups)), numbered))
    for attempt in range(_RETRIES):
        missing = [item for item in range(len(groups)) if placed.get(item) not in numbered]
        # Rephrased and in another order, as the same request would get the same cached reply.
        offered = dict(reversed(numbered.items())) if attempt else numbered
        requests = {item: _rephrased(groups[item]) if attempt else groups[item] for item in missing}

        async def alone(
            item: int,
            requests: Mapping[int, TitleGroup] = requests,
            offered: Mapping[int, Category] = offered,
        ) -> Mapping[int, int]:
            return await analyst.place({item: requests[item]}, offered)

        for answer in await gathered(alone, missing, limit=max(len(missing), 1)):
            placed.update(answer)
    return {
        group: placed[item] for item, group in enumerate(groups) if placed.get(item) in numbered
    }
