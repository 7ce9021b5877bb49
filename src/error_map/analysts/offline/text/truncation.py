"""Truncates long texts for the detectors, and maps their findings back to the whole text."""

from dataclasses import dataclass, replace
from typing import Final

from ....records import CorrectOutput, Evidence, Failure, Finding, Record

# 99 % of real outputs have fewer than 13,000 characters, and all detectors together take up to a
# microsecond for each character of a hostile one.
HEAD_CHARS: Final = 16_000
TAIL_CHARS: Final = 24_000
"""Characters of an output that are read from its beginning and from its end."""
PROMPT_END_CHARS: Final = 12_000
"""Characters read from either end of a prompt and of a reference."""
# There are up to three peers, so half as much of each is read.
PEER_END_CHARS: Final = 6_000
"""Characters read from either end of the correct output of another model."""
SEAM: Final = "\n"
"""Replaces the omitted middle, so that no pattern of one line matches across it."""
NEED_WHOLE_TEXT: Final = frozenset({"output_format_error"})
"""Atlas categories that are not judged on an excerpt, as the cut itself may break the format."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The beginning and the end of a text, or all of it if it is short."""

    whole: str
    text: str
    """The part that is read."""
    seam: int
    """Offset in `text` at which the beginning ends."""
    omitted: int
    """Characters between the two ends that are not read."""

    def offset_in_whole(self, offset: int) -> int:
        """Converts an offset in the excerpt to one in the whole text."""
        if not self.omitted or offset <= self.seam:
            return offset
        return offset + self.omitted - len(SEAM)

    def relocated(self, finding: Finding) -> Finding:
        """The finding with evidence quoted from the whole text."""
        if not self.omitted:
            return finding
        return replace(finding, evidence=tuple(map(self._relocated_evidence, finding.evidence)))

    def suffices_for(self, category: str) -> bool:
        """Whether errors of the category can be detected in the excerpt."""
        return not self.omitted or category not in NEED_WHOLE_TEXT

    def _relocated_evidence(self, evidence: Evidence) -> Evidence:
        start = self.offset_in_whole(evidence.start)
        end = min(self.offset_in_whole(evidence.end), start + evidence.end - evidence.start)
        return Evidence(self.whole[start:end], start, end)


def excerpt(text: str, head: int = HEAD_CHARS, tail: int = TAIL_CHARS) -> Excerpt:
    """The first `head` and the last `tail` characters of the text.

    Example:
        >>> excerpt("abcdefgh", head=2, tail=3).text.splitlines()
        ['ab', 'fgh']
    """
    omitted = len(text) - head - tail
    if omitted <= len(SEAM):
        return Excerpt(text, text, len(text), 0)
    return Excerpt(text, text[:head] + SEAM + text[-tail:], head, omitted)


def truncated(failure: Failure) -> Failure:
    """The failure with every long text reduced to its beginning and end."""
    record = failure.record
    prompt_chars = max(len(record.prompt), len(record.reference or ""))
    peer_chars = max((len(peer.output) for peer in failure.correct_outputs), default=0)
    if (
        len(record.output) <= HEAD_CHARS + TAIL_CHARS
        and prompt_chars <= 2 * PROMPT_END_CHARS
        and peer_chars <= 2 * PEER_END_CHARS
    ):
        return failure
    reference = _ends(record.reference or "", PROMPT_END_CHARS)
    shorter = replace(
        record,
        prompt=_ends(record.prompt, PROMPT_END_CHARS),
        output=excerpt(record.output).text,
        reference=reference or record.reference,
    )
    peers = (
        CorrectOutput(peer.model, _ends(peer.output, PEER_END_CHARS))
        for peer in failure.correct_outputs
    )
    return replace(failure, record=shorter, correct_outputs=tuple(peers))


def start_in_excerpt(record: Record) -> int | None:
    """Where the question begins in the excerpt of the prompt; None where it is not known."""
    start, prompt = record.question_start, record.prompt
    if start is None or not 0 <= start < len(prompt):
        return None
    omitted = excerpt(prompt, PROMPT_END_CHARS, PROMPT_END_CHARS).omitted
    if not omitted or start <= PROMPT_END_CHARS:
        return start
    return max(PROMPT_END_CHARS, start - omitted) + len(SEAM)


def _ends(text: str, chars: int) -> str:
    return excerpt(text, chars, chars).text
