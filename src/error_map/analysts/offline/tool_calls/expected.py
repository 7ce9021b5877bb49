"""The calls that a reference asks for, and whether a task is one of tool calls at all."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from .json_shapes import calls_in, data_at
from .literals import Reader
from .syntax import Call, UnreadableError, folded
from .tools import Tool

REFERENCE_CHARS: Final = 40_000
REMEMBERED: Final = 64

_LEAD: Final = re.compile(
    r"\s*(?:API-Request:|Call:|Answer:|Expected(?: calls?)?:|Ground truth:)?\s*", re.IGNORECASE
)
_CALL: Final = re.compile(r"[^\W\d][\w.]{0,100}\(")
_SAYS_NONE: Final = re.compile(
    r"\s*(?:\[\s*\]|\{\s*\}|none|null|(?:there should be )?no (?:function|tool|api)?[ _]?calls?"
    r"(?: (?:is |are )?(?:needed|expected|required|made))?)\s*\.?\s*",
    re.IGNORECASE,
)
_PROGRAM: Final = re.compile(
    r"\bdef \w+\([^)\n]{0,200}\)[^\n]{0,80}:\s*\n\s+(?!\"\"\"|''')|\bclass \w+|\bprint\(|>>>"
    r"|^\s*(?:import|from) \w+|\breturn\b",
    re.MULTILINE,
)
_CLOSERS: Final = re.compile(r"[\s;]*")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One expected call: for each argument the values that count as right."""

    name: str
    allowed: Mapping[str, tuple[object, ...]]
    optional: frozenset[str] = frozenset()
    """Arguments that may be left out."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a reference asks for."""

    calls: tuple[Wanted, ...]
    listed: bool = False
    """Whether it lists the allowed values of each argument."""
    trace: bool = False
    """Whether it names only some of the calls of a longer course of action."""


@lru_cache(maxsize=REMEMBERED)
def _data(reference: str) -> object:
    """The reference as data; None where it does not read as that or as calls."""
    text = reference[:REFERENCE_CHARS].strip()
    lead = _LEAD.match(text)
    place = lead.end() if lead else 0
    if not text.startswith(("[", "{"), place) and not _CALL.match(text, place):
        return None
    reader = Reader(text)
    values: list[object] = []
    while place < len(text):
        try:
            values.append(data_at(reader, place))
        except UnreadableError:
            return None
        reader.skip_space()
        found = _CLOSERS.match(text, reader.place)
        place = found.end() if found else reader.place
        place += text.startswith(",", place)
    return values[0] if len(values) == 1 else values


def expected_calls(
    reference: str | None, prompt: str, tools: Mapping[str, Tool]
) -> Expected | None:
    """The calls that a reference means; None where it does not mean calls.

    A shape that other data may have too (`{"fn": {…}}`, `f(x)`) counts only where the prompt
    offers that function, or where its form leaves no doubt.
    """
    if _SAYS_NONE.fullmatch((reference or "")[:200]):
        return Expected(()) if tools else None
    value = _data(reference or "")
    listed = _listed_calls(value, tools)
    if listed is not None:
        return Expected(listed, listed=True)
    try:
        calls = calls_in(value, tools.keys())
    except UnreadableError:
        return None
    if not calls or not all(_surely(call, prompt, tools) for call in calls):
        return None
    trace = _is_course(value)
    return Expected(tuple(_exactly(call, tools) for call in calls), trace=trace)


def _is_course(value: object) -> bool:
    """Whether the calls are those of several turns: actions, or lists of calls written as text."""
    if isinstance(value, dict):
        return "expected_actions" in value or "actions" in value
    return (
        isinstance(value, list)
        and len(value) > 1
        and all(isinstance(turn, list) for turn in value)
        and any(isinstance(call, str) for turn in value for call in turn)
    )


def _listed_calls(value: object, tools: Mapping[str, Tool]) -> tuple[Wanted, ...] | None:
    """Calls as `{"fn": {"arg": [allowed, …]}}`, one object or a list of them."""
    if isinstance(value, dict) and isinstance(value.get("ground_truth"), list):
        value = value["ground_truth"]
    items = value if isinstance(value, list) else [value]
    wanted: list[Wanted] = []
    for item in items:
        if not isinstance(item, dict) or len(item) != 1:
            return None
        name, arguments = next(iter(item.items()))
        if not isinstance(arguments, dict) or not _CALL.fullmatch(f"{name}("):
            return None
        if any(not isinstance(allowed, list) or not allowed for allowed in arguments.values()):
            return None
        if not arguments and folded(name) not in tools:
            return None
        wanted.append(_one_of(name, arguments))
    return tuple(wanted) if wanted else None


def _one_of(name: str, arguments: Mapping[str, list[object]]) -> Wanted:
    optional = {key for key, allowed in arguments.items() if "" in allowed or None in allowed}
    return Wanted(
        name,
        {key: tuple(item for item in allowed) for key, allowed in arguments.items()},
        frozenset(optional),
    )


def _exactly(call: Call, tools: Mapping[str, Tool]) -> Wanted:
    tool = tools.get(folded(call.name))
    arguments = {**by_name(call, tuple(tool.parameters) if tool else ()), **call.arguments}
    defaults = tool.parameters if tool else {}
    optional = {
        key
        for key, value in arguments.items()
        if key in defaults and "default" in defaults[key] and defaults[key]["default"] == value
    }
    return Wanted(call.name, {k: (v,) for k, v in arguments.items()}, frozenset(optional))


def by_name(call: Call, order: tuple[str, ...]) -> dict[str, object]:
    """Arguments given by place, under the names that stand there; numbers where there are none."""
    if len(call.positional) == 1 and not call.arguments and isinstance(call.positional[0], dict):
        inner = call.positional[0]
        if not order or set(inner) & set(order):
            return {str(key): value for key, value in inner.items()}
    return {
        order[place] if place < len(order) else f"#{place + 1}": value
        for place, value in enumerate(call.positional)
    }


def _surely(call: Call, prompt: str, tools: Mapping[str, Tool]) -> bool:
    """Whether it can only be meant as a tool call."""
    if folded(call.name) in tools:
        return True
    if not call.end:
        return True
    if call.positional or not call.arguments:
        return False
    return not _PROGRAM.search(prompt)
