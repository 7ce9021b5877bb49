"""The messages between a run and its worker processes: JSON with a length prefix."""

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
from ..answers.profiles import Profile, Profiles

# The length of a message as an unsigned integer; four bytes would limit a batch to 4 GB.
PREFIX_BYTES: Final = 8
READY: Final = b"ready"
"""A worker's first message if it has all detectors; any other text is an error message."""
FORMS: Final = b"forms"
"""Begins a message with answers of which only the forms are asked; JSON begins otherwise."""
_LOGGED: Final = ("question_start", "stop_reason", "tokens_out", "composed")
"""Optional fields of a record that detectors see, or that decide what they may quote."""


def framed(body: bytes) -> bytes:
    """The message with its length prefix, as it is sent."""
    return len(body).to_bytes(PREFIX_BYTES, "big") + body


@dataclass(frozen=True, slots=True)
class Briefing:
    """The first message to a worker."""

    profiles: Mapping[str, Profiles]
    """Profiles by dataset name."""
    detectors: tuple[str, ...]
    """Names of the detectors to run."""


def dump_briefing(briefing: Briefing) -> bytes:
    """Serialises a briefing."""
    profiles = {name: asdict(profile) for name, profile in briefing.profiles.items()}
    return to_json({"profiles": profiles, "detectors": briefing.detectors})


def load_briefing(body: bytes) -> Briefing:
    """Parses the message of `dump_briefing`."""
    value = from_json(body)
    profiles = {name: _profiles(**parts) for name, parts in value["profiles"].items()}
    return Briefing(profiles, tuple(value["detectors"]))


def _profiles(
    common: Mapping[str, Any],
    bare: Mapping[str, Any] | None,
    by_model: Mapping[str, Mapping[str, Any]],
) -> Profiles:
    return Profiles(
        common=_profile(common),
        bare=_profile(bare) if bare else None,
        by_model={model: _profile(fields) for model, fields in by_model.items()},
    )


def _profile(fields: Mapping[str, Any]) -> Profile:
    # JSON has lists for tuples.
    given: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()
    }
    return Profile(**given)


def dump_failures(failures: Sequence[Failure]) -> bytes:
    """Serialises a batch of failures, reduced to what detectors may see, and who answered."""
    return to_json(
        [
            (
                failure.record.key.dataset,
                failure.record.key.model,
                failure.record.prompt,
                failure.record.output,
                failure.record.reference,
                [correct.output for correct in failure.correct_outputs],
                [getattr(failure.record, name) for name in _LOGGED],
            )
            for failure in failures
        ]
    )


def load_failures(body: bytes) -> list[Failure]:
    """Parses the message of `dump_failures`; other fields are blank.

    Dataset and model determine the answer route, and no detector sees them.
    """
    return [
        Failure(
            record=Record(
                key=RecordKey(DatasetName(dataset), ExampleId(""), ModelName(model)),
                prompt=prompt,
                output=output,
                score=0.0,
                reference=reference,
                **_logged(logged),
            ),
            threshold=0.0,
            weight=1.0,
            correct_outputs=tuple(CorrectOutput(ModelName(""), text) for text in correct),
        )
        for dataset, model, prompt, output, reference, correct, logged in from_json(body)
    ]


def _logged(cells: Sequence[Any]) -> dict[str, Any]:
    fields: dict[str, Any] = dict(zip(_LOGGED, cells, strict=True))
    fields["composed"] = tuple((start, end) for start, end in fields["composed"])
    return fields


def dump_diagnoses(diagnoses: Sequence[Diagnosis | str]) -> bytes:
    """Serialises the diagnoses of a batch, in its order; a string says why one is missing."""
    return to_json([d if isinstance(d, str) else _diagnosis_row(d) for d in diagnoses])


def dump_forms(forms: Sequence[Sequence[tuple[str, str]]]) -> bytes:
    """Serialises the forms of a batch of answers, in its order."""
    return to_json(forms)


def load_forms(body: bytes) -> list[tuple[tuple[str, str], ...]]:
    """Parses the message of `dump_forms`."""
    return [tuple((name, title) for name, title in one) for one in from_json(body)]


def _diagnosis_row(diagnosis: Diagnosis) -> Sequence[object]:
    """The fields that detectors fill; one by one, as `astuple` takes ten times as long."""
    criteria = [
        (c.criterion, c.present_in_wrong, c.quality, c.evidence, c.comment, c.verified)
        for c in diagnosis.criteria
    ]
    findings = [
        (
            f.detector,
            f.kind,
            f.title,
            f.summary,
            [_evidence_row(e) for e in f.evidence],
            f.confidence,
        )
        for f in diagnosis.findings
    ]
    d = diagnosis
    return (d.verdict, d.title, d.summary, criteria, findings, d.answer)


def _evidence_row(evidence: Evidence) -> Sequence[object]:
    return (evidence.quote, evidence.start, evidence.end)


def load_diagnoses(body: bytes) -> list[Diagnosis | str]:
    """Parses the message of `dump_diagnoses`."""
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
        evidence=tuple(Evidence(*row) for row in evidence),
        confidence=confidence,
    )
