"""Compares the calls of a transcript with the state-changing calls that its task expects."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Final

from .differences import Difference, align_calls
from .expected import ExpectedCall
from .syntax import Call, normalized_name
from .tools import Tool

READ_ONLY_VERBS: Final = frozenset(
    {
        "get",
        "search",
        "find",
        "list",
        "lookup",
        "look",
        "read",
        "check",
        "view",
        "show",
        "fetch",
        "query",
        "retrieve",
        "calculate",
        "compute",
        "think",
        "verify",
        "transfer",
        "ask",
        "respond",
        "count",
        "describe",
    }
)
"""First words of functions that change nothing, or that hand over to a human.

They are not compared, as a task may be solved with other look-ups than the reference makes.
"""
# Bounds the comparison, which is quadratic per function; the longest of tau-bench airline makes 27.
MAX_CALLS: Final = 60


def dialogue_differences(
    expected: Sequence[ExpectedCall], calls: Sequence[Call], tools: Mapping[str, Tool]
) -> list[Difference]:
    """What is missing, needless or wrong among the calls that change something."""
    expected = [call for call in expected if _changes_state(call.name)][:MAX_CALLS]
    calls = [call for call in calls if _changes_state(call.name)][:MAX_CALLS]
    names = {normalized_name(call.name) for call in expected}
    needless = (call for call in calls if normalized_name(call.name) not in names)
    differences = [_needless(call) for call in needless][:1]
    for name, group in groupby(sorted(expected, key=_name_of), key=_name_of):
        same_name = [call for call in calls if normalized_name(call.name) == name]
        differences += _differences_of_function(list(group), same_name, tools)
    return differences


def _differences_of_function(
    expected: Sequence[ExpectedCall], calls: Sequence[Call], tools: Mapping[str, Tool]
) -> list[Difference]:
    if len(calls) < len(expected):
        missing = tuple(call.name for call in expected[len(calls) :])
        return [Difference(kind="count", function=expected[0].name, expected=missing)]
    aligned = align_calls(expected, calls, tools)
    differences = [difference for _, _, of_pair in aligned for difference in of_pair]
    return [difference for difference in differences if difference.kind != "spelling"]


def _name_of(call: ExpectedCall) -> str:
    return normalized_name(call.name)


def _changes_state(name: str) -> bool:
    function = name.rpartition(".")[2]
    verb = normalized_name(function).partition("_")[0].lower()
    return verb not in READ_ONLY_VERBS


def _needless(call: Call) -> Difference:
    return Difference(kind="needless", function=call.name, span=(call.start, call.end))
