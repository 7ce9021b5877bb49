"""How an exact value differs from the right one: in its form only, or in which of its parts."""

import re
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from ...texts import clipped
from .literals import Value, frozen, read_literal, same_literal

SHOWN_CHARS: Final = 60
MAX_NAMED: Final = 3
"""Items that a sentence names; of more it tells the number."""

_WORDS: Final = re.compile(r"[^\W\d_]+")
_QUOTES: Final = "\"'`\u2018\u2019\u201c\u201d"
_CALLED: Final = {
    "string": "a string",
    "integer": "an integer",
    "float": "a float",
    "boolean": "a boolean",
    "null": "null",
    "list": "a list",
    "tuple": "a tuple",
    "set": "a set",
    "object": "an object",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One way in which a value differs from the right one, and nothing else differs."""

    title: str
    ending: str
    """The end of a sentence: "…, where the reference has …"."""


def in_form(given: str, right: str) -> Difference | None:
    """What differs where only the form does: the type, or the quotation marks around the value.

    Blanks, case and punctuation inside a value are part of it.
    """
    given, right = given.strip(), right.strip()
    if given == right or not given or not right:
        return None
    return _in_type(read_literal(given), read_literal(right)) or _in_quotes(given, right)


def in_case(given: str, right: str, source: str) -> Difference | None:
    """Words of the source, such as a prompt, that were copied in another letter case; else None.

    Elsewhere case is part of a value: that of 'aB' may be what a program had to work out.
    """
    own, expected = _WORDS.findall(given), _WORDS.findall(right)
    if given.casefold() != right.casefold() or len(own) != len(expected):
        return None
    changed = [pair for pair in zip(own, expected, strict=True) if len(set(pair)) > 1]
    known = set(_WORDS.findall(source)) if changed else set()
    if not changed or not all(_recased(new, old) for new, old in changed):
        return None
    if any(new in known or old not in known for new, old in changed):
        return None
    return Difference(
        "Differs in letter case only",
        f"it is {_short(given)}, and the reference is {_short(right)}",
    )


def _recased(new: str, old: str) -> bool:
    """Whether a word is written as at the beginning of a sentence, in capitals or without."""
    return new in {old.lower(), old.upper(), old.capitalize()}


def in_content(given: str, right: str) -> Difference | None:
    """Which parts of two containers differ, where the rest is alike; else None."""
    first, second = read_literal(given), read_literal(right)
    if first is None or second is None or same_literal(first, second):
        return None
    if first.shape != second.shape or not first.is_container:
        return None
    if first.shape == "object":
        return _in_keys(first, second)
    return _in_items(first, second)


def _in_quotes(given: str, right: str) -> Difference | None:
    bare, expected = given.strip(_QUOTES).strip(), right.strip(_QUOTES).strip()
    if not bare or bare != expected:
        return None
    title = "Other quotation marks"
    if len(given) != len(right):
        title = f"Quotation marks {'missing' if len(given) < len(right) else 'added'}"
    return Difference(title, f"it is {_short(given)}, and the reference is {_short(right)}")


def _in_type(first: Value | None, second: Value | None) -> Difference | None:
    """Two literals that hold the same, in another type."""
    if first is None or second is None or same_literal(first, second):
        return None
    mistyped = _mistyped(first, second)
    if mistyped is None:
        return None
    has, expected = mistyped
    kinds = f"{_noun(has).capitalize()} instead of {_noun(expected)}"
    return Difference(
        kinds,
        f"{_short(str(has))} is {_CALLED[has.shape]}, where the reference has"
        f" {_CALLED[expected.shape]}, {_short(str(expected))}",
    )


def _noun(value: Value) -> str:
    return _CALLED[value.shape].split()[-1]


def _mistyped(first: Value, second: Value) -> tuple[Value, Value] | None:
    """The first parts of another type, if all others are alike; None where contents differ."""
    if first.is_container and second.is_container:
        if len(first.items) != len(second.items) or "object" in {first.shape, second.shape}:
            return _mistyped_entry(first, second)
        pairs = zip(first.items, second.items, strict=True)
        inner = [pair for pair in pairs if not same_literal(*pair)]
        found = [_mistyped(*pair) for pair in inner]
        if None in found:
            return None
        return (first, second) if first.shape != second.shape else next(iter(found), None)
    if first.is_container != second.is_container:
        return _wrapped(first, second)
    return (first, second) if first.shape != second.shape and _alike(first, second) else None


def _mistyped_entry(first: Value, second: Value) -> tuple[Value, Value] | None:
    """The mistyped value of an object whose keys are right."""
    if first.shape != second.shape or first.shape != "object":
        return None
    own = {frozen(key): item for key, item in zip(first.keys, first.items, strict=True)}
    right = {frozen(key): item for key, item in zip(second.keys, second.items, strict=True)}
    if own.keys() != right.keys():
        return None
    pairs = [(own[key], right[key]) for key in right if not same_literal(own[key], right[key])]
    found = [_mistyped(*pair) for pair in pairs]
    return None if None in found else next(iter(found), None)


def _wrapped(first: Value, second: Value) -> tuple[Value, Value] | None:
    """A value alone where a list of it was right, or the other way round."""
    container, scalar = (first, second) if first.is_container else (second, first)
    alone = len(container.items) == 1 and not container.keys
    return (first, second) if alone and same_literal(container.items[0], scalar) else None


def _alike(first: Value, second: Value) -> bool:
    """Whether two scalars of different types show the same."""
    return bool({_face(first)} & {_face(second)})


def _face(value: Value) -> object:
    content = value.content
    if isinstance(content, str):
        inner = read_literal(content)
        return content.strip().casefold() if inner is None or inner.is_container else _face(inner)
    if isinstance(content, bool):
        return str(content).casefold()
    return "none" if content is None else Fraction(content)


def _in_items(first: Value, second: Value) -> Difference | None:
    """Items in another order, missing, too many, or one that differs."""
    own = Counter(map(frozen, first.items))
    right = Counter(map(frozen, second.items))
    thing = _noun(second)
    if own == right:
        return Difference(
            f"{thing.capitalize()} in another order",
            f"it has the {len(second.items)} items of the reference in another order:"
            f" {_short(str(first))}, where the reference is {_short(str(second))}",
        )
    if not own or not right:
        return None
    missing = [item for item in second.items if frozen(item) not in own]
    extra = [item for item in first.items if frozen(item) not in right]
    if own < right:
        return Difference("Items missing", f"it lacks {_named(missing, first, second)}")
    if own > right:
        return Difference(
            "Too many items", f"it has beyond the reference {_named(extra, second, first)}"
        )
    return None


def _in_keys(first: Value, second: Value) -> Difference | None:
    own, right = {frozen(key) for key in first.keys}, {frozen(key) for key in second.keys}
    missing = [key for key in second.keys if frozen(key) not in own]
    extra = [key for key in first.keys if frozen(key) not in right]
    if missing and not extra:
        return Difference("Keys missing", f"it lacks {_names(missing)}")
    if extra and not missing:
        return Difference("Too many keys", f"it has beyond the reference {_names(extra)}")
    return None


def _named(items: list[Value], shorter: Value, longer: Value) -> str:
    """The items; where they are only repeated less often, their number."""
    if items:
        return _names(items)
    return f"{len(longer.items) - len(shorter.items)} of the repeated items"


def _names(items: list[Value]) -> str:
    names = ", ".join(_short(str(item)) for item in items[:MAX_NAMED])
    return f"{names} and {len(items) - MAX_NAMED} more" if len(items) > MAX_NAMED else names


def _short(text: str) -> str:
    return clipped(" ".join(text.split()), SHOWN_CHARS)
