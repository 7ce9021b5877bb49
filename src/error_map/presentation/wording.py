"""What is said in the same words wherever it is said."""

from collections.abc import Mapping
from typing import Final

from ..analysis import Accounting
from ..records import State
from .formatting import count

MOCK: Final = "A mock answered: nothing below says anything about the models."
NO_FAILURES: Final = "No failures were studied in this run."
TERMS: Final[Mapping[str, str]] = {
    "cause": "an error that explains why the answer is wrong",
    "place": "where the output departs from a correct one, which does not say why",
    "fact": "something that is true of the output but does not explain the failure",
    "fault": "a sign that the item, the reference or the scorer is wrong, not the model",
    "explained": "failures with a known cause; the others are hard to analyze, not diagnosed, fit "
    "no category, or have no error",
    "interval": "95 % confidence interval, in brackets: how far chance alone may move the number; "
    "it does not cover mistakes of the analyst",
}
"""Words that every reader of a page must know."""
LOST: Final[tuple[State, ...]] = ("invalid", "errored", "unassigned", "undiagnosed")
"""States of rows about which the run could say nothing, or not enough."""


def glossary(*terms: str) -> str:
    """The meaning of some terms, each a paragraph in Markdown.

    Example:
        >>> glossary("cause")
        '**cause**: an error that explains why the answer is wrong'
    """
    return "\n\n".join(f"**{term}**: {TERMS[term]}" for term in terms)


def located_told(failures: int) -> str:
    """What is said of failures of which only the place is known.

    Example:
        >>> located_told(1200)
        'for 1,200 the place is known'
    """
    return f"for {failures:,} the place is known"


def unexplained_told(failures: int) -> str:
    """What is said of failures of which neither cause nor place is known.

    Example:
        >>> unexplained_told(1), unexplained_told(1200)
        ('1 is unexplained', '1,200 are unexplained')
    """
    return f"{failures:,} {'is' if failures == 1 else 'are'} unexplained"


def lost_rows(accounting: Accounting) -> int:
    """Rows that could not be used, scored, placed or diagnosed."""
    return sum(accounting.counts[state] for state in LOST)


def accounting_line(accounting: Accounting) -> str:
    """What became of the rows, in one line: what was lost, or that nothing was.

    Example:
        >>> from error_map.analysis import Tally, accounting
        >>> accounting_line(accounting([Tally("d", "m", "passed", "", 1200)]))
        '1,200 rows, all accounted for'
    """
    rows = count(accounting.rows, "row")
    if not lost_rows(accounting):
        return f"{rows}, all accounted for"
    lost = (f"{accounting.counts[state]:,} {state}" for state in LOST if accounting.counts[state])
    return f"{rows}: {', '.join(lost)}"
