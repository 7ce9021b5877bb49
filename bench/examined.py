"""Runs the detectors on a result set, and keeps findings and CPU time."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from error_map.analysts.offline.detector import Detector
from error_map.analysts.offline.examine import examine
from error_map.records import Diagnosis, Finding

from .sets import ResultSet, Row, step_of

WORKING_RANK: Final = 40
"""Ranks from here on are of findings about the working; lower ones concern the whole answer."""


@dataclass(frozen=True, slots=True)
class ExaminedRow:
    """A row and its diagnosis."""

    row: Row
    diagnosis: Diagnosis

    def kinds(self) -> set[str]:
        """Kinds of the row's findings."""
        return {finding.kind for finding in self.diagnosis.findings}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExaminedSet:
    """A result set whose sampled rows were examined."""

    of: ResultSet
    failed: Sequence[ExaminedRow]
    passed: Sequence[ExaminedRow]
    cpu_s: float
    """CPU seconds for the failures."""


def examine_set(of: ResultSet, detectors: Sequence[Detector]) -> ExaminedSet:
    """Runs the detectors on all rows of a set, in this process."""
    began = time.process_time()
    failed = _judged(of.failed, of, detectors)
    cpu_s = time.process_time() - began
    passed = _judged(of.passed, of, detectors)
    return ExaminedSet(of=of, failed=failed, passed=passed, cpu_s=cpu_s)


def working_steps(judged: ExaminedRow, detectors: Sequence[Detector]) -> list[tuple[Finding, int]]:
    """The findings about the working, in the order of the diagnosis, each with its step."""
    ranks = {detector.name: detector.rank for detector in detectors}
    output = judged.row.failure.record.output
    return [
        (finding, step_of(output, finding.evidence[0].start))
        for finding in judged.diagnosis.findings
        if finding.kind in {"cause", "place"}
        and ranks[finding.detector] >= WORKING_RANK
        and finding.evidence
    ]


def _judged(
    rows: Sequence[Row], of: ResultSet, detectors: Sequence[Detector]
) -> tuple[ExaminedRow, ...]:
    return tuple(
        ExaminedRow(row, examine(row.failure, of.profile_of(row), detectors)) for row in rows
    )
