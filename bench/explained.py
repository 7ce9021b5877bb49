"""What the share explained rests on: right answers of other models, and the strength of a model."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from error_map.analysts.offline.answers.final_answer import gold_answer
from error_map.analysts.offline.answers.profiles import Profile
from error_map.analysts.offline.detector import Detector
from error_map.analysts.offline.examine import examine

from .examined import ExaminedRow, ExaminedSet
from .sets import Row
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
    without = [_without_peers(row) for row in compared]
    yield "the same failures without them", _share(_examined(without, one, detectors))
    bare = [_with_bare_reference(row, one.of.profile) for row in without]
    yield "the same, with bare answers as references", _share(_examined(bare, one, detectors))
    yield "other failures", _share(alone)
    for name, models in zip(THIRDS, thirds(one.of.pass_rates), strict=True):
        yield f"models: {name}", _share([row for row in one.failed if _model(row) in models])


def _share(rows: Sequence[ExaminedRow]) -> str:
    return counted(sum(row.diagnosis.verdict == "error" for row in rows), len(rows))


def _without_peers(examined: ExaminedRow) -> Row:
    """The row without right answers of other models."""
    return replace(examined.row, failure=replace(examined.row.failure, correct_outputs=()))


def _with_bare_reference(row: Row, profile: Profile) -> Row:
    """The row with the final answer of its reference, without the working."""
    record = row.failure.record
    bare = replace(record, reference=gold_answer(record.reference, profile))
    return replace(row, failure=replace(row.failure, record=bare))


def _examined(
    rows: Sequence[Row], one: ExaminedSet, detectors: Sequence[Detector]
) -> list[ExaminedRow]:
    profile = one.of.profile
    return [ExaminedRow(row, examine(row.failure, profile, detectors)) for row in rows]


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
