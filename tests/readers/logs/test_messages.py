"""Messages of several interfaces as turns."""

from error_map.readers.logs.messages import turns_of
from error_map.records import Turn


def test_each_call_of_a_message_is_a_turn_and_the_first_one_has_its_text() -> None:
    calls = [
        {"id": "1", "function": {"name": "add", "arguments": '{"a": 1}'}},
        {"id": "2", "name": "sub", "arguments": {"b": 2}},
    ]

    turns = turns_of([{"role": "assistant", "content": "I look.", "tool_calls": calls}])

    assert turns == (
        Turn(role="assistant", text="I look.", tool="add", arguments='{"a": 1}'),
        Turn(role="assistant", tool="sub", arguments='{"b": 2}'),
    )


def test_replies_of_tools_have_the_name_of_the_tool_that_was_called() -> None:
    call = {"id": "c1", "function": {"name": "add", "arguments": "{}"}}
    replies = [
        {"role": "tool", "tool_call_id": "c1", "content": "2"},
        {"role": "tool", "id": "c1", "content": "no such id", "error": True},
        {"role": "tool", "function": "sub", "content": "", "error": {"message": "too slow"}},
        {"role": "tool", "content": "whose?"},
    ]

    turns = turns_of([{"role": "assistant", "content": None, "tool_calls": [call]}, *replies])

    assert turns[1:] == (
        Turn(role="tool", tool="add", result="2"),
        Turn(role="tool", tool="add", error="no such id"),
        Turn(role="tool", tool="sub", error="too slow"),
        Turn(role="tool", result="whose?"),
    )


def test_a_result_names_its_call_in_a_list_and_may_have_a_text_and_an_error() -> None:
    call = {"id": "c1", "function": "add", "arguments": None}
    replies = [
        {"role": "tool", "tool_call_id": ["c1", "c2"], "content": "2"},
        {"role": "tool", "content": "half", "error": "too slow"},
        {"role": "tool", "content": "too slow", "error": {"message": "too slow"}},
    ]

    turns = turns_of([{"role": "assistant", "tool_calls": [call]}, *replies])

    assert turns == (
        Turn(role="assistant", tool="add", arguments="{}"),
        Turn(role="tool", tool="add", result="2"),
        Turn(role="tool", result="half", error="too slow"),
        Turn(role="tool", error="too slow"),
    )


def test_reasoning_is_a_turn_and_an_empty_reply_is_one_too() -> None:
    thought = {"type": "reasoning", "reasoning": "Hm."}
    call = {"type": "tool_use", "id": "c1", "name": "add", "input": {"a": 1}}
    result = {"type": "tool_result", "tool_use_id": "c0", "content": "1", "is_error": True}

    turns = turns_of(
        [
            {"role": "assistant", "content": [thought]},
            {"role": "user", "content": [result, call]},
            {"role": "assistant", "content": ""},
        ]
    )

    assert turns == (
        Turn(role="reasoning", text="Hm."),
        Turn(role="tool", error="1"),
        Turn(role="user", tool="add", arguments='{"a": 1}'),
        Turn(role="assistant"),
    )
