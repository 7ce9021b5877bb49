"""Reads the tools that a prompt offers: names, parameters, types, required parameters."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from ..values.literals import UnreadableError
from .json_shapes import data_at
from .literals import lenient_reader
from .syntax import BareWord, Call, Opaque, normalized_name

# These bound the work on hostile prompts, with room above what model providers accept: OpenAI takes
# at most 128 tools, and names of at most 64 characters.
MAX_PROMPT_CHARS: Final = 200_000
MAX_TOOLS: Final = 200
MAX_FAILED_PARSES: Final = 50
MAX_NAME_CHARS: Final = 100
_MAX_SIGNATURE_NODES: Final = 200
"""Values read in the defaults of one signature."""
# Prompts; the outputs of all models to one example are examined in succession.
CACHE_SIZE: Final = 64

_OBJECT: Final = re.compile(
    r"\{\s{0,20}[\"'](?:type|name|function|description|strict|apiCode|api_name|tool_name)[\"']"
)
_SIGNATURE: Final = re.compile(r"\bdef[ ]([^\W\d][\w.]{0,100})\(")
_PARAMETER: Final = re.compile(r"\s*(\*{0,2}[^\W\d]\w*+|[*/](?=\s*[,)]))\s*+")
# Annotations such as `Dict[str, List[int]]` and `Literal['a', 'b']`, with three levels of brackets.
_ANNOTATION: Final = re.compile(
    r":((?:[^=,()\[\]\"']|\"[^\"\n]{0,80}\"|'[^'\n]{0,80}'"
    r"|\[(?:[^\[\]]|\[(?:[^\[\]]|\[[^\[\]]{0,80}\]){0,80}\]){0,200}\]){1,200})"
)
_NAME_KEYS: Final = ("name", "apiCode", "api_name", "tool_name")
_PARAMETER_KEYS: Final = (
    "parameters",
    "input_schema",
    "inputSchema",
    "arguments",
    "params",
    "args",
    "inputs",
    "input_parameters",
)
# A schema is wrapped at most in a list, an object and a "function"; deeper data is no tool list.
_MAX_DEPTH: Final = 4


@dataclass(frozen=True, slots=True)
class Tool:
    """A function that may be called."""

    name: str
    parameters: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """Schemas by parameter name, in the order in which the tool lists them."""
    required: frozenset[str] = frozenset()
    closed: bool = True
    """Whether all parameters are known, so that any other argument is wrong."""
    from_signature: bool = False
    """Whether it was read from a Python signature, as prompts about programs contain too."""


@lru_cache(maxsize=CACHE_SIZE)
def offered_tools(prompt: str) -> Mapping[str, Tool]:
    """The tools in the prompt's JSON schemas and Python signatures, by normalized name."""
    text = prompt[:MAX_PROMPT_CHARS]
    tools: dict[str, Tool] = {}
    if "name" in text or "apiCode" in text:
        _add_schemas(text, tools)
    if "def " in text:
        for tool in _signatures(text):
            tools.setdefault(normalized_name(tool.name), tool)
    return tools


def _add_schemas(text: str, tools: dict[str, Tool]) -> None:
    reader = lenient_reader(text)
    end = failed = 0
    for match in _OBJECT.finditer(text):
        if match.start() < end:
            continue
        if reader.nodes <= 0 or failed >= MAX_FAILED_PARSES or len(tools) >= MAX_TOOLS:
            break
        try:
            value = data_at(reader, match.start())
        except UnreadableError:
            failed += 1
            continue
        end = reader.place
        for tool in _tools_in(value, 0):
            tools.setdefault(normalized_name(tool.name), tool)


