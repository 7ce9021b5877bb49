"""Whether two argument values are the same, the same but for spelling, or different."""

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from ..values.tolerance import nearly_equal
from .literals import Reader
from .syntax import Bare, UnreadableError, Untyped

Likeness: TypeAlias = Literal["same", "spelling", "type", "differs"]
"""`type`: would be the same if it were not text, or not a number, or not a list."""

ORDER: Final[tuple[Likeness, ...]] = ("same", "spelling", "type", "differs")
DEEPEST: Final = 8
MOST_ITEMS: Final = 500
_IGNORED: Final = str.maketrans("", "", " ,./-_*^'\"\u2018\u2019\u201c\u201d\t\n")


def likeness(got: object, wanted: object, depth: int = 0) -> Likeness:
    """How alike two values are; worst of the parts of lists and objects.

    Numbers are the same if they are equal, 5 and 5.0 too; a truth value is no number.
    """
    if depth > DEEPEST:
        return "same" if got == wanted else "differs"
    got, wanted = _plain(got, wanted), _plain(wanted, None)
    if isinstance(got, bool) or isinstance(wanted, bool) or got is None or wanted is None:
        return "same" if got is wanted else _told_otherwise(got, wanted)
    if isinstance(got, int | float) and isinstance(wanted, int | float):
        return "same" if _equal(got, wanted) else "differs"
    if isinstance(got, str) and isinstance(wanted, str):
        return _words(got, wanted)
    return _parts(got, wanted, depth)


def _parts(got: object, wanted: object, depth: int) -> Likeness:
    if isinstance(got, list) and isinstance(wanted, list):
        return _lists(got, wanted, depth)
    if isinstance(got, Mapping) and isinstance(wanted, Mapping):
        return _objects(got, wanted, depth)
    return "same" if got == wanted else _told_otherwise(got, wanted)


def best_likeness(got: object, allowed: tuple[object, ...]) -> Likeness:
    """How alike a value is to the nearest of several."""
    found = {likeness(got, wanted) for wanted in allowed[:MOST_ITEMS]}
    return next((one for one in ORDER if one in found), "differs")


def untyped(text: str) -> object:
    """What text between tags means if it is not a string; the text itself where it means none."""
    reader = Reader(text)
    try:
        value = reader.value_at(0)
    except UnreadableError:
        return text
    return text if reader.skip_space() or isinstance(value, Bare) else value


def _plain(value: object, beside: object) -> object:
    if isinstance(value, Untyped):
        return value.text if isinstance(beside, str) else _word(untyped(value.text), beside)
    if isinstance(value, Bare):
        return _word(value.text, beside)
    if isinstance(value, tuple):
        return list(value)
    return value


def _word(value: object, beside: object) -> object:
    """A bare `true` where a truth value is wanted."""
    if isinstance(value, str) and isinstance(beside, bool) and value.lower() in {"true", "false"}:
        return value.lower() == "true"
    return value


def _equal(got: float, wanted: float) -> bool:
    try:
        return got == wanted or nearly_equal(got, wanted)
    except OverflowError:
        return False


def _words(got: str, wanted: str) -> Likeness:
    if got == wanted:
        return "same"
    if got.casefold().translate(_IGNORED) == wanted.casefold().translate(_IGNORED):
        return "spelling"
    return "differs"


def _lists(got: list[object], wanted: list[object], depth: int) -> Likeness:
    if len(got) != len(wanted) or len(got) > MOST_ITEMS:
        return "differs"
    pairs = zip(got, wanted, strict=True)
    return max(
        (likeness(one, other, depth + 1) for one, other in pairs), key=ORDER.index, default="same"
    )


def _objects(got: Mapping[object, object], wanted: Mapping[object, object], depth: int) -> Likeness:
    """Objects by key; a list may stand for the values that are allowed under its key."""
    if len(got) > MOST_ITEMS or not got.keys() <= wanted.keys():
        return "differs"
    worst: Likeness = "same"
    for key, other in wanted.items():
        choices = tuple(other) if isinstance(other, list) else ()
        if key not in got:
            found: Likeness = "same" if "" in choices else "differs"
        else:
            alike = [likeness(got[key], one, depth + 1) for one in (other, *choices)]
            found = min(alike, key=ORDER.index)
        worst = max(worst, found, key=ORDER.index)
    return worst


def _told_otherwise(got: object, wanted: object) -> Likeness:
    """Whether one is the other written as text, or a list of the one."""
    if isinstance(got, str) and not isinstance(wanted, str):
        meant = untyped(got)
        same = meant == wanted or got.strip().lower() == str(wanted).lower()
    elif isinstance(wanted, str) and isinstance(got, bool | int | float):
        same = wanted.strip().casefold() == str(got).casefold()
    elif isinstance(wanted, list) and len(wanted) == 1 and not isinstance(got, list):
        same = got == wanted[0]
    else:
        same = isinstance(got, list) and len(got) == 1 and got[0] == wanted
    return "type" if same else "differs"
