"""Dates and clock times: which texts are one, and the edges of their ranges."""

from datetime import date

import pytest

from error_map.analysts.offline.values.dates import (
    MAX_DATE_CHARS,
    Clock,
    clock_of,
    date_of,
    same_clock,
    same_date,
)


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("3:05", Clock(3, 5, 0, None)),
        ("03:05", Clock(3, 5, 0, "day")),
        ("0:05", Clock(0, 5, 0, "day")),
        ("12:05", Clock(12, 5, 0, None)),
        ("13:05", Clock(13, 5, 0, "day")),
        ("23:59:59", Clock(23, 59, 59, "day")),
        ("1:05:07", Clock(1, 5, 7, None)),
        ("12 am", Clock(0, 0, 0, "day")),
        ("12 pm", Clock(12, 0, 0, "day")),
        ("1 a.m.", Clock(1, 0, 0, "day")),
        ("1 P.M.", Clock(13, 0, 0, "day")),
        ("12 noon", Clock(12, 0, 0, "day")),
        ("12 midnight", Clock(0, 0, 0, "day")),
        ("at 7h30", Clock(7, 30, 0, None)),
        ("8 o'clock", Clock(8, 0, 0, None)),
    ],
)
def test_a_time_of_day_is_read_to_the_second(text: str, clock: Clock) -> None:
    assert clock_of(text) == clock


@pytest.mark.parametrize(
    "text",
    ["3", "24:00", "23:60", "23:59:60", "0 am", "0:30 pm", "13 pm", "11 noon", "1 midnight", "3:5"],
)
def test_what_is_no_time_of_day_is_not_read(text: str) -> None:
    assert clock_of(text) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12/13/2021", date(2021, 12, 13)),
        ("13/12/2021", date(2021, 12, 13)),
        ("12.11.2021", date(2021, 11, 12)),
        ("12/12/2021", date(2021, 12, 12)),
        ("2021 March 4", date(2021, 3, 4)),
        (" 4 March 2021. ", date(2021, 3, 4)),
        ("4 september 2021", date(2021, 9, 4)),
        ("12/11/2021", None),
        ("13/13/2021", None),
        ("31.02.2021", None),
        ("2021-13-01", None),
        ("2021-00-01", None),
        ("2021-03/04", None),
    ],
)
def test_a_numeric_date_is_read_where_it_has_one_meaning(text: str, day: date | None) -> None:
    assert date_of(text) == day


def test_dates_and_times_are_read_up_to_a_length() -> None:
    day, time = "4 March 2021", "3:05 pm"
    padded_day = day.replace(" March", " " * (MAX_DATE_CHARS - len(day)) + " March")
    padded_time = time.replace(" ", " " * (MAX_DATE_CHARS - len(time) + 1))

    assert (len(padded_day), len(padded_time)) == (MAX_DATE_CHARS, MAX_DATE_CHARS)
    assert date_of(padded_day) == date(2021, 3, 4)
    assert date_of(padded_day.replace(" March", "  March")) is None
    assert clock_of(padded_time) == Clock(15, 5, 0, "day")
    assert clock_of(padded_time.replace(" ", "  ", 1)) is None


def test_texts_without_a_date_or_time_are_no_equal_dates_or_times() -> None:
    assert not same_date("raft", "raft")
    assert not same_clock("raft", "raft")
    assert same_date("4 March 2021", "2021-03-04")
    assert same_clock("3 pm", "15:00")
