"""Learns from the scores of a dataset which forms of calls and which differences are accepted."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from ...studied_row import StudiedRow
from .faults import CallScoring, scoring_of

# With four in five right calls accepted otherwise, five rejected ones in a row are chance in one
# dataset of 3,000.
MIN_REJECTED: Final = 5
"""Rejected answers with the expected calls, all in one form, for the form to be the cause."""
MIN_USUAL_SHARE: Final = 0.8
"""Share of the expected calls in the usual form that must pass, else forms decide nothing."""
# One passed answer may be a mistake of the scorer.
MIN_ACCEPTED: Final = 2
# A difference accepted this often is no reason to think that it is why another answer failed.
MIN_ACCEPTED_SHARE: Final = 0.1
"""Share of the answers with no other difference that must pass for the scorer to accept it."""


def call_scoring(rows: Sequence[StudiedRow]) -> CallScoring:
    """What the scores of a dataset tell about the scorer of its tool calls.

    Args:
        rows: Scored answers of one dataset, in any order.
    """
    forms: Counter[tuple[str, bool]] = Counter()
    differences: Counter[tuple[str, bool]] = Counter()
    for row in rows:
        scored = scoring_of(row.prompt, row.output, row.reference)
        if scored is None:
            continue
        form, leniencies = scored
        if not leniencies - {"wrapped", "loose"}:
            forms[form, row.passed] += 1
        if len(leniencies) == 1:
            differences[min(leniencies), row.passed] += 1
    accepted = {
        name
        for name, passed in differences
        if passed
        and differences[name, True] >= MIN_ACCEPTED
        and _share(differences, name) >= MIN_ACCEPTED_SHARE
    }
    usual = max(_names(forms), key=lambda form: (forms[form, True], form), default="")
    if not usual or _share(forms, usual) < MIN_USUAL_SHARE:
        return CallScoring(tuple(sorted(accepted)))
    rejected = (
        form
        for form in _names(forms)
        if not forms[form, True] and forms[form, False] >= MIN_REJECTED
    )
    return CallScoring(tuple(sorted(accepted)), tuple(sorted(rejected)), usual)


def _names(counts: Counter[tuple[str, bool]]) -> Iterable[str]:
    return {name for name, _ in counts}


def _share(counts: Counter[tuple[str, bool]], name: str) -> float:
    """The share of the answers counted under a name that passed."""
    return counts[name, True] / (counts[name, True] + counts[name, False])
