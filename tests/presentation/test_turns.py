"""Quotations are attributed to the turns that contain them."""

from hypothesis import given
from hypothesis import strategies as st

from error_map.presentation.turns import evidence_turns, quoted_turns, turns_phrase
from error_map.readers.logs.composed import transcript_of
from error_map.records import Criterion, Evidence, FailureRow, Finding, Turn, turn_at, turn_starts
from tests.support import a_key

TALK = transcript_of(
    [
        Turn(role="user", text="[turn 9, tool] is no heading"),
        Turn(role="assistant", text="I add.", tool="add", arguments="{}"),
        Turn(role="tool", tool="add", error="no b"),
        Turn(role="assistant", text="I add again."),
    ]
)
STARTS = turn_starts(TALK.text, TALK.composed)


def test_only_headings_that_a_reader_wrote_begin_a_turn() -> None:
    assert len(STARTS) == 4
    assert turn_at(STARTS, TALK.text.index("is no heading")) == 1
    assert turn_at(STARTS, TALK.text.index("no b")) == 3
    assert turn_starts("[turn 1, user]\nHi", ()) == ()


def test_a_quotation_is_in_every_turn_that_has_it() -> None:
    assert quoted_turns("I add", TALK.text, STARTS) == (2, 4)
    assert quoted_turns("no b", TALK.text, STARTS) == (3,)
    assert quoted_turns("no  b", TALK.text, STARTS) == (3,)
    assert quoted_turns("never", TALK.text, STARTS) == ()
    assert quoted_turns("", TALK.text, STARTS) == ()
    assert quoted_turns("I add", TALK.text, ()) == ()


def test_a_quotation_of_many_turns_names_a_few() -> None:
    many = transcript_of([Turn(role="assistant", text="yes")] * 500)
    turns = quoted_turns("yes", many.text, turn_starts(many.text, many.composed))

    assert turns == (1, 2, 3, 4)
    assert turns_phrase(turns) == "turns 1, 2, 3 and more"


@given(st.lists(st.text("ab[]turn 1,\n", max_size=12), min_size=1, max_size=9), st.data())
def test_every_offset_of_a_transcript_is_in_its_turn(texts: list[str], data: st.DataObject) -> None:
    whole = transcript_of([Turn(role="user", text=text) for text in texts])
    starts = turn_starts(whole.text, whole.composed)
    number = data.draw(st.integers(1, len(texts)))

    assert len(starts) == len(texts)
    assert turn_at(starts, starts[number - 1]) == number
    assert turn_at(starts, starts[number - 1] - 1) in {number - 1, None}


def a_page(**more: object) -> FailureRow:
    return FailureRow(number=0, key=a_key(), output=TALK.text, composed=TALK.composed, **more)  # type: ignore[arg-type]  # fields by name


def test_the_evidence_of_the_deciding_finding_comes_before_a_judges() -> None:
    start = TALK.text.index("no b")
    finding = Finding(
        detector="d",
        kind="cause",
        title="t",
        summary="s",
        evidence=(Evidence("no b", start, start + 4),),
        confidence=0.9,
    )
    criterion = Criterion(
        criterion="c", present_in_wrong=True, quality="incorrect", evidence="I add", comment=""
    )

    assert evidence_turns(a_page(findings=(finding,), criteria=(criterion,))) == (3,)
    assert evidence_turns(a_page(criteria=(criterion,))) == (2, 4)
