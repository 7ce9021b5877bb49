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


def test_titles_are_merged_along_a_chain_and_keep_two_summaries() -> None:
    first = "carry dropped in a long addition of many numbers in a column"
    second = first.replace("dropped", "drop ed")
    third = second.replace("column", "col umn")
    groups = [
        TitleGroup(title, count=count, summaries=(f"of {count}", "of all"))
        for count, title in enumerate((second, third, first), start=1)
    ]

    (one,) = unique_titles(groups)

    assert (one.title, one.count) == (first, 6)
    assert one.also == (third, second)
    assert len(one.summaries) == 2


def test_titles_with_the_same_numbers_are_merged_and_short_ones_are_not() -> None:
    long = "Step 12 of the long solution is missing in the {}"

    merged = unique_titles([TitleGroup(long.format(end)) for end in ("answer", "answers")])
    short = unique_titles([TitleGroup("Slip"), TitleGroup("Slips")])

    assert [one.title for one in merged] == [long.format("answer")]
    assert [one.title for one in short] == ["Slip", "Slips"]


def test_of_titles_that_are_equally_frequent_the_first_in_the_alphabet_leads() -> None:
    (one,) = unique_titles([TitleGroup("slip", count=1), TitleGroup("Slip", count=1)])

    assert (one.title, one.also) == ("Slip", ("slip",))


def test_many_titles_are_compared_across_the_chunks_of_the_comparison() -> None:
    """More titles than one chunk of 512, each with a near twin that is one letter longer."""
    names = [f"{a}{b}{c}" * 12 for a in "abcdefghij" for b in "klmnopqrst" for c in "uvwxyz"]
    groups = [TitleGroup(title) for name in names for title in (name, f"{name}s")]

    merged = unique_titles(groups)

    assert [(one.title, one.also) for one in merged] == [(n, (f"{n}s",)) for n in sorted(names)]


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
