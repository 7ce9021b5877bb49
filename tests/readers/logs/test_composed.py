"""Conversations of logs as turns and as texts."""

from error_map.readers.logs.composed import transcript_of, turns_of
from error_map.records import Turn


def test_each_call_of_a_message_is_a_turn_after_its_text() -> None:
    calls = [
        {"id": "1", "function": {"name": "add", "arguments": '{"a": 1}'}},
        {"id": "2", "name": "sub", "arguments": {"b": 2}},
    ]

    turns = turns_of([{"role": "assistant", "content": "I look.", "tool_calls": calls}])

    assert turns == (
        Turn(role="assistant", text="I look."),
        Turn(role="assistant", tool="add", arguments='{"a": 1}'),
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


def test_a_transcript_shows_empty_replies_and_replies_of_unnamed_tools() -> None:
    turns = [Turn(role="tool", tool="add"), Turn(role="tool", result="whose?")]

    transcript = transcript_of(turns)

    assert transcript.text == "[turn 1, tool add]\n\n\n[turn 2, tool]\nwhose?"
