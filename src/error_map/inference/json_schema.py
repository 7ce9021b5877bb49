"""The JSON schema of an answer, in the form that providers of structured output accept."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Final

from pydantic import BaseModel, JsonValue

from .base import Mode

_SUPPORTED: Final = frozenset({"type", "items", "enum", "anyOf", "$ref", "description"})
"""Keywords that all providers of structured output accept, besides those of objects."""


def response_format(schema: type[BaseModel], mode: Mode) -> Mapping[str, JsonValue]:
    """The `response_format` parameter of a mode other than `text`, which has none."""
    return _schema_format(schema) if mode == "json_schema" else {"type": "json_object"}


# Both caches are unbounded: there are five schemas, and each is needed for every call.
@cache
def _schema_format(schema: type[BaseModel]) -> Mapping[str, JsonValue]:
    json_schema: JsonValue = {
        "name": schema.__name__,
        "strict": True,
        "schema": strict_schema(schema),
    }
    return {"type": "json_schema", "json_schema": json_schema}


@cache
def schema_instructions(schema: type[BaseModel]) -> str:
    """The text that is appended to a prompt if no schema can be sent as a parameter."""
    text = json.dumps(strict_schema(schema), separators=(",", ":"))
    return (
        "\n\nAnswer with one JSON object and nothing else: no prose, no code fence."
        f" It must fit this JSON schema:\n{text}"
    )


def strict_schema(schema: type[BaseModel]) -> dict[str, JsonValue]:
    """A model's JSON schema in the form of strict structured output.

    All properties are required and no others are allowed. Keywords that some providers refuse
    (defaults, lengths, patterns, ranges, titles) are left out; pydantic checks them afterwards.
    """
    return _strict_object(schema.model_json_schema())


def _strict(node: JsonValue) -> JsonValue:
    if isinstance(node, dict):
        return _strict_object(node)
    return [_strict(entry) for entry in node] if isinstance(node, list) else node


def _strict_object(node: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    if "$ref" in node:
        return {"$ref": node["$ref"]}
    strict = {name: _strict(value) for name, value in node.items() if name in _SUPPORTED}
    if "const" in node:
        strict["enum"] = [node["const"]]
    if "oneOf" in node:
        strict["anyOf"] = _strict(node["oneOf"])
    properties, definitions = node.get("properties"), node.get("$defs")
    if isinstance(properties, dict):
        strict["properties"] = {name: _strict(part) for name, part in properties.items()}
        strict |= {"required": list(properties), "additionalProperties": False}
    if isinstance(definitions, dict):
        strict["$defs"] = {name: _strict(part) for name, part in definitions.items()}
    return strict
