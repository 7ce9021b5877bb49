"""Summary sentences of a report, each with the figures and intervals that support it."""

from collections.abc import Iterator, Sequence
from typing import Final

from ...analysis import CategoryRate, Heatmap, Rate, Signature, Transitions
from ...presentation.charts import LABELS, causes
from ...presentation.formatting import count, interval, percent
from ...presentation.wording import (
    MOCK,
    located_clause,
    unexplained_clause,
)
from ...records import BENCHMARK_FAULTS_HEADING
from ..summary import FinishedRun
from .report import Fault, Part, Sentence

_MIN_STUDIED: Final = 20
"""Studied failures of a model below which its shares are not compared with those of all models:
the 95 % interval of a share is then wider than 40 percentage points around one half."""
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
    if run.manifest.attempts_known:
        result += _models(run.summary.models)
    if not overall.mock:
        result += [*_causes_and_rest(overall), *_outlier(heat, overall)]
    result += [*_faults(faults), *_pair(pair)]
    return tuple(result)


def sentence(about: str, form: str, *parts: Part) -> Sentence:
    """A sentence from a format string with one `{}` per part."""
    words = [Part(text) for text in form.split("{}")]
    pairs = zip(words, [*parts, Part("")], strict=True)
    return Sentence(about, tuple(part for pair in pairs for part in pair if part.text))


def _name(text: str) -> Part:
    return Part(text, "name")


def _figure(text: str) -> Part:
    return Part(text, "figure")


def _rate(rate: Rate) -> Part:
    return _figure(percent(rate.value))


def _failures(run: FinishedRun, overall: Signature) -> Sentence:
    rate, names = overall.failure_rate, list(run.manifest.datasets)
    models = count(len(run.summary.models), "model")
    where = [_name(name) for name in names] if len(names) <= _MAX_NAMED else []
    listed = ", ".join(["{}"] * len(where)) or count(len(names), "dataset")
    if not run.manifest.attempts_known:
        form = f"The source holds failures only: {{}} of {models} on {listed}. "
        form += "Failure rates are unknown."
        return sentence("failures", form, _figure(count(rate.hits, "failure")), *where)
    form = f"{models} failed {{}} of {rate.trials:,} attempts on {listed}: {{}} {interval(rate)}."
    return sentence("failures", form, _figure(f"{rate.hits:,}"), *where, _rate(rate))


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
        numbers = (_figure(f"{studied:,}"), Part(f"{failed:,}"))
        yield sentence("studied", form, _rate(share), *numbers)
    lost = accounting.counts["undiagnosed"]
    if lost:
        rate = Rate.counted(lost, studied)
        form = f"The analyst gave no diagnosis for {{}} of {studied:,} studied failures: "
        form += f"{{}} {interval(rate)}."
        yield sentence("studied", form, _figure(f"{lost:,}"), _rate(rate))


def _models(models: Sequence[Signature]) -> Iterator[Sentence]:
    """The models that fail most and least often, and whether their intervals overlap."""
    if len(models) < 2:  # noqa: PLR2004 - one model has no order
        return
    ordered = sorted(models, key=lambda model: (-model.failure_rate.value, model.model))
    most, least = ordered[0], ordered[-1]
    form = f"{{}} fails most often: {{}} {interval(most.failure_rate)} of "
    form += f"{most.failure_rate.trials:,} attempts. {{}} fails least often: {{}} "
    form += f"{interval(least.failure_rate)} of {least.failure_rate.trials:,}."
    next_to: list[Part] = []
    if _overlap(most, least):
        form += " The intervals overlap: the order of the models is uncertain."
    elif len(ordered) > 2:  # noqa: PLR2004 - as above
        verb = "overlaps" if _overlap(ordered[-2], least) else "does not overlap"
        form += f" Its interval {verb} that of the second best, {{}}."
        next_to.append(_name(ordered[-2].model))
        if _overlap(most, ordered[1]):
            form += (
                " The interval of the model that fails most often overlaps that of the next, {}."
            )
            next_to.append(_name(ordered[1].model))
    yield sentence(
        "models",
        form,
        _name(most.model),
        _rate(most.failure_rate),
        _name(least.model),
        _rate(least.failure_rate),
        *next_to,
    )


