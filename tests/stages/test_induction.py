"""Induction: taxonomies from titles, level by level."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from error_map.analysts.base import TitleGroup
from error_map.errors import CallFailed
from error_map.records import CategoryId, Failure, Outcome
from error_map.stages.assignment import final_state
from error_map.stages.induction import Induced, extend, induce, without_categories
from error_map.taxonomy import Category, Taxonomy, reserved

pytestmark = pytest.mark.anyio


@dataclass
class PrefixAnalyst:
    """Sorts titles such as `a.b.c` by their parts; stubborn titles are placed late or never."""

    max_depth: int = 2
    late: Mapping[str, int] = field(default_factory=dict)
    """How often a title is left out before it is placed."""
    name: str = "prefix"
    workers: int = 4
    batch_size: int = 1
    requests: dict[str, int] = field(default_factory=dict)
    placed: list[str] = field(default_factory=list)
    seen_summaries: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    """The summaries with which each title was sent, request by request."""

    async def diagnose(self, batch: Sequence[Failure]) -> Sequence[Outcome]:
        """Never called here."""
        raise NotImplementedError

    async def propose(
        self, groups: Sequence[TitleGroup], *, parent: Category | None
    ) -> Sequence[Category]:
        """A category a next part of the titles."""
        depth = len(parent.id.split(".")) if parent else 0
        parts = sorted({".".join(group.title.split(".")[: depth + 1]) for group in groups})
        return [Category(CategoryId(part), part, "") for part in parts if part != parent_id(parent)]

    async def place(
        self, groups: Mapping[int, TitleGroup], categories: Mapping[int, Category]
    ) -> Mapping[int, int]:
        """Each title under the category that it begins with."""
        placed = {}
        for item, group in groups.items():
            self.placed.append(group.title)
            self.seen_summaries.setdefault(group.title, []).append(group.summaries)
            self.requests[group.title] = self.requests.get(group.title, 0) + 1
            if self.requests[group.title] > self.late.get(group.title, 0):
                fits = [
                    n for n, one in categories.items() if f"{group.title}.".startswith(f"{one.id}.")
                ]
                placed.update(dict.fromkeys([item] if fits else [], fits[0] if fits else 0))
        return placed


def parent_id(parent: Category | None) -> str:
    return parent.id if parent else ""


def groups_of(*titles: str) -> list[TitleGroup]:
    return [TitleGroup(title) for title in sorted(titles)]


def place_of(induced: Induced, title: str) -> tuple[str, str]:
    state = final_state("error", TitleGroup(title), induced)
    return state.state, state.category


async def test_categories_are_divided_down_to_the_depth() -> None:
    induced = await induce(groups_of("a.x.1.k", "a.x.2", "a.y", "b"), PrefixAnalyst())

    assert place_of(induced, "a.x.1.k") == ("assigned", "a.x.1")
    assert place_of(induced, "b") == ("assigned", "b")
    assert induced.taxonomy.depth == 3


async def test_titles_without_a_place_are_requested_again_alone_twice() -> None:
    analyst = PrefixAnalyst(max_depth=0, late={"a": 2, "b": 3})

    induced = await induce(groups_of("a", "b", "c"), analyst)

    assert place_of(induced, "a") == ("assigned", "a")
    assert place_of(induced, "b") == ("unassigned", "other")
    assert analyst.requests == {"a": 3, "b": 3, "c": 1}


async def test_the_second_repetition_of_a_title_is_rephrased() -> None:
    analyst = PrefixAnalyst(max_depth=0, late={"a": 2})
    group = TitleGroup("a", count=3, summaries=("first summary", "last summary"))

    induced = await induce([group, TitleGroup("b")], analyst)

    assert analyst.seen_summaries["a"] == [
        group.summaries,
        group.summaries,
        ("last summary Occurrences: 3.",),
    ]
    assert place_of(induced, "a") == ("assigned", "a")


async def test_other_spellings_have_the_category_of_their_title() -> None:
    induced = await induce([TitleGroup("a", also=("A!",))], PrefixAnalyst())

    assert place_of(induced, "A!") == ("assigned", "a")


async def test_a_frozen_taxonomy_keeps_its_places_and_takes_new_titles() -> None:
    first = await induce(groups_of("a.x", "a.y", "b"), PrefixAnalyst())
    analyst = PrefixAnalyst()

    second = await extend(first, groups_of("a.x", "a.x.9", "a.z", "b", "c"), analyst)

    assert second.taxonomy == first.taxonomy
    assert place_of(second, "a.x") == ("assigned", "a.x")
    assert place_of(second, "a.x.9") == ("assigned", "a.x")
    assert place_of(second, "a.z") == ("assigned", "a")
    assert place_of(second, "c") == ("unassigned", "other")
    assert "a.x" not in analyst.placed


@dataclass
class Failing(PrefixAnalyst):
    """An analyst whose proposals for some parents fail."""

    lost: Sequence[str] = ()

    async def propose(
        self, groups: Sequence[TitleGroup], *, parent: Category | None
    ) -> Sequence[Category]:
        """As the other one, or an error."""
        if parent_id(parent) in self.lost:
            raise CallFailed("no reply")
        return await super().propose(groups, parent=parent)


async def test_a_category_whose_division_fails_is_kept_undivided_and_listed() -> None:
    groups = groups_of("a.x", "b.y", "c.z")

    induced = await induce(groups, Failing(lost=("c", "a")))

    assert induced.undivided == (
        "'a' is not divided: no reply",
        "'c' is not divided: no reply",
    )
    assert [place_of(induced, group.title)[1] for group in groups] == ["a", "b.y", "c"]


async def test_without_top_categories_there_is_no_taxonomy() -> None:
    with pytest.raises(CallFailed, match="no reply"):
        await induce(groups_of("a"), Failing(lost=("",)))


async def test_without_titles_there_are_only_the_reserved_categories() -> None:
    analyst = PrefixAnalyst()

    induced = await induce([], analyst)

    assert induced.taxonomy == Taxonomy(reserved())
    assert (dict(induced.places), induced.undivided, analyst.placed) == ({}, (), [])


async def test_categories_without_titles_are_left_out_and_reserved_ones_come_last() -> None:
    analyst = PrefixAnalyst(max_depth=0, late={"b": 9})

    induced = await induce(groups_of("a", "b", "other"), analyst)

    assert [category.id for category in induced.taxonomy.categories] == [
        "a",
        "other",
        *(category.id for category in reserved() if category.id != "other"),
    ]


async def test_a_new_spelling_of_a_known_title_has_its_place_without_a_request() -> None:
    first = await induce(groups_of("a.x", "b"), PrefixAnalyst())
    analyst = PrefixAnalyst()

    second = await extend(first, [TitleGroup("A!", also=("a.x",)), TitleGroup("b")], analyst)

    assert place_of(second, "A!") == place_of(second, "a.x") == ("assigned", "a.x")
    assert analyst.placed == []


def test_a_run_that_was_stopped_says_why_nothing_is_placed() -> None:
    state = final_state("error", TitleGroup("a"), without_categories("the budget is spent"))

    assert (state.state, state.category, state.reason) == (
        "unassigned",
        "other",
        "the budget is spent",
    )
