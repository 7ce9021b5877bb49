"""Alignment of calls and the differences between a call and the expected one."""

from collections.abc import Mapping
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from error_map.analysts.offline.tool_calls.differences import (
    MAX_ALIGNED_CALLS,
    Difference,
    FaultKind,
    align_calls,
    by_importance,
    call_differences,
    schema_violations,
)
from error_map.analysts.offline.tool_calls.expected import ExpectedCall
from error_map.analysts.offline.tool_calls.syntax import Call
from error_map.analysts.offline.tool_calls.tools import Tool

WEIGH = Tool(
    "weigh", {"sack": {"type": "string"}, "kilos": {"type": "integer"}}, frozenset({"sack"})
)
TOOLS = {"weigh": WEIGH}
NAMES = st.sampled_from(["weigh", "grind", "sift"])
CALLS = st.lists(
    st.builds(
        lambda name, arguments: Call(name=name, arguments=arguments),
        NAMES,
        st.dictionaries(st.sampled_from("abc"), st.integers(0, 3), max_size=3),
    ),
    min_size=1,
    max_size=5,
)


def exactly(call: Call) -> ExpectedCall:
    return ExpectedCall(call.name, {key: (value,) for key, value in call.arguments.items()})


@given(CALLS, st.randoms())
@settings(max_examples=50)
def test_calls_in_another_order_are_aligned_without_a_difference(
    calls: list[Call], rng: Random
) -> None:
    shuffled = list(calls)
    rng.shuffle(shuffled)

    aligned = align_calls([exactly(call) for call in calls], shuffled, {})

    assert [row for row, _, _ in aligned] == list(range(len(calls)))
    assert sorted(column for _, column, _ in aligned) == list(range(len(calls)))
    assert all(differences == [] for _, _, differences in aligned)


@given(CALLS, CALLS)
@settings(max_examples=50)
def test_every_call_is_aligned_at_most_once(expected: list[Call], calls: list[Call]) -> None:
    aligned = align_calls([exactly(call) for call in expected], calls, {})

    assert len(aligned) == min(len(expected), len(calls))
    assert len({row for row, _, _ in aligned}) == len(aligned)
    assert len({column for _, column, _ in aligned}) == len(aligned)


def test_many_calls_are_compared_in_their_order() -> None:
    calls = [Call(name=f"f{n}") for n in range(MAX_ALIGNED_CALLS + 1)]

    aligned = align_calls([exactly(call) for call in calls], calls[::-1], {})

    assert [(row, column) for row, column, _ in aligned] == [(n, n) for n in range(len(calls))]


@pytest.mark.parametrize(
    ("arguments", "kinds"),
    [
        ({"sack": "A"}, []),
        ({"sack": "A", "kilos": 5}, []),
        ({}, ["missing"]),
        ({"sack": "B"}, ["value"]),
        ({"sack": "a"}, ["spelling"]),
        ({"sack": ["A"]}, ["type"]),
        ({"sack": "A", "kilos": 5.0}, ["type"]),
        ({"sack": "A", "speed": 1}, ["extra"]),
        ({"sack": "A", "kilos": None}, []),
    ],
)
def test_a_call_differs_by_argument(arguments: Mapping[str, object], kinds: list[str]) -> None:
    expected = ExpectedCall("weigh", {"sack": ("A",), "kilos": (5,)}, frozenset({"kilos"}))

    differences = call_differences(expected, Call(name="weigh", arguments=arguments), TOOLS)

    assert [difference.kind for difference in differences] == kinds


def test_a_default_value_is_no_extra_argument() -> None:
    tool = Tool("weigh", {"sack": {}, "unit": {"default": "kg"}})
    expected = ExpectedCall("weigh", {"sack": ("A",)})

    for unit, kinds in (("kg", []), ("lb", ["extra"])):
        call = Call(name="weigh", arguments={"sack": "A", "unit": unit})
        differences = call_differences(expected, call, {"weigh": tool})
        assert [difference.kind for difference in differences] == kinds


def test_another_function_is_the_only_difference() -> None:
    (difference,) = call_differences(ExpectedCall("grind", {"a": (1,)}), Call(name="sift"), TOOLS)

    assert (difference.kind, difference.note) == ("name", "unknown")


@pytest.mark.parametrize(
    ("call", "kinds"),
    [
        (Call(name="weigh", arguments={"sack": "A"}), []),
        (Call(name="weigh", positional=("A", 5)), []),
        (Call(name="weigh"), ["missing"]),
        (Call(name="weigh", arguments={"sack": 3}), ["type"]),
        (Call(name="weigh", arguments={"sack": "A", "speed": 1}), ["extra"]),
        (Call(name="sift"), ["name"]),
    ],
)
def test_a_schema_alone_shows_what_is_wrong(call: Call, kinds: list[str]) -> None:
    assert [violation.kind for violation in schema_violations(call, TOOLS)] == kinds


def test_structure_is_more_important_than_content() -> None:
    kinds: tuple[FaultKind, ...] = ("wrapped", "value", "missing", "name")

    ordered = by_importance(Difference(kind=kind, function="f") for kind in kinds)

    assert [difference.kind for difference in ordered] == list(reversed(kinds))
