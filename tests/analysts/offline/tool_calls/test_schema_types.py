"""Types of values and of schemas in the naming of several languages, and mismatches."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from error_map.analysts.offline.tool_calls.schema_types import (
    MAX_ITEMS,
    allowed_types,
    type_mismatch,
    type_of,
)
from error_map.analysts.offline.tool_calls.syntax import BareWord, Opaque, Untyped


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (None, "null"),
        (True, "boolean"),
        (3, "integer"),
        (2.5, "number"),
        ("rye", "string"),
        (BareWord("rye"), "string"),
        ([1], "list"),
        ((1, 2), "list"),
        ({"a": 1}, "object"),
        (Opaque("1 + 1"), ""),
    ],
)
def test_every_value_has_a_type_but_an_expression(value: object, name: str) -> None:
    assert type_of(value) == name


@pytest.mark.parametrize(
    ("declared", "types"),
    [
        ("string", {"string"}),
        ("STRING", {"string"}),
        ("List[int]", {"list"}),
        ("ArrayList", {"list"}),
        (["integer", "null"], {"integer", "null"}),
        ("str, optional", {"string", "null"}),
        ("Color", set()),
        (["integer", "Color"], set()),
        (None, set()),
    ],
)
def test_the_types_of_a_schema_are_read_in_the_usual_names(
    declared: object, types: set[str]
) -> None:
    assert allowed_types({"type": declared}) == types


@given(st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text()))
def test_a_value_conforms_to_its_own_type_and_to_a_schema_without_one(value: object) -> None:
    assert type_mismatch(value, {"type": type_of(value)}) == ""
    assert type_mismatch(value, {}) == ""


@pytest.mark.parametrize(
    ("value", "schema", "mismatch"),
    [
        ("3", {"type": "integer"}, "integer"),
        (3.0, {"type": "integer"}, ""),
        (3.5, {"type": "integer"}, "integer"),
        (3, {"type": "number"}, ""),
        (True, {"type": "integer"}, "integer"),
        (1, {"type": ["string", "null"]}, "null or string"),
        (Untyped("3"), {"type": "integer"}, ""),
        (Untyped("3"), {"type": "string"}, ""),
        (Untyped("three"), {"type": "integer"}, "integer"),
        (BareWord("true"), {"type": "boolean"}, ""),
        (Opaque("1 + 1"), {"type": "string"}, ""),
        (["1"], {"type": "array", "items": {"type": "integer"}}, "list of integer"),
        ([1, Opaque("x + 1")], {"type": "array", "items": {"type": "integer"}}, ""),
        ([1] * MAX_ITEMS + ["1"], {"type": "array", "items": {"type": "integer"}}, ""),
    ],
)
def test_a_mismatch_is_named_by_the_required_type(
    value: object, schema: dict[str, object], mismatch: str
) -> None:
    assert type_mismatch(value, schema) == mismatch
