"""The first wrong step: what people marked, beside what the detectors say."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeAlias

from error_map.analysts.offline.detector import Detector
from error_map.records import Finding

from .studied import Judged, Studied, working_steps
from .tables import NONE, counted, markdown, share

Pair: TypeAlias = tuple[int, int]
"""The step that is said, and the one that people marked."""
BINS: Final = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
"""Edges of the bins of confidence."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A finding about the working of an answer in which people marked the first wrong step."""

    finding: Finding
    said: int
    marked: int
    kind: str
    """Of error, as people named it."""


def first_steps(sets: Sequence[Studied], detectors: Sequence[Detector]) -> str:
    """Agreement with the marks, exact and within one step, beside the best constant guess."""
    rows = [
        [name, *_agreement(judged, detectors)]
        for one in sets
        for name, judged in _parts(one)
        if judged
    ]
    header = ["set", "marked", "placed", "exact", "within 1", "earliest exact", "earliest within 1"]
    return markdown([*header, "constant guess exact", "constant guess within 1"], rows)


def _parts(one: Studied) -> Iterator[tuple[str, list[Judged]]]:
    """The marked failures of a set, and of each of its parts."""
    marked = [row for row in one.failed if row.row.step is not None]
    yield one.of.name, marked
    parts = sorted({row.row.part for row in marked} - {""})
    for part in parts:
        yield f"- {part}", [row for row in marked if row.row.part == part]


def _agreement(judged: Sequence[Judged], detectors: Sequence[Detector]) -> list[str]:
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
        share(sum(abs(said - mark) <= far for said, mark in pairs), len(pairs)) for far in (0, 1)
    ]


def _constant(marks: Sequence[int]) -> list[str]:
    """What always saying the best step would reach on the same answers."""
    if not marks:
        return [NONE, NONE]
    counts = Counter(marks)
    told = []
    for far in (0, 1):
        hits, step = max((_near(counts, step, far), -step) for step in range(1, max(marks) + 1))
        told.append(f"{share(hits, len(marks))} (step {-step})")
    return told


def _near(counts: Counter[int], step: int, far: int) -> int:
    return sum(count for mark, count in counts.items() if abs(mark - step) <= far)


def marked(sets: Iterable[Studied], detectors: Sequence[Detector]) -> list[Marked]:
    """Every finding about the working of a marked answer."""
    return [
        Marked(finding, step, row.row.step, row.row.kind)
        for one in sets
        for row in one.failed
        if row.row.step is not None
        for finding, step in working_steps(row, detectors)
    ]


def by_detector(found: Sequence[Marked]) -> str:
    """By detector: what it claims to be right, how often it is at the mark, what people named."""
    names = sorted({one.finding.detector for one in found})
    rows = [_line(name, [one for one in found if one.finding.detector == name]) for name in names]
    header = ["detector", "findings", "mean confidence", "exact", "within 1"]
    return markdown([*header, "kinds of error that people named"], rows)


def _line(name: str, found: Sequence[Marked]) -> list[str]:
    kinds = Counter(one.kind for one in found if one.kind)
    named = "; ".join(f"{kind} {count}" for kind, count in kinds.most_common(3))
    return [f"`{name}`", *_figures(found), named or NONE]


def reliability(found: Sequence[Marked]) -> str:
    """By bin of confidence, the share of findings that stand at the marked step."""
    rows = []
    for low, high in pairwise(BINS):
        inside = [one for one in found if low < one.finding.confidence <= high]
        if inside:
            rows.append([f"over {low:g}, to {high:g}", *_figures(inside)])
    return markdown(["confidence", "findings", "mean confidence", "exact", "within 1"], rows)


def _figures(found: Sequence[Marked]) -> list[str]:
    mean = sum(one.finding.confidence for one in found) / len(found)
    pairs = [(one.said, one.marked) for one in found]
    return [f"{len(found):,}", f"{mean:.2f}", *_shares(pairs)]
