"""The findings of one failure in HTML, each with how reliable findings of its kind are."""

from typing import Final

from ..presentation.reliability import reliability
from ..records import FailureRow, Finding
from .escaping import html_line

# A detector may quote each line of a long answer; the first quotations are enough to recognise it.
_MAX_QUOTES: Final = 5
# Own detectors write shorter texts; these bounds keep those of plug-ins readable.
_MAX_QUOTE_CHARS: Final = 160
_MAX_TITLE_CHARS: Final = 200
_MAX_SUMMARY_CHARS: Final = 600


def findings_html(page: FailureRow) -> str:
    """All findings; a summary that the diagnosis already gives is not repeated."""
    return "".join(_finding(finding, diagnosis=page.summary) for finding in page.findings)


def quotation_positions(page: FailureRow) -> str:
    """Positions of the quotations in the output, as one line of text; empty if there are none."""
    positions = (
        f"{finding.detector}: characters {quotation.start:,} to {quotation.end:,}"
        for finding in page.findings
        for quotation in finding.evidence[:_MAX_QUOTES]
    )
    return "; ".join(positions)


def criteria_repeat_findings(page: FailureRow) -> bool:
    """Whether the criteria only repeat the findings, as those of the offline analyst do."""
    summaries = {finding.summary for finding in page.findings}
    return bool(summaries) and all(criterion.comment in summaries for criterion in page.criteria)


def _finding(finding: Finding, *, diagnosis: str) -> str:
    quotes = "".join(
        f"<br><q>{html_line(quotation.quote, _MAX_QUOTE_CHARS)}</q>"
        for quotation in finding.evidence[:_MAX_QUOTES]
    )
    repeated = finding.summary == diagnosis
    summary = "" if repeated else f"<br>{html_line(finding.summary, _MAX_SUMMARY_CHARS)}"
    return (
        f'<div class="em-finding"><span class="em-key em-{finding.kind}">{finding.kind}</span>'
        f"<b>{html_line(finding.title, _MAX_TITLE_CHARS)}</b>{summary}{quotes}"
        f"<br><small>{_reliability(finding)}</small></div>"
    )


def _reliability(finding: Finding) -> str:
    start = "a place to start reading; " if finding.kind == "place" else ""
    return f"{start}{reliability(finding.detector, finding.confidence)}"
