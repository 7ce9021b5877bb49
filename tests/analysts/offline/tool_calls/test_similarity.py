"""Similarity of argument values: the laws it keeps, and where spelling and type differ."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from error_map.analysts.offline.tool_calls.similarity import (
    BEST_FIRST,
    MAX_DEPTH,
    best_similarity,
    parse_untyped,
    similarity,
)
from error_map.analysts.offline.tool_calls.syntax import BareWord, Opaque, Untyped

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(VALUES)
@settings(max_examples=50)
def test_every_value_is_the_same_as_itself(value: object) -> None:
    assert similarity(value, value) == "same"


@given(VALUES, VALUES)
@settings(max_examples=50)
def test_similarity_is_one_of_the_grades_and_the_best_of_several_is_no_worse(
    got: object, expected: object
) -> None:
    grade = similarity(got, expected)

    assert grade in BEST_FIRST
    best = best_similarity(got, (expected, got))
    assert BEST_FIRST.index(best) <= BEST_FIRST.index(grade)


@given(st.integers(min_value=-(10**6), max_value=10**6))
def test_a_number_as_text_differs_only_in_type(number: int) -> None:
    assert similarity(str(number), number) == "type"
    assert similarity(number, str(number)) == "type"
    assert similarity([number], number) == "type"
    assert similarity(number, [number]) == "type"
    assert similarity(float(number), number) == "same"


@given(st.lists(st.integers(), min_size=1, max_size=4))
def test_json_text_of_a_list_differs_only_in_type(items: list[int]) -> None:
    assert similarity(json.dumps(items), items) == "type"


@pytest.mark.parametrize(
    ("got", "expected", "grade"),
    [
        ("Oslo, Norway", "oslo norway", "loose"),
        ("'rye'", '"Rye"', "loose"),
        ("'rye'", "rye", "spelling"),
        ("Its rye", "It's rye", "spelling"),
        (Opaque("5 * 10**(-12)"), 5e-12, "same"),
        (Opaque("1 + 1"), 3, "differs"),
        (Opaque("9**9**9**9"), 3, "differs"),
        (Opaque("sacks['rye']"), "sacks['rye']", "same"),
        ('{"a": [3]}', {"a": [[3], ""]}, "type"),
        ("rye", "oats", "differs"),
        (1, True, "differs"),
        (0.1 + 0.2, 0.3, "same"),
        (10**400, 0.5, "differs"),
        (BareWord("true"), True, "same"),
        (BareWord("celsius"), "celsius", "same"),
        (Untyped("3"), 3, "same"),
        (Untyped("3"), "3", "same"),
        (Untyped("[1, 2]"), [1, 2], "same"),
        ((1, 2), [1, 2], "same"),
        ([1, 2], [2, 1], "differs"),
        ([1], [1, 2], "differs"),
        (["A b"], ["a-b"], "loose"),
        (["'A'"], ["A"], "spelling"),
        ({"a": 1}, {"a": [1, 2]}, "same"),
        ({}, {"a": ["", 1]}, "same"),
        ({}, {"a": [1]}, "differs"),
        ({"b": 1}, {"a": 1}, "differs"),
        (None, "", "differs"),
    ],
)
def test_values_have_the_similarity_of_their_least_similar_part(
    got: object, expected: object, grade: str
) -> None:
    assert similarity(got, expected) == grade


def test_beyond_the_depth_limit_only_equal_values_are_the_same() -> None:
    deep: object = "Rye"
    other: object = "rye"
    for _ in range(MAX_DEPTH + 2):
        deep, other = [deep], [other]

    assert similarity(deep, deep) == "same"
    assert similarity(deep, other) == "differs"


@given(st.integers() | st.booleans() | st.lists(st.integers(), max_size=3))
def test_untyped_text_is_read_as_the_value_that_it_writes(value: object) -> None:
    assert parse_untyped(json.dumps(value)) == (
        value if not isinstance(value, bool) else json.dumps(value)
    )


@pytest.mark.parametrize("text", ["north pier", "rye", "1 2", "[1", ""])
def test_untyped_text_that_writes_no_value_stays_text(text: str) -> None:
    assert parse_untyped(text) == text
