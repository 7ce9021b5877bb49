"""What passes between a run and its worker processes: JSON behind its length."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple
from typing import Any, Final

from ...records import (
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
from .answers import Profile

PREFIX_BYTES: Final = 8
READY: Final = b"ready"
"""A worker's first message, once it has what it needs."""


def framed(body: bytes) -> bytes:
    """A message as it is sent."""
    return len(body).to_bytes(PREFIX_BYTES, "big") + body


def _dump(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def dump_profiles(profiles: Mapping[str, Profile]) -> bytes:
    """The first message to a worker."""
    return _dump({name: asdict(profile) for name, profile in profiles.items()})


def load_profiles(body: bytes) -> dict[str, Profile]:
    """What `dump_profiles` wrote."""
    return {name: Profile(**fields) for name, fields in json.loads(body).items()}


def dump_failures(failures: Sequence[Failure]) -> bytes:
    """A question: what a detector may see of each failure."""
    return _dump(
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
        for dataset, prompt, output, reference, correct in json.loads(body)
    ]


def dump_diagnoses(diagnoses: Sequence[Diagnosis | str]) -> bytes:
    """An answer: a diagnosis each, or why there is none, in the question's order."""
    return _dump([one if isinstance(one, str) else astuple(one) for one in diagnoses])


def load_diagnoses(body: bytes) -> list[Diagnosis | str]:
    """What `dump_diagnoses` wrote."""
    return [row if isinstance(row, str) else _diagnosis(row) for row in json.loads(body)]


def _diagnosis(row: Sequence[Any]) -> Diagnosis:
    verdict, title, summary, criteria, findings, answer, *_ = row
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
