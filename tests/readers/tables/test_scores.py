"""Scores as tools and people write them: words, percentages, decimal commas, lists of one."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from error_map.errors import InputError
from error_map.readers import ReadOptions, ScoreFormat, Table, file_source
from error_map.readers.tables.scores import AS_NUMBERS, parsed_scores, way_out
from tests.support import a_row, write_csv


def parsed(*values: str, written: ScoreFormat = AS_NUMBERS) -> list[float | None]:
    column = pl.Series("score", values)
    scores: list[float | None] = (
        column.to_frame().select(parsed_scores(column, written))["score"].to_list()
    )
    return scores


def table(path: Path, *scores: str, written: ScoreFormat = AS_NUMBERS) -> Table:
    rows = [a_row(f"e{number}", score=score) for number, score in enumerate(scores)]
    return file_source(write_csv(path / "d.csv", rows), ReadOptions(scores=written)).read()


def test_numbers_truth_values_and_lists_of_one_are_scores() -> None:
    values = ["1", " 0.5 ", "+2", "-1e-3", "True", "FALSE", "[1]", "[ 0.25 ]", '["1"]']

    assert parsed(*values) == [1, 0.5, 2, -0.001, 1, 0, 1, 0.25, 1]
    assert parsed("", "[]", "[1, 2]", "C", "85 %", "0,5", "--1") == [None] * 7


def test_words_are_scores_where_the_map_says_so() -> None:
    written = ScoreFormat(words={"C": 1, "I": 0, "P": 0.5})

    assert parsed("C", "i", " P ", "[C]", '["I"]', "0.7", "N", written=written) == [
        *(1, 0, 0.5, 1, 0, 0.7),
        None,
    ]


def test_the_map_wins_over_the_number() -> None:
    assert parsed("1", "2", "true", written=ScoreFormat(words={"1": 0, "2": 1, "true": 0})) == [
        *(0, 1, 0),
    ]


def test_a_map_with_a_word_in_two_cases_is_refused() -> None:
    with pytest.raises(InputError, match="twice"):
        ScoreFormat(words={"C": 1, "c": 0})


def test_percentages_are_shares() -> None:
    written = ScoreFormat(percent=True)

    assert parsed("85", "85%", "85 %", "12.5 %", "[40]", written=written) == [
        *(0.85, 0.85, 0.85, 0.125, 0.4),
    ]
    numbers = pl.Series("score", [85.0])
    assert numbers.to_frame().select(parsed_scores(numbers, written)).item() == 0.85


def test_a_decimal_comma_is_read_and_a_point_beside_it_is_not() -> None:
    assert parsed("0,5", "1", "-2,25", "1.5", "1.234,5", written=ScoreFormat(decimal=",")) == [
        *(0.5, 1, -2.25),
        *(None, None),
    ]
    both = ScoreFormat(decimal=",", percent=True)
    assert parsed("12,5 %", written=both) == [0.125]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_is_itself(number: float) -> None:
    assert parsed(repr(number)) == [number]
    assert parsed(f"[{number!r}]") == [number]


@pytest.mark.parametrize(
    ("values", "option"),
    [
        (["C", "I", "P"], '--score-map "C=1,P=0.5,I=0"'),
        (["correct", "Incorrect"], '--score-map "correct=1,Incorrect=0"'),
        (["pass", "fail"], '--score-map "pass=1,fail=0"'),
        (["Yes", "No"], '--score-map "Yes=1,No=0"'),
        (["80 %", "12.5%"], "--percent"),
        (["0,5", "0,25"], "--decimal ,"),
        (["12,5 %"], "--decimal , --percent"),
        (['{"em": 1}', '{"em": 0, "f1": 0.5}'], '--columns "score=score.em"'),
        (["good", "bad"], ""),
        (["80 %", "many"], ""),
        ([], ""),
    ],
)
def test_the_message_names_the_option_that_would_read_the_scores(
    tmp_path: Path, values: list[str], option: str
) -> None:
    assert way_out(values, AS_NUMBERS) == option
    if option:
        with pytest.raises(InputError) as refused:
            table(tmp_path, *values)
        assert option in str(refused.value)


def test_a_map_that_lacks_a_word_is_completed(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        table(tmp_path, "C", "I", "I", "I", written=ScoreFormat(words={"C": 1}))

    assert '--score-map "C=1,I=0"' in str(refused.value)


@pytest.mark.parametrize(
    ("scores", "words"),
    [(["C", "I"], {"C": 1.0, "I": 0.0}), (["pass", "fail"], {"pass": 1.0, "fail": 0.0})],
)
def test_the_proposed_option_reads_the_file(
    tmp_path: Path, scores: list[str], words: Mapping[str, float]
) -> None:
    read = table(tmp_path, *scores, written=ScoreFormat(words=words))

    assert read.frame["score"].to_list() == [1, 0]
    assert read.invalid == ()
