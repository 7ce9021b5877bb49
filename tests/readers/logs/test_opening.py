"""Keys and values at the beginning of a JSON text that is cut off."""

import time

import pytest

from error_map.readers.logs.opening import object_at, top_level_keys


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ('{"a": "x, \\"b\\": 1, {", "c": [1, {"d": 2}], "e": 3', {"a", "c", "e"}),
        ('{"a": "cut \\"off\\", "', {"a"}),
        ('{"a": "ends in a backslash\\', {"a"}),
        ('{"a": 1, "cut', {"a"}),
        ('{"a": 1}\n{"b": 2}', {"a"}),
        ("[1, 2]", set()),
        ("", set()),
    ],
)
def test_keys_are_those_of_the_first_object(text: str, keys: set[str]) -> None:
    assert top_level_keys(text).keys() == keys


def test_a_long_text_that_is_cut_off_is_read_once() -> None:
    text = '{"a": "' + '\\"' * 100_000
    start = time.process_time()

    keys = top_level_keys(text)

    assert keys.keys() == {"a"}
    assert time.process_time() - start < 2


def test_an_object_that_is_cut_off_is_none() -> None:
    assert object_at('{"a": 1') is None
    assert object_at("[" * 100_000) is None
