"""Runs the detectors on one failure and combines their findings into a diagnosis."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from ...records import (
    Criterion,
    Diagnosis,
    Evidence,
    Failure,
    Finding,
    Kind,
    Record,
    Verdict,
    last_message,
    turn_starts,
)
from ...records.surrogates import mend
from .answers.final_answer import final_answer, gold_answer
from .answers.profiles import Profile
from .coverage import applies
from .detector import Case, Detection, Detector
from .registry import detectors
from .text.truncation import excerpt, start_in_excerpt, truncated

UNEXPLAINED_TITLE: Final = "Unexplained failure"
_UNEXPLAINED: Final = "No detector of the offline analyst explains this failure."
_ORDER: Final[Mapping[Kind, int]] = {"cause": 0, "fault": 0, "place": 1, "fact": 2}
_SEVERAL: Final = 2
"""Turns from which on an output is a transcript."""
MAX_QUOTE_CHARS: Final = 500
"""Longer evidence is truncated: people read it, and it is repeated in several output files."""


def examine(
    failure: Failure, profile: Profile, among: Sequence[Detector] | None = None
) -> Diagnosis:
    """Diagnose one failure with the detectors.

    The diagnosis is the cause or fault of the lowest rank; without these, the first place. A fact
    never becomes the diagnosis, but the summary of an unexplained failure.

    Args:
        failure: The failure to examine.
        profile: The profile of its dataset.
        among: The detectors to run, sorted by rank; None for all. Of these, only those run that
            apply to the dataset's kind of task.
    """
    final = final_message(failure, profile)
    if final is None:
        return concluded([], {}, answer="")
    offset, failure = final
    case = case_of(failure, profile)
    tried = detectors() if among is None else among
    read = excerpt(failure.record.output)
    found = [
        _moved(in_own_words(read.relocated(one), failure.record), offset)
        for detector in tried
        if applies(detector, profile.task)
        and read.suffices_for(detector.category)
        and (one := _finding_of(detector, case))
    ]
    named = {detector.name: detector for detector in tried}
    return concluded(found, named, answer=case.answer.text if case.answer else "")


def final_message(failure: Failure, profile: Profile) -> tuple[int, Failure] | None:
    """The failure with only the last message of a transcript, and the offset of this message.

    What tools and users say in a transcript is no work of the model, and where another turn than
    its own is the last one, it gave no answer of which a detector could be certain. An output that
    is no transcript, and one whose calls are examined, is unchanged.

    Args:
        failure: A failure.
        profile: The profile of its dataset.
    """
    record = failure.record
    if profile.task == "tool calls" or len(turn_starts(record.output, record.composed)) < _SEVERAL:
        return 0, failure
    span = last_message(record.output, record.composed)
    if span is None:
        return None
    own = replace(record, output=record.output[slice(*span)], composed=())
    return span[0], replace(failure, record=own)


def _moved(finding: Finding, offset: int) -> Finding:
    evidence = (
        Evidence(one.quote, one.start + offset, one.end + offset) for one in finding.evidence
    )
    return replace(finding, evidence=tuple(evidence)) if offset else finding


def in_own_words(finding: Finding, record: Record) -> Finding:
    """The finding with evidence only from what the model wrote, and not the reader of its log."""
    if not record.composed:
        return finding
    evidence = (
        Evidence(record.output[start:end], start, end)
        for one in finding.evidence
        for start, end in _without(one.start, one.end, record.composed)
    )
    return replace(finding, evidence=tuple(evidence))


def _without(start: int, end: int, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The parts of a stretch that are outside sorted spans."""
    for first, last in spans:
        if last <= start or first >= end:
            continue
        if first > start:
            yield start, first
        start = last
    if start < end:
        yield start, end


