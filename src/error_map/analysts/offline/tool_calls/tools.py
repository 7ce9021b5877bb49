"""The tools that a prompt offers: names, parameters, types, which of them are required."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from .json_shapes import data_at
from .literals import Reader
from .syntax import UnreadableError, folded

PROMPT_CHARS: Final = 200_000
MOST_TOOLS: Final = 200
MOST_FAILED: Final = 50
LONGEST_NAME: Final = 100
REMEMBERED: Final = 64
"""Prompts: the outputs of several models to one example come one after another."""

_OBJECT: Final = re.compile(
    r"\{\s{0,20}[\"'](?:type|name|function|description|strict|apiCode|api_name|tool_name)[\"']"
)
_SIGNATURE: Final = re.compile(r"\bdef[ ]([^\W\d][\w.]{0,100})\(")
_PARAMETER: Final = re.compile(
    r"\s*(\*{0,2}[^\W\d]\w*+)\s*+(?::([^=,()]{1,80}?(?:\[[^\]()]{0,80}\]+)?))?\s*+(=)?"
)
_NAMES: Final = ("name", "apiCode", "api_name", "tool_name")
_SLOTS: Final = (
    "parameters",
    "input_schema",
    "inputSchema",
    "arguments",
    "params",
    "args",
    "inputs",
    "input_parameters",
)
_DEEPEST: Final = 4


@dataclass(frozen=True, slots=True)
class Tool:
    """A function that may be called."""

    name: str
    parameters: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """Name to what the schema says of it; in the order in which it lists them."""
    required: frozenset[str] = frozenset()
    closed: bool = True
    """Whether the parameters are known, so that another one is wrong."""
    signature: bool = False
    """Whether it is a Python signature, which stands in prompts about programs too."""


@lru_cache(maxsize=REMEMBERED)
def offered_tools(prompt: str) -> Mapping[str, Tool]:
    """Folded name to tool, of JSON schemas and Python signatures in the prompt."""
    text = prompt[:PROMPT_CHARS]
    found: dict[str, Tool] = {}
    if "name" in text or "apiCode" in text:
        _schemas(text, found)
    if "def " in text:
        for tool in _signatures(text):
            found.setdefault(folded(tool.name), tool)
    return found


def _schemas(text: str, found: dict[str, Tool]) -> None:
    reader = Reader(text)
    end = failed = 0
    for start in _OBJECT.finditer(text):
        if start.start() < end:
            continue
        if reader.spent or failed >= MOST_FAILED or len(found) >= MOST_TOOLS:
            break
        try:
            value = data_at(reader, start.start())
        except UnreadableError:
            failed += 1
            continue
        end = reader.place
        for tool in _tools_in(value, 0):
            found.setdefault(folded(tool.name), tool)


def _tools_in(value: object, depth: int) -> list[Tool]:
    if depth > _DEEPEST:
        return []
    if isinstance(value, list):
        return [tool for item in value for tool in _tools_in(item, depth + 1)]
    if not isinstance(value, dict):
        return []
    if isinstance(value.get("function"), dict):
        return _tools_in(value["function"], depth + 1)
    tool = _tool(value)
    return [tool] if tool else []


def _tool(value: Mapping[str, object]) -> Tool | None:
    name = next((value[key] for key in _NAMES if isinstance(value.get(key), str)), None)
    if not isinstance(name, str) or not name.strip() or len(name) > LONGEST_NAME:
        return None
    if "required_parameters" in value or "optional_parameters" in value:
        required = _listed(value.get("required_parameters"))
        parameters = {**required, **_listed(value.get("optional_parameters"))}
        return Tool(name, parameters, frozenset(required))
    slot = next((value[key] for key in _SLOTS if key in value), None)
    if isinstance(slot, list):
        parameters = _listed(slot)
        return Tool(name, parameters, _marked(parameters)) if parameters else None
    if not isinstance(slot, dict):
        return Tool(name, closed=False) if "description" in value and slot is None else None
    return _from_schema(name, slot, described="description" in value)


def _from_schema(name: str, slot: Mapping[str, object], *, described: bool) -> Tool | None:
    properties = slot.get("properties")
    if isinstance(properties, dict):
        parameters = _described(properties)
        required = slot.get("required")
        named = required if isinstance(required, list) else []
        listed = frozenset(str(item) for item in named)
        closed = slot.get("additionalProperties") in {None, False}
        return Tool(name, parameters, listed | _marked(parameters), closed=closed)
    if slot.get("type") in {"object", "dict"}:
        return Tool(name)
    parameters = _described(slot)
    if len(parameters) < len(slot) or not (slot or described):
        return None
    return Tool(name, parameters, _marked(parameters))


def _described(fields: Mapping[str, object]) -> dict[str, Mapping[str, object]]:
    return {str(key): item for key, item in fields.items() if isinstance(item, dict)}


def _listed(value: object) -> dict[str, Mapping[str, object]]:
    items = value if isinstance(value, list) else []
    return {
        item["name"]: item
        for item in items
        if isinstance(item, dict) and isinstance(item.get("name"), str)
    }


def _marked(parameters: Mapping[str, Mapping[str, object]]) -> frozenset[str]:
    """Those that say themselves that they are required."""
    return frozenset(name for name, said in parameters.items() if said.get("required") is True)


def _signatures(text: str) -> list[Tool]:
    tools: list[Tool] = []
    for found in _SIGNATURE.finditer(text):
        parameters: dict[str, Mapping[str, object]] = {}
        required: set[str] = set()
        closed = _read_parameters(text, found.end(), into=parameters, required=required)
        tools.append(Tool(found[1], parameters, frozenset(required), closed, signature=True))
        if len(tools) >= MOST_TOOLS:
            break
    return tools


def _read_parameters(
    text: str, place: int, *, into: dict[str, Mapping[str, object]], required: set[str]
) -> bool:
    """Reads up to the closing bracket.

    Returns:
        Whether the list ended as expected, without `**kwargs`.
    """
    reader = Reader(text, nodes=MOST_TOOLS)
    while found := _PARAMETER.match(text, place):
        name, place = found[1], found.end()
        if name.startswith("*"):
            return False
        if name != "self":
            into[name] = {"type": found[2].strip()} if found[2] else {}
        if not found[3] and name != "self":
            required.add(name)
        if found[3]:
            try:
                reader.value_at(place)
            except UnreadableError:
                return False
            place = reader.place
        reader.place = place
        if reader.skip_space() != ",":
            break
        place = reader.place + 1
    reader.place = place
    return reader.skip_space() == ")"
