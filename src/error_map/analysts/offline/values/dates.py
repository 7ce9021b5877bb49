"""Dates and clock times as they are written, read only where they can mean one thing."""

import re
from datetime import date
from typing import Final, NamedTuple

MAX_DATE_CHARS: Final = 60
"""Characters: what is longer is not a date or time alone."""

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH: Final = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY: Final = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR: Final = r"(?P<year>\d{4})"
_WEEKDAY: Final = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_WRITTEN: Final = tuple(
    re.compile(rf"{_WEEKDAY}{pattern}", re.IGNORECASE)
    for pattern in (
        rf"{_YEAR}(?P<mark>[-/.])(?P<month>[01]?\d)(?P=mark){_DAY}(?:[t ]00:00(?::00)?z?)?",
        rf"(?:the\s+)?{_DAY}\s+(?:of\s+)?(?P<name>{_MONTH})\.?,?\s+{_YEAR}",
        rf"(?P<name>{_MONTH})\.?\s+(?:the\s+)?{_DAY},?\s+{_YEAR}",
        rf"{_DAY}-(?P<name>{_MONTH})-{_YEAR}",
        rf"{_YEAR},?\s+(?P<name>{_MONTH})\.?\s+{_DAY}",
    )
)
_NUMERIC: Final = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})")
_CLOCK: Final = re.compile(
    r"(?:at\s+)?(\d{1,2})(?:[:.h](\d{2}))?(?::(\d{2}))?\s*(a\.?m\.?|p\.?m\.?|noon|midnight)?"
    r"(?:\s*o'?clock)?",
    re.IGNORECASE,
)
_MONTHS_OF_YEAR: Final = 12
_NOON: Final = 12
_DAY_HOURS: Final = 24
_MINUTES: Final = 60


class Clock(NamedTuple):
    """A time of day; `half` is None where the text has a twelve-hour time without am or pm."""

    hour: int
    minute: int
    second: int
    half: str | None


def date_of(text: str) -> date | None:
    """The day that the text names; None where it is none, or could be one of two.

    Example:
        >>> date_of("March 4th, 2021") == date_of("2021-03-04"), date_of("03/04/2021")
        (True, None)
    """
    text = text.strip().rstrip(".")
    if len(text) > MAX_DATE_CHARS:
        return None
    for pattern in _WRITTEN:
        if found := pattern.fullmatch(text):
            parts = found.groupdict()
            name = parts.get("name")
            month = _MONTHS[name.lower()] if name else int(parts["month"] or 0)
            return _day(int(parts["year"]), month, int(parts["day"]))
    return _numeric(text)


def _numeric(text: str) -> date | None:
    """Day and month in figures, where only one reading exists; dots put the day first."""
    found = _NUMERIC.fullmatch(text)
    if found is None:
        return None
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    if found[2] == "." or first > _MONTHS_OF_YEAR or first == second:
        return _day(year, second, first)
    return _day(year, first, second) if second > _MONTHS_OF_YEAR else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def clock_of(text: str) -> Clock | None:
    """The time of day that the text names; a bare number is none.

    Example:
        >>> clock_of("3:05 p.m.") == clock_of("15:05"), clock_of("3") is None
        (True, True)
    """
    text = text.strip()
    found = _CLOCK.fullmatch(text) if len(text) <= MAX_DATE_CHARS else None
    if found is None or not (found[2] or found[4] or "clock" in text.lower()):
        return None
    hour, minute, second = int(found[1]), int(found[2] or 0), int(found[3] or 0)
    if hour > _DAY_HOURS - 1 or minute >= _MINUTES or second >= _MINUTES:
        return None
    half = (found[4] or "").lower().replace(".", "")
    if half in {"noon", "midnight"}:
        return Clock(_NOON * (half == "noon"), 0, 0, "day") if hour == _NOON else None
    if half:
        valid = 1 <= hour <= _NOON
        hour = hour % _NOON + _NOON * (half == "pm")
        return Clock(hour, minute, second, "day") if valid else None
    return Clock(hour, minute, second, "day" if _of_day(found[1], hour) else None)


def _of_day(written: str, hour: int) -> bool:
    """Whether a time without am and pm can only be meant on twenty-four hours."""
    return hour > _NOON or hour == 0 or written.startswith("0")


def same_date(left: str, right: str) -> bool:
    """Whether both texts name one day, whatever the notation."""
    first = date_of(left)
    return first is not None and first == date_of(right)


def same_clock(left: str, right: str) -> bool:
    """Whether both texts name one time of day; "3:05" may be meant in either half."""
    first, second = clock_of(left), clock_of(right)
    return first is not None and first == second
