"""Whether two written answers are the same value, exactly: numbers, options, dates, lists, text."""

import re
from typing import Final

from .amounts import MAX_NUMBER_CHARS, amount, same_amount
from .code import differ_in_case
from .dates import MAX_DATE_CHARS, same_clock, same_date
from .literals import Value, read_literal, same_literal
from .notation import plain
from .number_words import CARDINALS

__all__ = ["MAX_NUMBER_CHARS", "is_number", "plain", "same_value"]

MAX_VALUE_CHARS: Final = 4_000
"""Longer texts are compared letter by letter, without normalising."""
MAX_NOTATION: Final = 12
"""Times as long that one value is written at most, beyond a constant."""
MAX_ITEMS: Final = 64
"""A longer list is compared as text."""

_LABEL: Final = re.compile(r"[(\[]?([a-z])[)\].:]*(?:(?<=[).:\]])\s+(\S.*))?", re.DOTALL)
_BRACKETED: Final = re.compile(r"([(\[{])(.*)([)\]}])", re.DOTALL)
_OPENING: Final = "([{"
_CLOSING: Final = ")]}"
_LOOSE: Final = re.compile(r"\s*(?:[*+/^=:()\[\]{}<>|]|(?<=\S)\s?-(?=\s))\s*")
_BLANKS: Final = re.compile(r"\s+")
_ROOT_TIMES: Final = re.compile(r"(?<=\d)\*(?=sqrt|pi\b|[a-z]\b)")


def same_value(left: str, right: str) -> bool:
    r"""Whether two written answers mean the same value; never a guess, never "nearly".

    Numbers compare exactly, whatever their notation: thousands separators, currency, fractions,
    LaTeX, powers of ten, trailing zeros, units that measure the same. A unit or percent sign on one
    side only is passed over. Dates and times compare where each can mean one thing only. JSON and
    Python containers compare by their values, the order of keys aside; other lists item by item,
    in their order unless both are in braces. A bare option letter equals the option that carries
    it. A number word up to twelve equals its number. SQL and code compare with the case of their
    literals, or of everything. Anything else compares as normalised text, a leading "the" aside.
    Two blank texts are not a value.

    Example:
        >>> same_value("$1,250.00", "1250"), same_value(r"\frac{1}{2}", "0.5")
        (True, True)
        >>> same_value("(B)", "B. the second one"), same_value("5x", "5")
        (True, False)
        >>> same_value("4 March 2021", "2021-03-04"), same_value("03/04/2021", "2021-03-04")
        (True, False)
    """
    shorter, longer = sorted((len(left), len(right)))
    if (
        not shorter
        or longer > MAX_VALUE_CHARS
        or longer > MAX_NUMBER_CHARS + MAX_NOTATION * shorter
    ):
        return bool(left.strip()) and left.strip() == right.strip()
    literals = _containers(left, right)
    if literals is not None:
        return same_literal(*literals)
    first, second = plain(left), plain(right)
    if not first or not second:
        return False
    same = _same_plain(first, second) or _same_lists(first, second)
    return same and not differ_in_case(left, right)


def is_number(text: str) -> bool:
    """Whether the text is one number, perhaps with a unit."""
    return len(text) <= MAX_NUMBER_CHARS and amount(plain(text)) is not None


def _same_plain(first: str, second: str) -> bool:
    """Whether two plain texts are one scalar value."""
    if first == second or _same_option(first, second) or same_amount(first, second):
        return True
    if (first[:1].isalpha() or second[:1].isalpha()) and _same_words(first, second):
        return True
    if max(len(first), len(second)) <= MAX_DATE_CHARS and _digit_in(first) and _digit_in(second):
        return (
            same_date(first, second)
            or same_clock(first, second)
            or _written_close(first) == _written_close(second)
        )
    return False


def _same_words(first: str, second: str) -> bool:
    """Whether two plain texts are equal but for a leading "the" or a number word."""
    one, other = _in_figures(first), _in_figures(second)
    if one != first or other != second:
        return same_amount(one, other)
    return first.removeprefix("the ") == second.removeprefix("the ")


def _in_figures(text: str) -> str:
    """The text with a number word at its beginning as a number: "eight legs" as "8 legs"."""
    word, _, rest = text.partition(" ")
    return f"{CARDINALS[word]} {rest}".rstrip() if word in CARDINALS else text


def _digit_in(text: str) -> bool:
    return any(map(str.isdigit, text))


def _written_close(text: str) -> str:
    """A formula without the blanks and the signs of multiplication that change nothing."""
    close = _LOOSE.sub(lambda found: found[0].strip(), _BLANKS.sub(" ", text))
    return _ROOT_TIMES.sub("", close)


def _containers(left: str, right: str) -> tuple[Value, Value] | None:
    """Both as containers of JSON or Python; None where one is none."""
    texts = [text.strip("` \t\r\n") for text in (left, right)]
    if not all(text[:1] in {"[", "{", "("} for text in texts):
        return None
    first = read_literal(texts[0])
    second = read_literal(texts[1]) if first and first.is_container else None
    return (first, second) if first and second and second.is_container else None


def _same_lists(left: str, right: str) -> bool:
    """Whether both plain texts list the same values; without order only in braces."""
    if not _may_be_list(left) or not _may_be_list(right):
        return False
    one, other = _listed(left), _listed(right)
    if one is None or other is None or one[0] != other[0] or len(one[1]) != len(other[1]):
        return False
    if one[0] == "{}":
        return _same_sets(one[1], other[1])
    return all(map(_same_plain, one[1], other[1]))


def _may_be_list(text: str) -> bool:
    return "," in text or ";" in text or "[" in text or "{" in text


def _listed(text: str) -> tuple[str, list[str]] | None:
    """The brackets and the items of a list; None where the text is none."""
    found = _BRACKETED.fullmatch(text)
    inner, brackets = (found[2], found[1] + found[3]) if found else (text, "")
    separator = ";" if ";" in inner else ","
    items = _split(inner, separator)
    if items is None or len(items) > MAX_ITEMS or not all(items):
        return None
    if len(items) == 1 and not brackets:
        return None
    if not brackets and separator == "," and ", " not in inner:
        return None
    return brackets, items


def _split(text: str, separator: str) -> list[str] | None:
    """The parts between separators outside brackets; None where brackets do not close."""
    parts, depth, start = [], 0, 0
    for place, sign in enumerate(text):
        depth += (sign in _OPENING) - (sign in _CLOSING)
        if depth < 0:
            return None
        if sign == separator and not depth:
            parts.append(text[start:place].strip())
            start = place + 1
    return [*parts, text[start:].strip()] if not depth else None


def _same_sets(left: list[str], right: list[str]) -> bool:
    """Whether each item of one has its match in the other."""
    open_items = list(right)
    for item in left:
        found = next((other for other in open_items if _same_plain(item, other)), None)
        if found is None:
            return False
        open_items.remove(found)
    return True


def _same_option(left: str, right: str) -> bool:
    first, second = _LABEL.fullmatch(left), _LABEL.fullmatch(right)
    if first and second:
        texts = {first[2], second[2]} - {None}
        return first[1] == second[1] and len(texts) <= 1
    if first and first[2]:
        return first[2] == right
    return bool(second and second[2] == left)
