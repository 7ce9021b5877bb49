"""The JSON schema of an answer, as providers of structured output take it."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from pydantic import BaseModel

from .base import Mode

_STRICT: Final = frozenset({"type", "items", "enum", "anyOf", "$ref", "description"})
"""JSON-schema keywords that every provider of structured output takes, beside an object's own."""


def response_format(schema: type[BaseModel], mode: Mode) -> Mapping[str, Any]:
    """The parameter of that name; `mode` is not `text`, which has none."""
    return _by_schema(schema) if mode == "json_schema" else {"type": "json_object"}


@cache
def _by_schema(schema: type[BaseModel]) -> Mapping[str, Any]:
    named = {"name": schema.__name__, "strict": True, "schema": strict_schema(schema)}
    return {"type": "json_schema", "json_schema": named}


@cache
def schema_in_words(schema: type[BaseModel]) -> str:
    """What is added to a prompt where no schema can be sent."""
    text = json.dumps(strict_schema(schema), separators=(",", ":"))
    return (
        "\n\nAnswer with one JSON object and nothing else: no prose, no code fence."
        f" It must fit this JSON schema:\n{text}"
    )


def strict_schema(schema: type[BaseModel]) -> dict[str, Any]:
    """A model's JSON schema as strict structured output takes it.

    Every property is required, none may be added, and keywords that some providers refuse
    (defaults, lengths, patterns, ranges, titles) are left out: pydantic checks them afterwards.
    """
    return _strict(schema.model_json_schema())


def _strict(node: Mapping[str, Any]) -> dict[str, Any]:
    if "$ref" in node:
        return {"$ref": node["$ref"]}
    kept = {name: _strict_part(value) for name, value in node.items() if name in _STRICT}
    if "const" in node:
        kept["enum"] = [node["const"]]
    if "oneOf" in node:
        kept["anyOf"] = _strict_part(node["oneOf"])
    if "properties" in node:
        kept["properties"] = {n: _strict(part) for n, part in node["properties"].items()}
        kept |= {"required": list(node["properties"]), "additionalProperties": False}
    if "$defs" in node:
        kept["$defs"] = {name: _strict(part) for name, part in node["$defs"].items()}
    return kept


def _strict_part(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, Mapping):
        return _strict(value)
    if isinstance(value, list):
        return [_strict_part(part) for part in value]
    return value
