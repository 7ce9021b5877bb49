"""Whether a value has the type that a tool's schema gives its parameter."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from .similarity import untyped
from .syntax import Bare, Opaque, Untyped

MOST_ITEMS: Final = 100
_WORD: Final = re.compile(r"[a-z]+")
_KINDS: Final = MappingProxyType(
    {
        "string": "text",
        "str": "text",
        "integer": "integer",
        "int": "integer",
        "long": "integer",
        "number": "number",
        "float": "number",
        "double": "number",
        "boolean": "boolean",
        "bool": "boolean",
        "array": "list",
        "list": "list",
        "tuple": "list",
        "set": "list",
        "arraylist": "list",
        "object": "object",
        "dict": "object",
        "hashmap": "object",
        "null": "nothing",
        "none": "nothing",
    }
)


def kind_of(value: object) -> str:
    """What a value is, in a word; empty where that is open."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "boolean"
    for kinds, word in (
        (int, "integer"),
        (float, "number"),
        ((str, Bare), "text"),
        ((list, tuple), "list"),
        (Mapping, "object"),
    ):
        if isinstance(value, kinds):
            return word
    return ""


def kinds_wanted(said: Mapping[str, object]) -> frozenset[str]:
    """The types that a schema allows, in the words of `kind_of`; empty where any is."""
    named = said.get("type")
    words = named if isinstance(named, list) else [named]
    kinds: set[str] = set()
    for word in words:
        found = _WORD.search(word.lower()) if isinstance(word, str) else None
        kind = _KINDS.get(found[0]) if found else None
        if kind is None:
            return frozenset()
        kinds.add(kind)
        if isinstance(word, str) and ("optional" in word.lower() or "none" in word.lower()):
            kinds.add("nothing")
    return frozenset(kinds)


def mistyped(value: object, said: Mapping[str, object]) -> str:
    """The type that is wanted where the value has another; empty where it fits."""
    wanted = kinds_wanted(said)
    if isinstance(value, Untyped):
        value = value.text if "text" in wanted else untyped(value.text)
    if not wanted or isinstance(value, Opaque) or _fits(value, wanted):
        return _mistyped_item(value, said)
    return " or ".join(sorted(wanted))


def _fits(value: object, wanted: frozenset[str]) -> bool:
    kind = kind_of(value)
    if kind in wanted or (kind == "integer" and "number" in wanted):
        return True
    if kind == "number" and "integer" in wanted:
        return isinstance(value, float) and value.is_integer()
    return isinstance(value, Bare) and (
        "boolean" in wanted and value.text.lower() in {"true", "false"}
    )


def _mistyped_item(value: object, said: Mapping[str, object]) -> str:
    inner = said.get("items")
    if not isinstance(value, list) or not isinstance(inner, dict):
        return ""
    wanted = kinds_wanted(inner)
    wrong = [
        item
        for item in value[:MOST_ITEMS]
        if wanted and not isinstance(item, Opaque) and not _fits(item, wanted)
    ]
    return f"list of {' or '.join(sorted(wanted))}" if wrong else ""
