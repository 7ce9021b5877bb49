"""What was found in one failure, in HTML: each finding once, with how far it can be trusted."""

from typing import Final

from ..analysts.builtin_detectors import builtin_detectors
from ..presentation.formatting import count, whole_percent
from ..records import FailureRow, Finding
from . import escaping as words

_MOST_QUOTES: Final = 5


def findings_html(page: FailureRow) -> str:
    """All findings; a sentence that the diagnosis says already is not said again."""
    return "".join(_finding(one, said=page.summary) for one in page.findings)


def places(page: FailureRow) -> str:
    """Where the quotations stand in the output; empty without any."""
    found = (
        f"{finding.detector}: characters {one.start:,} to {one.end:,}"
        for finding in page.findings
        for one in finding.evidence[:_MOST_QUOTES]
    )
    return "; ".join(found)


def criteria_repeat_findings(page: FailureRow) -> bool:
    """Whether the criteria say what the findings say, as the offline analyst's do."""
    found = {finding.summary for finding in page.findings}
    return bool(found) and all(one.comment in found for one in page.criteria)


def _finding(finding: Finding, *, said: str) -> str:
    quotes = "".join(
        f"<br><q>{words.escaped(one.quote, 160)}</q>" for one in finding.evidence[:_MOST_QUOTES]
    )
    summary = "" if finding.summary == said else f"<br>{words.escaped(finding.summary, 600)}"
    return (
        f'<div class="em-said"><span class="em-key em-{finding.kind}">{finding.kind}</span>'
        f"<b>{words.escaped(finding.title, 200)}</b>{summary}{quotes}"
        f"<br><small>{trust(finding)}</small></div>"
    )


def trust(finding: Finding) -> str:
    """How often such a hit is right, and by what that is known.

    Example:
        >>> trust(Finding(detector="mine", kind="place", title="", summary="", confidence=0.8))
        'a place to start reading; such hits are right in 80 %, by what its detector says'
    """
    start = "a place to start reading; " if finding.kind == "place" else ""
    own = builtin_detectors().get(finding.detector)
    if own and own.read:
        hits = count(own.read, "such hit")
        verb = "was" if own.read == 1 else "were"
        return f"{start}{own.correct:,} of {hits} {verb} right when read"
    if own:
        return f"{start}how often such hits are right is not measured"
    share = whole_percent(finding.confidence)
    return f"{start}such hits are right in {share}, by what its detector says"
