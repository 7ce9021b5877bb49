"""Sample: one scored answer in the log of an evaluation tool."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ...records import Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One answer of a model to one example, under the chosen metric, filter and scorer."""

    dataset: str
    example: str
    model: str
    score: float | None
    """None if nothing was scored; then `fault` says why."""
    prompt: str = ""
    output: str = ""
    reference: str | None = None
    fault: str = ""
    """Why there is no score, such as `the tool failed: timeout`; empty for a scored sample."""
    awaits_score: bool = False
    """Whether there is an answer, and only a score is missing: a file of scores may have it."""
    repeat: str | None = None
    """The log's own number of the attempt; None where it gives none."""
    turns: tuple[Turn, ...] = ()
    composed: tuple[tuple[int, int], ...] = ()
    """Spans of `output` that the reader wrote, such as headings of turns: never evidence."""
    question_start: int | None = None
    """Offset in `prompt` at which worked examples end and the question begins."""
    stop_reason: str | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    latency_s: float | None = None
    cost_usd: float | None = None
    extras: Mapping[str, str | None] = field(default_factory=dict)
    """Further columns to keep, such as the task's metadata."""
    line: int = 0
    """Line or number of the sample in its file, from 1; 0 if unknown."""
