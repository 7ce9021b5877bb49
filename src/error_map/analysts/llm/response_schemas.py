"""Checks response schemas in a template folder: only the reference's and ours are accepted."""

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final

from pydantic import BaseModel, JsonValue

from ...errors import InputError
from ...inference.json_schema import strict_schema
from .answer_schemas import DiagnosisAnswer, PlacementAnswer, ProposalAnswer

_OURS: Final[Mapping[str, type[BaseModel]]] = {
    "single_error_analysis": DiagnosisAnswer,
    "taxonomy_generation": ProposalAnswer,
    "taxonomy_update": ProposalAnswer,
    "taxonomy_review": ProposalAnswer,
    "classify_errors": PlacementAnswer,
}
_ANNOTATIONS: Final = frozenset({"description", "title", "$schema", "$id"})
_INTEGER: Final[dict[str, JsonValue]] = {"type": "integer"}
_TEXT: Final[dict[str, JsonValue]] = {"type": "string"}
_DIGEST_CHARS: Final = 16
_REFERENCE_DESCRIPTIONS: Final = frozenset({"15524f7799e1b773", "2a2a8c228150a19c"})
"""Shortened SHA-256 of the two descriptions in the reference's schemas."""


def check_response_schemas(files: Mapping[str, Path]) -> None:
    """Refuses a schema that would change the form of an answer.

    All answers are read by our own schemas. A file that differs from the reference's schema and
    from ours would have no effect, and the user would not notice.

    Args:
        files: Schema files by name of the prompt.

    Raises:
        InputError: A schema differs, or has a description that is not sent.
    """
    for name, path in files.items():
        schema = _read(path)
        ours = _OURS[name]
        accepted: list[JsonValue] = [
            _reference_schema(name),
            ours.model_json_schema(),
            strict_schema(ours),
        ]
        if not any(_shape(schema) == _shape(candidate) for candidate in accepted):
            raise InputError(
                "this response schema is neither the reference's nor ours",
                where=str(path),
                hint="the form of answers is fixed: describe their content in the template",
            )
        sent = {text for candidate in accepted for text in _descriptions(candidate)}
        for text in _descriptions(schema):
            if text not in sent and _digest(text) not in _REFERENCE_DESCRIPTIONS:
                raise InputError(
                    f"the description {text!r} in this response schema is not sent",
                    where=str(path),
                    hint="put it in the template",
                )


def _read(path: Path) -> JsonValue:
    try:
        schema: JsonValue = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"not JSON: {error}", where=str(path)) from error
    return schema


def _reference_schema(name: str) -> dict[str, JsonValue]:
    """The reference's schema, without descriptions."""
    if name == "single_error_analysis":
        return _reference_diagnosis()
    if name == "classify_errors":
        pair = _closed({"error_text": _TEXT, "category": _TEXT})
        return _closed({"classified_errors": _list(pair)})
    cluster = _closed({"id": _INTEGER, "name": _TEXT, "description": _TEXT})
    if name == "taxonomy_generation":
        nameless: dict[str, JsonValue] = {**cluster, "required": ["id", "description"]}
        return _closed({"clusters": _list(nameless), "explanation": _TEXT})
    edits: dict[str, JsonValue] = {
        "explanation": _TEXT,
        "suggestions": _list(_TEXT),
        "clusters": _list(cluster),
    }
    if name == "taxonomy_update":
        return _closed(edits)
    return _closed({"rating_score": {**_INTEGER, "minimum": 0, "maximum": 100}, **edits})


def _reference_diagnosis() -> dict[str, JsonValue]:
    quality: dict[str, JsonValue] = {**_TEXT, "enum": ["incorrect", "correct", "partially correct"]}
    criterion = _object(
        {
            "criterion": _TEXT,
            "present_in_wrong": {"type": "boolean"},
            "quality": quality,
            "evidence": _TEXT,
            "comment": _TEXT,
        }
    )
    final = _object({"error_summary": _TEXT, "error_title": _TEXT})
    criteria: dict[str, JsonValue] = {**_list(criterion), "minItems": 1}
    return _object({"required_criteria": criteria, "final_answer": final})


def _object(properties: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    return {"type": "object", "properties": dict(properties), "required": list(properties)}


def _closed(properties: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    return {**_object(properties), "additionalProperties": False}


def _list(items: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    return {"type": "array", "items": dict(items)}


def _shape(node: JsonValue) -> JsonValue:
    """A schema without annotations, and with unordered lists sorted."""
    if isinstance(node, list):
        return [_shape(entry) for entry in node]
    if not isinstance(node, dict):
        return node
    return {key: _part(key, value) for key, value in node.items() if key not in _ANNOTATIONS}


def _part(key: str, value: JsonValue) -> JsonValue:
    if key in {"properties", "$defs"} and isinstance(value, dict):
        return {name: _shape(below) for name, below in value.items()}
    if key in {"required", "enum"} and isinstance(value, list):
        return [*sorted(map(json.dumps, value))]
    return _shape(value)


def _descriptions(node: JsonValue) -> Iterator[str]:
    """The descriptions in a schema."""
    if isinstance(node, list):
        for entry in node:
            yield from _descriptions(entry)
    elif isinstance(node, dict):
        text = node.get("description")
        if isinstance(text, str):
            yield text
        for value in node.values():
            yield from _descriptions(value)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:_DIGEST_CHARS]
