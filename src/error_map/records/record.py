"""One scored answer of one model to one example, and the key that names it."""

from dataclasses import dataclass
from typing import NewType

DatasetName = NewType("DatasetName", str)
ExampleId = NewType("ExampleId", str)
ModelName = NewType("ModelName", str)


@dataclass(frozen=True, slots=True, order=True)
class RecordKey:
    """What a record is identified by; titles and names never are."""

    dataset: DatasetName
    example: ExampleId
    model: ModelName
    repeat: int = 0
    """Number of the attempt, from 0, where a model answered one example several times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One input row: what was asked, what the model said, and how it was scored."""

    key: RecordKey
    prompt: str
    output: str
    score: float
    """As the evaluation tool gave it: any finite number."""
    reference: str | None = None
    """The expected answer, perhaps with its working; None where the data gives none."""
