"""The failures that a report carries, as values."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from ...analysts.builtin_detectors import BUILT_IN, UNEXPLAINED_TITLE
from ...presentation.excerpt import Excerpt, Span, excerpt, places
from ...presentation.exemplars import Chosen
from ...records import CategoryId
from .report import Instance, Quoted, Texts
from .rows import TextlessRow, WholeRow, damage_told, textless_rows, whole_rows

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
    with damage_told(failures):
        if redact:
            for row in textless_rows(failures, sorted(shown)):
                found[row.row] = _redacted(row, shown[row.row], origins)
        else:
            for whole in whole_rows(failures, sorted(shown)):
                found[whole.row] = _whole(whole, shown[whole.row])
    return found


def _redacted(row: TextlessRow, place: _Place, origins: Mapping[str, str]) -> Instance:
    """Figures, names of models and data sets, and the fixed words of our own detectors."""
    fixed = row.error_title == UNEXPLAINED_TITLE or origins.get(row.detector) == BUILT_IN
    return _instance(row, place, title=row.error_title if fixed else "")


def _whole(row: WholeRow, place: _Place) -> Instance:
    one = _instance(row, place, title=_cut(row.error_title, CELL))
    return replace(one, example=_cut(row.example_id, CELL), texts=_texts(row))


def _instance(row: TextlessRow, place: _Place, *, title: str) -> Instance:
    decided = bool(row.detector and row.findings)
    return Instance(
        number=row.row + 1,
        dataset=row.dataset,
        example="",
        model=row.model,
        repeat=row.repeat,
        score=row.score,
        threshold=row.threshold,
        state=row.state,
        category=place.category,
        chosen=place.chosen,
        verdict=row.verdict,
        title=title,
        detector=row.detector,
        confidence=row.findings[0].confidence if decided else None,
        fault=row.benchmark_fault,
        texts=None,
    )


def _texts(row: WholeRow) -> Texts:
    output, quotes = _marked_output(row)
    reference = row.correct_answer
    right = row.correct_outputs[0] if row.correct_outputs else None
    return Texts(
        prompt=excerpt(row.input_text, limit=PROMPT),
        output=output,
        reference=None if reference is None else excerpt(reference, limit=REFERENCE),
        answer=_cut(row.answer, CELL),
        correct=(right.model, excerpt(right.output, limit=BESIDE)) if right else None,
        summary=_cut(row.error_summary, SAID),
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
        kept=tuple((_cut(name, CELL), _cut(text, CELL)) for name, text in islice(row.kept, _KEPT)),
        reason=_cut(row.reason, SAID),
    )


def _marked_output(row: WholeRow) -> tuple[Excerpt, tuple[Quoted, ...]]:
    """The output with the evidence marked, and the quotations that stand nowhere in it."""
    text = row.output_text
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


def _offsets(row: WholeRow) -> tuple[int, int]:
    quoted = [one for finding in row.findings for one in finding.evidence]
    return sum(row.output_text[one.start : one.end] == one.quote for one in quoted), len(quoted)


def _cut(text: str, limit: int) -> str:
    """The beginning of a text that should be short."""
    return text if len(text) <= limit else f"{text[:limit]} [… {len(text) - limit:,} characters …]"
