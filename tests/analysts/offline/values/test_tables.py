"""The tables of units, number words and common numbers: consistent with themselves."""

import pytest

from error_map.analysts.offline.arithmetic.quantities import spelt
from error_map.analysts.offline.values.common_numbers import LARGEST_COMMON_CLAIM, telling
from error_map.analysts.offline.values.number_words import (
    CARDINALS,
    DIVISORS,
    IMPLIED,
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


def test_number_words_have_their_numbers() -> None:
    by_number = {
        1: "once",
        2: "two twice double both pair couple half halved halves",
        3: "three thrice triple thirds",
        4: "four quadruple quarters fourths",
        5: "five fifths",
        7: "seven week",
        10: "ten decade",
        12: "twelve dozen dozens",
        100: "hundred",
        1_000: "thousand",
        10**6: "million",
        10**9: "billion",
        10**12: "trillion",
    }
    table = {**CARDINALS, **MULTIPLES, **IMPLIED, **DIVISORS, **MAGNITUDES}

    for number, words in by_number.items():
        assert {table[word] for word in words.split()} == {number}
    listed = {word for words in by_number.values() for word in words.split()}
    assert (MULTIPLES | IMPLIED | DIVISORS | MAGNITUDES).keys() <= listed


@pytest.mark.parametrize(
    ("dimension", "left", "right"),
    [
        ("time", "minute", "second"),
        ("time", "hour", "minute"),
        ("time", "hour", "second"),
        ("time", "day", "hour"),
        ("time", "day", "minute"),
        ("time", "week", "day"),
        ("time", "week", "hour"),
        ("length", "foot", "inch"),
        ("length", "yard", "foot"),
        ("length", "yard", "inch"),
        ("length", "mile", "foot"),
        ("length", "mile", "yard"),
        ("money", "dollar", "cent"),
    ],
)
def test_the_ratio_of_two_units_is_a_factor_of_their_dimension(
    dimension: str, left: str, right: str
) -> None:
    assert MEASURES[left][1] / MEASURES[right][1] in FACTORS[dimension]


def test_squared_and_calendar_factors_are_known() -> None:
    assert {12, 30, 365, 52} <= set(FACTORS["time"])
    assert {9, 144} <= set(FACTORS["length"])
    assert FACTORS["mass"] == (16, 2000)
    assert FACTORS["volume"] == (2, 4, 8, 16)
    assert FACTORS["money"] == (4, 5, 10, 20, 25, 100)


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
