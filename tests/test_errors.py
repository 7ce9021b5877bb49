"""Error messages stay short, whatever the data contain."""

import pytest

from error_map.errors import ErrorMapError, InputError, closest, refuse_unknown

LONG = "x" * 5_000_000


def test_a_message_keeps_its_two_ends_and_says_what_is_left_out() -> None:
    error = InputError(f"no column {LONG!r} in the file", where="a.csv:1", hint=f"it has {LONG}")

    assert str(error).startswith("a.csv:1: no column 'xxx")
    assert "characters left out" in error.message
    assert error.message.endswith("x' in the file")
    assert str(error.args[0]) == error.message
    assert max(len(error.message), len(error.hint)) <= 500


def test_a_message_that_fits_is_as_it_was() -> None:
    error = ErrorMapError("m" * 500, where="w" * 500, hint="h" * 500)

    assert str(error) == f"{'w' * 500}: {'m' * 500} ({'h' * 500})"


def test_a_place_is_bounded_too() -> None:
    assert len(InputError("m", where=LONG).where) <= 5_000


def test_a_hint_shows_the_beginning_of_a_long_name() -> None:
    hint = closest("b", [LONG, "a" * 100, "bb"])

    assert hint == f"did you mean 'bb'? there are: '{'a' * 100}', 'bb', '{'x' * 100}…'"


def test_a_long_name_that_is_nearest_is_shown_by_its_beginning() -> None:
    with pytest.raises(InputError, match=r"did you mean 'x{100}…'\?"):
        refuse_unknown(["x" * 120], ["x" * 121], what="model", where="models")
