"""Schema-true canned answers, the same for the same messages: a run without a model."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

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
_CHARS_A_TOKEN: Final = 4


class MockEngine:
    """Answers every question by its schema and a hash of its messages; costs nothing."""

    @property
    def model(self) -> str:
        """The name that marks every output as mock."""
        return MODEL

    @property
    def parameters(self) -> Mapping[str, object]:
        """None."""
        return {}

    async def ask(self, ask: Ask) -> Reply:
        """A canned answer."""
        text = json.dumps(_answer(ask), ensure_ascii=False)
        length = sum(len(message.content) for message in ask.messages)
        return Reply(
            text=text,
            tokens_in=length // _CHARS_A_TOKEN,
            tokens_out=len(text) // _CHARS_A_TOKEN,
            cost=0.0,
        )


@dataclass(frozen=True, slots=True)
class _Filler:
    """Fills one schema."""

    number: int
    """Of the question; picks what is canned."""
    prompt: str
    definitions: Mapping[str, Any]

    def value(self, node: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401 - JSON
        """A value that fits."""
        if "$ref" in node:
            return self.value(self.definitions[node["$ref"].rpartition("/")[2]], name)
        for union in _UNIONS & node.keys():
            return self.value(node[union][0], name)
        choices = [node["const"]] if "const" in node else node.get("enum")
        if choices:
            return self.one_of(choices)
        if node.get("type") == "array":
            return self.entries(node, name)
        if "properties" in node:
            return {part: self.value(under, part) for part, under in node["properties"].items()}
        return self.scalar(node, name)

    def scalar(self, node: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401 - JSON
        """A value without parts."""
        plain = {
            "boolean": self.number % 2 == 0,
            "integer": node.get("minimum", 1),
            "number": node.get("minimum", 1),
            "string": self.text(name),
            "object": {},
        }
        return plain.get(node.get("type", "object"))

    def entries(self, node: Mapping[str, Any], name: str) -> list[Any]:
        """Every item's place, a few categories, or one entry of another kind."""
        if name == "assignments":
            return self.assignments()
        if name == "clusters":
            return [
                {"id": n, "name": title, "description": f"A canned category, {title.lower()}."}
                for n, title in enumerate(CATEGORIES, 1)
            ]
        return [self.value(node.get("items", {}), name)]

    def assignments(self) -> list[Any]:
        """Every listed item in one of the listed categories."""
        categories = [int(number) for number in _CATEGORY.findall(self.prompt)] or [0]
        return [
            {"item_id": int(item), "category_id": categories[int(item) % len(categories)]}
            for item in _ITEM.findall(self.prompt)
        ]

    def text(self, name: str) -> str:
        """Canned words; evidence is not made up."""
        if name == "evidence":
            return ""
        return self.one_of(TITLES) if name.endswith("title") else f"A canned {name}."

    def one_of(self, choices: Sequence[Any]) -> Any:  # noqa: ANN401 - JSON
        """One of them, always the same for one question."""
        return choices[self.number % len(choices)]


def _answer(ask: Ask) -> Any:  # noqa: ANN401 - JSON
    schema = ask.schema.model_json_schema()
    said = json.dumps([message.content for message in ask.messages])
    number = int.from_bytes(sha256(said.encode()).digest()[:8], "big")
    prompt = ask.messages[-1].content if ask.messages else ""
    return _Filler(number, prompt, schema.get("$defs", {})).value(schema, "")
