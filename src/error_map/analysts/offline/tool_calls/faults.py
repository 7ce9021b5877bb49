"""Finds the most important fault of the tool calls in an output."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from ..detector import Case
from .dialogue import dialogue_differences
from .differences import (
    Difference,
    Leniency,
    align_calls,
    by_importance,
    count_difference,
    schema_violations,
)
from .expected import CACHE_SIZE, Expectation, ExpectedCall, expected_calls
from .parsed import ParsedCalls, form_of, parse_calls
from .syntax import Call, normalized_name
from .tools import Tool, offered_tools

# A case carries at most three correct outputs, and the check costs as much again for each.
MAX_PEERS: Final = 3
"""Correct answers of other models whose differences are excused."""
_EXCUSED_AS_A_KIND: Final = frozenset({"order", "spelling", "wrapped"})
"""Kinds that the scorer ignores altogether if it accepted one of them in a correct answer."""
_SEQUENCE: Final = re.compile(
    r"\b(?:then|afterwards|in (?:this|that|the following|sequence|order)|first\b.{0,200}?\bthen"
    r"|step by step|sequentially|followed by)\b",
    re.IGNORECASE | re.DOTALL,
)
# Functions that models make up in order to call none.
_DECLINES: Final = re.compile(
    r"(?:no|not|none|null|out_of|irrelevant)(?:_[a-z_]{1,40})?|no(?:Function|Tool|Call)\w{0,20}"
)
_TYPED_AS_TEXT: Final = re.compile(
    r"\bJava(?:Script)? (?:\d+ )?(?:SDK )?syntax|[\"']type[\"']: ?[\"'](?:any|String|Boolean"
    r"|HashMap|Hashtable|ArrayList|Array|Bigint|Queue|Stack|char)[\"']"
)
"""Tools in Java or JavaScript, whose arguments BFCL has models write as text."""
_LENIENT_IF_TEXT: Final = frozenset({"text", "spelling", "word"})
# The user's request follows the tool schemas, whose descriptions also say "then".
_REQUEST_CHARS: Final = 4_000
_QUOTED_CHARS: Final = 80
"""Characters quoted as evidence of a call that cannot be parsed, whose end is unknown."""


def find_fault(case: Case) -> Difference | None:
    """The most important fault of the calls; None if there is none or no calls are expected."""
    task = _task(case.prompt, case.reference)
    if task is None or not case.output.strip():
        return None
    peers = case.correct_outputs[:MAX_PEERS]
    profile = case.profile
    scoring = CallScoring(
        profile.call_leniencies,
        profile.rejected_call_forms,
        profile.usual_call_form,
    )
    return _find_fault(task, case.output, peers=peers, referenced=profile.rows > 0, scoring=scoring)


def expects_calls(prompt: str, reference: str | None) -> bool:
    """Whether the reference of an example consists of tool calls."""
    task = _task(prompt, reference)
    return task is not None and task.expectation is not None and bool(task.expectation.calls)


def scoring_of(
    prompt: str, output: str, reference: str | None
) -> tuple[str, frozenset[Leniency]] | None:
    """The form of an output's calls, and the differences that some scorers accept.

    None if there are no well-formed calls, or if they differ in what no scorer accepts.
    """
    task = _task(prompt, reference)
    if task is None or task.expectation is None or not expects_calls(prompt, reference):
        return None
    parsed = parse_calls(output, _names(task))
    if parsed.has_tool_results or not parsed.calls:
        return None
    differences = _differences(task, task.expectation, parsed)
    if any(not one.leniency for one in differences):
        return None
    return form_of(parsed), frozenset(one.leniency for one in differences)


@dataclass(frozen=True, slots=True)
class CallScoring:
    """What is known of the scorer of a dataset's tool calls: see the fields of `Profile`."""

    leniencies: tuple[str, ...] = ()
    rejected_forms: tuple[str, ...] = ()
    usual_form: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class ToolTask:
    """The tools that an example offers and the calls it expects; one object per example."""

    tools: Mapping[str, Tool]
    expectation: Expectation | None
    """None without a reference: the output is then checked against the tool schemas alone."""
    in_sequence: bool
    """Whether the order of the calls matters."""
    typed_as_text: bool
    """Whether values may be written as text, such as `"3"` for 3."""


