"""A result set after the detectors: what they say of each row, and what that cost."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from error_map.analysts.offline.answers.route_learning import Profile
from error_map.analysts.offline.detector import Detector
from error_map.analysts.offline.examine import examine
from error_map.records import Diagnosis, Finding

from .sets import ResultSet, Row, step_of

WORKING_RANK: Final = 40
"""From here on findings are about the working; lower ones are about the answer as a whole."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A row and its diagnosis."""

    row: Row
    diagnosis: Diagnosis

    def kinds(self) -> set[str]:
        """Kinds of finding that there are."""
        return {finding.kind for finding in self.diagnosis.findings}


@dataclass(frozen=True, slots=True, kw_only=True)
class Studied:
    """A set, all drawn rows of which were examined."""

    of: ResultSet
    failed: Sequence[Judged]
    passed: Sequence[Judged]
    cpu_s: float
    """For the failures."""


def studied(of: ResultSet, detectors: Sequence[Detector]) -> Studied:
    """All rows of a set through all detectors, in this process."""
    began = time.process_time()
    failed = _judged(of.failed, of.profile, detectors)
    cpu_s = time.process_time() - began
    passed = _judged(of.passed, of.profile, detectors)
    return Studied(of=of, failed=failed, passed=passed, cpu_s=cpu_s)


def working_steps(judged: Judged, detectors: Sequence[Detector]) -> list[tuple[Finding, int]]:
    """The findings about the working, as the record has them, each with its step."""
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
    rows: Sequence[Row], profile: Profile, detectors: Sequence[Detector]
) -> tuple[Judged, ...]:
    return tuple(Judged(row, examine(row.failure, profile, detectors)) for row in rows)
