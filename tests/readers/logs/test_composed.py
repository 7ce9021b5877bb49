"""Conversations of logs as texts."""

from error_map.readers.logs.composed import transcript_of
from error_map.records import Turn


def test_a_transcript_shows_empty_replies_and_replies_of_unnamed_tools() -> None:
    turns = [Turn(role="tool", tool="add"), Turn(role="tool", result="whose?")]

    transcript = transcript_of(turns)

    assert transcript.text == "[turn 1, tool add]\n\n\n[turn 2, tool]\nwhose?"
