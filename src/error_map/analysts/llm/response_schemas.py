"""Response schemas in a folder of templates: the reference's or ours, or they are refused."""

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel

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
_WHOLE: Final = {"type": "integer"}
_TEXT: Final = {"type": "string"}
_THEIR_DESCRIPTIONS: Final = frozenset({"15524f7799e1b773", "2a2a8c228150a19c"})
"""The first 16 digits of the SHA-256 of the two descriptions in the reference's schemas."""


def check_response_schemas(files: Mapping[str, Path]) -> None:
    """Refuses a schema that would change the form of an answer.

    Every answer is read by our own schema, whatever a file says: one that is not the reference's
    or ours would be left out of account without a word.

    Args:
        files: By name of the prompt.

    Raises:
        InputError: Names the file that differs, and where.
    """
    for name, path in files.items():
        schema = _read(path)
        ours = _OURS[name]
        known = (_reference(name), ours.model_json_schema(), strict_schema(ours))
        if not any(_shape(schema) == _shape(one) for one in known):
            raise InputError(
                "this response schema is neither the reference's nor ours",
                where=str(path),
                hint="answers keep their form: say in the template what they are to hold",
            )
        said = {text for one in known for text in _descriptions(one)}
        for text in _descriptions(schema):
            if text not in said and _digest(text) not in _THEIR_DESCRIPTIONS:
                raise InputError(
                    f"the description {text!r} in this response schema is not sent",
                    where=str(path),
                    hint="say it in the template",
                )


def _read(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"not JSON: {error}", where=str(path)) from error


def _reference(name: str) -> Mapping[str, Any]:
    """The shape of the reference's schema."""
    if name == "single_error_analysis":
        return _their_diagnosis()
    if name == "classify_errors":
        pair = _closed({"error_text": _TEXT, "category": _TEXT})
        return _closed({"classified_errors": _list(pair)})
    cluster = _closed({"id": _WHOLE, "name": _TEXT, "description": _TEXT})
    if name == "taxonomy_generation":
        nameless = {**cluster, "required": ["id", "description"]}
        return _closed({"clusters": _list(nameless), "explanation": _TEXT})
    edits = {"explanation": _TEXT, "suggestions": _list(_TEXT), "clusters": _list(cluster)}
    if name == "taxonomy_update":
        return _closed(edits)
    return _closed({"rating_score": {**_WHOLE, "minimum": 0, "maximum": 100}, **edits})


def _their_diagnosis() -> Mapping[str, Any]:
    quality = {**_TEXT, "enum": ["incorrect", "correct", "partially correct"]}
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
    criteria = {**_list(criterion), "minItems": 1}
    return _object({"required_criteria": criteria, "final_answer": final})


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _closed(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {**_object(properties), "additionalProperties": False}


def _list(items: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _shape(node: object) -> object:
    """A schema without what only describes, and without an order where none counts."""
    if isinstance(node, list):
        return [_shape(entry) for entry in node]
    if not isinstance(node, Mapping):
        return node
    return {key: _part(key, value) for key, value in node.items() if key not in _ANNOTATIONS}


def _part(key: str, value: object) -> object:
    if key in {"properties", "$defs"} and isinstance(value, Mapping):
        return {name: _shape(under) for name, under in value.items()}
    if key in {"required", "enum"} and isinstance(value, list):
        return sorted(map(json.dumps, value))
    return _shape(value)


def _descriptions(node: object) -> Iterable[str]:
    """The texts of a schema that describe its parts."""
    if isinstance(node, list):
        for entry in node:
            yield from _descriptions(entry)
    elif isinstance(node, Mapping):
        text = node.get("description")
        if isinstance(text, str):
            yield text
        for value in node.values():
            yield from _descriptions(value)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]
