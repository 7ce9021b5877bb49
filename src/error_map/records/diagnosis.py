"""Diagnosis: an analyst's conclusion about a failure, with quoted evidence, or why it has none."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from .record import RecordKey

Quality: TypeAlias = Literal["correct", "partially correct", "incorrect", "missing"]
Kind: TypeAlias = Literal["cause", "place", "fact", "fault"]
"""Kind of a finding.

`cause` explains why the answer is wrong. `place` is the step where the answer first departs from
correct work, without saying why. `fact` is true of the answer and explains nothing. `fault` means
that the item, the reference or the scorer is probably wrong.
"""
Verdict: TypeAlias = Literal[
    "error", "no error found", "whole solution incorrect", "located", "unexplained"
]
WHOLE_SOLUTION_INCORRECT: Final = "whole solution incorrect"
"""Verdict of a judge that cannot blame a single step; title and summary of such a diagnosis."""

DECIDING: Final[Mapping[Verdict, tuple[Kind, ...]]] = {
    "error": ("cause",),
    "no error found": ("fault",),
    WHOLE_SOLUTION_INCORRECT: (),
    "located": ("place",),
    "unexplained": (),
}
"""The kinds of finding on which each verdict can rest."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A quotation of the model's output: `output[start:end] == quote`, offsets in characters."""

    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one detector found in one output."""

    detector: str
    kind: Kind
    title: str
    summary: str
    evidence: tuple[Evidence, ...] = ()
    confidence: float
    """The detector's measured precision for this kind of hit, in (0, 1]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """A requirement of a correct answer, and how well the failed answer meets it."""

    criterion: str
    present_in_wrong: bool
    quality: Quality
    evidence: str
    comment: str
    verified: bool | None = None
    """Whether the evidence was found in the output; None where nothing is quoted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """An analyst's conclusion about one failure."""

    verdict: Verdict
    title: str
    """Empty where no error was found."""
    summary: str
    criteria: tuple[Criterion, ...] = ()
    findings: tuple[Finding, ...] = ()
    """Findings of detectors, the deciding one first."""
    answer: str = ""
    """Final answer extracted from the output, normalised for comparison; empty for none."""
    prompt: str = ""
    """Prompt that was sent to a model; empty for none."""
    response: str = ""
    """Reply of the model, verbatim."""

    @property
    def rests_on(self) -> str:
        """Name of the detector that decided; empty where none did."""
        lead = self.findings[0] if self.findings else None
        return lead.detector if lead and lead.kind in DECIDING[self.verdict] else ""

    @property
    def doubt(self) -> str:
        """Why the item, the reference or the scorer is suspected; empty where nothing is."""
        return "; ".join(finding.summary for finding in self.findings if finding.kind == "fault")


@dataclass(frozen=True, slots=True)
class Diagnosed:
    """The analyst gave a diagnosis."""

    key: RecordKey
    diagnosis: Diagnosis


@dataclass(frozen=True, slots=True)
class Undiagnosed:
    """The analyst could not give a diagnosis."""

    key: RecordKey
    reason: str


Outcome: TypeAlias = Diagnosed | Undiagnosed
