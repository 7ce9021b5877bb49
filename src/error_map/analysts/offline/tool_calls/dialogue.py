"""Calls of a longer course of action: which of those that change something are missing or wrong."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Final

from .differences import Difference, paired
from .expected import Wanted
from .syntax import Call, folded
from .tools import Tool

LOOKS: Final = frozenset(
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
"""First words of functions that look something up or hand over: other ways are right too."""
MOST_CALLS: Final = 60


def course_differences(
    wanted: Sequence[Wanted], made: Sequence[Call], tools: Mapping[str, Tool]
) -> list[Difference]:
    """What is missing, too many or wrong among the calls that change something."""
    wanted = [call for call in wanted if _changes(call.name)][:MOST_CALLS]
    calls = [call for call in made if _changes(call.name)][:MOST_CALLS]
    names = {folded(call.name) for call in wanted}
    found = [_uncalled_for(call) for call in calls if folded(call.name) not in names][:1]
    for name, group in groupby(sorted(wanted, key=_name_of), key=_name_of):
        asked = list(group)
        given = [call for call in calls if folded(call.name) == name]
        found += _of_one_function(asked, given, tools)
    return found


def _of_one_function(
    asked: Sequence[Wanted], given: Sequence[Call], tools: Mapping[str, Tool]
) -> list[Difference]:
    if len(given) < len(asked):
        missing = tuple(call.name for call in asked[len(given) :])
        return [Difference(kind="count", function=asked[0].name, wanted=missing)]
    differences = [one for _, _, inner in paired(asked, given, tools) for one in inner]
    return [one for one in differences if one.kind != "spelling"]


def _name_of(call: Wanted) -> str:
    return folded(call.name)


def _changes(name: str) -> bool:
    last = name.rpartition(".")[2]
    return folded(last).partition("_")[0].lower() not in LOOKS


def _uncalled_for(call: Call) -> Difference:
    return Difference(kind="needless", function=call.name, place=(call.start, call.end))
