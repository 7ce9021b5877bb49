"""Messages between a run and its workers: what is sent is what arrives."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from error_map.analysts.offline.answers.profiles import Profile, Profiles
from error_map.analysts.offline.workers.frames import (
    PREFIX_BYTES,
    Briefing,
    dump_briefing,
    dump_diagnoses,
    dump_failures,
    framed,
    load_briefing,
    load_diagnoses,
    load_failures,
)
from error_map.records import Criterion, Diagnosis, Evidence, Finding
from tests.support import a_failure

TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20)
SHARES = st.floats(min_value=0, max_value=1)
EVIDENCE = st.builds(Evidence, quote=TEXTS, start=st.integers(0, 99), end=st.integers(100, 200))
FINDINGS = st.builds(
    Finding,
    detector=TEXTS,
    kind=st.sampled_from(["cause", "place", "fact", "fault"]),
    title=TEXTS,
    summary=TEXTS,
    evidence=st.lists(EVIDENCE, max_size=2).map(tuple),
    confidence=SHARES,
)
CRITERIA = st.builds(
    Criterion,
    criterion=TEXTS,
    present_in_wrong=st.booleans(),
    quality=st.sampled_from(["incorrect", "missing"]),
    evidence=TEXTS,
    comment=TEXTS,
    verified=st.none() | st.booleans(),
)
DIAGNOSES = st.builds(
    Diagnosis,
    verdict=st.sampled_from(["error", "no error found", "located", "unexplained"]),
    title=TEXTS,
    summary=TEXTS,
    criteria=st.lists(CRITERIA, max_size=2).map(tuple),
    findings=st.lists(FINDINGS, max_size=2).map(tuple),
    answer=TEXTS,
)


@given(st.lists(DIAGNOSES | TEXTS, max_size=3))
@settings(max_examples=50)
def test_diagnoses_and_reasons_arrive_as_they_were_sent(sent: list[Diagnosis | str]) -> None:
    assert load_diagnoses(dump_diagnoses(sent)) == sent


@given(prompt=TEXTS, output=TEXTS, reference=st.none() | TEXTS, correct=st.lists(TEXTS, max_size=3))
def test_failures_arrive_with_what_detectors_may_see(
    *, prompt: str, output: str, reference: str | None, correct: list[str]
) -> None:
    failure = a_failure(output, prompt=prompt, reference=reference, correct=correct)
    record = replace(failure.record, stop_reason="length", tokens_out=2_048)
    failure = replace(failure, record=record)

    (arrived,) = load_failures(dump_failures([failure]))

    assert arrived.record.key.dataset == failure.record.key.dataset
    assert (arrived.record.prompt, arrived.record.output) == (prompt, output)
    assert arrived.record.reference == reference
    assert [peer.output for peer in arrived.correct_outputs] == correct
    assert (arrived.record.stop_reason, arrived.record.tokens_out) == ("length", 2_048)
    assert arrived.record.key.model == failure.record.key.model
    assert arrived.record.key.example == ""


PROFILE = st.builds(Profile, agreement=SHARES, strict=st.booleans())


@given(
    st.dictionaries(
        TEXTS,
        st.builds(
            Profiles,
            common=PROFILE,
            bare=st.none() | PROFILE,
            by_model=st.dictionaries(TEXTS, PROFILE, max_size=2),
        ),
    )
)
def test_a_briefing_arrives_as_it_was_sent(profiles: dict[str, Profiles]) -> None:
    briefing = Briefing(profiles, ("refusal", "truncated"))

    assert load_briefing(dump_briefing(briefing)) == briefing


@given(st.binary())
def test_a_frame_begins_with_the_length_of_its_message(body: bytes) -> None:
    frame = framed(body)

    assert int.from_bytes(frame[:PREFIX_BYTES], "big") == len(body)
    assert frame[PREFIX_BYTES:] == body
