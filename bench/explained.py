"""What the share explained rests on: right answers of other models, and the strength of a model."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from error_map.analysts.offline.detector import Detector
from error_map.analysts.offline.examine import examine

from .examined import ExaminedRow, ExaminedSet
from .tables import NONE, counted, markdown

THIRDS: Final = ("the weakest third", "the middle third", "the strongest third")
MIN_MODELS: Final = len(THIRDS)
"""Models of a set from which on they are divided by their pass rates."""


def explained(sets: Sequence[ExaminedSet], detectors: Sequence[Detector]) -> str:
    """The share of failures with a known cause, by what may decide it."""
    columns = [dict(_shares(one, detectors)) for one in sets]
    rows = [[what, *(column.get(what, NONE) for column in columns)] for what in columns[0]]
    return markdown(["", *(one.of.name for one in sets)], rows)


def _shares(one: ExaminedSet, detectors: Sequence[Detector]) -> Iterator[tuple[str, str]]:
    yield "kind of task", one.of.profile.task or "several"
    yield "all failures", _share(one.failed)
    compared = [row for row in one.failed if row.row.failure.correct_outputs]
    alone = [row for row in one.failed if not row.row.failure.correct_outputs]
    yield "failures with right answers of other models", _share(compared)
    without = [_without_peers(row, one, detectors) for row in compared]
    yield "the same failures without them", _share(without)
    yield "other failures", _share(alone)
    for name, models in zip(THIRDS, thirds(one.of.pass_rates), strict=True):
        yield f"models: {name}", _share([row for row in one.failed if _model(row) in models])


def _share(rows: Sequence[ExaminedRow]) -> str:
    return counted(sum(row.diagnosis.verdict == "error" for row in rows), len(rows))


def _without_peers(
    examined: ExaminedRow, one: ExaminedSet, detectors: Sequence[Detector]
) -> ExaminedRow:
    """The row as it is diagnosed without right answers of other models."""
    failure = replace(examined.row.failure, correct_outputs=())
    return ExaminedRow(examined.row, examine(failure, one.of.profile, detectors))


def _model(examined: ExaminedRow) -> str:
    return examined.row.failure.record.key.model


def thirds(pass_rates: dict[str, float]) -> list[frozenset[str]]:
    """The models in three groups by their pass rates, weakest first; empty if there are too few.

    Example:
        >>> [sorted(group) for group in thirds({"a": 0.9, "b": 0.1, "c": 0.5, "d": 0.2})]
        [['b'], ['d'], ['a', 'c']]
        >>> thirds({"a": 0.9})
        [frozenset(), frozenset(), frozenset()]
    """
    if len(pass_rates) < MIN_MODELS:
        return [frozenset()] * len(THIRDS)
    models = sorted(pass_rates, key=lambda model: (pass_rates[model], model))
    ends = [len(models) * part // len(THIRDS) for part in range(len(THIRDS) + 1)]
    return [frozenset(models[start:end]) for start, end in pairwise(ends)]