def concluded(
    found: Sequence[Finding], detectors: Mapping[str, Detector], *, answer: str
) -> Diagnosis:
    """Combine the findings in one failure into a diagnosis.

    Args:
        found: The findings, sorted by the ranks of their detectors.
        detectors: The detectors by name.
        answer: The extracted final answer; empty for none.
    """
    findings = tuple(sorted(found, key=lambda finding: _ORDER[finding.kind]))
    verdict = _verdict(findings)
    title, summary = _title_and_summary(verdict, findings)
    return Diagnosis(
        verdict=verdict,
        title=title,
        summary=summary,
        criteria=_criteria(findings, detectors),
        findings=findings,
        answer=answer,
    )


def forms(
    failure: Failure, profile: Profile, among: Sequence[Detector]
) -> tuple[tuple[str, str], ...]:
    """The ways of answering that detectors with a `habit` recognize: names and titles.

    Args:
        failure: A wrong answer, or a right one in its place.
        profile: The profile of its dataset.
        among: The detectors of the run.
    """
    final = final_message(failure, profile)
    if final is None:
        return ()
    failure = final[1]
    case = case_of(failure, profile)
    read = excerpt(failure.record.output)
    return tuple(
        (detector.name, title)
        for detector in among
        if detector.habit is not None
        and applies(detector, profile.task)
        and read.suffices_for(detector.category)
        and (title := detector.habit.form(case))
    )


def case_of(failure: Failure, profile: Profile) -> Case:
    """Build the input of the detectors from a failure, with long texts truncated."""
    question_start = start_in_excerpt(failure.record)
    failure = truncated(failure)
    record = failure.record
    return Case(
        prompt=record.prompt,
        output=record.output,
        reference=record.reference,
        correct_outputs=tuple(correct.output for correct in failure.correct_outputs),
        answer=final_answer(record.output, profile, record.prompt),
        gold=gold_answer(record.reference, profile) if record.reference else None,
        profile=profile,
        stop_reason=record.stop_reason,
        tokens_out=record.tokens_out,
        question_start=question_start,
    )


def _finding_of(detector: Detector, case: Case) -> Finding | None:
    """Run one detector; an exception gets a note with its name."""
    try:
        detection = detector.detect(case)
        return _finding(detector, detection, case.output) if detection else None
    except Exception as error:
        error.add_note(f"detector {detector.name!r}")
        raise


def _finding(detector: Detector, detection: Detection, output: str) -> Finding:
    places = ((start, min(end, start + MAX_QUOTE_CHARS)) for start, end in detection.spans)
    return Finding(
        detector=detector.name,
        kind=detector.kind,
        # Third-party detectors may return lone surrogates, which cannot be written to a file.
        title=mend(detection.title)[0],
        summary=mend(detection.summary)[0],
        evidence=tuple(Evidence(output[start:end], start, end) for start, end in places),
        confidence=detection.confidence,
    )


def _verdict(findings: Sequence[Finding]) -> Verdict:
    match findings[0].kind if findings else "fact":
        case "cause":
            return "error"
        case "fault":
            return "no error found"
        case "place":
            return "located"
        case "fact":
            return "unexplained"


def _title_and_summary(verdict: Verdict, findings: Sequence[Finding]) -> tuple[str, str]:
    match verdict:
        case "no error found":
            return "", ""
        case "unexplained":
            return UNEXPLAINED_TITLE, findings[0].summary if findings else _UNEXPLAINED
        case _:
            return findings[0].title, findings[0].summary


def _criteria(
    findings: Sequence[Finding], detectors: Mapping[str, Detector]
) -> tuple[Criterion, ...]:
    return tuple(
        Criterion(
            criterion=f"free of: {detectors[finding.detector].finding.lower()}",
            present_in_wrong=False,
            quality="incorrect" if finding.evidence else "missing",
            evidence=finding.evidence[0].quote if finding.evidence else "",
            comment=finding.summary,
            verified=True if finding.evidence else None,
        )
        for finding in findings
        if finding.kind != "fault"
    )