@lru_cache(maxsize=CACHE_SIZE)
def _task(prompt: str, reference: str | None) -> ToolTask | None:
    tools = offered_tools(prompt)
    expectation = expected_calls(reference, prompt, tools)
    if expectation is None and not _checked_by_schema(reference, tools):
        return None
    exact = expectation is not None and not expectation.lists_allowed_values
    sequence = exact and _SEQUENCE.search(prompt[-_REQUEST_CHARS:]) is not None
    return ToolTask(tools, expectation, sequence, _TYPED_AS_TEXT.search(prompt) is not None)


# All twelve detectors examine one case in succession; a few entries serve interleaved callers.
@lru_cache(maxsize=4)
def _find_fault(
    task: ToolTask,
    output: str,
    *,
    peers: tuple[str, ...],
    referenced: bool,
    scoring: CallScoring,
) -> Difference | None:
    tools, expectation = task.tools, task.expectation
    names = _names(task)
    parsed = parse_calls(output, names)
    if expectation is None:
        peer_calls = _parse_peers(peers, names)
        return _fault_by_schema(parsed, tools, peer_calls, referenced=referenced)
    if expectation.calls and parsed.calls and form_of(parsed) in scoring.rejected_forms:
        return _in_rejected_form(parsed, scoring)
    differences = _differences(task, expectation, parsed)
    excused = (
        {
            difference.key
            for peer in _parse_peers(peers, names)
            for difference in _differences(task, expectation, peer)
        }
        if differences
        else set()
    )
    kinds = {key[0] for key in excused} & _EXCUSED_AS_A_KIND
    remaining = (
        difference
        for difference in differences
        if difference.key not in excused
        and difference.kind not in kinds
        and difference.leniency not in scoring.leniencies
    )
    return next(remaining, None)


def _names(task: ToolTask) -> set[str]:
    """Normalized names of the functions that are offered or expected."""
    expected = task.expectation.calls if task.expectation else ()
    return {*task.tools, *(normalized_name(call.name) for call in expected)}


def _in_rejected_form(parsed: ParsedCalls, scoring: CallScoring) -> Difference:
    return Difference(
        kind="form",
        function=parsed.calls[0].name,
        got=form_of(parsed),
        expected=(scoring.usual_form,),
        span=(parsed.calls[0].start, parsed.calls[-1].end),
    )


def _checked_by_schema(reference: str | None, tools: Mapping[str, Tool]) -> bool:
    """Whether to check calls by schema alone: no reference, and more than Python signatures."""
    missing = reference is None or not reference.strip()
    return missing and any(not tool.from_signature for tool in tools.values())


def _parse_peers(outputs: Sequence[str], names: set[str]) -> list[ParsedCalls]:
    return [parse_calls(output, names) for output in outputs if output.strip()]


def _differences(task: ToolTask, expectation: Expectation, parsed: ParsedCalls) -> list[Difference]:
    """All differences from the expected calls, structure before content."""
    if expectation.is_dialogue or parsed.has_tool_results:
        differences = dialogue_differences(expectation.calls, parsed, task.tools)
    elif not expectation.calls:
        differences = [_needless(parsed)] if _makes_call(parsed, task.tools) else []
    else:
        calls = _calls_meant(parsed, len(expectation.calls))
        if (parsed.error or parsed.quoted) and not calls:
            differences = [_broken(parsed)]
        elif not calls:
            differences = [Difference(kind="none", function="", expected=expectation.calls)]
        elif len(expectation.calls) != len(calls):
            differences = [count_difference(expectation.calls, calls, task.tools)]
        else:
            differences = _differences_by_call(task, expectation, replace(parsed, calls=calls))
    return by_importance(differences)


