"""The quantities that a task states, in digits or words, each with the words it stands with."""

import re
from functools import lru_cache
from operator import attrgetter
from typing import Final, NamedTuple

from ..arithmetic.quantities import quantities
from ..values.number_words import CARDINALS, DIVISORS, MULTIPLES
from .workings import key, key_of

REMEMBERED: Final = 64
"""Tasks whose quantities are kept: the answers of all models to one stand together."""
FARTHEST: Final = 10_000
"""Characters of a task that are read."""
QUOTED_WORDS: Final = 3
"""Words behind a quantity that are quoted with it."""
HUNDRED: Final = 100.0

_WORDS: Final = {
    word: value for word, value in (CARDINALS | MULTIPLES | DIVISORS).items() if value > 1
} | {"doubled": 2, "doubles": 2, "tripled": 3}
"""Number words above one; ordinals only where they are fractions beyond doubt."""
_WORD: Final = re.compile(rf"\b(?:{'|'.join(_WORDS)})\b", re.IGNORECASE)
_NO_QUANTITY: Final = re.compile(r":\d|(?:st|nd|rd|th)\b|[A-Z][a-z]?\d")
"""Behind the digits of a time of day, an ordinal or a chemical formula."""
_BEHIND: Final = re.compile(rf"[^\s.,;:?!]{{0,20}}(?:[ -][^\s.,;:?!]{{1,30}}){{0,{QUOTED_WORDS}}}")
_UNIT: Final = re.compile(r"[ -]?([^\W\d_]{1,30}|%)")
_MONEY: Final = re.compile(r"[$£€]\s?$")
_LOOSE_ENDS: Final = frozenset(
    "a an the of in on at to for and or but is are was were will by with from as than that per his"  # noqa: SIM905 - a long list reads best as text
    " her their its he she it they if".split()
)


class TaskQuantity(NamedTuple):
    """A quantity and where it stands in the task."""

    value: float
    start: int
    end: int


@lru_cache(maxsize=REMEMBERED)
def task_quantities(task: str) -> tuple[TaskQuantity, ...]:
    """Numerals and number words, in order, without 0 and 1, which say nothing.

    Example:
        >>> [each.value for each in task_quantities("Half of the 30 guests left at 9:15.")]
        [2.0, 30.0, 15.0]
    """
    task = task[:FARTHEST]
    found = [TaskQuantity(key(each.value), each.start, each.end) for each in quantities(task)]
    words = _WORD.finditer(task)
    found += [TaskQuantity(float(_WORDS[each[0].lower()]), *each.span()) for each in words]
    stated = [
        each
        for each in found
        if each.value not in {0.0, 1.0} and not _NO_QUANTITY.match(task, each.end)
    ]
    return tuple(sorted(stated, key=attrgetter("start")))


def phrase(task: str, quantity: TaskQuantity) -> str:
    """The quantity with its currency sign and the few words behind it."""
    money = _MONEY.search(task, max(0, quantity.start - 2), quantity.start)
    behind = _BEHIND.match(task, quantity.end)
    start = money.start() if money else quantity.start
    words = task[start : behind.end() if behind else quantity.end].split()
    while len(words) > 1 and words[-1].lower() in _LOOSE_ENDS:
        words.pop()
    return " ".join(words)


def ambiguous(task: str, value: float) -> bool:
    """Whether the value stands in the task more than once, of different things.

    Example:
        >>> ambiguous("She fills 6 jars at $6 each.", 6), ambiguous("6 jars and 6 jars more", 6)
        (True, False)
    """
    return len({_unit(task, each) for each in task_quantities(task) if each.value == value}) > 1


def _unit(task: str, quantity: TaskQuantity) -> str:
    """The currency sign in front of a quantity, or the word behind it."""
    money = _MONEY.search(task, max(0, quantity.start - 2), quantity.start)
    word = _UNIT.match(task, quantity.end)
    return money[0].strip() if money else word[1].lower().rstrip("s") if word else ""


def forms(value: float) -> frozenset[float]:
    """The value as a working may use it: itself, a percentage, what is left of one, its inverse."""
    left, share = abs(HUNDRED - value), value / HUNDRED
    found = (value, share, value * HUNDRED, 1 / value, 1 - 1 / value, left, HUNDRED + value)
    more = (HUNDRED / value, left / HUNDRED, 1 + share, abs(1 - value), 1 + value)
    return frozenset(map(key_of, (*found, *more)))
