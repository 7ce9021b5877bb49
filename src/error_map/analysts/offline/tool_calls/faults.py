"""The one thing that is wrong with the calls of an output, structure before content."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ..detector import Case
from .dialogue import course_differences
from .differences import FIRST, Difference, paired, unfit
from .expected import REMEMBERED, Expected, Wanted, expected_calls
from .parsed import Made, calls_made
from .syntax import Call, folded
from .tools import Tool, offered_tools

MOST_PEERS: Final = 3
"""Correct answers that may excuse a difference by having it too."""
_AS_A_WHOLE: Final = frozenset({"order", "spelling", "wrapped"})
"""What the scorer does not mind in one correct answer, it does not mind at all."""
_SEQUENCE: Final = re.compile(
    r"\b(?:then|afterwards|in (?:this|that|the following|sequence|order)|first\b.{0,200}?\bthen"
    r"|step by step|sequentially|followed by)\b",
    re.IGNORECASE | re.DOTALL,
)
_QUESTION_CHARS: Final = 4_000


def fault_of(case: Case) -> Difference | None:
    """What is wrong with the calls; None where nothing is, or the task is not one of tool calls."""
    task = _task(case.prompt, case.reference)
    if task is None or not case.output.strip():
        return None
    peers = case.correct_outputs[:MOST_PEERS]
    referenced = case.profile.rows > 0
    return _fault(task, case.output, peers=peers, referenced=referenced)


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """What an example offers and wants; the same object for the same example."""

    tools: Mapping[str, Tool]
    wanted: Expected | None
    """None where there is no reference, and the schemas alone tell that calls are wanted."""
    in_sequence: bool
    """Whether the order of the calls matters."""


@lru_cache(maxsize=REMEMBERED)
def _task(prompt: str, reference: str | None) -> Task | None:
    tools = offered_tools(prompt)
    wanted = expected_calls(reference, prompt, tools)
    if wanted is None and not _all_by_schema(reference, tools):
        return None
    ordered = wanted is not None and not wanted.listed
    sequence = ordered and _SEQUENCE.search(prompt[-_QUESTION_CHARS:]) is not None
    return Task(tools, wanted, sequence)


@lru_cache(maxsize=4)
def _fault(
    task: Task, output: str, *, peers: tuple[str, ...], referenced: bool
) -> Difference | None:
    tools, wanted = task.tools, task.wanted
    names = {*tools, *(folded(call.name) for call in wanted.calls)} if wanted else set(tools)
    made = calls_made(output, names)
    if wanted is None:
        return _by_schema(made, tools, _read(peers, names), referenced=referenced)
    found = differences(task, wanted, made)
    known = (
        {one.key for peer in _read(peers, names) for one in differences(task, wanted, peer)}
        if found
        else set()
    )
    kinds = {key[0] for key in known} & _AS_A_WHOLE
    left = [one for one in found if one.key not in known and one.kind not in kinds]
    return left[0] if left else None


def _all_by_schema(reference: str | None, tools: Mapping[str, Tool]) -> bool:
    """Whether schemas alone tell that calls are wanted: no reference, and no mere signatures."""
    none = reference is None or not reference.strip()
    return none and any(not tool.signature for tool in tools.values())


def _read(outputs: Sequence[str], names: set[str]) -> list[Made]:
    return [calls_made(output, names) for output in outputs if output.strip()]


def differences(task: Task, wanted: Expected, made: Made) -> list[Difference]:
    """All that is wrong, structure before content."""
    if wanted.trace or made.trace:
        found = course_differences(wanted.calls, made.calls, task.tools)
    elif made.broken:
        found = [_broken(made) if wanted.calls else _needless(made)]
    elif not wanted.calls:
        found = [_needless(made)] if made.calls else []
    elif not made.calls:
        found = [Difference(kind="none", function="", wanted=wanted.calls)]
    elif len(wanted.calls) != len(made.calls):
        found = [_miscounted(wanted, made)]
    else:
        found = _call_by_call(task, wanted, made)
    return sorted(found, key=lambda one: FIRST.index(one.kind))


def _call_by_call(task: Task, wanted: Expected, made: Made) -> list[Difference]:
    pairs = paired(wanted.calls, made.calls, task.tools)
    found = [one for _, _, inner in pairs for one in inner]
    if wanted.listed:  # who lists allowed values compares them without case and punctuation
        found = [one for one in found if one.kind != "spelling"]
    places = [column for _, column, _ in pairs]
    if places != sorted(places) and task.in_sequence:
        found.append(_out_of_order(wanted, made.calls))
    if made.wrapped:
        found.append(Difference(kind="wrapped", function=wanted.calls[0].name))
    return found


def _broken(made: Made) -> Difference:
    place = (made.broken_at, made.broken_at + 80)
    return Difference(kind="broken", function="", got=made.broken, place=place)


def _needless(made: Made) -> Difference:
    first = made.calls[0] if made.calls else None
    return Difference(
        kind="needless",
        function=first.name if first else "",
        place=(first.start, first.end) if first else (made.broken_at, made.broken_at + 80),
    )


def _miscounted(wanted: Expected, made: Made) -> Difference:
    place = (made.calls[0].start, made.calls[-1].end)
    return Difference(
        kind="count",
        function=wanted.calls[0].name,
        got=tuple(call.name for call in made.calls),
        wanted=tuple(call.name for call in wanted.calls),
        place=place,
    )


def _out_of_order(wanted: Expected, calls: Sequence[Call]) -> Difference:
    return Difference(
        kind="order",
        function=wanted.calls[0].name,
        got=tuple(call.name for call in calls),
        wanted=tuple(call.name for call in wanted.calls),
        place=(calls[0].start, calls[-1].end),
    )


def _by_schema(
    made: Made, tools: Mapping[str, Tool], peers: Sequence[Made], *, referenced: bool
) -> Difference | None:
    """What the schemas and correct answers of other models tell where there is no reference."""
    calling = [peer for peer in peers if peer.calls]
    if made.broken:
        return _broken(made)
    if not made.calls:
        wanted = tuple(Wanted(call.name, {}) for call in calling[0].calls) if calling else ()
        all_call = bool(calling) and len(calling) == len(peers)
        return Difference(kind="none", function="", wanted=wanted) if all_call else None
    found = [one for call in made.calls for one in unfit(call, tools)]
    known = {one.key for peer in calling for call in peer.calls for one in unfit(call, tools)}
    left = sorted(
        (one for one in found if one.key not in known), key=lambda one: FIRST.index(one.kind)
    )
    if peers and not calling:
        return _needless(made)
    if left:
        return left[0]
    return _needless(made) if referenced and not peers else None
