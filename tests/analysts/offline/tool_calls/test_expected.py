"""Expected calls from references in their usual forms, tools from prompts, calls from data."""

import json

import pytest

from error_map.analysts.offline.tool_calls.dialogue import dialogue_differences
from error_map.analysts.offline.tool_calls.expected import (
    ExpectedCall,
    arguments_by_name,
    expected_calls,
)
from error_map.analysts.offline.tool_calls.json_shapes import calls_in
from error_map.analysts.offline.tool_calls.parsed import ParsedCalls
from error_map.analysts.offline.tool_calls.syntax import Call
from error_map.analysts.offline.tool_calls.tools import Tool, offered_tools
from error_map.analysts.offline.values.literals import UnreadableError

WEIGH = {
    "name": "weigh",
    "description": "Weighs.",
    "parameters": {"type": "object", "properties": {"sack": {"type": "string"}}},
}
PROMPT = f"Tools: {json.dumps([WEIGH])}\nWeigh sack A."


def _listed(*allowed: str, optional: bool = False) -> ExpectedCall:
    left_out = frozenset({"sack"} if optional else ())
    return ExpectedCall("weigh", {"sack": allowed}, left_out, lists_values=True)


EXACTLY_A = (ExpectedCall("weigh", {"sack": ("A",)}),)


@pytest.mark.parametrize(
    ("reference", "calls"),
    [
        ("weigh(sack='A')", EXACTLY_A),
        ("[weigh(sack='A')]", EXACTLY_A),
        ("weigh('A')", EXACTLY_A),
        ("Answer: [weigh(sack='A')]", EXACTLY_A),
        ('{"name": "weigh", "arguments": {"sack": "A"}}', EXACTLY_A),
        ('[{"weigh": {"sack": ["A", "a"]}}]', (_listed("A", "a"),)),
        ('{"weigh": {"sack": ["A", ""]}}', (_listed("A", "", optional=True),)),
        (
            '{"weigh_1": {"sack": ["A"]}, "weigh_2": {"sack": ["B"]}}',
            (_listed("A"), _listed("B")),
        ),
        ('{"weigh 1": {"sack": ["A"]}}', (_listed("A"),)),
        ('[{"weigh": {"sack": ["A"]}}, {"weigh": {"sack": ["B"]}}]', (_listed("A"), _listed("B"))),
        ("No function call is needed.", ()),
        ("[]", ()),
    ],
)
def test_a_reference_in_any_usual_form_names_its_calls(
    reference: str, calls: tuple[ExpectedCall, ...]
) -> None:
    expectation = expected_calls(reference, PROMPT, offered_tools(PROMPT))

    assert expectation is not None
    assert expectation.calls == calls


def test_functions_whose_names_end_in_numbers_keep_them() -> None:
    tools = {"gauge_1": Tool("gauge_1"), "gauge_2": Tool("gauge_2")}
    reference = '{"gauge_1": {"x": [1]}, "gauge_2": {"x": [2]}}'

    expectation = expected_calls(reference, "", tools)

    assert expectation is not None
    assert [call.name for call in expectation.calls] == ["gauge_1", "gauge_2"]


def test_numbered_calls_are_read_without_tools_too() -> None:
    expectation = expected_calls('{"f_1": {"x": [1]}, "f_2": {"x": [2]}}', "", {})

    assert expectation is not None
    assert [call.name for call in expectation.calls] == ["f", "f"]


@pytest.mark.parametrize(
    "reference", ['{"people": {"name": ["Ann"]}, "towns": {"name": ["Oslo"]}}', '{"a_1": {}}']
)
def test_data_with_several_keys_are_no_calls(reference: str) -> None:
    assert expected_calls(reference, PROMPT, offered_tools(PROMPT)) is None
    assert expected_calls(reference, "", {}) is None


@pytest.mark.parametrize("reference", [None, "", "A", "f(x) = 2x", "[1, 2]", "weigh(sack='A'"])
def test_other_references_expect_no_calls(reference: str | None) -> None:
    assert expected_calls(reference, PROMPT, offered_tools(PROMPT)) is None


def test_actions_are_those_of_a_dialogue() -> None:
    reference = '{"expected_actions": [{"name": "weigh", "kwargs": {"sack": "A"}}]}'

    expectation = expected_calls(reference, "Weigh it.", {})

    assert expectation is not None
    assert expectation.is_dialogue
    assert expectation.calls == EXACTLY_A


