"""Runs the detectors on one failure and combines their findings into a diagnosis."""

from collections.abc import Sequence
from typing import Final

from ...records import Criterion, Diagnosis, Evidence, Failure, Finding, Verdict
from ...records.surrogates import mend
from .answers.final_answer import final_answer, gold_answer
from .answers.profiles import Profile
from .coverage import applies
from .detector import Case, Detection, Detector
from .registry import detectors
from .text.truncation import excerpt, truncated

UNEXPLAINED_TITLE: Final = "Unexplained failure"
_UNEXPLAINED: Final = "No detector of the offline analyst explains this failure."
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
    case = case_of(failure, profile)
    tried = detectors() if among is None else among
    read = excerpt(failure.record.output)
    found = [
        (detector, read.relocated(one))
        for detector in tried
        if applies(detector, profile.task)
        and read.suffices_for(detector.category)
        and (one := _finding_of(detector, case))
    ]
    found.sort(key=lambda pair: pair[1].kind not in {"cause", "fault"})
    findings = tuple(finding for _, finding in found)
    verdict = _verdict(findings)
    title, summary = _title_and_summary(verdict, findings)
    return Diagnosis(
        verdict=verdict,
        title=title,
        summary=summary,
        criteria=_criteria(found),
        findings=findings,
        answer=case.answer.text if case.answer else "",
    )


def case_of(failure: Failure, profile: Profile) -> Case:
    """Build the input of the detectors from a failure, with long texts truncated."""
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


def _criteria(found: Sequence[tuple[Detector, Finding]]) -> tuple[Criterion, ...]:
    return tuple(
        Criterion(
            criterion=f"free of: {detector.finding.lower()}",
            present_in_wrong=False,
            quality="incorrect" if finding.evidence else "missing",
            evidence=finding.evidence[0].quote if finding.evidence else "",
            comment=finding.summary,
            verified=True if finding.evidence else None,
        )
        for detector, finding in found
        if finding.kind != "fault"
    )
