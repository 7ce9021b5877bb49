"""Reads the failures that a report contains, with their texts as excerpts."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from ...analysts.offline.examine import UNEXPLAINED_TITLE
from ...analysts.offline.registry import OURS
from ...presentation.excerpt import Excerpt, Span, excerpt, quotation, truncated
from ...presentation.exemplars import Chosen
from ...records import CategoryId
from .report import Instance, Quoted, Texts
from .rows import TextlessRow, WholeRow, damage_told, textless_rows, whole_rows

PROMPT_CHARS: Final = 1_200
OUTPUT_CHARS: Final = 1_800
REFERENCE_CHARS: Final = 600
PEER_CHARS: Final = 900
COMMENT_CHARS: Final = 600
"""Characters of each text, plus evidence in context. They bound the size of the page, which is
mostly texts: up to 1,000 failures are included, each with at most some 5,000 characters of text."""
CELL_CHARS: Final = 200
"""Characters of a short field or of an additional column: a few lines of a table cell."""
_MAX_COLUMNS: Final = 12
"""Additional columns per failure; bounds the size of the page for wide tables."""
_MAX_CRITERIA: Final = 12
"""Criteria per failure; bounds the size of the page when a judge returns long lists."""
_MAX_QUOTES: Final = 6
"""Quotations outside the output; bounds the size of the page, as above."""


class _Place(NamedTuple):
    """Under which category a failure is shown, and whether as an example."""

    category: CategoryId
    chosen: bool


def read_instances(
    failures: Path, groups: Iterable[Chosen], *, redact: bool, origins: Mapping[str, str]
) -> dict[int, Instance]:
    """The selected failures by their row in the failures file.

    Args:
        failures: A run's failures file.
        groups: The selected rows by category.
        redact: Read no texts, and leave out all words of models and judges.
        origins: The Python distribution of each detector.

    Raises:
        StoreError: The file is damaged.
    """
    places = {
        row: _Place(group.category, row in group.examples)
        for group in groups
        for row in (*group.examples, *group.others)
    }
    instances: dict[int, Instance] = {}
    with damage_told(failures):
        if redact:
            for row in textless_rows(failures, sorted(places)):
                instances[row.row] = _redacted(row, places[row.row], origins)
        else:
            for whole in whole_rows(failures, sorted(places)):
                instances[whole.row] = _whole(whole, places[whole.row])
    return instances


def _redacted(row: TextlessRow, place: _Place, origins: Mapping[str, str]) -> Instance:
    """Figures, names of models and datasets, and the fixed titles of our own detectors."""
    fixed = row.error_title == UNEXPLAINED_TITLE or origins.get(row.detector) == OURS
    return _instance(row, place, title=row.error_title if fixed else "")


def _whole(row: WholeRow, place: _Place) -> Instance:
    title, example = (truncated(text, CELL_CHARS) for text in (row.error_title, row.example_id))
    return replace(_instance(row, place, title=title), example=example, texts=_texts(row))


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
    peer = row.correct_outputs[0] if row.correct_outputs else None
    return Texts(
        prompt=excerpt(row.input_text, limit=PROMPT_CHARS),
        output=output,
        reference=None if reference is None else excerpt(reference, limit=REFERENCE_CHARS),
        answer=truncated(row.answer, CELL_CHARS),
        correct=(peer.model, excerpt(peer.output, limit=PEER_CHARS)) if peer else None,
        summary=truncated(row.error_summary, COMMENT_CHARS),
        criteria=tuple(
            replace(
                criterion,
                criterion=truncated(criterion.criterion, CELL_CHARS),
                evidence=truncated(criterion.evidence, CELL_CHARS),
                comment=truncated(criterion.comment, COMMENT_CHARS),
            )
            for criterion in row.criteria[:_MAX_CRITERIA]
            if not row.detector
        ),
        quotes=quotes,
        offsets=_offsets(row),
        kept=tuple(
            (truncated(name, CELL_CHARS), truncated(text, CELL_CHARS))
            for name, text in islice(row.kept, _MAX_COLUMNS)
        ),
        reason=truncated(row.reason, COMMENT_CHARS),
    )


def _marked_output(row: WholeRow) -> tuple[Excerpt, tuple[Quoted, ...]]:
    """The output with its evidence marked, and the quotations that it does not contain."""
    text = row.output_text
    spans: list[Span] = [
        (quote.start, quote.end) for finding in row.findings[:1] for quote in finding.evidence
    ]
    missing: list[Quoted] = []
    for criterion in row.criteria if not spans else ():
        place = quotation(criterion.evidence, text)
        spans += [place] if place else []
        if criterion.evidence and not place:
            missing.append(
                Quoted(
                    text=truncated(criterion.evidence, COMMENT_CHARS), verified=criterion.verified
                )
            )
    return excerpt(text, limit=OUTPUT_CHARS, spans=spans), tuple(missing[:_MAX_QUOTES])


def _offsets(row: WholeRow) -> tuple[int, int]:
    quotes = [quote for finding in row.findings for quote in finding.evidence]
    exact = sum(row.output_text[quote.start : quote.end] == quote.quote for quote in quotes)
    return exact, len(quotes)
