"""The failures that a report carries, as values."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from ...analysts.builtin_detectors import BUILT_IN, UNEXPLAINED_TITLE
from ...presentation.excerpt import Excerpt, Span, excerpt, places
from ...presentation.exemplars import Chosen
from ...records import STATES, CategoryId, FailureRow
from .report import Instance, Quoted, Texts
from .rows import damage_reported, textless_rows, whole_rows

PROMPT: Final = 1_200
OUTPUT: Final = 1_800
REFERENCE: Final = 600
BESIDE: Final = 900
SAID: Final = 600
"""Characters of a text that is carried, at the most; evidence comes on top."""
CELL: Final = 200
"""Characters of a kept column's value."""
_KEPT: Final = 12
"""Kept columns that are carried."""
_CRITERIA: Final = 12
_QUOTES: Final = 6


class _Place(NamedTuple):
    """Where a failure is shown."""

    category: CategoryId
    chosen: bool


def read_instances(
    failures: Path, groups: Iterable[Chosen], *, redact: bool, origins: Mapping[str, str]
) -> dict[int, Instance]:
    """The chosen failures by their row in the file.

    Args:
        failures: A run's failures file.
        groups: Which rows, and where they are shown.
        redact: Read no text, and show no word that is not ours.
        origins: By detector, the distribution that brings it.

    Raises:
        StoreError: The file is damaged.
    """
    shown = {
        row: _Place(group.category, row in group.examples)
        for group in groups
        for row in (*group.examples, *group.others)
    }
    found: dict[int, Instance] = {}
    with damage_reported(failures):
        if redact:
            for row in textless_rows(failures, sorted(shown)):
                found[row.number] = _redacted(row, shown[row.number], origins)
        else:
            for whole in whole_rows(failures, sorted(shown)):
                found[whole.number] = _whole(whole, shown[whole.number])
    return found


def _redacted(row: FailureRow, place: _Place, origins: Mapping[str, str]) -> Instance:
    """Figures, names of models and data sets, and the fixed words of our own detectors."""
    fixed = row.title == UNEXPLAINED_TITLE or origins.get(row.detector) == BUILT_IN
    return _instance(row, place, title=row.title if fixed else "")


def _whole(row: FailureRow, place: _Place) -> Instance:
    one = _instance(row, place, title=_cut(row.title, CELL))
    return replace(one, example=_cut(row.key.example, CELL), texts=_texts(row))


def _instance(row: FailureRow, place: _Place, *, title: str) -> Instance:
    state = next((state for state in STATES if state == row.state), None)
    if row.score is None or row.threshold is None or state is None:
        raise ValueError(f"failure {row.number} has no score, no threshold or no state")
    decided = bool(row.detector and row.findings)
    return Instance(
        number=row.number + 1,
        dataset=row.key.dataset,
        example="",
        model=row.key.model,
        repeat=row.key.repeat,
        score=row.score,
        threshold=row.threshold,
        state=state,
        category=place.category,
        chosen=place.chosen,
        verdict=row.verdict,
        title=title,
        detector=row.detector,
        confidence=row.findings[0].confidence if decided else None,
        fault=row.benchmark_fault,
        texts=None,
    )


def _texts(row: FailureRow) -> Texts:
    output, quotes = _marked_output(row)
    reference = row.reference
    right = row.correct_outputs[0] if row.correct_outputs else None
    kept = islice(row.kept.items(), _KEPT)
    return Texts(
        prompt=excerpt(row.prompt, limit=PROMPT),
        output=output,
        reference=None if reference is None else excerpt(reference, limit=REFERENCE),
        answer=_cut(row.answer, CELL),
        correct=(right.model, excerpt(right.output, limit=BESIDE)) if right else None,
        summary=_cut(row.summary, SAID),
        criteria=tuple(
            replace(
                one,
                criterion=_cut(one.criterion, CELL),
                evidence=_cut(one.evidence, CELL),
                comment=_cut(one.comment, SAID),
            )
            for one in row.criteria[:_CRITERIA]
            if not row.detector
        ),
        quotes=quotes,
        offsets=_offsets(row),
        kept=tuple((_cut(name, CELL), _cut(text, CELL)) for name, text in kept),
        reason=_cut(row.reason, SAID),
    )


def _marked_output(row: FailureRow) -> tuple[Excerpt, tuple[Quoted, ...]]:
    """The output with the evidence marked, and the quotations that stand nowhere in it."""
    text = row.output
    spans: list[Span] = [
        (one.start, one.end) for finding in row.findings[:1] for one in finding.evidence
    ]
    lost: list[Quoted] = []
    for criterion in row.criteria if not spans else ():
        found = list(places([criterion.evidence], text))
        spans += found
        if criterion.evidence and not found:
            lost.append(Quoted(text=_cut(criterion.evidence, SAID), verified=criterion.verified))
    return excerpt(text, limit=OUTPUT, spans=spans), tuple(lost[:_QUOTES])


def _offsets(row: FailureRow) -> tuple[int, int]:
    quoted = [one for finding in row.findings for one in finding.evidence]
    return sum(row.output[one.start : one.end] == one.quote for one in quoted), len(quoted)


def _cut(text: str, limit: int) -> str:
    """The beginning of a text that should be short."""
    return text if len(text) <= limit else f"{text[:limit]} [… {len(text) - limit:,} characters …]"
