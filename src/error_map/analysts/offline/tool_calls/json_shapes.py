"""The shapes in which data means calls: `{"name", "arguments"}`, `{"fn": {…}}`, lists of them."""

import json
import re
from collections.abc import Collection, Mapping
from typing import Final

from .literals import Reader
from .syntax import Call, UnreadableError, folded

DEEPEST: Final = 5
MOST_CALLS: Final = 200
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
_DECODER: Final = json.JSONDecoder(strict=False)
_IDENTIFIER: Final = re.compile(r"[^\W\d][\w.:/-]{0,100}")
_STARTS: Final = re.compile(r"\s*[\[{]")


def data_at(reader: Reader, place: int) -> object:
    """The data that begins there, by the quick JSON decoder or else by our own reader.

    Raises:
        UnreadableError: Neither can read it.
    """
    try:
        value, reader.place = _DECODER.raw_decode(reader.text, place)
    except (ValueError, RecursionError):
        return reader.value_at(place)
    return value


def calls_in(value: object, names: Collection[str], depth: int = 0) -> tuple[Call, ...] | None:
    """The calls that data means; None where it means something else.

    Args:
        names: Known functions, folded; `{"fn": {…}}` means a call only of one of these.

    Raises:
        UnreadableError: A call's arguments are a string that cannot be read.
    """
    if isinstance(value, Call):
        return _unwrapped(value)
    if depth > DEEPEST:
        return None
    if isinstance(value, Mapping):
        return _from_object(value, names, depth)
    if isinstance(value, str):
        return _from_text(value, names, depth)
    return _from_list(value, names, depth) if isinstance(value, list) else None


def _from_list(value: list[object], names: Collection[str], depth: int) -> tuple[Call, ...] | None:
    """Calls of a list in which text may stand between them."""
    if len(value) > MOST_CALLS:
        return None
    found: list[Call] = []
    prose = False
    for item in value:
        inner = calls_in(item, names, depth + 1)
        if inner is None and not isinstance(item, str):
            return None
        prose = prose or inner is None
        found.extend(inner or ())
    return tuple(found) if found or not prose else None


def _unwrapped(call: Call) -> tuple[Call, ...]:
    """A call that is only printed counts as itself."""
    inner = call.positional[0] if len(call.positional) == 1 else None
    return (inner,) if call.name == "print" and isinstance(inner, Call) else (call,)


def _from_text(text: str, names: Collection[str], depth: int) -> tuple[Call, ...] | None:
    """Calls of a string within data, such as `["f(a=1)", "g()"]`."""
    if depth == 0 or ("(" not in text and not _STARTS.match(text)):
        return None
    reader = Reader(text)
    try:
        value = data_at(reader, 0) if _STARTS.match(text) else reader.call_at(0)
    except UnreadableError:
        return None
    return calls_in(value, names, depth + 1) if not reader.skip_space() else None


def _from_object(
    value: Mapping[object, object], names: Collection[str], depth: int
) -> tuple[Call, ...] | None:
    named = _named(value, names)
    if named is not None:
        return (named,)
    if any(key in value and not value[key] for key in ("tool_calls", "function_call")):
        return ()
    keyed = _keyed(value, names)
    if keyed is not None:
        return keyed
    for key in WRAPPERS:
        if isinstance(value.get(key), list | dict):
            inner = calls_in(value[key], names, depth + 1)
            if inner is not None:
                return inner
    return None


def _named(value: Mapping[object, object], names: Collection[str]) -> Call | None:
    """A call that says its name and its arguments under usual keys."""
    key = next((key for key in NAME_KEYS if isinstance(value.get(key), str)), None)
    if key is None:
        return None
    name = str(value[key]).strip()
    if not _IDENTIFIER.fullmatch(name):
        return None
    for slot in ARGUMENT_KEYS:
        if slot in value and not _is_schema(value[slot]):
            return Call(name=name, arguments=arguments_of(value[slot]))
    if folded(name) not in names:
        return None
    rest = {
        str(other): item
        for other, item in value.items()
        if other not in {key, "id", "type", "thought"}
    }
    return None if "description" in rest or _any_schema(rest) else Call(name=name, arguments=rest)


def _keyed(value: Mapping[object, object], names: Collection[str]) -> tuple[Call, ...] | None:
    """Calls in which the function's name is the key."""
    if not value or any(folded(str(key)) not in names for key in value):
        return None
    if not all(item is None or isinstance(item, dict | str) for item in value.values()):
        return None
    return tuple(Call(name=str(key), arguments=arguments_of(item)) for key, item in value.items())


def arguments_of(value: object) -> Mapping[str, object]:
    """Arguments given as an object, or as text that holds one.

    Raises:
        UnreadableError: The text does not.
    """
    if isinstance(value, str):
        text = value.strip()
        if not text:
            return {}
        reader = Reader(text)
        value = data_at(reader, 0)
        if reader.skip_space():
            raise UnreadableError("text behind the arguments")
    if value is None or value == []:
        return {}
    if not isinstance(value, Mapping):
        raise UnreadableError("arguments are no object")
    return {str(key): item for key, item in value.items()}


def _is_schema(value: object) -> bool:
    """Whether it describes parameters instead of giving arguments."""
    if not isinstance(value, Mapping):
        return False
    return isinstance(value.get("properties"), dict) or _any_schema(value)


def _any_schema(fields: Mapping[str, object]) -> bool:
    return any(
        isinstance(item, dict) and isinstance(item.get("type"), str) and "description" in item
        for item in fields.values()
    ) or isinstance(fields.get("parameters"), dict)
