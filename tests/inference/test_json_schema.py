"""The JSON schema of answers in the form of strict structured output."""

import json
from typing import Literal

from pydantic import BaseModel, Field

from error_map.inference.json_schema import response_format, schema_instructions, strict_schema


class Final(BaseModel):
    error_title: str = Field(description="3 to 8 words.", max_length=80)
    error_summary: str = "none"


def test_a_strict_schema_requires_all_properties_and_uses_supported_keywords_only() -> None:
    class Plain(BaseModel):
        kind: str = Field(default="a", pattern="a|b", title="T")
        always: Literal["x"]
        maybe: int | None = Field(ge=3)
        parts: list[Final] = Field(max_length=3)

    assert strict_schema(Plain) == {
        "type": "object",
        "additionalProperties": False,
        "required": ["kind", "always", "maybe", "parts"],
        "properties": {
            "kind": {"type": "string"},
            "always": {"type": "string", "enum": ["x"]},
            "maybe": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
            "parts": {"type": "array", "items": {"$ref": "#/$defs/Final"}},
        },
        "$defs": {
            "Final": {
                "type": "object",
                "additionalProperties": False,
                "required": ["error_title", "error_summary"],
                "properties": {
                    "error_title": {"type": "string", "description": "3 to 8 words."},
                    "error_summary": {"type": "string"},
                },
            }
        },
    }


def test_alternatives_are_offered_as_any_of() -> None:
    class Cat(BaseModel):
        kind: Literal["cat"]

    class Dog(BaseModel):
        kind: Literal["dog"]

    class Owner(BaseModel):
        pet: Cat | Dog = Field(discriminator="kind")

    properties = strict_schema(Owner)["properties"]

    assert properties == {"pet": {"anyOf": [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Dog"}]}}


def test_only_the_mode_json_schema_sends_the_schema() -> None:
    assert response_format(Final, "json_object") == {"type": "json_object"}
    assert response_format(Final, "json_schema") == {
        "type": "json_schema",
        "json_schema": {"name": "Final", "strict": True, "schema": strict_schema(Final)},
    }


def test_the_instructions_end_with_the_schema() -> None:
    *_, schema = schema_instructions(Final).splitlines()

    assert json.loads(schema) == strict_schema(Final)
