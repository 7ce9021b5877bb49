"""Valid canned answers, the same for the same messages: for runs without a model."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, TypeVar

from pydantic import JsonValue

from .base import Ask, Reply

MODEL: Final = "mock"
TITLES: Final = (
    "Mock arithmetic slip",
    "Mock misread question",
    "Mock missing step",
    "Mock wrong format",
    "Mock unsupported claim",
)
CATEGORIES: Final = ("Mock calculation", "Mock comprehension", "Mock presentation")
_ITEM: Final = re.compile(r"^[ \t]*(\d+)\.[ \t]+\S", re.MULTILINE)
_CATEGORY: Final = re.compile(r"^[ \t]*(\d+):[ \t]+\S", re.MULTILINE)
_UNIONS: Final = frozenset({"anyOf", "oneOf", "allOf"})
# The usual figure for English text, so that totals look plausible.
_CHARS_PER_TOKEN: Final = 4
_CHOICE = TypeVar("_CHOICE")


class MockEngine:
    """Answers every request from its schema and a hash of its messages, at no cost."""

    @property
    def model(self) -> str:
        """`mock`, which marks all output files."""
        return MODEL

    @property
    def parameters(self) -> Mapping[str, object]:
        """Empty."""
        return {}

    async def ask(self, ask: Ask) -> Reply:
        """Returns a canned answer."""
        text = json.dumps(_answer(ask), ensure_ascii=False)
        length = sum(len(message.content) for message in ask.messages)
        return Reply(
            text=text,
            tokens_in=length // _CHARS_PER_TOKEN,
            tokens_out=len(text) // _CHARS_PER_TOKEN,
            cost=0.0,
        )


@dataclass(frozen=True, slots=True)
class _Filler:
    """Fills one schema with canned values."""

    number: int
    """A hash of the request, which selects the canned values."""
    prompt: str
    definitions: Mapping[str, JsonValue]

    def value(self, node: JsonValue, name: str) -> JsonValue:
        """A value that is valid for a node of the schema."""
        if not isinstance(node, dict):
            return None
        if "$ref" in node:
            return self.value(self.definitions[str(node["$ref"]).rpartition("/")[2]], name)
        for union in _UNIONS & node.keys():
            return self.value(_list(node[union])[0], name)
        choices = [node["const"]] if "const" in node else _list(node.get("enum"))
        if choices:
            return self.select(choices)
        if node.get("type") == "array":
            return self.entries(node, name)
        return self.object_or_scalar(node, name)

    def object_or_scalar(self, node: Mapping[str, JsonValue], name: str) -> JsonValue:
        """A value that is not a list."""
        properties = node.get("properties")
        if isinstance(properties, dict):
            return {part: self.value(below, part) for part, below in properties.items()}
        by_type: dict[str, JsonValue] = {
            "boolean": self.number % 2 == 0,
            "integer": node.get("minimum", 1),
            "number": node.get("minimum", 1),
            "string": self.text(name),
            "object": {},
        }
        return by_type.get(str(node.get("type", "object")))

    def entries(self, node: Mapping[str, JsonValue], name: str) -> list[JsonValue]:
        """The placement of all items, a few categories, or one entry of another kind."""
        if name == "assignments":
            return self.assignments()
        if name == "clusters":
            return [
                {"id": n, "name": title, "description": f"A canned category, {title.lower()}."}
                for n, title in enumerate(CATEGORIES, 1)
            ]
        return [self.value(node.get("items", {}), name)]

    def assignments(self) -> list[JsonValue]:
        """One of the listed categories for each listed item."""
        categories = [int(number) for number in _CATEGORY.findall(self.prompt)] or [0]
        return [
            {"item_id": int(item), "category_id": categories[int(item) % len(categories)]}
            for item in _ITEM.findall(self.prompt)
        ]

    def text(self, name: str) -> str:
        """Canned text; empty for evidence, which must be a quotation."""
        if name == "evidence":
            return ""
        return self.select(TITLES) if name.endswith("title") else f"A canned {name}."

    def select(self, choices: Sequence[_CHOICE]) -> _CHOICE:
        """One of the choices, always the same for one request."""
        return choices[self.number % len(choices)]


def _list(node: JsonValue) -> list[JsonValue]:
    return node if isinstance(node, list) else []


def _answer(ask: Ask) -> JsonValue:
    schema: dict[str, JsonValue] = ask.schema.model_json_schema()
    texts = json.dumps([message.content for message in ask.messages])
    number = int.from_bytes(sha256(texts.encode()).digest()[:8], "big")
    prompt = ask.messages[-1].content if ask.messages else ""
    definitions = schema.get("$defs")
    filler = _Filler(number, prompt, definitions if isinstance(definitions, dict) else {})
    return filler.value(schema, "")
