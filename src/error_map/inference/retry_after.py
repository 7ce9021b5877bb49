"""How long a provider asks us to wait."""

import math
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime

from ..errors import LONGEST_WAIT_S


def asked_wait_s(headers: Mapping[str, str]) -> float | None:
    """Seconds that a response asks for, in the first form that tells a time to wait.

    A date counts from the response's own.

    Args:
        headers: Of the response, by lower-case name.

    Example:
        >>> asked_wait_s({"retry-after": "7"}), asked_wait_s({"retry-after": "inf"})
        (7.0, None)
    """
    return next((wait for wait in _told(headers) if 0 <= wait <= LONGEST_WAIT_S), None)


def _told(headers: Mapping[str, str]) -> Iterator[float]:
    yield _number(headers.get("retry-after-ms", "")) / 1000
    after = headers.get("retry-after", "")
    yield _number(after)
    yield _seconds_until(after, headers.get("date", ""))


def _number(text: str) -> float:
    """Not a number where it is none, which no bound takes."""
    try:
        return float(text)
    except ValueError:
        return math.nan


def _seconds_until(later: str, now: str) -> float:
    """Nought for a moment that is past."""
    try:
        wait = parsedate_to_datetime(later) - parsedate_to_datetime(now)
    except (ValueError, TypeError):
        return math.nan
    return max(0.0, wait.total_seconds())
