"""What went wrong in one failure: a diagnosis with quoted evidence, or the reason there is none."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from .record import RecordKey

Quality: TypeAlias = Literal["correct", "partially correct", "incorrect", "missing"]
Kind: TypeAlias = Literal["cause", "place", "fact", "fault"]
"""A cause explains the failure; a place says where the working first parts from a right one; a
fact is true and no more; a fault lies with the item, the reference or the scorer."""
Verdict: TypeAlias = Literal[
    "error", "no error found", "whole solution incorrect", "located", "unexplained"
]

DECIDING: Final[Mapping[Verdict, tuple[Kind, ...]]] = {
    "error": ("cause",),
    "no error found": ("fault",),
    "whole solution incorrect": (),
    "located": ("place",),
    "unexplained": (),
}
"""The kinds of finding that a verdict can rest on."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A quotation of the model's output: `output[start:end] == quote`, offsets in characters."""

    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one detector saw in one output."""

    detector: str
    kind: Kind
    title: str
    summary: str
    evidence: tuple[Evidence, ...] = ()
    confidence: float
    """The detector's measured precision for this kind of hit, in (0, 1]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One thing that a right answer needs, and how the failed answer does on it."""

    criterion: str
    present_in_wrong: bool
    quality: Quality
    evidence: str
    comment: str
    verified: bool | None = None
    """Whether the evidence was found in the output; None where nothing is quoted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What an analyst says of one failure."""

    verdict: Verdict
    title: str
    """Empty where no error was found."""
    summary: str
    criteria: tuple[Criterion, ...] = ()
    findings: tuple[Finding, ...] = ()
    """The detectors' findings, the one that the diagnosis rests on first."""
    answer: str = ""
    """The final answer read out of the output, as it compares; empty where none was read."""
    prompt: str = ""
    """What a model was asked; empty where none was."""
    response: str = ""
    """What it said, verbatim."""

    @property
    def rests_on(self) -> str:
        """Name of the detector that decided; empty where none did."""
        lead = self.findings[0] if self.findings else None
        return lead.detector if lead and lead.kind in DECIDING[self.verdict] else ""

    @property
    def doubt(self) -> str:
        """Why the item, the reference or the scorer is suspect; empty where nothing says so."""
        return "; ".join(finding.summary for finding in self.findings if finding.kind == "fault")


@dataclass(frozen=True, slots=True)
class Diagnosed:
    """The analyst answered."""

    key: RecordKey
    diagnosis: Diagnosis


@dataclass(frozen=True, slots=True)
class Undiagnosed:
    """The analyst could not answer."""

    key: RecordKey
    reason: str


Outcome: TypeAlias = Diagnosed | Undiagnosed