def _tools_in(value: object, depth: int) -> list[Tool]:
    if depth > _MAX_DEPTH:
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
    name = next((value[key] for key in _NAME_KEYS if isinstance(value.get(key), str)), None)
    if not isinstance(name, str) or not name.strip() or len(name) > MAX_NAME_CHARS:
        return None
    if "required_parameters" in value or "optional_parameters" in value:
        required = _parameter_list(value.get("required_parameters"))
        parameters = {**required, **_parameter_list(value.get("optional_parameters"))}
        return Tool(name, parameters, frozenset(required))
    schema = next((value[key] for key in _PARAMETER_KEYS if key in value), None)
    if isinstance(schema, list):
        parameters = _parameter_list(schema)
        return Tool(name, parameters, _self_required(parameters)) if parameters else None
    if not isinstance(schema, dict):
        return Tool(name, closed=False) if "description" in value and schema is None else None
    return _from_schema(name, schema, described="description" in value)


def _from_schema(name: str, schema: Mapping[str, object], *, described: bool) -> Tool | None:
    properties = schema.get("properties")
    if isinstance(properties, dict):
        parameters = _parameter_object(properties)
        required = schema.get("required")
        names = required if isinstance(required, list) else []
        listed = frozenset(str(item) for item in names)
        # JSON Schema allows other properties by default, but a function has no other parameters.
        closed = schema.get("additionalProperties") in {None, False}
        return Tool(name, parameters, listed | _self_required(parameters), closed=closed)
    if schema.get("type") in {"object", "dict"}:
        return Tool(name)
    parameters = _parameter_object(schema)
    if len(parameters) < len(schema) or not (schema or described):
        return None
    return Tool(name, parameters, _self_required(parameters))


def _parameter_object(fields: Mapping[str, object]) -> dict[str, Mapping[str, object]]:
    """The parameters of an object from name to schema."""
    return {str(key): item for key, item in fields.items() if isinstance(item, dict)}


def _parameter_list(value: object) -> dict[str, Mapping[str, object]]:
    """The parameters of a list of schemas, each of which has its name."""
    items = value if isinstance(value, list) else []
    return {
        item["name"]: item
        for item in items
        if isinstance(item, dict) and isinstance(item.get("name"), str)
    }


def _self_required(parameters: Mapping[str, Mapping[str, object]]) -> frozenset[str]:
    """The parameters whose own schema has `"required": true`."""
    return frozenset(name for name, schema in parameters.items() if schema.get("required") is True)


def _signatures(text: str) -> list[Tool]:
    tools: list[Tool] = []
    for match in _SIGNATURE.finditer(text):
        parameters: dict[str, Mapping[str, object]] = {}
        required: set[str] = set()
        closed = _read_parameters(text, match.end(), into=parameters, required=required)
        tools.append(Tool(match[1], parameters, frozenset(required), closed, from_signature=True))
        if len(tools) >= MAX_TOOLS:
            break
    return tools


def _read_parameters(
    text: str, position: int, *, into: dict[str, Mapping[str, object]], required: set[str]
) -> bool:
    """Reads parameters up to the closing bracket, into `into` and `required`.

    Returns:
        Whether the list is complete: well formed and without `**kwargs`.
    """
    reader = lenient_reader(text, nodes=_MAX_SIGNATURE_NODES)
    while match := _PARAMETER.match(text, position):
        name, position = match[1], match.end()
        annotation = _ANNOTATION.match(text, position)
        position = annotation.end() if annotation else position
        has_default = text.startswith("=", position)
        if name.startswith("*") and name != "*":
            return False
        if name not in {"self", "*", "/"}:
            into[name] = {"type": annotation[1].strip()} if annotation else {}
            if not has_default:
                required.add(name)
        if has_default:
            try:
                default = reader.value_at(position + 1)
            except UnreadableError:
                return False
            position = reader.place
            if name in into and not isinstance(default, BareWord | Opaque | Call):
                into[name] = {**into[name], "default": default}
        reader.place = position
        if reader.skip_space() != ",":
            break
        position = reader.place + 1
    reader.place = position
    return reader.skip_space() == ")"
