"""Reads the expected tool calls from a reference, and tells whether it means tool calls at all."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ..values.literals import UnreadableError
from .json_shapes import calls_in, data_at
from .literals import lenient_reader
from .syntax import Call, normalized_name
from .tools import Tool

# Bounds parsing of hostile references; the longest of tau-bench airline has 2,400 characters.
MAX_REFERENCE_CHARS: Final = 40_000
# Examples; the outputs of all models to one example are examined in succession.
CACHE_SIZE: Final = 64
# "No function call is needed." and the like are shorter; a longer text says more than that.
_MAX_NO_CALL_CHARS: Final = 200

_LEAD: Final = re.compile(
    r"\s*(?:API-Request:|Call:|Answer:|Expected(?: calls?)?:|Ground truth:)?\s*", re.IGNORECASE
)
_CALL: Final = re.compile(r"[^\W\d][\w.]{0,100}\(")
_NO_CALL: Final = re.compile(
    r"\s*(?:\[\s*\]|\{\s*\}|none|null|(?:there should be )?no (?:function|tool|api)?[ _]?calls?"
    r"(?: (?:is |are )?(?:needed|expected|required|made))?)\s*\.?\s*",
    re.IGNORECASE,
)
_PROGRAM: Final = re.compile(
    r"\bdef \w+\([^)\n]{0,200}\)[^\n]{0,80}:\s*\n\s+(?!\"\"\"|''')|\bclass \w+|\bprint\(|>>>"
    r"|^\s*(?:import|from) \w+|\breturn\b",
    re.MULTILINE,
)
_SEPARATOR: Final = re.compile(r"[\s;]*")
# The first releases of BFCL number the calls of one function, as an object has each key only once.
_NUMBERED: Final = re.compile(r"(.{1,100}?)[_ ]\d{1,3}")


@dataclass(frozen=True, slots=True)
class ExpectedCall:
    """One expected call, with the values that count as correct for each argument."""

    name: str
    allowed: Mapping[str, tuple[object, ...]]
    optional: frozenset[str] = frozenset()
    """Arguments that may be omitted."""
    lists_values: bool = False
    """Whether the reference lists the allowed values of each argument, as those of BFCL do."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """The calls that a reference expects."""

    calls: tuple[ExpectedCall, ...]
    lists_allowed_values: bool = False
    """Whether the reference lists the allowed values of each argument."""
    is_dialogue: bool = False
    """Whether it names only some of the calls of a dialogue of several turns."""


@lru_cache(maxsize=CACHE_SIZE)
def _parse_reference(reference: str) -> object:
    """The reference as data and calls; None if it cannot be parsed as such."""
    text = reference[:MAX_REFERENCE_CHARS].strip()
    lead = _LEAD.match(text)
    position = lead.end() if lead else 0
    if not text.startswith(("[", "{"), position) and not _CALL.match(text, position):
        return None
    reader = lenient_reader(text)
    values: list[object] = []
    while position < len(text):
        try:
            values.append(data_at(reader, position))
        except UnreadableError:
            return None
        reader.skip_space()
        separator = _SEPARATOR.match(text, reader.place)
        position = separator.end() if separator else reader.place
        position += text.startswith(",", position)
    return values[0] if len(values) == 1 else values


def expected_calls(
    reference: str | None, prompt: str, tools: Mapping[str, Tool]
) -> Expectation | None:
    """The calls that a reference expects; None if the task is not one of tool calls.

    Data that need not be a call (`{"fn": {…}}`, `f(x)`) is read as one only if the prompt offers
    that function or the form is unambiguous.
    """
    if _NO_CALL.fullmatch((reference or "")[:_MAX_NO_CALL_CHARS]):
        return Expectation(()) if tools else None
    value = _parse_reference(reference or "")
    listed = _calls_with_allowed_values(value, tools)
    if listed is not None:
        return Expectation(listed, lists_allowed_values=True)
    try:
        calls = calls_in(value, tools.keys())
    except UnreadableError:
        return None
    if not calls or not all(_is_tool_call(call, prompt, tools) for call in calls):
        return None
    expected = tuple(_with_exact_values(call, tools) for call in calls)
    return Expectation(expected, is_dialogue=_is_dialogue(value))


def _is_dialogue(value: object) -> bool:
    """Whether the calls span several turns: actions, or lists of calls written as text."""
    if isinstance(value, dict):
        return "expected_actions" in value or "actions" in value
    return (
        isinstance(value, list)
        and len(value) > 1
        and all(isinstance(turn, list) for turn in value)
        and any(isinstance(call, str) for turn in value for call in turn)
    )


def _calls_with_allowed_values(
    value: object, tools: Mapping[str, Tool]
) -> tuple[ExpectedCall, ...] | None:
    """Calls written as `{"fn": {"arg": [allowed, …]}}`, one object or a list of them."""
    if isinstance(value, dict) and isinstance(value.get("ground_truth"), list):
        value = value["ground_truth"]
    items = value if isinstance(value, list) else [value]
    expected: list[ExpectedCall] = []
    for item in items:
        if not isinstance(item, dict) or not item:
            return None
        names = [_unnumbered(str(key), item, tools) for key in item]
        # Objects with several keys are common data; as calls they must name offered functions.
        if len(names) > 1 and tools and any(normalized_name(name) not in tools for name in names):
            return None
        if len(names) > 1 and not tools and len(set(names)) == len(names):
            return None
        for name, arguments in zip(names, item.values(), strict=True):
            if not _lists_allowed_values(name, arguments, tools):
                return None
            expected.append(_with_allowed_values(name, arguments))
    return tuple(expected) if expected else None


def _lists_allowed_values(name: str, arguments: object, tools: Mapping[str, Tool]) -> bool:
    """Whether a key and its value are a function and lists of allowed values by argument."""
    if not isinstance(arguments, dict) or not _CALL.fullmatch(f"{name}("):
        return False
    if any(not isinstance(allowed, list) or not allowed for allowed in arguments.values()):
        return False
    return bool(arguments) or normalized_name(name) in tools


def _unnumbered(key: str, siblings: Collection[object], tools: Mapping[str, Tool]) -> str:
    """The function's name, without the number of `f_1` and `f_2` in an object of calls."""
    numbered = _NUMBERED.fullmatch(key)
    if not numbered or normalized_name(key) in tools:
        return key
    stem = numbered[1]
    if normalized_name(stem) in tools:
        return stem
    matches = (_NUMBERED.fullmatch(str(other)) for other in siblings)
    twins = sum(match is not None and match[1] == stem for match in matches)
    return stem if twins > 1 and not tools else key


