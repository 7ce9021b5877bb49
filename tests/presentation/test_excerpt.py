"""Excerpts and truncation: every character is shown or counted, and evidence is marked."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from error_map.presentation.excerpt import excerpt, quotation, truncated, united

SPANS = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 60)), max_size=9).map(
    lambda pairs: [(start, start + length) for start, length in pairs]
)


@given(st.text("ab\n", max_size=400), st.integers(2, 100), SPANS)
def test_what_is_shown_and_what_is_left_out_is_the_whole(
    text: str, limit: int, spans: list[tuple[int, int]]
) -> None:
    cut = excerpt(text, limit=limit, spans=spans)

    place = 0
    for piece in cut.pieces:
        assert text[place : place + len(piece.text)] == piece.text
        place += len(piece.text) + piece.left_out
    assert place == len(text) == cut.chars


def test_evidence_in_the_middle_of_five_megabytes_is_marked() -> None:
    text = "a" * 2_500_000 + "1 + 1 = 3" + "b" * 2_500_000

    cut = excerpt(text, limit=1_000, spans=[(2_500_000, 2_500_009)])

    assert [piece.text for piece in cut.pieces if piece.marked] == ["1 + 1 = 3"]
    assert len(str(cut)) < 2_000
    assert cut.left_out > 4_990_000


def test_a_short_text_is_whole() -> None:
    cut = excerpt("1 + 1 = 3", limit=100, spans=[(0, 5), (3, 9)])

    assert [piece.text for piece in cut.pieces if piece.marked] == ["1 + 1", " = 3"]
    assert cut.left_out == 0


def test_a_mark_of_a_whole_long_text_is_cut() -> None:
    cut = excerpt("a" * 10_000, limit=100, spans=[(0, 10_000)])

    assert len(str(cut)) < 1_000


def test_a_quotation_is_found_whitespace_aside_and_a_wrong_one_is_not() -> None:
    text = "So 2 + 2\n = 5."

    assert quotation("2 +  2 = 5", text) == (3, 13)
    assert quotation("2 + 2\n = 5", text) == (3, 13)
    assert quotation("the moon", text) is None
    assert quotation("", text) is None


def test_a_truncated_text_says_how_many_characters_follow() -> None:
    assert truncated("a" * 1_200, 10) == "a" * 10 + " [… 1,190 characters …]"


@given(SPANS, st.integers(0, 300))
def test_united_windows_are_separate_and_cover_the_same_characters(
    windows: list[tuple[int, int]], length: int
) -> None:
    result = united(windows, length)

    covered = {place for start, end in windows for place in range(start, min(end, length))}
    assert {place for start, end in result for place in range(start, end)} == covered
    assert all(left[1] < right[0] for left, right in pairwise(result))
