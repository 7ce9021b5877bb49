"""The tables of units, number words and common numbers: consistent with themselves."""

import pytest

from error_map.analysts.offline.arithmetic.quantities import spelt
from error_map.analysts.offline.values.common_numbers import LARGEST_COMMON_CLAIM, telling
from error_map.analysts.offline.values.number_words import (
    CARDINALS,
    DIVISORS,
    LARGEST_SPELT,
    MAGNITUDES,
    MULTIPLES,
)
from error_map.analysts.offline.values.units import DIMENSIONS, FACTORS, MEASURES, same_unit


@pytest.mark.parametrize(("word", "value"), CARDINALS.items())
def test_each_number_word_is_found_in_a_sentence(word: str, value: int) -> None:
    assert spelt(f"There are {word} mills.") == {value}


def test_words_that_several_tables_have_mean_the_same_number() -> None:
    tables = (CARDINALS, MULTIPLES, DIVISORS, MAGNITUDES)
    words = {word for table in tables for word in table}

    assert all(len({table[word] for table in tables if word in table}) == 1 for word in words)
    assert max(CARDINALS.values()) == LARGEST_SPELT


def test_every_unit_with_a_size_has_a_dimension() -> None:
    assert MEASURES.keys() <= DIMENSIONS.keys()
    assert all(size > 0 for _, size in MEASURES.values())
    assert FACTORS.keys() <= set(DIMENSIONS.values())


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("km", "kilometers", True),
        ("mph", "miles per hour", True),
        ("km", "m", False),
        ("months", "month", False),
        ("months", "months", True),
        ("raft", "rafts", False),
        ("km", "raft", False),
        ("celsius", "fahrenheit", False),
    ],
)
def test_units_are_one_where_their_exact_sizes_are(*, left: str, right: str, same: bool) -> None:
    assert same_unit(left, right) is same


@pytest.mark.parametrize(
    ("value", "rare"),
    [
        (0, False),
        (10, False),
        (-10, False),
        (11, True),
        (-11, True),
        (0.5, True),
        (-0.5, True),
        (10.5, True),
    ],
)
def test_small_whole_numbers_tell_nothing(*, value: float, rare: bool) -> None:
    assert telling(value) is rare


def test_a_claim_must_be_above_twelve_to_tell() -> None:
    assert not telling(12, above=LARGEST_COMMON_CLAIM)
    assert telling(13, above=LARGEST_COMMON_CLAIM)
