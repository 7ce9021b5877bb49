"""The summary in words: what a person would say of a run, with the figures behind it."""

from collections.abc import Iterator, Sequence
from typing import Final

from ...analysis import CategoryRate, Heatmap, Rate, Signature, Transitions
from ...presentation.formatting import count, interval, percent
from ...presentation.transitions import LABELS
from ...presentation.wording import MOCK, located_told, unexplained_told
from ...records import BENCHMARK_FAULTS_HEADING
from ...taxonomy import reserved
from ..summary import FinishedRun
from .report import Fault, Part, Sentence

_LEAST: Final = 20
"""Studied failures of a model under which its shares are not compared."""
_NAMED: Final = 3
"""Data sets, or causes that are equally frequent, that are named; of more, the number is said."""
_MOST: Final = 0.5
"""Explained share under which the first thing to say of the causes is that most are not known."""


def sentences(
    run: FinishedRun,
    *,
    heat: Heatmap | None,
    faults: Sequence[Fault],
    pair: Transitions | None,
) -> tuple[Sentence, ...]:
    """The summary of a run, the most important first.

    Args:
        run: Finished.
        heat: Its models beside each other.
        faults: Its benchmark-fault lane.
        pair: Two of its models compared, if they are.
    """
    mock = (said("mock", MOCK),) if run.manifest.mock else ()
    return (*mock, *_told(run, heat=heat, faults=faults, pair=pair))


def _told(
    run: FinishedRun,
    *,
    heat: Heatmap | None,
    faults: Sequence[Fault],
    pair: Transitions | None,
) -> tuple[Sentence, ...]:
    overall = run.summary.overall
    if overall is None:
        return (said("failures", "Nothing was scored, so there is nothing to tell."),)
    known = run.manifest.attempts_known
    told = [_failures(run, overall), *_studied(run, overall)]
    if known:
        told += _models(run.summary.models)
    if not overall.mock:
        told += [*_causes_and_rest(overall), *_apart(heat, overall)]
    told += [*_suspect(faults), *_pair(pair)]
    return tuple(told)


def said(about: str, form: str, *parts: Part) -> Sentence:
    """A sentence from a form with `{}` for each part."""
    words = [Part(text) for text in form.split("{}")]
    between = [one for pair in zip(words, [*parts, Part("")], strict=True) for one in pair]
    return Sentence(about, tuple(part for part in between if part.text))


def _name(text: str) -> Part:
    return Part(text, "name")


def _figure(text: str) -> Part:
    return Part(text, "figure")


def _rate(rate: Rate) -> Part:
    return _figure(percent(rate.value))


def _failures(run: FinishedRun, overall: Signature) -> Sentence:
    rate, names = overall.failure_rate, list(run.manifest.datasets)
    models = count(len(run.summary.models), "model")
    where = [_name(name) for name in names] if len(names) <= _NAMED else []
    listed = ", ".join(["{}"] * len(where)) or count(len(names), "dataset")
    if not run.manifest.attempts_known:
        told = f"The source holds failures only: {{}} of {models} on {listed}. "
        why = "How often a model fails cannot be told from it."
        return said("failures", told + why, _figure(count(rate.hits, "failure")), *where)
    form = f"{models} failed {{}} of {rate.trials:,} attempts on {listed}: {{}} {interval(rate)}."
    return said("failures", form, _figure(f"{rate.hits:,}"), *where, _rate(rate))


def _studied(run: FinishedRun, overall: Signature) -> Iterator[Sentence]:
    accounting, failed = run.summary.accounting, overall.failure_rate.hits
    studied = accounting.studied
    if not failed:
        return
    if not studied:
        yield said("studied", "None of the failures was studied.")
    elif studied < failed:
        form = "{} of the failures were drawn and studied: {} of {}. Shares stand for "
        form += "all of them, weighted by dataset and model."
        share = Rate.counted(studied, failed)
        numbers = (_figure(f"{studied:,}"), Part(f"{failed:,}"))
        yield said("studied", form, _rate(share), *numbers)
    lost = accounting.counts["undiagnosed"]
    if lost:
        rate = Rate.counted(lost, studied)
        form = f"The analyst had no answer for {{}} of {studied:,} of them: {{}} {interval(rate)}."
        yield said("studied", form, _figure(f"{lost:,}"), _rate(rate))


def _models(models: Sequence[Signature]) -> Iterator[Sentence]:
    """Who fails most and least, and whether that order is settled."""
    if len(models) < 2:  # noqa: PLR2004 - there is no order of one
        return
    ordered = sorted(models, key=lambda one: (-one.failure_rate.value, one.model))
    most, least = ordered[0], ordered[-1]
    form = f"{{}} fails most often: {{}} {interval(most.failure_rate)} of "
    form += f"{most.failure_rate.trials:,} attempts. {{}} fails least: {{}} "
    form += f"{interval(least.failure_rate)} of {least.failure_rate.trials:,}."
    next_to: list[Part] = []
    if _overlap(most, least):
        form += " The intervals overlap: the order of the models is not settled."
    elif len(ordered) > 2:  # noqa: PLR2004 - as above
        form += (
            f" It is {_apart_told(least, ordered[-2])} the second best, {{}}, by these intervals."
        )
        next_to.append(_name(ordered[-2].model))
        if _overlap(most, ordered[1]):
            form += " The one that fails most often is not told apart from the next, {}."
            next_to.append(_name(ordered[1].model))
    yield said(
        "models",
        form,
        _name(most.model),
        _rate(most.failure_rate),
        _name(least.model),
        _rate(least.failure_rate),
        *next_to,
    )


