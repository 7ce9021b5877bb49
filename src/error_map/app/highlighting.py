"""A text with its evidence marked where it stands, in HTML; long texts by their telling parts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from ..analysts.texts import clipped
from ..presentation.excerpt import quotation, united
from ..presentation.sanitize import escaped
from ..records import Criterion, FailureRow, Kind

WHOLE_CHARS: Final = 20_000
"""A text up to this is shown whole."""
HEAD_CHARS: Final = 6_000
TAIL_CHARS: Final = 1_500
AROUND_CHARS: Final = 1_000
PART_CHARS: Final = 50_000
"""Of a long text that is shown whole, part by part."""
_MOST_SPANS: Final = 200
_CELL_CHARS: Final = 400


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a text that something is said of; offsets in characters."""

    start: int
    end: int
    kind: Kind
    told: str


def spans_of(page: FailureRow) -> tuple[Span, ...]:
    """Where the evidence of a failure stands in its output."""
    found = [
        Span(evidence.start, evidence.end, finding.kind, finding.title)
        for finding in page.findings
        for evidence in finding.evidence
        if page.output[evidence.start : evidence.end] == evidence.quote
    ]
    for criterion in () if page.findings else page.criteria:
        place = quotation(criterion.evidence, page.output) if criterion.verified else None
        if place:
            found.append(Span(*place, _kind(criterion), criterion.criterion))
    return tuple(sorted(found, key=lambda span: (span.start, span.end))[:_MOST_SPANS])


def _kind(criterion: Criterion) -> Kind:
    """How a judge's quotation is marked: what is right is a fact, the rest explains."""
    return "fact" if criterion.present_in_wrong and criterion.quality == "correct" else "cause"


def windows(length: int, spans: Sequence[Span]) -> tuple[range, ...]:
    """The parts of a text that tell most: all of it, or its ends and what is round the evidence.

    Example:
        >>> windows(50_000, [Span(30_000, 30_010, "cause", "")])
        (range(0, 6000), range(29000, 31010), range(48500, 50000))
    """
    if length <= WHOLE_CHARS:
        return (range(length),)
    around = [(span.start - AROUND_CHARS, span.end + AROUND_CHARS) for span in spans]
    windows = [(0, HEAD_CHARS), *around, (length - TAIL_CHARS, length)]
    return tuple(range(start, end) for start, end in united(windows, length))


def marked(
    text: str, spans: Sequence[Span], parts: Iterable[range], *, from_end: bool = False
) -> str:
    """Parts of a text in HTML, its evidence marked; what is left out between them is counted.

    Args:
        text: The whole.
        spans: What is said of it.
        parts: What is shown of it.
        from_end: A text that is too long for its box is seen by its end.
    """
    shown: list[str] = []
    end = 0
    for part in parts:
        if part.start > end:
            shown.append(_left_out(part.start - end))
        shown.append("".join(_part(text, spans, part)))
        end = part.stop
    if end < len(text):
        shown.append(_left_out(len(text) - end))
    body = "".join(shown) or '<span class="em-gap">nothing</span>'
    if from_end:
        return f'<div class="em-text em-end" dir="auto" tabindex="0"><div>{body}</div></div>'
    return f'<div class="em-text" dir="auto" tabindex="0">{body}</div>'


def _part(text: str, spans: Sequence[Span], part: range) -> Iterator[str]:
    """A part, cut wherever a mark begins or ends."""
    inside = [span for span in spans if span.start < part.stop and span.end > part.start]
    ends = {part.start, part.stop}
    for span in inside:
        ends.update((max(part.start, span.start), min(part.stop, span.end)))
    cuts = sorted(ends)
    for start, stop in pairwise(cuts):
        over = [span for span in inside if span.start <= start and span.end >= stop]
        piece = escaped(text[start:stop])
        yield _mark(piece, over) if over else piece


def _mark(piece: str, over: Sequence[Span]) -> str:
    told = escaped("; ".join(dict.fromkeys(span.told for span in over)))
    return f'<mark class="em-{over[0].kind}" title="{told}">{piece}</mark>'


def told_table(rows: Iterable[tuple[str, str]]) -> str:
    """Names with what they stand for, in HTML; long ones clipped."""
    lines = "".join(
        f'<tr><th scope="row">{_clipped(name)}</th><td>{_clipped(value)}</td></tr>'
        for name, value in rows
    )
    return f'<div class="em-scroll"><table class="em-table">{lines}</table></div>'


def told_line(rows: Iterable[tuple[str, str]]) -> str:
    """As `told_table`, one behind the other."""
    told = (f"<span><b>{_clipped(name)}</b> {_clipped(value)}</span>" for name, value in rows)
    return f'<div class="em-told">{"".join(told)}</div>'


def _clipped(text: str) -> str:
    return escaped(clipped(text, _CELL_CHARS))


def _left_out(chars: int) -> str:
    return f'<span class="em-gap">… {chars:,} characters left out …</span>'


MARK_STYLE: Final = """<style>
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
.em-gap { display: block; text-align: center; opacity: 0.7; font-family: sans-serif;
  font-style: italic; padding: 0.3rem 0; }
.em-told span { display: inline-block; margin-right: 1.6rem; font-size: 0.9rem;
  overflow-wrap: anywhere; }
.em-said { margin: 0 0 0.6rem; }
.em-said small { opacity: 0.75; }
</style>"""
"""How marked texts look; the kinds differ by the line under them too."""
