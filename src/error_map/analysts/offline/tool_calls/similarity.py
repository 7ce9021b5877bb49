"""Similarity of two argument values: the same, the same but for spelling, or different."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Final, Literal, TypeAlias

from ..arithmetic.evaluate import comes_to
from ..values.literals import UnreadableError
from ..values.tolerance import nearly_equal
from .literals import lenient_reader
from .syntax import BareWord, Opaque, Untyped

Similarity: TypeAlias = Literal["same", "loose", "spelling", "type", "differs"]
"""`loose`: the same for the checker of BFCL, which ignores case, spaces and some punctuation.
`spelling`: the same but for case, spaces and any punctuation. `type`: the same value written as
text, as a number or as a list of one item."""

BEST_FIRST: Final[tuple[Similarity, ...]] = ("same", "loose", "spelling", "type", "differs")
ACCEPTED: Final = frozenset({"same", "loose"})
# Both bound the work on hostile input; arguments of real tools are far shallower and shorter.
MAX_DEPTH: Final = 8
MAX_ITEMS: Final = 500
# As in `standardize_string` of its ast_checker.py.
_LOOSE: Final = str.maketrans("'", '"', " ,./-_*^")
# Longer expressions are formulas rather than sums.
MAX_SUM_CHARS: Final = 100
_SUM: Final = re.compile(r"[\d\s.+\-*/()]{1,100}")
_IGNORED_CHARS: Final = str.maketrans("", "", " ,./-_*^'\"\u2018\u2019\u201c\u201d\t\n")


def similarity(got: object, expected: object, depth: int = 0) -> Similarity:
    """The similarity of two values; for lists and objects, that of their least similar parts.

    Numbers are the same if they are equal, 5 and 5.0 too; a boolean is never a number.
    """
    if depth > MAX_DEPTH:
        return "same" if got == expected else "differs"
    got, expected = _plain(got, expected), _plain(expected, None)
    # Before numbers, as Python takes True for 1.
    if isinstance(got, bool) or isinstance(expected, bool) or got is None or expected is None:
        return "same" if got is expected else _across_types(got, expected, depth)
    if isinstance(expected, int | float):
        if isinstance(got, int | float):
            return "same" if _equal(got, expected) else "differs"
        if isinstance(got, Opaque):
            return "same" if _is_sum(got.text, expected) else "differs"
    if isinstance(got, str) and isinstance(expected, str):
        return _text_similarity(got, expected)
    return _compound_similarity(got, expected, depth)


def _compound_similarity(got: object, expected: object, depth: int) -> Similarity:
    if isinstance(got, list) and isinstance(expected, list):
        return _list_similarity(got, expected, depth)
    if isinstance(got, Mapping) and isinstance(expected, Mapping):
        return _object_similarity(got, expected, depth)
    return "same" if got == expected else _across_types(got, expected, depth)


def best_similarity(got: object, allowed: tuple[object, ...]) -> Similarity:
    """The similarity of a value to the most similar of the allowed values."""
    similarities = {similarity(got, value) for value in allowed[:MAX_ITEMS]}
    return next((grade for grade in BEST_FIRST if grade in similarities), "differs")


def parse_untyped(text: str) -> object:
    """The value that text between tags represents; the text itself if it is only a string."""
    reader = lenient_reader(text)
    try:
        value = reader.value_at(0)
    except UnreadableError:
        return text
    return text if reader.skip_space() or isinstance(value, BareWord) else value


def _plain(value: object, counterpart: object) -> object:
    """A value as plain data, read in the way that makes it comparable with its counterpart."""
    if isinstance(value, Untyped):
        if isinstance(counterpart, str):
            return value.text
        return _boolean_word(parse_untyped(value.text), counterpart)
    if isinstance(value, BareWord):
        return _boolean_word(value.text, counterpart)
    if isinstance(value, Opaque) and isinstance(counterpart, str):
        return value.text
    if isinstance(value, tuple):
        return list(value)
    return value


def _boolean_word(value: object, counterpart: object) -> object:
    """A bare `true` as a boolean if its counterpart is one."""
    if (
        isinstance(value, str)
        and isinstance(counterpart, bool)
        and value.lower() in {"true", "false"}
    ):
        return value.lower() == "true"
    return value


def _is_sum(expression: str, value: float) -> bool:
    """Whether the expression is one of numbers alone, such as `5 * 10**-3`, with this value."""
    if not _SUM.fullmatch(expression):
        return False
    try:
        digits = format(Decimal(repr(value)), "f")
    except InvalidOperation:  # infinite
        return False
    return len(digits) <= MAX_SUM_CHARS and comes_to(expression.replace("**", "^"), digits)


def _equal(got: float, expected: float) -> bool:
    try:
        return got == expected or nearly_equal(got, expected)
    except OverflowError:
        return False


def _text_similarity(got: str, expected: str) -> Similarity:
    if got == expected:
        return "same"
    if got.lower().translate(_LOOSE) == expected.lower().translate(_LOOSE):
        return "loose"
    if got.casefold().translate(_IGNORED_CHARS) == expected.casefold().translate(_IGNORED_CHARS):
        return "spelling"
    return "differs"


def _list_similarity(got: list[object], expected: list[object], depth: int) -> Similarity:
    if len(got) != len(expected) or len(got) > MAX_ITEMS:
        return "differs"
    pairs = zip(got, expected, strict=True)
    grades = (similarity(left, right, depth + 1) for left, right in pairs)
    return max(grades, key=BEST_FIRST.index, default="same")


def _object_similarity(
    got: Mapping[object, object], expected: Mapping[object, object], depth: int
) -> Similarity:
    """Compares objects key by key; an expected list may also enumerate the allowed values."""
    if len(got) > MAX_ITEMS or not got.keys() <= expected.keys():
        return "differs"
    worst: Similarity = "same"
    for key, value in expected.items():
        choices = tuple(value) if isinstance(value, list) else ()
        if key not in got:
            grade: Similarity = "same" if "" in choices else "differs"
        else:
            grades = [similarity(got[key], choice, depth + 1) for choice in (value, *choices)]
            grade = min(grades, key=BEST_FIRST.index)
        worst = max(worst, grade, key=BEST_FIRST.index)
    return worst


def _across_types(got: object, expected: object, depth: int) -> Similarity:
    """`type` if one value is the other written as text, or a list of only the other."""
    if isinstance(got, str) and not isinstance(expected, str):
        parsed = parse_untyped(got)
        same = got.strip().lower() == str(expected).lower() or (
            not isinstance(parsed, str) and similarity(parsed, expected, depth + 1) in ACCEPTED
        )
    elif isinstance(expected, str) and isinstance(got, bool | int | float):
        same = expected.strip().casefold() == str(got).casefold()
    elif isinstance(expected, list) and len(expected) == 1 and not isinstance(got, list):
        same = got == expected[0]
    else:
        same = isinstance(got, list) and len(got) == 1 and got[0] == expected
    return "type" if same else "differs"
