"""Lists of whole numbers, or of pairs of them, in free text."""

import re
from functools import lru_cache
from itertools import islice
from typing import Final, NamedTuple, TypeAlias

CACHE_SIZE: Final = 256
"""Texts whose lists are cached: one right working is compared with many failures."""
MAX_CHARS: Final = 30_000
"""Characters of one text that are read."""
MAX_LISTS: Final = 120
MAX_MEMBERS: Final = 120
FEWEST: Final = 2
FEWEST_BRACKETED: Final = 4
"""Numbers from which on brackets hold a list, and no pair or triple."""
EDGE: Final = 14
"""Characters next to a list in which dots mean that it continues."""

Member: TypeAlias = tuple[int, ...]
"""A number alone, or the numbers of a pair or a triple."""

_NUMBER: Final = r"(?:\$|\\\(\s?)?[-\u2212]?\d{1,6}(?![\d^])(?:\$|\s?\\\))?"
_TUPLE: Final = (
    r"(?:\$|\\\(\s?)?\(\s?[-\u2212]?\d{1,4}(?:\s?,\s?[-\u2212]?\d{1,4}){1,3}\s?\)(?:\$|\s?\\\))?"
)
_BETWEEN: Final = r"(?:\s?[,;]\s?(?:(?:and|or)\s)?|\s(?:and|or)\s)"
_NUMBERS: Final = re.compile(
    rf"\d{{1,6}}+(?![\d^])(?:\$|\s?\\\))?(?:{_BETWEEN}{_NUMBER})++(?!\.\d|[\w^/=])(?!\s?[=+*])"
)
"""Begins with a digit, which the engine looks for much faster; a sign before it is read apart."""
_SIGNS: Final = "-\u2212"
_TUPLES: Final = re.compile(rf"{_TUPLE}(?:{_BETWEEN}{_TUPLE})++")
_PART: Final = re.compile(r"[\d.,\w^]")
_WHOLE: Final = re.compile(r"[-\u2212]?\d+")
_BRACKETED: Final = re.compile(r"\([-\d\s,\u2212]+\)")
_ENDS_ONLY: Final = re.compile(r"\b(?:between|from|both|lcm|gcd)\b[\s(${\\]*\Z", re.IGNORECASE)
"""Words before two numbers that are the ends of a range, or the arguments of a function."""
_DOTS: Final = re.compile(r"\.\.|\u2026|dots")


class Listed(NamedTuple):
    """A list: `text[start:end]` is what is enumerated."""

    members: frozenset[Member]
    start: int
    end: int

    @property
    def total(self) -> int | None:
        """The sum of its members; None where they are no single numbers."""
        if any(len(each) > 1 for each in self.members):
            return None
        return sum(each[0] for each in self.members)


@lru_cache(maxsize=CACHE_SIZE)
def lists(text: str) -> tuple[Listed, ...]:
    """Every list of different members that does not go on with dots, in order.

    Example:
        >>> [sorted(one.members) for one in lists("So x is 3, 5, or 9; (1, 2) and (2, 1).")]
        [[(3,), (5,), (9,)], [(1, 2), (2, 1)]]
    """
    if "," not in text and " and " not in text:
        return ()
    found = [
        _listed(text, match, member)
        for pattern, member in ((_NUMBERS, _WHOLE), (_TUPLES, _BRACKETED))
        for match in islice(pattern.finditer(text, 0, MAX_CHARS), MAX_LISTS)
    ]
    return tuple(sorted((one for one in found if one), key=lambda one: one.start))


def _listed(text: str, match: re.Match[str], member: re.Pattern[str]) -> Listed | None:
    start, end = match.span()
    if member is _WHOLE:
        start -= text[start - 1 : start] in set(_SIGNS)
        if start and _PART.match(text, start - 1):
            return None
    if _DOTS.search(text, max(0, start - EDGE), start) or _DOTS.search(text, end, end + EDGE):
        return None
    if _ENDS_ONLY.search(text, max(0, start - EDGE), start):
        return None
    pieces = list(islice(member.finditer(text, start, end), MAX_MEMBERS + 1))
    members = [
        tuple(int(each.replace("\u2212", "-")) for each in _WHOLE.findall(piece[0]))
        for piece in pieces
    ]
    if (
        len(members) < FEWEST_BRACKETED
        and text[start - 1 : start] == "("
        and text[end : end + 1] == ")"
    ):
        return None
    if not FEWEST <= len(members) <= MAX_MEMBERS or len(set(members)) < len(members):
        return None
    return Listed(frozenset(members), start, end)
