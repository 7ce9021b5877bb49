"""Recognizes calls written as data: `{"name", "arguments"}`, `{"fn": {…}}`, lists of them."""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, Final

from ..values.literals import UnreadableError
from .literals import Reader, call_at, lenient_reader
from .syntax import Call, normalized_name

# The deepest known shape is a list of messages with `tool_calls`, each with a "function".
MAX_DEPTH: Final = 5
# Bounds the work on hostile lists; benchmarks expect a handful of calls per output.
MAX_CALLS: Final = 200
_PAIR: Final = 2
"""Items of a list that is one call: the name and the arguments."""
NAME_KEYS: Final = (
    "name",
    "function",
    "tool",
    "tool_name",
    "function_name",
    "api",
    "api_name",
    "action",
    "recipient_name",
    "apiCode",
)
ARGUMENT_KEYS: Final = (
    "arguments",
    "parameters",
    "args",
    "kwargs",
    "params",
    "input",
    "tool_input",
    "action_input",
    "inputs",
)
WRAPPERS: Final = (
    "tool_calls",
    "tool_call",
    "function_calls",
    "function_call",
    "calls",
    "tool_uses",
    "actions",
    "expected_actions",
    "expected_calls",
    "ground_truth",
    "possible_answer",
    "functionCall",
    "function",
    "result",
    "answers",
    "answer",
)
# What SDKs print: `ChatCompletionMessageToolCall(…)` of OpenAI, `ToolUseBlock(…)` of Anthropic,
# `FunctionCall(…)` of Google and Mistral, and the messages around them.
_SDK_OBJECT: Final = re.compile(
    r"(?:\w{1,60}\.){0,4}(?:[A-Z]\w{0,60})?(?:ToolCall|FunctionCall|Function|ToolUse|Message|Block"
    r"|Part|Content)[A-Z]?\w{0,20}"
)
_TEXT_BLOCKS: Final = frozenset({"text", "thinking", "reasoning"})
"""Types of the parts of a message that are no calls."""
# Not strict: models write line breaks into strings.
_DECODER: Final = json.JSONDecoder(strict=False)
_IDENTIFIER: Final = re.compile(r"[^\W\d][\w.:/-]{0,100}")
_OPENS_DATA: Final = re.compile(r"\s*[\[{]")


def data_at(reader: Reader, position: int) -> object:
    """Parses the data at a position as JSON, or else with the more lenient `Reader`.

    The JSON decoder is tried first because it is many times faster. Afterwards `reader.place` is
    behind the data.

    Raises:
        UnreadableError: Neither can read it.
    """
    try:
        value, reader.place = _DECODER.raw_decode(reader.text, position)
    except (ValueError, RecursionError):
        return reader.value_at(position)
    return value


def calls_in(value: object, names: Collection[str], depth: int = 0) -> tuple[Call, ...] | None:
    """The calls that data represents; None if it represents something else.

    Args:
        value: Parsed data.
        names: Normalized names of known functions; `{"fn": {…}}` is a call only of one of these.
        depth: Nesting level of `value`.

    Raises:
        UnreadableError: A call's arguments are a string that cannot be read.
    """
    if isinstance(value, Call):
        return _from_call(value, names, depth)
    if depth > MAX_DEPTH:
        return None
    if isinstance(value, Mapping):
        return _from_object(value, names, depth)
    if isinstance(value, str):
        return _from_text(value, names, depth)
    return _from_list(value, names, depth) if isinstance(value, list) else None


def _from_list(value: list[object], names: Collection[str], depth: int) -> tuple[Call, ...] | None:
    """The calls in a list, which may have text between them."""
    if len(value) > MAX_CALLS:
        return None
    if len(value) == _PAIR:
        name, arguments = value
        if isinstance(name, str) and isinstance(arguments, dict) and normalized_name(name) in names:
            return (Call(name=name, arguments=arguments, notation='["f", {…}]'),)
    calls: list[Call] = []
    prose = False
    for item in value:
        inner = calls_in(item, names, depth + 1)
        if inner is None and not isinstance(item, str):
            return None
        prose = prose or inner is None
        calls.extend(inner or ())
    return tuple(calls) if calls or not prose else None


def _from_call(call: Call, names: Collection[str], depth: int) -> tuple[Call, ...]:
    """The calls in the printed object of an SDK, or in `print(f(…))`; any other call as it is."""
    inner = call.positional[0] if len(call.positional) == 1 else None
    if call.name == "print" and isinstance(inner, Call):
        return (inner,)
    if (
        normalized_name(call.name) in names
        or call.positional
        or depth > MAX_DEPTH
        or not _SDK_OBJECT.fullmatch(call.name)
    ):
        return (call,)
    printed = _from_object(call.arguments, names, depth)
    if printed is None:
        return (call,)
    notation = f"{call.name}(…)"
    return tuple(replace(one, start=call.start, end=call.end, notation=notation) for one in printed)


