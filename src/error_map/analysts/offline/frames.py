"""What passes between a run and its worker processes: JSON behind its length."""

import json
from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import TypeAdapter

from ...records import (
    CorrectOutput,
    DatasetName,
    Diagnosis,
    ExampleId,
    Failure,
    ModelName,
    Record,
    RecordKey,
)
from .answers import Profile

PREFIX_BYTES: Final = 8
_DIAGNOSES: Final = TypeAdapter(tuple[Diagnosis, ...])
_PROFILES: Final = TypeAdapter(dict[str, Profile])


def framed(body: bytes) -> bytes:
    """A message as it is sent."""
    return len(body).to_bytes(PREFIX_BYTES, "big") + body


def dump_profiles(profiles: Mapping[str, Profile]) -> bytes:
    """The first message to a worker."""
    return _PROFILES.dump_json(dict(profiles))


def load_profiles(body: bytes) -> Mapping[str, Profile]:
    """What `dump_profiles` wrote."""
    return _PROFILES.validate_json(body)


def dump_failures(failures: Sequence[Failure]) -> bytes:
    """A question: what a detector may see of each failure."""
    rows = [
        (
            failure.record.key.dataset,
            failure.record.prompt,
            failure.record.output,
            failure.record.reference,
            [correct.output for correct in failure.correct_outputs],
        )
        for failure in failures
    ]
    return json.dumps(rows, ensure_ascii=False).encode()


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


def dump_diagnoses(diagnoses: Sequence[Diagnosis]) -> bytes:
    """An answer: a diagnosis each, in the question's order."""
    return _DIAGNOSES.dump_json(tuple(diagnoses))


def load_diagnoses(body: bytes) -> tuple[Diagnosis, ...]:
    """What `dump_diagnoses` wrote."""
    return _DIAGNOSES.validate_json(body)
