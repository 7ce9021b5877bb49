"""Wording that terminal, report, notebook, plots and viewer share: one concept, one phrase."""

from collections.abc import Mapping, Sequence
from typing import Final

from ..analysis import Accounting, Signature
from ..records import WHOLE_SOLUTION_INCORRECT, Kind, State
from ..store import ThresholdOrigin
from .formatting import count

LOST: Final[tuple[State, ...]] = ("invalid", "errored", "unassigned", "undiagnosed")
"""States of rows about which the run can say nothing, or not enough."""
MODELS_NAMED: Final = 3
"""Models that are named in a table; of more, the others are counted."""
VERDICTS: Final[Mapping[str, str]] = {
    "error": "a cause is known",
    "no error found": "no error was found",
    WHOLE_SOLUTION_INCORRECT: "the whole solution is incorrect",
    "located": "the place is known, the cause is not",
    "unexplained": "no cause was found",
    "": "not diagnosed",
}
"""What each verdict of a diagnosis means."""
KINDS: Final[Mapping[Kind, str]] = {
    "cause": "an error that explains why the answer is wrong",
    "place": "the step where the answer first departs from correct work, without saying why",
    "fact": "something that is true of the answer but explains nothing",
    "fault": "a sign that the item, the reference or the scorer is probably wrong, not the model",
}
"""What each kind of finding means."""
TERMS: Final[Mapping[str, str]] = {
    "cause": KINDS["cause"],
    "place": KINDS["place"],
    "fact": KINDS["fact"],
    "fault": KINDS["fault"],
    "explained": "failures with a known cause; the others are hard to analyze, not diagnosed, fit "
    "no category, or have no error",
    "interval": "95 % confidence interval, in brackets: how far chance alone may move the number; "
    "it does not cover mistakes of the analyst",
}
"""Terms that every reader of a page must know."""
NO_FAILURES: Final = "No failures were studied in this run."
MOCK: Final = "A mock judge answered: nothing below says anything about the models."
STOPPED: Final = "This run stopped before its end; run the same command again to resume it."


def kinds_mentioned(overall: Signature | None) -> tuple[Kind, ...]:
    """The kinds of finding that the summary of a run mentions, to be explained next to it."""
    if overall is None or overall.mock or overall.explained is None:
        return ()
    return ("cause", "place") if overall.located and overall.located.hits else ("cause",)


def glossary(*terms: str) -> str:
    """The meaning of some terms, one paragraph of Markdown per term.

    Example:
        >>> glossary("cause")
        '**cause**: an error that explains why the answer is wrong'
    """
    return "\n\n".join(f"**{term}**: {TERMS[term]}" for term in terms)


def threshold_origin(origin: ThresholdOrigin, rule: str) -> str:
    """Where the threshold of a dataset comes from.

    Args:
        origin: As the manifest records it.
        rule: The rule, such as `score < 1`.
    """
    return {
        "given": "given",
        "known": "known for this dataset",
        "binary": "all scores are 0 or 1",
        "unknown": "unknown",
        "mean": "0.7 x mean score" if "<" in rule else "mean score / 0.7",
    }[origin]


def outputs_of(models: Sequence[str]) -> str:
    """The outputs of a dataset that have an answer route of their own.

    Args:
        models: Who wrote them; empty for short outputs of all models.

    Example:
        >>> outputs_of([]), outputs_of(["a", "b"]), outputs_of(["a", "b", "c", "d", "e"])
        ('short outputs', 'a, b', 'a, b and 3 more models')
    """
    if len(models) <= MODELS_NAMED:
        return ", ".join(models) or "short outputs"
    shown = ", ".join(models[: MODELS_NAMED - 1])
    return f"{shown} and {len(models) - MODELS_NAMED + 1} more models"


def values_not_compared(reason: str) -> str:
    """The notice for a dataset whose final answers cannot be extracted reliably.

    Args:
        reason: Why they are not trusted.
    """
    return f"{reason}: detectors that compare values are off"


def located_clause(failures: int) -> str:
    """The clause for failures of which only the place is known.

    Example:
        >>> located_clause(1200)
        'for 1,200 only the place is known'
    """
    return f"for {failures:,} only the place is known"


def marked(failures: int, examples: int) -> str:
    """Marked failures, with their examples where these were counted.

    Example:
        >>> marked(203, 14), marked(1, 0)
        ('14 examples (203 failures)', '1 failure')
    """
    number = count(failures, "failure")
    return f"{count(examples, 'example')} ({number})" if examples else number


def unexplained_clause(failures: int) -> str:
    """The clause for failures of which neither cause nor place is known.

    Example:
        >>> unexplained_clause(1), unexplained_clause(1200)
        ('1 is unexplained', '1,200 are unexplained')
    """
    return f"{failures:,} {'is' if failures == 1 else 'are'} unexplained"


def lost_rows(accounting: Accounting) -> int:
    """Number of rows that could not be used, scored, placed or diagnosed."""
    return sum(accounting.counts[state] for state in LOST)


def accounting_line(accounting: Accounting) -> str:
    """One line for all rows: what was lost, or that nothing was.

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
