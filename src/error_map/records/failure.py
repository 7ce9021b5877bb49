"""Failure: a record selected for analysis, and its row in a finished run's failures file."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .assignment import CategoryId
from .diagnosis import Criterion, Finding
from .record import ModelName, Record, RecordKey, Turn


@dataclass(frozen=True, slots=True)
class CorrectOutput:
    """A peer answer: a correct answer of another model to the same example."""

    model: ModelName
    output: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A record whose answer failed, selected for analysis."""

    record: Record
    threshold: float
    """The record failed because its score is on the wrong side of this."""
    weight: float
    """Failures of its (dataset, model) group that this sampled one represents; at least 1."""
    correct_outputs: tuple[CorrectOutput, ...] = ()
    """Up to three peer answers, in the order in which they should be shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureRow:
    """A row of the failures file: a failure with its diagnosis, its state and its category.

    Readers may read a part of the columns: fields whose columns were not read have their defaults.
    """

    number: int
    """Row in the failures file, from 0."""
    key: RecordKey
    prompt: str = ""
    output: str = ""
    score: float | None = None
    """None where an imported file has no scores."""
    reference: str | None = None
    threshold: float | None = None
    """None where an imported file has no thresholds."""
    weight: float = 1.0
    """Failures represented by this one; at least 1."""
    correct_outputs: tuple[CorrectOutput, ...] = ()
    verdict: str = ""
    """Empty if undiagnosed."""
    title: str = ""
    """Title of the error; empty where no error was found."""
    summary: str = ""
    detector: str = ""
    """Name of the detector that the diagnosis rests on; empty for none."""
    criteria: tuple[Criterion, ...] = ()
    findings: tuple[Finding, ...] = ()
    """Findings of detectors with their evidence, the deciding one first."""
    answer: str = ""
    """Final answer extracted from the output; empty where none was extracted."""
    judge_response: str = ""
    """The diagnosis as the contract's JSON."""
    request: str = ""
    """Prompt that was sent to the judge; empty for none."""
    response: str = ""
    """Reply of the judge, verbatim; the diagnosis as JSON without a judge."""
    state: str = ""
    reason: str = ""
    """Why the state is not `assigned`, or why the benchmark is suspected."""
    category: CategoryId | None = None
    benchmark_fault: str = ""
    """Kind of the suspected benchmark fault; empty for none."""
    shared_answer: str = ""
    """Sentence about a wrong answer that most models give; empty for none."""
    turns: tuple[Turn, ...] = ()
    composed: tuple[tuple[int, int], ...] = ()
    question_start: int | None = None
    stop_reason: str | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    latency_s: float | None = None
    cost_usd: float | None = None
    kept: Mapping[str, str] = field(default_factory=dict)
    """Cells of the columns kept from the input, by name; empty cells are left out."""

    @property
    def quotes_verified(self) -> bool | None:
        """Whether all quoted evidence is in the output where it should be; None without quotes."""
        checks = [one.verified for one in self.criteria if one.verified is not None]
        checks += [
            self.output[evidence.start : evidence.end] == evidence.quote
            for finding in self.findings
            for evidence in finding.evidence
        ]
        return all(checks) if checks else None