def _overlap(more: Signature, less: Signature) -> bool:
    """Whether the intervals of two models overlap, of which the first fails as often or more."""
    return more.failure_rate.low <= less.failure_rate.high


def _apart_told(least: Signature, second: Signature) -> str:
    return "not told apart from" if _overlap(second, least) else "told apart from"


def causes(overall: Signature) -> list[CategoryRate]:
    """Top categories that name a cause."""
    kept = {category.id for category in reserved()}
    return [rate for rate in overall.top if rate.category.id not in kept]


def _causes_and_rest(overall: Signature) -> tuple[Sentence, ...]:
    """What is known of the causes; first how much that is, where it is less than half."""
    rate = overall.explained
    largest, explained = tuple(_largest(overall)), tuple(_explained(overall))
    known = rate is None or rate.value >= _MOST
    return (*largest, *explained) if known else (*explained, *largest)


def _largest(overall: Signature) -> Iterator[Sentence]:
    found = causes(overall)
    if not found:
        return
    first, *others = found
    tied = [one for one in found if one.share.value == first.share.value]
    if len(tied) > 1:
        yield _tie(tied)
        return
    form = "The most frequent cause is {}: {} "
    form += f"{interval(first.share)} of the failures ({first.share.hits:,} of "
    form += f"{first.share.trials:,} studied)"
    after = [f"{{}} with {{}} {interval(one.share)}" for one in others[:2]]
    form += f", before {' and '.join(after)}" if after else ""
    more = [part for one in others[:2] for part in (_name(one.category.name), _rate(one.share))]
    yield said("causes", f"{form}.", _name(first.category.name), _rate(first.share), *more)


def _tie(tied: Sequence[CategoryRate]) -> Sentence:
    """Causes of which none is more frequent than another."""
    names = [_name(one.category.name) for one in tied] if len(tied) <= _NAMED else []
    intervals = {interval(one.share) for one in tied}
    between = f" {intervals.pop()}" if len(intervals) == 1 else ""
    form = f"The {len(tied)} most frequent causes have {{}}{between} of the failures each"
    form += f": {', '.join(['{}'] * len(names))}" if names else ""
    return said("causes", f"{form}.", _rate(tied[0].share), *names)


def _explained(overall: Signature) -> Iterator[Sentence]:
    rate = overall.explained
    if rate is None:
        return
    form = f"A cause is known for {{}} {interval(rate)} of the failures "
    form += f"({rate.hits:,} of {rate.trials:,} studied)"
    located = overall.located.hits if overall.located else 0
    rest = overall.unexplained
    form += f"; {located_told(located)}" if located else ""
    form += f"; {unexplained_told(rest)}" if rest else ""
    yield said("explained", f"{form}.", _rate(rate))


def _apart(heat: Heatmap | None, overall: Signature) -> Iterator[Sentence]:
    """The cause by which one model differs most from all of them together."""
    if heat is None or len(heat.models) < 2:  # noqa: PLR2004 - one differs from nobody
        return
    usual = {one.category.id: one for one in causes(overall)}
    apart = [
        (cell.share.value - usual[cell.category.id].share.value, model, cell)
        for model, row in zip(heat.models, heat.cells, strict=True)
        for cell in row
        if cell
        and cell.category.id in usual
        and cell.share.trials >= _LEAST
        and cell.share.low > usual[cell.category.id].share.high
    ]
    if not apart:
        return
    _, model, cell = max(apart, key=lambda one: (one[0], one[1]))
    of_all = usual[cell.category.id].share
    form = "{} stands out by {}: {} "
    form += f"{interval(cell.share)} of its failures ({cell.share.hits:,} of "
    form += f"{cell.share.trials:,}), against {{}} {interval(of_all)} over all models."
    names = (_name(model), _name(cell.category.name))
    yield said("models", form, *names, _rate(cell.share), _rate(of_all))


def _suspect(faults: Sequence[Fault]) -> Iterator[Sentence]:
    for one in faults:
        form = f"{BENCHMARK_FAULTS_HEADING}: {{}} of {one.rate.trials:,} studied failures "
        form += f"({{}} {interval(one.rate)}): {{}}."
        numbers = (_figure(f"{one.rate.hits:,}"), _rate(one.rate))
        yield said("benchmark", form, *numbers, Part(one.meaning))


def _pair(pair: Transitions | None) -> Iterator[Sentence]:
    if pair is None or not pair.examples:
        return
    counts = pair.counts
    fixed, broken = (Rate.counted(counts[one], pair.examples) for one in ("fixed", "broken"))
    form = (
        f"From {{}} to {{}}, on {pair.examples:,} attempts of both: {{}} {LABELS['fixed']} ({{}} "
    )
    form += f"{interval(fixed)}), {{}} {LABELS['broken']} ({{}} {interval(broken)})."
    yield said(
        "comparison",
        form,
        _name(pair.before),
        _name(pair.after),
        _figure(f"{fixed.hits:,}"),
        _rate(fixed),
        _figure(f"{broken.hits:,}"),
        _rate(broken),
    )
