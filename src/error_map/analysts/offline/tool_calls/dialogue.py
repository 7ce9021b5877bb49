"""Compares the calls of a transcript with the state-changing calls that its task expects."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

from .differences import Difference, align_calls, count_difference
from .expected import ExpectedCall
from .parsed import ParsedCalls
from .similarity import ACCEPTED, MAX_DEPTH, similarity
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
    expected: Sequence[ExpectedCall], parsed: ParsedCalls, tools: Mapping[str, Tool]
) -> list[Difference]:
    """What is missing, needless or wrong among the calls that change something."""
    calls: Sequence[Call] = parsed.calls
    failed = {normalized_name(call.name) for call in parsed.failed}
    expected = [call for call in expected if _changes_state(call.name)][:MAX_CALLS]
    calls = [call for call in calls if _changes_state(call.name)][:MAX_CALLS]
    names = {normalized_name(call.name) for call in expected}
    needless = (call for call in calls if normalized_name(call.name) not in names)
    differences = [_needless(call) for call in needless][:1]
    for name, group in groupby(sorted(expected, key=_name_of), key=_name_of):
        same_name = [call for call in calls if normalized_name(call.name) == name]
        found = _differences_of_function(list(group), same_name, tools)
        note = "failed" if name in failed else ""
        differences += [replace(one, note=note) if one.kind == "count" else one for one in found]
    return differences


def _differences_of_function(
    expected: Sequence[ExpectedCall], calls: Sequence[Call], tools: Mapping[str, Tool]
) -> list[Difference]:
    if len(calls) < len(expected):
        return [count_difference(expected, calls, tools)]
    aligned = align_calls(expected, calls, tools)
    differences = [difference for _, _, of_pair in aligned for difference in of_pair]
    return [one for one in differences if one.kind != "spelling" and not _is_richer(one)]


def _is_richer(difference: Difference) -> bool:
    """Whether a value only has more keys than expected, which tools ignore."""
    allowed = difference.expected
    return difference.kind == "value" and any(
        similarity(_reduced(difference.got, one), one) in ACCEPTED for one in allowed
    )


def _reduced(got: object, expected: object, depth: int = 0) -> object:
    """A value without the keys that the expected one lacks."""
    if depth > MAX_DEPTH:
        return got
    if isinstance(got, Mapping) and isinstance(expected, Mapping):
        return {
            key: _reduced(item, expected[key], depth + 1)
            for key, item in got.items()
            if key in expected
        }
    if isinstance(got, list) and isinstance(expected, list) and len(got) == len(expected):
        pairs = zip(got, expected, strict=True)
        return [_reduced(item, other, depth + 1) for item, other in pairs]
    return got


def _name_of(call: ExpectedCall) -> str:
    return normalized_name(call.name)


def _changes_state(name: str) -> bool:
    function = name.rpartition(".")[2]
    verb = normalized_name(function).partition("_")[0].lower()
    return verb not in READ_ONLY_VERBS


def _needless(call: Call) -> Difference:
    return Difference(kind="needless", function=call.name, span=(call.start, call.end))