def _overlap(more: Signature, less: Signature) -> bool:
    """Whether the intervals of two models overlap; the first one fails at least as often."""
    return more.failure_rate.low <= less.failure_rate.high


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
    more = [part for rate in others[:2] for part in (_name(rate.category.name), _rate(rate.share))]
    yield sentence("causes", f"{form}.", _name(first.category.name), _rate(first.share), *more)


def _tie(tied: Sequence[CategoryRate]) -> Sentence:
    """The sentence for several equally frequent causes."""
    names = [_name(rate.category.name) for rate in tied] if len(tied) <= _MAX_NAMED else []
    intervals = {interval(rate.share) for rate in tied}
    bounds = f" {intervals.pop()}" if len(intervals) == 1 else ""
    form = f"The {len(tied)} most frequent causes each explain {{}}{bounds} of the failures"
    form += f": {', '.join(['{}'] * len(names))}" if names else ""
    return sentence("causes", f"{form}.", _rate(tied[0].share), *names)


def _explained(overall: Signature) -> Iterator[Sentence]:
    rate = overall.explained
    if rate is None:
        return
    form = f"A cause is known for {{}} {interval(rate)} of the failures "
    form += f"({rate.hits:,} of {rate.trials:,} studied)"
    located = overall.located.hits if overall.located else 0
    rest = overall.unexplained
    form += f"; {located_clause(located)}" if located else ""
    form += f"; {unexplained_clause(rest)}" if rest else ""
    yield sentence("explained", f"{form}.", _rate(rate))


def _outlier(heat: Heatmap | None, overall: Signature) -> Iterator[Sentence]:
    """The cause whose share in one model lies furthest above that over all models, if any does."""
    if heat is None or len(heat.models) < 2:  # noqa: PLR2004 - one model has no peers
        return
    usual = {rate.category.id: rate for rate in causes(overall)}
    higher = [
        (cell.share.value - usual[cell.category.id].share.value, model, cell)
        for model, row in zip(heat.models, heat.cells, strict=True)
        for cell in row
        if cell
        and cell.category.id in usual
        and cell.share.trials >= _MIN_STUDIED
        and cell.share.low > usual[cell.category.id].share.high
    ]
    if not higher:
        return
    _, model, cell = max(higher, key=lambda entry: (entry[0], entry[1]))
    of_all = usual[cell.category.id].share
    form = "{} has a larger share of {} than all models together: {} "
    form += f"{interval(cell.share)} of its failures ({cell.share.hits:,} of "
    form += f"{cell.share.trials:,}), compared with {{}} {interval(of_all)}."
    names = (_name(model), _name(cell.category.name))
    yield sentence("models", form, *names, _rate(cell.share), _rate(of_all))


def _faults(faults: Sequence[Fault]) -> Iterator[Sentence]:
    for fault in faults:
        form = f"{BENCHMARK_FAULTS_HEADING}: {{}} of {fault.rate.trials:,} studied failures "
        on = f", on {count(fault.examples, 'example')}" if fault.examples else ""
        form += f"({{}} {interval(fault.rate)}){on}: {{}}."
        numbers = (_figure(f"{fault.rate.hits:,}"), _rate(fault.rate))
        yield sentence("benchmark", form, *numbers, Part(fault.meaning))


def _pair(pair: Transitions | None) -> Iterator[Sentence]:
    if pair is None or not pair.examples:
        return
    counts = pair.counts
    fixed, broken = (Rate.counted(counts[key], pair.examples) for key in ("fixed", "broken"))
    form = f"From {{}} to {{}}, on {count(pair.examples, 'attempt')} scored for both models: "
    form += f"{{}} {LABELS['fixed']} ({{}} "
    form += f"{interval(fixed)}), {{}} {LABELS['broken']} ({{}} {interval(broken)})."
    yield sentence(
        "comparison",
        form,
        _name(pair.before),
        _name(pair.after),
        _figure(f"{fixed.hits:,}"),
        _rate(fixed),
        _figure(f"{broken.hits:,}"),
        _rate(broken),
    )