def _with_allowed_values(name: str, arguments: Mapping[str, list[object]]) -> ExpectedCall:
    # BFCL lists "" among the values of an argument that may be omitted.
    optional = {key for key, allowed in arguments.items() if "" in allowed}
    allowed_values = {key: tuple(allowed) for key, allowed in arguments.items()}
    return ExpectedCall(name, allowed_values, frozenset(optional), lists_values=True)


def _with_exact_values(call: Call, tools: Mapping[str, Tool]) -> ExpectedCall:
    tool = tools.get(normalized_name(call.name))
    arguments = arguments_by_name(call, tuple(tool.parameters) if tool else ())
    defaults = tool.parameters if tool else {}
    optional = {
        key
        for key, value in arguments.items()
        if key in defaults and "default" in defaults[key] and defaults[key]["default"] == value
    }
    return ExpectedCall(call.name, {k: (v,) for k, v in arguments.items()}, frozenset(optional))


def arguments_by_name(call: Call, order: Sequence[str]) -> dict[str, object]:
    """All arguments by name: positional ones by the parameter order, beyond it as `#1`, `#2`.

    Example:
        >>> arguments_by_name(Call(name="f", positional=(1, 2), arguments={"c": 3}), ("a",))
        {'a': 1, '#2': 2, 'c': 3}
    """
    return {**_named_positional(call, order), **call.arguments}


def _named_positional(call: Call, order: Sequence[str]) -> dict[str, object]:
    # `f({…})`: some models pass all arguments as one object.
    if len(call.positional) == 1 and not call.arguments and isinstance(call.positional[0], dict):
        inner = call.positional[0]
        if not order or set(inner) & set(order):
            return {str(key): value for key, value in inner.items()}
    return {
        order[index] if index < len(order) else f"#{index + 1}": value
        for index, value in enumerate(call.positional)
    }


def _is_tool_call(call: Call, prompt: str, tools: Mapping[str, Tool]) -> bool:
    """Whether a call in the reference is one of a tool rather than of a program or a formula."""
    if normalized_name(call.name) in tools:
        return True
    if not call.end:  # read from data, which spells out the name and the arguments
        return True
    # `f(x)` may be mathematics and `f()` code; keyword arguments are neither, but for programs.
    if call.positional or not call.arguments:
        return False
    return not _PROGRAM.search(prompt)