def _from_text(text: str, names: Collection[str], depth: int) -> tuple[Call, ...] | None:
    """The calls in a string within data, such as `["f(a=1)", "g()"]`.

    Raises:
        UnreadableError: It begins as a call of a known function, and cannot be read.
    """
    if depth == 0 or ("(" not in text and not _OPENS_DATA.match(text)):
        return None
    reader = lenient_reader(text)
    try:
        if _OPENS_DATA.match(text):
            value = data_at(reader, 0)
            return calls_in(value, names, depth + 1) if not reader.skip_space() else None
        calls = [call_at(reader, 0)]
        while reader.skip_space() in {",", ";"} and len(calls) < MAX_CALLS:
            calls.append(call_at(reader, reader.place + 1))
    except UnreadableError:
        if normalized_name(text.partition("(")[0]) in names:
            raise
        return None
    # Their spans are offsets in the string, not in the output.
    quoted = (replace(call, start=0, end=0, notation='"f(…)"') for call in calls)
    return tuple(quoted) if not reader.skip_space() else None


def _from_object(
    value: Mapping[Any, object], names: Collection[str], depth: int
) -> tuple[Call, ...] | None:
    call = _under_usual_keys(value, names)
    if call is not None:
        return (call,)
    if any(value.get("type") == kind for kind in _TEXT_BLOCKS):
        return ()
    # A chat message of OpenAI's format that makes no call.
    made = [value[key] for key in ("tool_calls", "function_call") if key in value]
    if made and not any(made):
        return ()
    calls = _under_function_names(value, names)
    if calls is not None:
        return calls
    for key in WRAPPERS:
        if isinstance(value.get(key), list | dict | Call):
            inner = calls_in(value[key], names, depth + 1)
            if inner is not None:
                return inner
    return None


def _under_usual_keys(value: Mapping[Any, object], names: Collection[str]) -> Call | None:
    """The call whose name and arguments are values of usual keys."""
    key = next((key for key in NAME_KEYS if isinstance(value.get(key), str)), None)
    if key is None:
        return None
    name = str(value[key]).strip()
    if not _IDENTIFIER.fullmatch(name):
        return None
    for arguments_key in ARGUMENT_KEYS:
        if arguments_key in value and not _is_schema(value[arguments_key]):
            return Call(
                name=name,
                arguments=arguments_of(value[arguments_key]),
                notation=f'{{"{key}": "f", "{arguments_key}": {{…}}}}',
            )
    if normalized_name(name) not in names:
        return None
    rest = {
        str(other): item
        for other, item in value.items()
        if other not in {key, "id", "type", "thought"}
    }
    if "description" in rest or _any_schema(rest):
        return None
    return Call(name=name, arguments=rest, notation=f'{{"{key}": "f", …}}')


def _under_function_names(
    value: Mapping[Any, object], names: Collection[str]
) -> tuple[Call, ...] | None:
    """The calls of an object whose keys are function names."""
    if not value or any(normalized_name(str(key)) not in names for key in value):
        return None
    if not all(item is None or isinstance(item, dict | str) for item in value.values()):
        return None
    return tuple(
        Call(name=str(key), arguments=arguments_of(item), notation='{"f": {…}}')
        for key, item in value.items()
    )


def arguments_of(value: object) -> Mapping[str, object]:
    """Arguments given as an object or as the text of one.

    Raises:
        UnreadableError: They are neither.
    """
    if isinstance(value, str):
        text = value.strip()
        if not text:
            return {}
        reader = lenient_reader(text)
        value = data_at(reader, 0)
        if reader.skip_space():
            raise UnreadableError("text follows the arguments")
    if value is None or value == []:
        return {}
    if not isinstance(value, Mapping):
        raise UnreadableError("the arguments are not an object")
    return {str(key): item for key, item in value.items()}


def _is_schema(value: object) -> bool:
    """Whether the value describes parameters instead of giving arguments."""
    if not isinstance(value, Mapping):
        return False
    return isinstance(value.get("properties"), dict) or _any_schema(value)


def _any_schema(fields: Mapping[str, object]) -> bool:
    return any(
        isinstance(item, dict) and isinstance(item.get("type"), str) and "description" in item
        for item in fields.values()
    ) or isinstance(fields.get("parameters"), dict)
