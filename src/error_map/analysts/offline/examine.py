"""One failure through all detectors: the diagnosis that their findings add up to."""

from collections.abc import Sequence
from typing import Final

from ...records import Criterion, Diagnosis, Evidence, Failure, Finding, Verdict
from ...records.surrogates import mend
from .answers.route_learning import Profile, final_answer, gold_answer
from .detector import Case, Detector, Sign
from .registry import detectors
from .text.truncation import excerpt, truncated

UNEXPLAINED_TITLE: Final = "Unexplained failure"
_UNEXPLAINED: Final = "No detector of the offline analyst says why this answer failed."
_QUOTE_CHARS: Final = 500
"""Longer places are quoted by their beginning: evidence is to be read."""


def examine(
    failure: Failure, profile: Profile, among: Sequence[Detector] | None = None
) -> Diagnosis:
    """What the detectors say of one failure.

    The finding of the lowest rank that is a cause or a fault decides; failing that, the first
    place; a fact alone decides nothing.

    Args:
        failure: Under study.
        profile: Of its dataset.
        among: The detectors that run, in the order in which their hits count; None for all.
    """
    case = case_of(failure, profile)
    tried = detectors() if among is None else among
    read = excerpt(failure.record.output)
    found = [
        (detector, read.relocated(one))
        for detector in tried
        if read.suffices_for(detector.category) and (one := _found(detector, case))
    ]
    found.sort(key=lambda pair: pair[1].kind not in {"cause", "fault"})
    findings = tuple(finding for _, finding in found)
    verdict = _verdict(findings)
    title, summary = _final_answer(verdict, findings)
    return Diagnosis(
        verdict=verdict,
        title=title,
        summary=summary,
        criteria=_criteria(found),
        findings=findings,
        answer=case.answer.text if case.answer else "",
    )


def case_of(failure: Failure, profile: Profile) -> Case:
    """What the detectors are given of a failure: its texts, none longer than is worth reading."""
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


def _found(detector: Detector, case: Case) -> Finding | None:
    """What one detector finds; what it raises bears its name."""
    try:
        sign = detector.detect(case)
        return _finding(detector, sign, case.output) if sign else None
    except Exception as error:
        error.add_note(f"detector {detector.name!r}")
        raise


def _finding(detector: Detector, sign: Sign, output: str) -> Finding:
    places = ((start, min(end, start + _QUOTE_CHARS)) for start, end in sign.spans)
    return Finding(
        detector=detector.name,
        kind=detector.kind,
        title=mend(sign.title)[0],  # detectors of others may say what no file can hold
        summary=mend(sign.summary)[0],
        evidence=tuple(Evidence(output[start:end], start, end) for start, end in places),
        confidence=sign.confidence,
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


def _final_answer(verdict: Verdict, findings: Sequence[Finding]) -> tuple[str, str]:
    match verdict:
        case "no error found":
            return "", ""
        case "unexplained":
            return UNEXPLAINED_TITLE, _UNEXPLAINED
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