def _makes_call(parsed: ParsedCalls, tools: Mapping[str, Tool]) -> bool:
    """Whether there is a call, rather than one that the output explains or declines with.

    On 2024 results of BFCL, 751 of 883 answers with a call behind other text count as none.
    """
    if not parsed.calls or parsed.after_text or _DECLINES.fullmatch(parsed.calls[0].name):
        return False
    return not parsed.in_prose or normalized_name(parsed.calls[0].name) in tools


def _calls_meant(parsed: ParsedCalls, count: int) -> tuple[Call, ...]:
    """The calls to compare: all, or those of the first block if they are as many as expected.

    Outputs that continue with text repeat their calls in explanations and examples. Without that
    text, all calls are meant. Empty if one is malformed, unless the first block is complete.
    """
    calls = () if parsed.error else parsed.calls
    further_text = parsed.in_prose or parsed.error
    if len(calls) == count or not parsed.first_block or not further_text:
        return calls
    if parsed.first_block == count:
        return parsed.calls[:count]
    distinct = {
        (call.name, repr(call.arguments), repr(call.positional)): call for call in reversed(calls)
    }
    return tuple(reversed(distinct.values())) if len(distinct) == count else calls


def _differences_by_call(
    task: ToolTask, expectation: Expectation, parsed: ParsedCalls
) -> list[Difference]:
    aligned = align_calls(expectation.calls, parsed.calls, task.tools)
    differences = [difference for _, _, of_pair in aligned for difference in of_pair]
    if expectation.lists_allowed_values:
        # The checker of BFCL, whose references list allowed values, ignores them.
        differences = [one for one in differences if one.leniency != "loose"]
    if task.typed_as_text:
        differences = [one for one in differences if one.leniency not in _LENIENT_IF_TEXT]
    indices = [index for _, index, _ in aligned]
    if indices != sorted(indices) and task.in_sequence:
        differences.append(_out_of_order(expectation, parsed.calls))
    # Scorers of bare calls parse the whole output, so that text around it breaks them.
    if parsed.in_prose:
        differences.append(
            Difference(kind="wrapped", function=expectation.calls[0].name, leniency="wrapped")
        )
    return differences


def _broken(parsed: ParsedCalls) -> Difference:
    start = parsed.error_at if parsed.error else parsed.quoted_at
    span = (start, start + _QUOTED_CHARS)
    return Difference(kind="broken", function="", got=parsed.error or parsed.quoted, span=span)


def _needless(parsed: ParsedCalls) -> Difference:
    first = parsed.calls[0]
    return Difference(kind="needless", function=first.name, span=(first.start, first.end))


def _out_of_order(expectation: Expectation, calls: Sequence[Call]) -> Difference:
    return Difference(
        kind="order",
        function=expectation.calls[0].name,
        got=tuple(call.name for call in calls),
        expected=tuple(call.name for call in expectation.calls),
        leniency="order",
        span=(calls[0].start, calls[-1].end),
    )


def _fault_by_schema(
    parsed: ParsedCalls,
    tools: Mapping[str, Tool],
    peers: Sequence[ParsedCalls],
    *,
    referenced: bool,
) -> Difference | None:
    """The fault by tool schemas and peer answers, where there is no reference."""
    calling = [peer for peer in peers if peer.calls]
    # In a dialogue of several turns models correct such faults, and peers take other ways.
    if parsed.has_tool_results:
        return None
    if parsed.error:
        return _broken(parsed)
    if not parsed.calls:
        names = [call.name for call in calling[0].calls] if calling else []
        expected = tuple(ExpectedCall(name, {}) for name in names)
        all_call = bool(calling) and len(calling) == len(peers)
        return Difference(kind="none", function="", expected=expected) if all_call else None
    violations = [one for call in parsed.calls for one in schema_violations(call, tools)]
    excused = {
        violation.key
        for peer in calling
        for call in peer.calls
        for violation in schema_violations(call, tools)
    }
    remaining = by_importance(one for one in violations if one.key not in excused)
    # All peers solved the task without a call.
    if peers and not calling:
        return _needless(parsed)
    if remaining:
        return remaining[0]
    return _needless(parsed) if referenced and not peers else None
