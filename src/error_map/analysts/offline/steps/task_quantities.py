"""The quantities that a task states, in digits or words."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import takewhile
from operator import attrgetter
from typing import Final, NamedTuple

from ..arithmetic.quantities import quantities
from .workings import key, key_of

TASK_CACHE_SIZE: Final = 64
"""The answers of all models to a task are examined together, so a task is needed again soon."""
MAX_CHARS_READ: Final = 10_000
"""Characters of a task that are read: longer than any word problem, bounds the work."""
QUOTED_WORDS: Final = 3
"""Words quoted after a quantity, enough to recognize it in the task."""
HUNDRED: Final = 100.0

_WORDS: Final = {
    word: value
    for value, words in enumerate(
        "two twice double doubled doubles half halved halves|three thrice triple tripled thirds"  # noqa: SIM905 - pairs by place
        "|four quadruple quarters fourths|five fifths|six|seven|eight|nine|ten|eleven"
        "|twelve dozen dozens".split("|"),
        start=2,
    )
    for word in words.split()
}
"""Number words above one; ordinals only if they can only be fractions."""
_WORD: Final = re.compile(rf"\b(?:{'|'.join(_WORDS)})\b", re.IGNORECASE)
_NOT_A_QUANTITY: Final = re.compile(r":\d|(?:st|nd|rd|th)\b|[A-Z][a-z]?\d")
"""Text after the digits of a time of day, an ordinal or a chemical formula."""
_WORDS_AFTER: Final = re.compile(
    rf"[^\s.,;:?!]{{0,20}}(?:[ -][^\s.,;:?!]{{1,30}}){{0,{QUOTED_WORDS}}}"
)
_UNIT: Final = re.compile(r"[ -]?([^\W\d_]{1,30}|%)")
_MONEY: Final = re.compile(r"[$£€]\s?$")
_DIGIT: Final = re.compile(r"\d")
_JOINS: Final = frozenset({"and", "or", "but", "then"})
_STOP_WORDS: Final = frozenset(
    "a an the of in on at to for and or but is are was were will by with from as than that per his"  # noqa: SIM905 - a long list reads best as text
    " her their its he she it they if".split()
)


class TaskQuantity(NamedTuple):
    """A quantity and its place in the task, in characters."""

    value: float
    start: int
    end: int


@lru_cache(maxsize=TASK_CACHE_SIZE)
def task_quantities(task: str) -> tuple[TaskQuantity, ...]:
    """Return numerals and number words in order, without 0 and 1, which occur everywhere.

    Example:
        >>> [each.value for each in task_quantities("Half of the 30 guests left at 9:15.")]
        [2.0, 30.0, 15.0]
    """
    task = task[:MAX_CHARS_READ]
    found = [TaskQuantity(key(each.value), each.start, each.end) for each in quantities(task)]
    words = _WORD.finditer(task)
    found += [TaskQuantity(float(_WORDS[each[0].lower()]), *each.span()) for each in words]
    stated = [
        each
        for each in found
        if each.value not in {0.0, 1.0} and not _NOT_A_QUANTITY.match(task, each.end)
    ]
    return tuple(sorted(stated, key=attrgetter("start")))


def phrase(task: str, quantity: TaskQuantity) -> str:
    """Quote the quantity with its currency sign and the next few words."""
    money = _MONEY.search(task, max(0, quantity.start - 2), quantity.start)
    behind = _WORDS_AFTER.match(task, quantity.end)
    start = money.start() if money else quantity.start
    words = _before_next(task[start : behind.end() if behind else quantity.end].split())
    while len(words) > 1 and words[-1].lower() in _STOP_WORDS:
        words.pop()
    return " ".join(words)


def _before_next(words: Sequence[str]) -> list[str]:
    """The words up to the next number or conjunction, which belong to something else."""
    rest = takewhile(lambda word: word.lower() not in _JOINS and not _DIGIT.search(word), words[1:])
    return [words[0], *rest]


def ambiguous(task: str, value: float) -> bool:
    """Whether the task contains the value more than once, for different things.

    Example:
        >>> ambiguous("She fills 6 jars at $6 each.", 6), ambiguous("6 jars and 6 jars more", 6)
        (True, False)
    """
    return len({_unit(task, each) for each in task_quantities(task) if each.value == value}) > 1


def _unit(task: str, quantity: TaskQuantity) -> str:
    """The currency sign before a quantity, or the word after it."""
    money = _MONEY.search(task, max(0, quantity.start - 2), quantity.start)
    word = _UNIT.match(task, quantity.end)
    return money[0].strip() if money else word[1].lower().rstrip("s") if word else ""


def forms(value: float) -> frozenset[float]:
    """Return the values by which a working may use a quantity: percentages, inverses and the like.

    For "30 %", for example, a working may use 30, 0.3, 70, 0.7, 130 or 1.3.
    """
    left, share = abs(HUNDRED - value), value / HUNDRED
    found = (value, share, value * HUNDRED, 1 / value, 1 - 1 / value, left, HUNDRED + value)
    more = (HUNDRED / value, left / HUNDRED, 1 + share, abs(1 - value), 1 + value)
    return frozenset(map(key_of, (*found, *more)))
