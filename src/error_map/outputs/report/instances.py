"""Reads the failures that a report contains, with their texts as excerpts."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from ...analysts.builtin_detectors import BUILT_IN, UNEXPLAINED_TITLE
from ...presentation.excerpt import Excerpt, Span, excerpt, quotation, truncated
from ...presentation.exemplars import Chosen
from ...presentation.turns import evidence_turns, quoted_turns, turns_phrase
from ...records import STATES, CategoryId, FailureRow, turn_starts
from .report import Instance, Quoted, Texts
from .rows import damage_reported, textless_rows, whole_rows

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
    with damage_reported(failures):
        if redact:
            for row in textless_rows(failures, sorted(places)):
                instances[row.number] = _redacted(row, places[row.number], origins)
        else:
            for whole in whole_rows(failures, sorted(places)):
                instances[whole.number] = _whole(whole, places[whole.number])
    return instances


def _redacted(row: FailureRow, place: _Place, origins: Mapping[str, str]) -> Instance:
    """Figures, names of models and datasets, and the fixed titles of our own detectors."""
    fixed = row.title == UNEXPLAINED_TITLE or origins.get(row.detector) == BUILT_IN
    return _instance(row, place, title=row.title if fixed else "")


def _whole(row: FailureRow, place: _Place) -> Instance:
    title, example = (truncated(text, CELL_CHARS) for text in (row.title, row.key.example))
    return replace(_instance(row, place, title=title), example=example, texts=_texts(row))


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
    peer = row.correct_outputs[0] if row.correct_outputs else None
    starts = turn_starts(row.output, row.composed)
    return Texts(
        prompt=excerpt(row.prompt, limit=PROMPT_CHARS),
        output=output,
        reference=None if reference is None else excerpt(reference, limit=REFERENCE_CHARS),
        answer=truncated(row.answer, CELL_CHARS),
        correct=(peer.model, excerpt(peer.output, limit=PEER_CHARS)) if peer else None,
        summary=truncated(row.summary, COMMENT_CHARS),
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
        criteria_turns=tuple(
            turns_phrase(quoted_turns(criterion.evidence, row.output, starts))
            for criterion in row.criteria[:_MAX_CRITERIA]
            if not row.detector
        ),
        quotes=quotes,
        turns=evidence_turns(row),
        offsets=_offsets(row),
        kept=tuple(
            (truncated(name, CELL_CHARS), truncated(text, CELL_CHARS))
            for name, text in islice(row.kept.items(), _MAX_COLUMNS)
        ),
        reason=truncated(row.reason, COMMENT_CHARS),
    )


def _marked_output(row: FailureRow) -> tuple[Excerpt, tuple[Quoted, ...]]:
    """The output with its evidence marked, and the quotations that it does not contain."""
    text = row.output
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


def _offsets(row: FailureRow) -> tuple[int, int]:
    quotes = [quote for finding in row.findings for quote in finding.evidence]
    exact = sum(row.output[quote.start : quote.end] == quote.quote for quote in quotes)
    return exact, len(quotes)
