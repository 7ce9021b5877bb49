"""Summary sentences of a report, each with the figures and intervals that support it."""

from collections.abc import Iterator, Sequence
from typing import Final

from ...analysis import TIERS, CategoryRate, Heatmap, Rate, Signature, Transitions
from ...presentation.charts import causes
from ...presentation.formatting import count, interval
from ...presentation.wording import MOCK
from ...records import BENCHMARK_FAULTS_HEADING
from ..summary import FinishedRun
from .comparisons import ComparedModels, pair_sentence
from .parts import figure_part, name_part, rate_part, sentence
from .report import Fault, Part, Sentence

_MAX_NAMED: Final = 3
"""Datasets, or equally frequent causes, that a sentence names; beyond that it gives the number."""
_MOSTLY_EXPLAINED: Final = 0.5
"""Explained share below which the summary first says that most causes are unknown."""


def sentences(
    run: FinishedRun,
    *,
    heat: Heatmap | None,
    faults: Sequence[Fault],
    pair: Transitions | None,
) -> tuple[Sentence, ...]:
    """The summary of a run, most important first.

    Args:
        run: A finished run.
        heat: Its heatmap.
        faults: Its suspected benchmark faults.
        pair: The comparison of two of its models, if there is one.
    """
    mock = (sentence("mock", MOCK),) if run.manifest.mock else ()
    return (*mock, *_findings(run, heat=heat, faults=faults, pair=pair))


def _findings(
    run: FinishedRun,
    *,
    heat: Heatmap | None,
    faults: Sequence[Fault],
    pair: Transitions | None,
) -> tuple[Sentence, ...]:
    overall = run.summary.overall
    if overall is None:
        return (sentence("failures", "No sample was scored, so there is nothing to report."),)
    result = [_failures(run, overall), *_studied(run, overall)]
    compared = ComparedModels(run)
    result += compared.failure_rates(pair)
    if not overall.mock:
        result += [*_causes_and_rest(overall), *compared.outlier(heat, overall)]
    result += [*_faults(faults), *pair_sentence(pair)]
    return tuple(result)


def _failures(run: FinishedRun, overall: Signature) -> Sentence:
    rate, names = overall.failure_rate, list(run.manifest.datasets)
    models = count(len(run.summary.models), "model")
    where = [name_part(name) for name in names] if len(names) <= _MAX_NAMED else []
    listed = ", ".join(["{}"] * len(where)) or count(len(names), "dataset")
    if not run.manifest.attempts_known:
        form = f"The source holds failures only: {{}} of {models} on {listed}. "
        form += "Failure rates are unknown."
        return sentence("failures", form, figure_part(count(rate.hits, "failure")), *where)
    form = f"{models} failed {{}} of {rate.trials:,} attempts on {listed}: {{}} {interval(rate)}."
    return sentence("failures", form, figure_part(f"{rate.hits:,}"), *where, rate_part(rate))


def _studied(run: FinishedRun, overall: Signature) -> Iterator[Sentence]:
    accounting, failed = run.summary.accounting, overall.failure_rate.hits
    studied = accounting.studied
    if not failed:
        return
    if not studied:
        yield sentence("studied", "No failure was studied.")
    elif studied < failed:
        form = "{} of the failures were sampled and studied: {} of {}. Shares are estimates for "
        form += "all failures, weighted by dataset and model."
        share = Rate.counted(studied, failed)
        numbers = (figure_part(f"{studied:,}"), Part(f"{failed:,}"))
        yield sentence("studied", form, rate_part(share), *numbers)
    lost = accounting.counts["undiagnosed"]
    if lost:
        rate = Rate.counted(lost, studied)
        form = f"The analyst gave no diagnosis for {{}} of {studied:,} studied failures: "
        form += f"{{}} {interval(rate)}."
        yield sentence("studied", form, figure_part(f"{lost:,}"), rate_part(rate))


def _causes_and_rest(overall: Signature) -> tuple[Sentence, ...]:
    """The frequent causes and the explained share; the share first if it is below one half."""
    rate = overall.explained
    largest, explained = tuple(_largest(overall)), tuple(_explained(overall))
    known = rate is None or rate.value >= _MOSTLY_EXPLAINED
    return (*largest, *explained) if known else (*explained, *largest)


def _largest(overall: Signature) -> Iterator[Sentence]:
    rates = causes(overall)
    if not rates:
        return
    first, *others = rates
    tied = [rate for rate in rates if rate.share.value == first.share.value]
    if len(tied) > 1:
        yield _tie(tied)
        return
    form = "The most frequent cause is {}: {} "
    form += f"{interval(first.share)} of the failures ({first.share.hits:,} of "
    form += f"{first.share.trials:,} studied)"
    after = [f"{{}} {{}} {interval(rate.share)}" for rate in others[:2]]
    form += f", followed by {' and '.join(after)}" if after else ""
    shown = (first, *others[:2])
    parts = ((name_part(one.category.name), rate_part(one.share)) for one in shown)
    yield sentence("causes", f"{form}.", *(part for pair in parts for part in pair))


def _tie(tied: Sequence[CategoryRate]) -> Sentence:
    """The sentence for several equally frequent causes."""
    names = [name_part(rate.category.name) for rate in tied] if len(tied) <= _MAX_NAMED else []
    intervals = {interval(rate.share) for rate in tied}
    bounds = f" {intervals.pop()}" if len(intervals) == 1 else ""
    form = f"The {len(tied)} most frequent causes each explain {{}}{bounds} of the failures"
    form += f": {', '.join(['{}'] * len(names))}" if names else ""
    return sentence("causes", f"{form}.", rate_part(tied[0].share), *names)


def _explained(overall: Signature) -> Iterator[Sentence]:
    """The shares of failures whose cause is known, only the place, or nothing."""
    tiers = overall.tiers
    if not tiers:
        return
    cause, place, nothing = (tiers[tier] for tier in TIERS)
    form = f"The cause is known for {{}} {interval(cause)} of the failures "
    form += f"({cause.hits:,} of {cause.trials:,} studied)"
    figures = [cause]
    if place.hits:
        form += f"; only the place, the step but not why, for {{}} {interval(place)} "
        form += f"({place.hits:,})"
        figures.append(place)
    if nothing.hits:
        form += f"; nothing is known for {{}} {interval(nothing)} ({nothing.hits:,})"
        figures.append(nothing)
    yield sentence("explained", f"{form}.", *map(rate_part, figures))


def _faults(faults: Sequence[Fault]) -> Iterator[Sentence]:
    for fault in faults:
        form = f"{BENCHMARK_FAULTS_HEADING}: {{}} of {fault.rate.trials:,} studied failures "
        on = f", on {count(fault.examples, 'example')}" if fault.examples else ""
        form += f"({{}} {interval(fault.rate)}){on}: {{}}."
        numbers = (figure_part(f"{fault.rate.hits:,}"), rate_part(fault.rate))
        yield sentence("benchmark", form, *numbers, Part(fault.meaning))
