"""The headline of a run: of how many failures the cause is known, only the place, or nothing."""

from collections.abc import Iterator
from typing import Final

from ..analysis import Rate, Signature
from ..presentation.charts import causes
from ..presentation.formatting import count, dollars
from ..presentation.wording import MOCK, STOPPED, known_clause
from .summary import Spending, Summary

_OFFLINE: Final = "offline/"


def headline(summary: Summary) -> str:
    """One sentence; the numbers in it count failures that were studied."""
    overall = summary.overall
    if summary.mock:
        return MOCK
    stopped = "" if summary.whole else f"{STOPPED} "
    if overall is None:
        return "No sample was scored, so there is nothing to explain."
    failed = overall.failure_rate
    if not failed.hits:
        return f"No failures among {count(failed.trials, 'attempt')}."
    if overall.explained is None:
        return f"None of {count(failed.hits, 'failure')} was studied."
    parts = _by_detectors if by_detectors(summary) else _by_judge
    return stopped + "; ".join(parts(summary, overall, overall.explained)) + "."


def by_detectors(summary: Summary) -> bool:
    """Whether the offline analyst studied the failures."""
    return summary.analyst.startswith(_OFFLINE)


def leader(overall: Signature) -> tuple[str, int]:
    """The category that explains most of the studied failures, and how many it explains.

    A category with a single kind of error is named by this kind. The name is empty if no category
    explains any, or if two explain equally many.
    """
    first = causes(overall)[:2]
    if not first or len({rate.share.value for rate in first}) < len(first):
        return "", 0
    category, hits = first[0].category, first[0].share.hits
    kinds = {one.id for one in category.children}
    whole = [
        rate.category.name
        for rate in overall.categories
        if rate.category.id in kinds and rate.share.hits == hits
    ]
    return (whole[0] if len(whole) == 1 else category.name), hits


def _by_detectors(summary: Summary, overall: Signature, explained: Rate) -> Iterator[str]:
    known = known_clause("cause", explained) if explained.hits else "no cause is known"
    yield f"Of {_studied(overall, explained)}, {known}{_causes(overall, explained.hits)}"
    yield from _located(overall)
    yield from _without_category(summary)
    for clause in _nothing(overall):
        who = "it" if overall.unexplained == 1 else "them"
        yield f"{clause}: an LLM judge can study {who}"


def _by_judge(summary: Summary, overall: Signature, explained: Rate) -> Iterator[str]:
    studied = explained.trials
    diagnosed = studied - summary.accounting.counts["undiagnosed"]
    verb = "was" if diagnosed in {0, 1, studied} else "were"
    who = "Every one" if diagnosed == studied else f"{diagnosed:,}" if diagnosed else "None"
    name, hits = leader(overall)
    often = "always" if hits == diagnosed else "most often"
    by = f"diagnosed by {summary.analyst}{f', {often} as {name}' * bool(name)}"
    yield f"{who} of {_studied(overall, explained)} {verb} {by}"
    yield from _without_category(summary)
    yield from _located(overall)
    yield from _nothing(overall)


def _studied(overall: Signature, explained: Rate) -> str:
    failed = overall.failure_rate.hits
    if explained.trials == failed:
        return count(failed, "failure")
    return f"{count(explained.trials, 'failure')} studied ({failed:,} in all)"


def _causes(overall: Signature, explained: int) -> str:
    name, hits = leader(overall)
    if not name:
        return ""
    return f": {name}" if hits == explained else f", most often {name}"


def _without_category(summary: Summary) -> Iterator[str]:
    """The failures that were studied but not assigned to a category."""
    counts = summary.accounting.counts
    if clean := counts["no_error_found"]:
        yield f"no error was found in {clean:,}"
    if unplaced := counts["unassigned"]:
        yield f"{unplaced:,} {'fits' if unplaced == 1 else 'fit'} no category"
    if lost := counts["undiagnosed"]:
        yield _have(lost, "no diagnosis")


def _located(overall: Signature) -> Iterator[str]:
    if overall.located and overall.located.hits:
        yield known_clause("place", overall.located)


def _nothing(overall: Signature) -> Iterator[str]:
    if overall.nothing_known and overall.nothing_known.hits:
        yield known_clause("nothing", overall.nothing_known)


def _have(number: int, what: str) -> str:
    return f"{number:,} {'has' if number == 1 else 'have'} {what}"


def spent(spending: Spending, model: str) -> str:
    """The calls, tokens and cost of a run, in one line.

    Args:
        spending: The run's calls, tokens and cost.
        model: Name of the model.
    """
    calls = count(spending.calls, "call") if spending.calls else "no call"
    tokens = "tokens not reported, "
    if spending.tokens_in:
        tokens = f"{count(spending.tokens_in, 'token')} in, {spending.tokens_out:,} out, "
    tokens += dollars(spending.cost)
    cached = f"{count(spending.from_ledger, 'reply', 'replies')} from the ledger"
    parts = [tokens] * bool(spending.calls) + [cached] * bool(spending.from_ledger)
    return f"{calls} to {model}{': ' * bool(parts)}{'; '.join(parts)}"
