"""Filters of the index as SQL, and the terms of a search."""

import pytest

from error_map.errors import InputError
from error_map.store import Either, Equals, Every, Named, Says, Scored, Under, Where, Without
from error_map.store.query import (
    MAX_SEARCH_CHARS,
    Condition,
    column,
    condition,
    searchable,
    storable,
)

IN_WORDS = "number IN (SELECT rowid FROM words WHERE words MATCH ?)"


@pytest.mark.parametrize(
    ("where", "sql", "values"),
    [
        (Equals("model", "bee"), "model = ?", ("bee",)),
        (Equals("kept:b", "x"), "kept_1 = ?", ("x",)),
        (Scored(), "(1)", ()),
        (Scored(low=0.0), "(score >= ?)", (0.0,)),
        (Scored(high=0.5), "(score <= ?)", (0.5,)),
        (Scored(low=0.1, high=0.5), "(score >= ? AND score <= ?)", (0.1, 0.5)),
        (Named("e1"), "example_id = ?", ("e1",)),
        (Named("*"), "example_id = ?", ("*",)),
        (Named("e1*"), "substr(example_id, 1, ?) = ?", (2, "e1")),
        (Named("e1**"), "substr(example_id, 1, ?) = ?", (3, "e1*")),
        (Every(()), "1", ()),
        (Either(()), "0", ()),
        (
            Every((Equals("model", "a"), Either((Equals("state", "b"), Equals("title", "c"))))),
            "(model = ? AND (state = ? OR title = ?))",
            ("a", "b", "c"),
        ),
        (Without(Equals("model", "a")), "(model = ?) IS NOT 1", ("a",)),
        (
            Under("sum"),
            "category IN (SELECT category FROM under WHERE ancestor = ?)",
            ("sum",),
        ),
        (
            Under("sum", directly=True),
            "category IN (SELECT category FROM under WHERE ancestor = ? AND own)",
            ("sum",),
        ),
        (Says(""), "1", ()),
        (Says(" \t"), "1", ()),
        (Says("+ !"), "0", ()),
        (Says('""'), "0", ()),
    ],
)
def test_a_filter_is_a_condition_with_its_values(
    where: Where, sql: str, values: tuple[str | float, ...]
) -> None:
    assert condition(where, ["a", "b"]) == Condition(sql, values)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("two words", '"two" "words"'),
        ('"two words"', '"two words"'),
        ('one "two words" three', '"one" "two words" "three"'),
        ('"open phrase', '"open phrase"'),
        ("calc*", '"calc*"*'),
        ("cal*", '"cal*"*'),
        ("ca*", '"ca*"'),
        ("ca**", '"ca**"'),
        ('"calc*"', '"calc*"'),
        ("a + b", '"a" "b"'),
        ("5 ²", '"5" "²"'),
        ("OR", '"OR"'),
        ("東京", '"東  京"'),
    ],
)
def test_a_search_is_quoted_word_by_word(text: str, terms: str) -> None:
    assert condition(Says(text), ()) == Condition(IN_WORDS, (terms,))


def test_a_search_is_read_up_to_a_length() -> None:
    longest = "a" * MAX_SEARCH_CHARS

    assert condition(Says(f"{longest}b"), ()).values == (f'"{longest}"',)


def test_an_unknown_field_is_refused_with_the_nearest_one() -> None:
    assert column("category", ()) == "category"
    assert column("kept:a", ["a"]) == "kept_0"
    for field in ("modle", "kept:b", "number"):
        with pytest.raises(InputError, match=f"no field '{field}'") as refused:
            column(field, ["a"])
        assert refused.value.where == "filter"
    with pytest.raises(InputError) as refused:
        column("modle", ())
    assert "model" in str(refused.value.hint)


def test_texts_are_stored_and_indexed_without_what_sqlite_refuses() -> None:
    assert storable("a\ud800é") == "a?é"
    assert storable("plain") == "plain"
    assert searchable("a\0b") == "a b"
    assert searchable("a東b") == "a 東 b"
