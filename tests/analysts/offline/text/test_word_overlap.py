"""Comparison of texts by words, and the wording of quotes and enumerations."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from error_map.analysts.offline.text.word_overlap import (
    content_words,
    coverage,
    denies,
    enumerated,
    in_quotes,
    lowercase,
    spaced_words,
)


@given(st.text())
def test_lower_case_keeps_every_offset(text: str) -> None:
    assert len(lowercase(text)) == len(text)


@given(
    st.text(alphabet="aAkK\u212asS\u017fiI\u0130\u0131 "), st.sampled_from(["ask", "sis", "kiss"])
)
def test_a_plain_word_is_in_the_lower_case_if_a_pattern_that_ignores_case_finds_it(
    text: str, word: str
) -> None:
    if re.search(word, text.replace("\u212a", "k"), re.IGNORECASE):
        assert word in lowercase(text.replace("\u212a", "k"))


@given(st.text())
def test_a_text_covers_itself(text: str) -> None:
    words = content_words(text)

    assert coverage(text, words) == (1.0 if words else 0.0)
    assert coverage(text, ()) == 0.0


def test_coverage_is_a_share_of_content_words() -> None:
    assert coverage("The red grebe and the lark", {"red", "grebe"}) == pytest.approx(2 / 3)


@given(st.text())
def test_spaced_words_are_framed_by_single_spaces(text: str) -> None:
    spaced = spaced_words(text)

    assert spaced.startswith(" ")
    assert spaced.endswith(" ")
    assert spaced_words(spaced) == spaced


@given(st.lists(st.sampled_from("abc"), min_size=1))
def test_an_enumeration_has_all_items(items: list[str]) -> None:
    assert re.split(r", | and ", enumerated(items)) == items


def test_a_quote_is_clipped_and_on_one_line() -> None:
    assert in_quotes("a\n b", 10) == "'a b'"
    assert len(in_quotes("word " * 100, 20)) <= 24


@pytest.mark.parametrize(
    ("text", "negative"),
    [
        ("It is not red", True),
        ("It isn't red", True),
        ("If it were red", True),
        ("It is red", False),
    ],
)
def test_denials_contrasts_and_suppositions_are_recognised(text: str, *, negative: bool) -> None:
    assert denies(text) is negative
