"""What passes between a run and its worker processes: JSON behind its length."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from pydantic_core import from_json, to_json

from ....records import (
    CorrectOutput,
    Criterion,
    DatasetName,
    Diagnosis,
    Evidence,
    ExampleId,
    Failure,
    Finding,
    ModelName,
    Record,
    RecordKey,
)
from ..answers.route_learning import Profile

PREFIX_BYTES: Final = 8
READY: Final = b"ready"
"""A worker's first message, once it has what it needs; any other says what it lacks."""


def framed(body: bytes) -> bytes:
    """A message as it is sent."""
    return len(body).to_bytes(PREFIX_BYTES, "big") + body


@dataclass(frozen=True, slots=True)
class Briefing:
    """What a worker has to know before the first question."""

    profiles: Mapping[str, Profile]
    """What was learnt of each dataset, by name."""
    detectors: tuple[str, ...]
    """Names of those that are to run."""


def dump_briefing(briefing: Briefing) -> bytes:
    """The first message to a worker."""
    profiles = {name: asdict(profile) for name, profile in briefing.profiles.items()}
    return to_json({"profiles": profiles, "detectors": briefing.detectors})


def load_briefing(body: bytes) -> Briefing:
    """What `dump_briefing` wrote."""
    value = from_json(body)
    profiles = {name: Profile(**fields) for name, fields in value["profiles"].items()}
    return Briefing(profiles, tuple(value["detectors"]))


def dump_failures(failures: Sequence[Failure]) -> bytes:
    """A question: what a detector may see of each failure."""
    return to_json(
        [
            (
                failure.record.key.dataset,
                failure.record.prompt,
                failure.record.output,
                failure.record.reference,
                [correct.output for correct in failure.correct_outputs],
            )
            for failure in failures
        ]
    )


def load_failures(body: bytes) -> list[Failure]:
    """What `dump_failures` wrote; what a detector may not see is left blank."""
    return [
        Failure(
            record=Record(
                key=RecordKey(DatasetName(dataset), ExampleId(""), ModelName("")),
                prompt=prompt,
                output=output,
                score=0.0,
                reference=reference,
            ),
            threshold=0.0,
            weight=1.0,
            correct_outputs=tuple(CorrectOutput(ModelName(""), text) for text in correct),
        )
        for dataset, prompt, output, reference, correct in from_json(body)
    ]


def dump_diagnoses(diagnoses: Sequence[Diagnosis | str]) -> bytes:
    """An answer: a diagnosis each, or why there is none, in the question's order."""
    return to_json([one if isinstance(one, str) else _cells(one) for one in diagnoses])


def _cells(one: Diagnosis) -> Sequence[object]:
    """The fields that a detector fills; by name, as `astuple` copies them at ten times the cost."""
    criteria = [
        (c.criterion, c.present_in_wrong, c.quality, c.evidence, c.comment, c.verified)
        for c in one.criteria
    ]
    findings = [
        (f.detector, f.kind, f.title, f.summary, [_place(e) for e in f.evidence], f.confidence)
        for f in one.findings
    ]
    return (one.verdict, one.title, one.summary, criteria, findings, one.answer)


def _place(evidence: Evidence) -> Sequence[object]:
    return (evidence.quote, evidence.start, evidence.end)


def load_diagnoses(body: bytes) -> list[Diagnosis | str]:
    """What `dump_diagnoses` wrote."""
    return [row if isinstance(row, str) else _diagnosis(row) for row in from_json(body)]


def _diagnosis(row: Sequence[Any]) -> Diagnosis:
    verdict, title, summary, criteria, findings, answer = row
    return Diagnosis(
        verdict=verdict,
        title=title,
        summary=summary,
        criteria=tuple(_criterion(cells) for cells in criteria),
        findings=tuple(_finding(cells) for cells in findings),
        answer=answer,
    )


def _criterion(cells: Sequence[Any]) -> Criterion:
    criterion, present, quality, evidence, comment, verified = cells
    return Criterion(
        criterion=criterion,
        present_in_wrong=present,
        quality=quality,
        evidence=evidence,
        comment=comment,
        verified=verified,
    )


def _finding(cells: Sequence[Any]) -> Finding:
    detector, kind, title, summary, evidence, confidence = cells
    return Finding(
        detector=detector,
        kind=kind,
        title=title,
        summary=summary,
        evidence=tuple(Evidence(*place) for place in evidence),
        confidence=confidence,
    )
