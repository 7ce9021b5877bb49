"""Texts in HTML with their evidence highlighted; of long texts, the most relevant parts."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from ..presentation.excerpt import quotation, united
from ..presentation.sanitize import escaped
from ..presentation.turns import turns_phrase
from ..records import Criterion, FailureRow, Kind, turn_at, turn_starts

# Most outputs are shorter; longer ones would delay the page, which is sent again at every click.
MAX_WHOLE_CHARS: Final = 20_000
"""A text of at most this many characters is shown whole."""
# Of a longer text: its first steps, its final answer, and some lines before and after evidence.
HEAD_CHARS: Final = 6_000
TAIL_CHARS: Final = 1_500
CONTEXT_CHARS: Final = 1_000
# Outputs can have several million characters; a part of 50 kB is sent and laid out quickly.
PART_CHARS: Final = 50_000
"""Characters of each part in which a long text can be read."""
# Each span adds elements to the page; the browser tests allow 4,000 per page.
_MAX_SPANS: Final = 200
# A part of 50,000 characters with more headings than that has turns of a word each.
_MAX_COMPOSED: Final = 1_000


@dataclass(frozen=True, slots=True)
class Span:
    """A highlighted part of a text; offsets in characters."""

    start: int
    end: int
    kind: Kind
    title: str
    """Shown on hover."""
    turn: int | None = None
    """Number of the turn of a transcript."""


def evidence_spans(page: FailureRow) -> tuple[Span, ...]:
    """The evidence of a failure in its output: of its findings, else of a judge's criteria."""
    starts = turn_starts(page.output, page.composed)
    spans = [
        Span(
            evidence.start,
            evidence.end,
            finding.kind,
            finding.title,
            turn_at(starts, evidence.start),
        )
        for finding in page.findings
        for evidence in finding.evidence
        if page.output[evidence.start : evidence.end] == evidence.quote
    ]
    for criterion in () if page.findings else page.criteria:
        position = quotation(criterion.evidence, page.output) if criterion.verified else None
        if position:
            turn = turn_at(starts, position[0])
            spans.append(Span(*position, _kind(criterion), criterion.criterion, turn))
    return tuple(sorted(spans, key=lambda span: (span.start, span.end))[:_MAX_SPANS])


def _kind(criterion: Criterion) -> Kind:
    """The kind in which a judge's quotation is highlighted: correct work is only a fact."""
    return "fact" if criterion.present_in_wrong and criterion.quality == "correct" else "cause"


def relevant_parts(length: int, spans: Sequence[Span]) -> tuple[range, ...]:
    """The parts of a text to show: all of it, or its two ends and what surrounds the evidence.

    Args:
        length: Characters of the text.
        spans: Its evidence.

    Example:
        >>> relevant_parts(50_000, [Span(30_000, 30_010, "cause", "")])
        (range(0, 6000), range(29000, 31010), range(48500, 50000))
    """
    if length <= MAX_WHOLE_CHARS:
        return (range(length),)
    around = [(span.start - CONTEXT_CHARS, span.end + CONTEXT_CHARS) for span in spans]
    windows = [(0, HEAD_CHARS), *around, (length - TAIL_CHARS, length)]
    return tuple(range(start, end) for start, end in united(windows, length))


def highlighted(
    text: str,
    spans: Sequence[Span],
    parts: Iterable[range],
    *,
    composed: Sequence[tuple[int, int]] = (),
    from_end: bool = False,
) -> str:
    """Parts of a text in HTML with its spans highlighted; omitted characters are counted.

    Args:
        text: The whole text.
        spans: Parts to highlight.
        parts: Parts to show, in order and without overlap.
        composed: Parts that a reader of logs wrote, in order, such as headings of turns.
        from_end: Whether a text that is higher than its box is scrolled to its end.
    """
    pieces: list[str] = []
    end = 0
    for part in parts:
        if part.start > end:
            pieces.append(_omission(part.start - end))
        pieces.append("".join(_highlighted_part(text, spans, part, composed=composed)))
        end = part.stop
    if end < len(text):
        pieces.append(_omission(len(text) - end))
    body = "".join(pieces) or '<span class="em-gap">empty</span>'
    if from_end:
        return f'<div class="em-text em-end" dir="auto" tabindex="0"><div>{body}</div></div>'
    return f'<div class="em-text" dir="auto" tabindex="0">{body}</div>'


def _highlighted_part(
    text: str, spans: Sequence[Span], part: range, *, composed: Sequence[tuple[int, int]]
) -> Iterator[str]:
    """The part, cut at each end of a span, so that overlapping spans need no nested elements."""
    inside = [span for span in spans if span.start < part.stop and span.end > part.start]
    ours = [one for one in composed if one[0] < part.stop and one[1] > part.start][:_MAX_COMPOSED]
    cuts = {part.start, part.stop}
    for start, end in (*((span.start, span.end) for span in inside), *ours):
        cuts.update((max(part.start, start), min(part.stop, end)))
    firsts = [start for start, _ in ours]
    for start, stop in pairwise(sorted(cuts)):
        covering = [span for span in inside if span.start <= start and span.end >= stop]
        piece = escaped(text[start:stop])
        before = bisect_right(firsts, start) - 1
        if before >= 0 and ours[before][1] >= stop:
            piece = f'<b class="em-ours">{piece}</b>'
        yield _mark(piece, covering) if covering else piece


def _mark(piece: str, spans: Sequence[Span]) -> str:
    titles = dict.fromkeys(span.title for span in spans)
    turns = turns_phrase(span.turn for span in spans if span.turn)
    title = escaped("; ".join(filter(None, (turns, *titles))))
    return f'<mark class="em-{spans[0].kind}" title="{title}">{piece}</mark>'


def _omission(chars: int) -> str:
    return f'<span class="em-gap">… {chars:,} characters omitted …</span>'


HIGHLIGHT_STYLE: Final = """<style>
.em-text { white-space: pre-wrap; overflow-wrap: anywhere; font-family: var(--em-mono, monospace);
  font-size: 0.85rem; line-height: 1.5; max-height: 36rem; overflow-y: auto;
  border: 1px solid rgba(128, 128, 128, 0.3); border-radius: 0.5rem; padding: 0.7rem 0.9rem; }
.em-text.em-end { display: flex; flex-direction: column-reverse; }
.em-text mark { color: inherit; border-radius: 2px; padding: 0 1px; }
.em-text mark.em-cause, .em-key.em-cause { background: rgba(230, 159, 0, 0.38);
  border-bottom: 2px solid #D55E00; }
.em-text mark.em-place, .em-key.em-place { background: rgba(86, 180, 233, 0.35);
  border-bottom: 2px dashed #0072B2; }
.em-text mark.em-fact, .em-key.em-fact { background: rgba(128, 128, 128, 0.25);
  border-bottom: 2px dotted #777; }
.em-text mark.em-fault, .em-key.em-fault { background: rgba(204, 121, 167, 0.35);
  border-bottom: 2px double #CC79A7; }
.em-key { padding: 0 0.4rem; border-radius: 2px; font-size: 0.8rem; margin-right: 0.6rem; }
.em-ours { font-family: sans-serif; opacity: 0.7; }
.em-gap { display: block; text-align: center; opacity: 0.7; font-family: sans-serif;
  font-style: italic; padding: 0.3rem 0; }
.em-pairs span { display: inline-block; margin-right: 1.6rem; font-size: 0.9rem;
  overflow-wrap: anywhere; }
.em-finding { margin: 0 0 0.6rem; }
.em-finding small { opacity: 0.75; }
</style>"""
"""Style of highlighted texts; kinds of findings differ in their underline, not in colour alone."""
