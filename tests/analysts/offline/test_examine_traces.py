"""On transcripts, detectors read only the last message of the agent, and are silent without one."""

import pytest

from error_map.analysts.offline.answers.profiles import Profile
from error_map.analysts.offline.examine import examine
from error_map.readers.logs.composed import transcript_of
from error_map.records import (
    DatasetName,
    ExampleId,
    Failure,
    ModelName,
    Record,
    RecordKey,
    Turn,
    last_message,
)

CUT = "the folder has the following entries, which we list one by one, namely a file of sums and"


def a_failure(*turns: Turn) -> Failure:
    transcript = transcript_of(turns)
    record = Record(
        key=RecordKey(DatasetName("d"), ExampleId("e"), ModelName("m")),
        prompt="Which files are there?",
        output=transcript.text,
        score=0,
        turns=turns,
        composed=transcript.composed,
    )
    return Failure(record=record, threshold=1, weight=1)


def found(failure: Failure) -> list[str]:
    diagnosis = examine(failure, Profile(task="agent traces"))
    for finding in diagnosis.findings:
        for one in finding.evidence:
            assert failure.record.output[one.start : one.end] == one.quote
    return [finding.detector for finding in diagnosis.findings]


CALL = Turn(role="assistant", tool="ls", arguments="{}")


def test_the_reply_of_a_tool_is_no_output_that_is_cut_off() -> None:
    assert found(a_failure(CALL, Turn(role="tool", tool="ls", result=CUT))) == []


def test_a_last_message_that_is_cut_off_is_found_at_its_place() -> None:
    reply = Turn(role="tool", tool="ls", result="a.txt")

    assert found(a_failure(CALL, reply, Turn(role="assistant", text=CUT))) == ["truncated"]


@pytest.mark.parametrize(
    "result", ["still running " * 400, "I'm sorry, but I can't help with that."]
)
def test_what_tools_say_is_not_held_against_the_agent(result: str) -> None:
    reply = Turn(role="tool", tool="ls", result=result)

    assert found(a_failure(CALL, reply, Turn(role="assistant", text="It is a.txt."))) == []


@pytest.mark.parametrize(
    "last", [CALL, Turn(role="user", text="Thanks!"), Turn(role="reasoning", text="Hm")]
)
def test_only_a_text_of_the_agent_is_a_last_message(last: Turn) -> None:
    transcript = transcript_of([Turn(role="assistant", text="Hello."), last])

    assert last_message(transcript.text, transcript.composed) is None


def test_the_last_message_is_all_of_the_last_turn() -> None:
    transcript = transcript_of([CALL, Turn(role="assistant", agent="writer", text="Done.\n\nBye.")])
    span = last_message(transcript.text, transcript.composed)

    assert span is not None
    assert transcript.text[slice(*span)] == "Done.\n\nBye."
