"""Sanitizing: no control, bidi or invisible character survives, and lengths stay bounded."""

import html
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from error_map.presentation.sanitize import escaped, plain_lines, plain_text, visible

BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


@given(st.text())
def test_sanitized_text_has_no_control_bidi_or_surrogate_characters(text: str) -> None:
    plain = plain_text(text)

    assert all(unicodedata.category(char) not in {"Cc", "Cs"} or char in "\n\t" for char in plain)
    assert not any(unicodedata.bidirectional(char) in BIDI for char in plain)


@given(st.text(st.characters(categories=["L", "N", "P", "Zs"])))
def test_ordinary_text_is_unchanged(text: str) -> None:
    assert plain_text(text) == text


@pytest.mark.parametrize("char", ["\x1b", "\u202e", "\u200b", "\ud800", "\ufeff", "\U000e0041"])
def test_an_unsafe_character_is_replaced_by_its_code(char: str) -> None:
    code = char.encode("unicode_escape").decode("ascii")

    assert plain_text(f"a{char}b") == f"a{code}b"
    assert visible(f"a{char}b") == f"a{code}b"


@given(st.text(), st.integers(2, 200))
def test_a_visible_name_is_one_bounded_line(text: str, most: int) -> None:
    line = visible(text, most=most)

    assert 0 < len(line) <= max(most, len("(blank)"))
    assert "\n" not in line


def test_the_work_on_a_hostile_name_is_bounded() -> None:
    assert len(visible("\u202e" * 10_000_000, most=10)) == 10


def test_stacked_combining_marks_are_replaced_by_their_codes() -> None:
    assert visible("a" + "\u0301" * 5) == "a" + "\u0301" * 3 + "\\u0301" * 2


@given(st.text())
def test_escaped_text_is_no_markup_and_reads_the_same(text: str) -> None:
    markup = escaped(text)

    assert not set(markup) & set("<>\"'")
    assert html.unescape(markup) == plain_lines(text)


def test_windows_line_ends_become_line_feeds() -> None:
    assert plain_lines("a\r\nb\rc") == "a\nb\\rc"
