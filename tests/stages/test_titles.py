"""Titles that mean the same are merged."""

import random

from hypothesis import given
from hypothesis import strategies as st

from error_map.analysts.base import TitleGroup
from error_map.stages.titles import unique_titles

GROUPS = st.lists(
    st.builds(
        TitleGroup,
        st.text("ab 1.", min_size=1, max_size=12),
        st.sampled_from(["", "x"]),
        st.integers(1, 5),
    ),
    max_size=12,
    unique_by=lambda group: (group.title, group.detector),
)


def test_case_punctuation_and_spacing_do_not_matter() -> None:
    (one,) = unique_titles(
        [
            TitleGroup("Carry dropped", count=2, summaries=("a", "b")),
            TitleGroup("carry  Dropped.", count=1, summaries=("c",)),
        ]
    )

    assert (one.title, one.count, one.also) == ("Carry dropped", 3, ("carry  Dropped.",))
    assert one.summaries == ("a", "b")


def test_titles_that_hardly_differ_are_one_under_the_most_frequent() -> None:
    long = "Carry dropped in long {} of many numbers in a task"

    (one,) = unique_titles(
        [
            TitleGroup(long.format("additions"), count=1),
            TitleGroup(long.format("addition"), count=5),
        ]
    )

    assert one.title == long.format("addition")


def test_titles_that_differ_in_a_number_or_a_word_stay_apart() -> None:
    titles = ["Step 1 of the long solution missing", "Step 2 of the long solution missing", "Other"]

    assert len(unique_titles([TitleGroup(title) for title in titles])) == 3


def test_detectors_stay_apart() -> None:
    assert len(unique_titles([TitleGroup("Same", "x"), TitleGroup("Same", "y")])) == 2


@given(GROUPS, st.randoms(use_true_random=False))
def test_no_title_is_lost_and_order_does_not_matter(
    groups: list[TitleGroup], rng: random.Random
) -> None:
    merged = unique_titles(groups)

    spellings = [(title, one.detector) for one in merged for title in (one.title, *one.also)]
    assert sorted(spellings) == sorted((group.title, group.detector) for group in groups)
    assert sum(one.count for one in merged) == sum(group.count for group in groups)
    assert unique_titles(rng.sample(groups, len(groups))) == merged
