"""The flow's values, and what must hold of them."""

from .assignment import HARD_TO_ANALYZE, STATES, Assigned, CategoryId, Placement, State, Unassigned
from .diagnosis import (
    Criterion,
    Diagnosed,
    Diagnosis,
    Evidence,
    Finding,
    Kind,
    Outcome,
    Quality,
    Undiagnosed,
    Verdict,
)
from .failure import CorrectOutput, Failure
from .record import DatasetName, ExampleId, ModelName, Record, RecordKey

__all__ = [
    "HARD_TO_ANALYZE",
    "STATES",
    "Assigned",
    "CategoryId",
    "CorrectOutput",
    "Criterion",
    "DatasetName",
    "Diagnosed",
    "Diagnosis",
    "Evidence",
    "ExampleId",
    "Failure",
    "Finding",
    "Kind",
    "ModelName",
    "Outcome",
    "Placement",
    "Quality",
    "Record",
    "RecordKey",
    "State",
    "Unassigned",
    "Undiagnosed",
    "Verdict",
]
