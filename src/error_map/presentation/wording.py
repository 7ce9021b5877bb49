"""What is said in the same words wherever it is said."""

from collections.abc import Mapping
from typing import Final

from ..analysis import Accounting
from ..records import State
from .formatting import count

FAULTS: Final[Mapping[str, str]] = {
    "scorer": "the answer looks right and may have been scored wrong",
    "consensus": "most failing models give this same answer, so the reference may be wrong or the "
    "example a trap",
}
"""Why the benchmark is suspect, by kind; of one failure or of many."""
LOST: Final[tuple[State, ...]] = ("invalid", "errored", "unassigned", "undiagnosed")
"""States of rows about which the run could say nothing, or not enough."""


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