def test_a_default_value_of_the_reference_may_be_omitted() -> None:
    tools = {"weigh": Tool("weigh", {"sack": {}, "unit": {"default": "kg"}})}

    expectation = expected_calls("weigh(sack='A', unit='kg')", "", tools)

    assert expectation is not None
    assert expectation.calls[0].optional == {"unit"}


def test_positional_arguments_get_the_names_of_the_parameters() -> None:
    call = Call(name="f", positional=(1, 2, 3), arguments={"z": 4})

    assert arguments_by_name(call, ("a", "b")) == {"a": 1, "b": 2, "#3": 3, "z": 4}
    assert arguments_by_name(Call(name="f", positional=({"a": 1},)), ("a",)) == {"a": 1}


@pytest.mark.parametrize(
    ("prompt", "required", "closed"),
    [
        ('{"name": "f", "parameters": {"properties": {"a": {}}, "required": ["a"]}}', {"a"}, True),
        (
            (
                '{"name": "f", "parameters": {"properties": {"a": {"required": true}},'
                ' "additionalProperties": true}}'
            ),
            {"a"},
            False,
        ),
        ('{"name": "f", "description": "F.", "parameters": [{"name": "a"}]}', set(), True),
        ('{"name": "f", "required_parameters": [{"name": "a"}]}', {"a"}, True),
        ("def f(a, b=2):", {"a"}, True),
        ("def f(a: int, b: str = 'x') -> str:", {"a"}, True),
        ("def f(\n    a: List[Dict[str, int]],\n    b: int | None = None,\n):", {"a"}, True),
        ("def f(a: Literal['x', 'y'], *, b: Optional[str] = None, c: float = 1.5)", {"a"}, True),
        ("def f(self, a: Callable[[int], str], b=2, /):", {"a"}, True),
        ("def f(a: int, *more: str):", {"a"}, False),
        ("def f(self, a=1, **more):", set(), False),
        ('{"name": "f", "description": "F."}', set(), False),
    ],
)
def test_a_tool_has_its_required_parameters(
    prompt: str, required: set[str], *, closed: bool
) -> None:
    tool = offered_tools(prompt)["f"]

    assert tool.required == required
    assert tool.closed is closed


def test_a_prompt_without_schemas_offers_no_tools() -> None:
    assert offered_tools('The record is {"name": "Ann", "age": 4}.') == {}


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ([{"name": "f", "arguments": {}}, "and then", {"name": "g", "args": "{}"}], ["f", "g"]),
        ([{"type": "text", "text": "So:"}, {"type": "tool_use", "name": "f", "input": {}}], ["f"]),
        (["known", {"a": 1}], ["known"]),
        (["f(a=1), g()", "h()"], ["f", "g", "h"]),
        ({"tool_calls": []}, []),
        ({"tool_calls": [{"function": {"name": "f", "arguments": "{}"}}]}, ["f"]),
        (["f(a=1)", "g()"], ["f", "g"]),
        ({"known": {"a": 1}}, ["known"]),
        (Call(name="print", positional=(Call(name="f"),)), ["f"]),
    ],
)
def test_data_represents_calls(value: object, names: list[str]) -> None:
    calls = calls_in(value, {"known"})

    assert calls is not None
    assert [call.name for call in calls] == names


@pytest.mark.parametrize(
    "value", [3, [1, 2], {"f": {"a": 1}}, {"name": "f"}, {"name": "f", **WEIGH}]
)
def test_other_data_represents_none(value: object) -> None:
    assert calls_in(value, {"known"}) is None


def test_arguments_that_are_no_object_are_unreadable() -> None:
    with pytest.raises(UnreadableError, match="not an object"):
        calls_in({"name": "f", "arguments": "[1]"}, set())


def test_a_dialogue_is_compared_by_the_calls_that_change_something() -> None:
    expected = [ExpectedCall("cancel_order", {"order": (7,)})]
    looks = [Call(name="get_order", arguments={"order": 7}), Call(name="find_user")]
    cancel = Call(name="cancel_order", arguments={"order": 7})

    assert dialogue_differences(expected, ParsedCalls(calls=(*looks, cancel)), {}) == []
    kinds = {
        "count": looks,
        "needless": [cancel, Call(name="send_gift")],
        "value": [Call(name="cancel_order", arguments={"order": 8})],
    }
    for kind, calls in kinds.items():
        parsed = ParsedCalls(calls=tuple(calls))
        assert [one.kind for one in dialogue_differences(expected, parsed, {})] == [kind]
