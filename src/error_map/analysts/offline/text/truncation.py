"""Bounds what the detectors are given of a text without end, and finds the way back into it."""

from dataclasses import dataclass, replace
from typing import Final

from ....records import CorrectOutput, Evidence, Failure, Finding

HEAD: Final = 16_000
TAIL: Final = 24_000
"""Characters of an output that are read. 99 % of real outputs have fewer than 13,000, and all the
detectors together take up to a microsecond for each character of a hostile one."""
ASKED: Final = 12_000
"""Characters read from either end of a prompt and a reference."""
BESIDE: Final = 6_000
"""Characters read from either end of each of the correct outputs."""
SEAM: Final = "\n"
"""Stands where the middle was left out, so that nothing reads across it."""
NEED_ALL: Final = frozenset({"output_format_error"})
"""Categories of the atlas that cannot be told from an excerpt: a form may be broken by the cut."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The beginning and the end of a text, which is all of it where it is short."""

    whole: str
    text: str
    """What is read."""
    seam: int
    """Where the beginning ends in `text`."""
    left_out: int
    """Characters between the two ends that are not read."""

    def place(self, offset: int) -> int:
        """Where in the whole text this place of the excerpt stands."""
        if not self.left_out or offset <= self.seam:
            return offset
        return offset + self.left_out - len(SEAM)

    def relocated(self, finding: Finding) -> Finding:
        """The finding with evidence that quotes the whole text."""
        if not self.left_out:
            return finding
        return replace(finding, evidence=tuple(map(self._quoted, finding.evidence)))

    def tells(self, category: str) -> bool:
        """Whether so much of the text is enough to find errors of the category."""
        return not self.left_out or category not in NEED_ALL

    def _quoted(self, evidence: Evidence) -> Evidence:
        start = self.place(evidence.start)
        end = min(self.place(evidence.end), start + evidence.end - evidence.start)
        return Evidence(self.whole[start:end], start, end)


def excerpt(text: str, head: int = HEAD, tail: int = TAIL) -> Excerpt:
    """The first and the last characters of the text.

    Example:
        >>> excerpt("abcdefgh", head=2, tail=3).text.splitlines()
        ['ab', 'fgh']
    """
    left_out = len(text) - head - tail
    if left_out <= len(SEAM):
        return Excerpt(text, text, len(text), 0)
    return Excerpt(text, text[:head] + SEAM + text[-tail:], head, left_out)


def bounded(failure: Failure) -> Failure:
    """The failure with the middle left out of each text that is too long to read."""
    record = failure.record
    right = max((len(each.output) for each in failure.correct_outputs), default=0)
    asked = max(len(record.prompt), len(record.reference or ""))
    if len(record.output) <= HEAD + TAIL and asked <= 2 * ASKED and right <= 2 * BESIDE:
        return failure
    shorter = replace(
        record,
        prompt=excerpt(record.prompt, ASKED, ASKED).text,
        output=excerpt(record.output).text,
        reference=excerpt(record.reference or "", ASKED, ASKED).text or record.reference,
    )
    beside = (
        CorrectOutput(each.model, excerpt(each.output, BESIDE, BESIDE).text)
        for each in failure.correct_outputs
    )
    return replace(failure, record=shorter, correct_outputs=tuple(beside))
