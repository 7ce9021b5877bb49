"""Long transcripts are shortened turn by turn."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from error_map.analysts.texts import shortened
from error_map.analysts.transcripts import shortened_output
from error_map.readers.logs.composed import transcript_of
from error_map.records import DatasetName, ExampleId, ModelName, Record, RecordKey, Turn


def a_record(turns: Sequence[Turn]) -> Record:
    transcript = transcript_of(turns)
    return Record(
        key=RecordKey(DatasetName("d"), ExampleId("e"), ModelName("m")),
        prompt="Do it.",
        output=transcript.text,
        score=0,
        turns=tuple(turns),
        composed=transcript.composed,
    )


def said(text: str) -> Turn:
    return Turn(role="assistant", text=text)


def test_a_transcript_within_the_limit_is_whole() -> None:
    record = a_record([said("one"), said("two")])

    assert shortened_output(record, len(record.output)) == record.output


def test_both_ends_and_errors_are_kept_and_the_rest_is_named() -> None:
    broken = Turn(role="tool", tool="bash", error="no such file")
    turns = [said(f"step {n} " + "x" * 80) for n in range(20)]
    record = a_record([*turns[:8], broken, *turns[8:]])

    shown = shortened_output(record, 500)

    assert shown.startswith("[turn 1, assistant]\nstep 0 ")
    assert shown.endswith(record.output[-80:])
    assert "[turn 9, tool bash]\nerror: no such file" in shown
    assert "\n\n[turns 3 to 8 left out]\n\n[turn 9, tool bash]" in shown
    assert "[turns 10 to 20 left out]" not in shown
    assert len(shown) < 600


def test_of_very_many_errors_those_at_both_ends_are_kept() -> None:
    record = a_record([Turn(role="tool", tool="t", error="e" * 300)] * 500)

    shown = shortened_output(record, 4_000)

    assert shown.count("error: ") <= 14
    assert "[turn 1, tool t]" in shown
    assert "[turn 500, tool t]" in shown
    assert "of them errors]" in shown
    assert len(shown) < 5_000


def test_a_single_long_turn_is_cut_in_its_middle() -> None:
    record = a_record([said("a" * 500 + "b" * 500), said("end")])

    shown = shortened_output(record, 100)

    assert "characters left out" in shown
    assert shown.endswith("[turn 2, assistant]\nend")


def test_an_output_without_turns_is_cut_as_before() -> None:
    record = a_record([])

    assert shortened_output(record, 5) == ""
    plain = Record(key=record.key, prompt="", output="x" * 90, score=0)
    assert shortened_output(plain, 10) == shortened("x" * 90, 10)


@given(
    st.lists(st.tuples(st.integers(0, 400), st.booleans()), max_size=60),
    st.integers(1, 3_000),
)
def test_every_turn_is_shown_or_counted_as_left_out(
    sizes: list[tuple[int, bool]], limit: int
) -> None:
    turns = [
        Turn(role="tool", tool="t", error="e" * size or "e") if failed else said("x" * size)
        for size, failed in sizes
    ]
    record = a_record(turns)

    shown = shortened_output(record, limit)

    notes = 80 * (len(turns) + 1)
    assert len(shown) <= max(limit, 1) + notes
    if len(record.output) <= limit:
        assert shown == record.output
