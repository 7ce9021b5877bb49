"""Checks whether a value has the type that a tool's schema gives its parameter."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from .similarity import parse_untyped
from .syntax import BareWord, Opaque, Untyped

# Bounds the work on long lists; a list of the wrong type shows it in its first items.
MAX_ITEMS: Final = 100
_WORD: Final = re.compile(r"[a-z]+")
_UNION: Final = re.compile(r"(?:optional|union)\[(.{0,200})\]", re.DOTALL)
_ITEMS: Final = re.compile(r"\[[^\[\]]{0,200}(?:\[[^\[\]]{0,200}\][^\[\]]{0,200}){0,20}\]")
_TYPES: Final = MappingProxyType(
    {
        "string": "string",
        "str": "string",
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
        "null": "null",
        "none": "null",
        "nonetype": "null",
    }
)
"""Type names of JSON Schema, Python, Java and JavaScript, each with our name of that type."""


def type_of(value: object) -> str:
    """The name of a value's type; empty if that is open, as for an expression."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    for types, name in (
        (int, "integer"),
        (float, "number"),
        ((str, BareWord), "string"),
        ((list, tuple), "list"),
        (Mapping, "object"),
    ):
        if isinstance(value, types):
            return name
    return ""


def allowed_types(schema: Mapping[str, object]) -> frozenset[str]:
    """The types that a schema allows, named as by `type_of`; empty if it allows any."""
    declared = schema.get("type")
    names = declared if isinstance(declared, list) else [declared]
    types: set[str] = set()
    for name in names:
        alternatives = _alternatives(name) if isinstance(name, str) else []
        if not alternatives or not all(word in _TYPES for word in alternatives):
            return frozenset()
        types.update(_TYPES[word] for word in alternatives)
        if isinstance(name, str) and ("optional" in name.lower() or "none" in name.lower()):
            types.add("null")
    return frozenset(types)


def _alternatives(declared: str) -> list[str]:
    """The types that a declaration joins, without those of items: `int | List[str]`."""
    outer = declared.strip().lower().removeprefix("typing.")
    union = _UNION.fullmatch(outer)
    outer = _ITEMS.sub("", union[1] if union else outer)
    words = (_WORD.search(part) for part in re.split(r"[|,]" if union else r"\|", outer))
    return [word[0] for word in words if word]


def type_mismatch(value: object, schema: Mapping[str, object]) -> str:
    """The type that the schema requires, if the value has another one; empty if it conforms."""
    types = allowed_types(schema)
    if isinstance(value, Untyped):
        value = value.text if "string" in types else parse_untyped(value.text)
    if not types or isinstance(value, Opaque) or _conforms(value, types):
        return _item_mismatch(value, schema)
    return " or ".join(sorted(types))


def _conforms(value: object, types: frozenset[str]) -> bool:
    name = type_of(value)
    if name in types or (name == "integer" and "number" in types):
        return True
    # JSON Schema counts 5.0 as an integer; `differences` decides whether the reference does.
    if name == "number" and "integer" in types:
        return isinstance(value, float) and value.is_integer()
    return isinstance(value, BareWord) and (
        "boolean" in types and value.text.lower() in {"true", "false"}
    )


def _item_mismatch(value: object, schema: Mapping[str, object]) -> str:
    item_schema = schema.get("items")
    if not isinstance(value, list) or not isinstance(item_schema, dict):
        return ""
    types = allowed_types(item_schema)
    mismatches = any(
        types and not isinstance(item, Opaque) and not _conforms(item, types)
        for item in value[:MAX_ITEMS]
    )
    return f"list of {' or '.join(sorted(types))}" if mismatches else ""
