"""Reads how long a provider asks callers to wait before the next attempt."""

import math
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime

from ..errors import LONGEST_WAIT_S


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait, from the first header that holds a valid time; None if there is none.

    A date is relative to the response's own `Date`, as the two clocks may differ from ours.

    Args:
        headers: The response's headers, by lower-case name.

    Example:
        >>> retry_after_s({"retry-after": "7"}), retry_after_s({"retry-after": "inf"})
        (7.0, None)
    """
    return next((wait for wait in _waits(headers) if 0 <= wait <= LONGEST_WAIT_S), None)


def _waits(headers: Mapping[str, str]) -> Iterator[float]:
    """Seconds in each supported form, the most precise first; NaN where a form is missing."""
    yield _number(headers.get("retry-after-ms", "")) / 1000
    retry_after = headers.get("retry-after", "")
    yield _number(retry_after)
    yield _seconds_until(retry_after, headers.get("date", ""))


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _seconds_until(later: str, now: str) -> float:
    """Seconds between two HTTP dates; 0 if `later` has passed, NaN if one is invalid."""
    try:
        wait = parsedate_to_datetime(later) - parsedate_to_datetime(now)
    except (ValueError, TypeError):
        return math.nan
    return max(0.0, wait.total_seconds())
