"""The findings of one failure in HTML, each with how reliable findings of its kind are."""

from collections.abc import Mapping, Sequence
from typing import Final

from ..presentation.formatting import whole_percent
from ..presentation.reliability import reliability
from ..records import FailureRow, Finding, turn_at, turn_starts
from ..store import BaseRateEntry
from .escaping import html_line

# A detector may quote each line of a long answer; the first quotations are enough to recognise it.
_MAX_QUOTES: Final = 5
# Own detectors write shorter texts; these bounds keep those of plug-ins readable.
_MAX_QUOTE_CHARS: Final = 160
_MAX_TITLE_CHARS: Final = 200
_MAX_SUMMARY_CHARS: Final = 600


def findings_html(page: FailureRow, base_rates: Mapping[str, BaseRateEntry]) -> str:
    """All findings; a summary that the diagnosis already gives is not repeated.

    Args:
        page: The failure.
        base_rates: Those of the run.
    """
    starts = turn_starts(page.output, page.composed)
    return "".join(
        _finding(
            finding,
            diagnosis=page.summary,
            rates=base_rates.get(finding.detector),
            starts=starts,
        )
        for finding in page.findings
    )


def quotation_positions(page: FailureRow) -> str:
    """Positions of the quotations in the output, as one line of text; empty if there are none."""
    starts = turn_starts(page.output, page.composed)
    positions = (
        f"{finding.detector}: characters {quotation.start:,} to {quotation.end:,}"
        f"{_in_turn(turn_at(starts, quotation.start))}"
        for finding in page.findings
        for quotation in finding.evidence[:_MAX_QUOTES]
    )
    return "; ".join(positions)


def criteria_repeat_findings(page: FailureRow) -> bool:
    """Whether the criteria only repeat the findings, as those of the offline analyst do."""
    summaries = {finding.summary for finding in page.findings}
    return bool(summaries) and all(criterion.comment in summaries for criterion in page.criteria)


def _in_turn(turn: int | None) -> str:
    return f", turn {turn:,}" if turn else ""


def _finding(
    finding: Finding, *, diagnosis: str, rates: BaseRateEntry | None, starts: Sequence[int]
) -> str:
    quotes = "".join(
        f"<br><q>{html_line(quotation.quote, _MAX_QUOTE_CHARS)}</q>"
        f"{_in_turn(turn_at(starts, quotation.start))}"
        for quotation in finding.evidence[:_MAX_QUOTES]
    )
    repeated = finding.summary == diagnosis
    summary = "" if repeated else f"<br>{html_line(finding.summary, _MAX_SUMMARY_CHARS)}"
    return (
        f'<div class="em-finding"><span class="em-key em-{finding.kind}">{finding.kind}</span>'
        f"<b>{html_line(finding.title, _MAX_TITLE_CHARS)}</b>{summary}{quotes}"
        f"<br><small>{_reliability(finding)}{_in_run(rates)}</small></div>"
    )


def _in_run(rates: BaseRateEntry | None) -> str:
    """How often wrong and right answers of the run are like this."""
    if rates is None or not rates.wrong or not rates.right:
        return ""
    return (
        f"; of the answers compared in this run, {whole_percent(rates.wrong_hits / rates.wrong)} of"
        f" the wrong ones and {whole_percent(rates.right_hits / rates.right)} of the right ones are"
        " like this"
    )


def _reliability(finding: Finding) -> str:
    start = "a place to start reading; " if finding.kind == "place" else ""
    return f"{start}{reliability(finding.detector, finding.confidence)}"
