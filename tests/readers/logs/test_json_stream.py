"""JSON is read piece by piece with the values that a whole read has, and cuts are found."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from error_map.errors import InputError
from error_map.readers.logs.json_stream import json_fields, json_items

pytestmark = pytest.mark.slow

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def pieces(text: str, size: int) -> Iterator[bytes]:
    data = text.encode("utf-8", "surrogatepass")
    return (data[at : at + size] for at in range(0, len(data), size))


@given(st.dictionaries(st.text(), VALUES), st.lists(VALUES), st.integers(1, 9))
def test_pieces_of_any_size_give_the_values_of_the_whole(
    values: dict[str, object], samples: list[object], size: int
) -> None:
    whole = values | {"samples": samples}
    text = json.dumps(whole, indent=size % 2 or None)

    read = list(json_fields(pieces(text, size), where="a.json", each=["samples"]))

    assert {key: value for key, value in read if key != "samples"} == {
        key: value for key, value in values.items() if key != "samples"
    }
    assert [value for key, value in read if key == "samples"] == samples


@given(st.dictionaries(st.text(), VALUES, min_size=1), st.data())
def test_a_text_that_is_cut_off_anywhere_is_refused(
    values: dict[str, object], data: st.DataObject
) -> None:
    text = json.dumps(values)
    cut = text[: data.draw(st.integers(0, len(text) - 1))]

    with pytest.raises(InputError, match="no valid JSON at character"):
        list(json_fields(pieces(cut, 5), where="a.json"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": 1 "b": 2}', "at character 8: '\"' instead of ',' or '}'"),
        ('{"a": [1, oops]}', "at character 10: Expecting value"),
        ("[1, 2]", "at character 0: '[' instead of '{'"),
        ("{1: 2}", "a key that is no text"),
        ('{"a": 1} {', "at character 9: more follows"),
        ('{"a": ' + "9" * 5000 + "}", "Exceeds the limit"),
        ('{"a": ' + "[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_json_is_refused_with_its_place(text: str, message: str) -> None:
    with pytest.raises(InputError) as refused:
        list(json_fields([text.encode()], where="a.json"))

    assert message in str(refused.value)
    assert "a.json" in str(refused.value)


def test_bytes_that_are_no_utf_8_are_refused() -> None:
    with pytest.raises(InputError, match="no UTF-8"):
        list(json_items([b'["\xff"]'], where="a.json"))


def test_a_wrong_character_is_found_without_reading_on() -> None:
    def endless() -> Iterator[bytes]:
        yield b'[1, 2 3, "a long text after the mistake"'
        pytest.fail("read on")

    with pytest.raises(InputError, match="at character 6"):
        list(json_items(endless(), where="a.json"))


def test_a_wrong_character_within_a_value_is_found_without_reading_on() -> None:
    def endless() -> Iterator[bytes]:
        yield b'[{"a" 1, "b": "a long text after the mistake"'
        pytest.fail("read on")

    with pytest.raises(InputError, match="at character 6"):
        list(json_items(endless(), where="a.json"))


def test_infinite_and_missing_numbers_are_read_as_python_writes_them() -> None:
    assert list(json_items([b"[Infinity, -Infi", b"nity]"], where="a")) == [
        float("inf"),
        float("-inf"),
    ]
