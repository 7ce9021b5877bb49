"""Reading the wait that a provider requests, without a server."""

from collections.abc import Mapping

import pytest

from error_map.errors import LONGEST_WAIT_S
from error_map.inference.retry_after import retry_after_s


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7),
        ({"retry-after-ms": "250", "retry-after": "1"}, 0.25),
        ({"retry-after-ms": "soon", "retry-after": "1"}, 1),
        ({"retry-after": str(LONGEST_WAIT_S)}, LONGEST_WAIT_S),
        ({"retry-after": str(LONGEST_WAIT_S + 1)}, None),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "Fri, 31 Dec 1999 23:59:59 GMT"}, None),
    ],
)
def test_the_first_valid_form_counts(headers: Mapping[str, str], seconds: float | None) -> None:
    assert retry_after_s(headers) == seconds


@pytest.mark.parametrize(
    ("date", "seconds"),
    [
        ("Fri, 31 Dec 1999 23:59:00 GMT", 59),
        ("Sat, 01 Jan 2000 00:00:00 GMT", 0),
        ("yesterday", None),
    ],
)
def test_a_date_is_relative_to_the_responses_date(date: str, seconds: float | None) -> None:
    headers = {"retry-after": "Fri, 31 Dec 1999 23:59:59 GMT", "date": date}

    assert retry_after_s(headers) == seconds
