"""Agreement of the detectors with human labels of the first wrong step."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeAlias

from error_map.analysts.offline.detector import Detector
from error_map.records import Finding

from .examined import ExaminedRow, ExaminedSet, working_steps
from .tables import NONE, counted, markdown, share

Pair: TypeAlias = tuple[int, int]
"""The step of a finding and the labelled one."""
BINS: Final = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
"""Edges of the confidence bins."""


@dataclass(frozen=True, slots=True)
class LabelledFinding:
    """A finding about a working whose first wrong step is labelled."""

    finding: Finding
    step: int
    label: int
    kind: str
    """The labelled kind of error."""


def first_steps(sets: Sequence[ExaminedSet], detectors: Sequence[Detector]) -> str:
    """Agreement with the labels, exact and within one step, next to the best constant guess."""
    rows = [
        [name, *_agreement(judged, detectors)]
        for one in sets
        for name, judged in _parts(one)
        if judged
    ]
    header = ["set", "marked", "placed", "exact", "within 1", "earliest exact", "earliest within 1"]
    return markdown([*header, "constant guess exact", "constant guess within 1"], rows)


def _parts(one: ExaminedSet) -> Iterator[tuple[str, list[ExaminedRow]]]:
    """The labelled failures of a set, and of each of its parts."""
    marked = [row for row in one.failed if row.row.step is not None]
    yield one.of.name, marked
    parts = sorted({row.row.part for row in marked} - {""})
    for part in parts:
        yield f"- {part}", [row for row in marked if row.row.part == part]


def _agreement(judged: Sequence[ExaminedRow], detectors: Sequence[Detector]) -> list[str]:
    decided: list[Pair] = []
    earliest: list[Pair] = []
    for row in judged:
        placed = working_steps(row, detectors)
        if placed and row.row.step is not None:
            decided.append((placed[0][1], row.row.step))
            earliest.append((min(step for _, step in placed), row.row.step))
    marks = [mark for _, mark in decided]
    return [
        f"{len(judged):,}",
        counted(len(decided), len(judged)),
        *_shares(decided),
        *_shares(earliest),
        *_constant(marks),
    ]


def _shares(pairs: Sequence[Pair]) -> list[str]:
    return [
        share(sum(abs(step - label) <= distance for step, label in pairs), len(pairs))
        for distance in (0, 1)
    ]


def _constant(marks: Sequence[int]) -> list[str]:
    """Agreement of the best constant guess on the same answers."""
    if not marks:
        return [NONE, NONE]
    counts = Counter(marks)
    cells = []
    for far in (0, 1):
        hits, step = max((_near(counts, step, far), -step) for step in range(1, max(marks) + 1))
        cells.append(f"{share(hits, len(marks))} (step {-step})")
    return cells


def _near(counts: Counter[int], step: int, far: int) -> int:
    return sum(count for mark, count in counts.items() if abs(mark - step) <= far)


def marked(sets: Iterable[ExaminedSet], detectors: Sequence[Detector]) -> list[LabelledFinding]:
    """All findings about the working of labelled answers."""
    return [
        LabelledFinding(finding, step, row.row.step, row.row.kind)
        for one in sets
        for row in one.failed
        if row.row.step is not None
        for finding, step in working_steps(row, detectors)
    ]


def by_detector(found: Sequence[LabelledFinding]) -> str:
    """By detector: mean confidence, agreement with the label, labelled kinds of error."""
    names = sorted({one.finding.detector for one in found})
    rows = [_line(name, [one for one in found if one.finding.detector == name]) for name in names]
    header = ["detector", "findings", "mean confidence", "exact", "within 1"]
    return markdown([*header, "kinds of error that people named"], rows)


def _line(name: str, found: Sequence[LabelledFinding]) -> list[str]:
    kinds = Counter(one.kind for one in found if one.kind)
    named = "; ".join(f"{kind} {count}" for kind, count in kinds.most_common(3))
    return [f"`{name}`", *_figures(found), named or NONE]


def reliability(found: Sequence[LabelledFinding]) -> str:
    """By confidence bin: the share of findings at the labelled step."""
    rows = []
    for low, high in pairwise(BINS):
        inside = [one for one in found if low < one.finding.confidence <= high]
        if inside:
            rows.append([f"over {low:g}, to {high:g}", *_figures(inside)])
    return markdown(["confidence", "findings", "mean confidence", "exact", "within 1"], rows)


def _figures(found: Sequence[LabelledFinding]) -> list[str]:
    mean = sum(one.finding.confidence for one in found) / len(found)
    pairs = [(one.step, one.label) for one in found]
    return [f"{len(found):,}", f"{mean:.2f}", *_shares(pairs)]
