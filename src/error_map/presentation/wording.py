"""Wording that terminal, report, notebook, plots and viewer share: one concept, one phrase."""

from collections.abc import Mapping, Sequence
from typing import Final

from ..analysis import LEVEL, Accounting, Rate, Signature, Tier
from ..records import WHOLE_SOLUTION_INCORRECT, Kind, State
from ..store import ThresholdOrigin
from .formatting import count, p_value, percent

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
    "nothing known": "neither the cause nor the place of the error was found",
    "interval": "95 % confidence interval, in brackets: how far chance alone may move the number; "
    "it does not cover mistakes of the analyst",
}
"""Terms that every reader of a page must know."""
TIER_NAMES: Final[Mapping[Tier, str]] = {
    "cause": "cause known",
    "place": "place known",
    "nothing": "nothing known",
}
"""What is known about a failure, in two words."""
PER_ATTEMPT: Final = "failures per 100 answers"
"""The rate of a category per attempt, in percent: comparable between models."""
PER_FAILURE: Final = "share of the failures"
"""The share of a category in the failures: it says nothing about how often a model fails."""
NO_TEST: Final = "not tested, as examples were attempted several times"
"""Why two models have no p-value."""
ONE_PAIR: Final = "The p-value is that of this pair alone, not corrected for other pairs."
"""Shown next to a pair of models that a reader has chosen from several."""
NO_FAILURES: Final = "No failures were studied in this run."
MOCK: Final = "A mock judge answered: nothing below says anything about the models."
STOPPED: Final = "This run stopped before its end; run the same command again to resume it."


def kinds_mentioned(overall: Signature | None) -> tuple[Kind, ...]:
    """The kinds of finding that the summary of a run mentions, to be explained next to it."""
    tiers = overall.tiers if overall else {}
    if not tiers:
        return ()
    return ("cause", "place") if tiers["place"].hits else ("cause",)


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


def known_clause(tier: Tier, rate: Rate) -> str:
    """The clause for the studied failures of which this much is known, with their share.

    The share is that of the studied failures, as the clause names their number.

    Example:
        >>> known_clause("cause", Rate.counted(3, 4))
        'for 3 (75.0 %) the cause is known'
        >>> known_clause("place", Rate.counted(1, 4))
        'for 1 (25.0 %) only the place is known: the step, not why'
        >>> known_clause("nothing", Rate.counted(0, 4))
        'for 0 (0.0 %) nothing is known'
    """
    what = {
        "cause": "the cause is known",
        "place": "only the place is known: the step, not why",
        "nothing": "nothing is known",
    }[tier]
    return f"for {rate.hits:,} ({percent(rate.hits / rate.trials)}) {what}"


def marked(failures: int, examples: int) -> str:
    """Marked failures, with their examples where these were counted.

    Example:
        >>> marked(203, 14), marked(1, 0)
        ('14 examples (203 failures)', '1 failure')
    """
    number = count(failures, "failure")
    return f"{count(examples, 'example')} ({number})" if examples else number


def tier_lines(signature: Signature) -> tuple[tuple[str, Rate], ...]:
    """The name and the share of each tier of what is known; empty where nothing was studied."""
    return tuple((TIER_NAMES[tier], rate) for tier, rate in signature.tiers.items())


def chance(p: float | None, *, comparisons: int = 1) -> str:
    """What the test of two models on the same examples says; never more than its p-value.

    Args:
        p: The exact McNemar p-value, or None if no test applies.
        comparisons: Comparisons for which the p-value was corrected.

    Example:
        >>> chance(0.003)
        'more than chance explains (exact McNemar test, p = 0.003)'
        >>> chance(0.31, comparisons=6).partition(" (")[0]
        'chance alone may explain it'
    """
    if p is None:
        return NO_TEST
    verdict = "more than chance explains" if p < LEVEL else "chance alone may explain it"
    corrected = f" after Holm's correction for {comparisons:,} comparisons" * (comparisons > 1)
    return f"{verdict} (exact McNemar test, {p_value(p)}{corrected})"


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
