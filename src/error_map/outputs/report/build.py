"""Builds the report of a finished run."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from ...analysis import FAILED, Heatmap, Rate, Signature, Transitions
from ...errors import InputError
from ...presentation.coverage import task_note
from ...presentation.exemplars import Chosen, chosen
from ...presentation.formatting import count
from ...records import SHARED_TRAPS_MEANING, STATE_MEANINGS, CategoryId, fault_meaning
from ...taxonomy import Category
from ..shared_answer import TRAP
from ..summary import FinishedRun, Reading, ThresholdLine
from .checks import checks, evidence_counts
from .instances import read_instances
from .method import OFFLINE, detector_lines, facts, limits, warnings
from .parts import sentence
from .report import DatasetLine, Fault, Group, Instance, Part, Report, Sentence, StateLine
from .sentences import sentences

EXAMPLES: Final = 3
"""Examples per category by default: three show whether they have something in common."""
MAX_EXAMPLES: Final = 100
"""Upper bound of the option: bounds the size of the page, which is mostly texts of examples."""
_PAIR: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportOptions:
    """What a report contains."""

    examples: int = EXAMPLES
    """Examples per category; 0 for a report without failures."""
    redact: bool = False
    """Leave out all prompts and outputs, and all words of models and judges."""
    compare: tuple[str, str] | None = None
    """The two models to compare; None for the models of a run that has exactly two."""

    def __post_init__(self) -> None:
        if not 0 <= self.examples <= MAX_EXAMPLES:
            raise InputError(
                f"cannot show {self.examples} examples per category",
                where="--examples",
                hint=f"0 to {MAX_EXAMPLES}",
            )


def report_of(run: FinishedRun, options: ReportOptions) -> Report:
    """Builds the report of a run; the same run and options give the same report.

    Args:
        run: A finished run.
        options: What the report contains.

    Raises:
        InputError: The models cannot be compared.
        StoreError: The failures file is damaged or missing.
    """
    summary, manifest = run.summary, run.manifest
    evidence = evidence_counts(run.folder.failures)
    groups = _groups(run, options)
    heat, pair, faults = _heat(run), _pair(run, options.compare), _faults(run)
    included = [instance for group in groups for instance in group.instances]
    return Report(
        title=_title(run),
        exp_id=summary.exp_id,
        analyst=summary.analyst,
        mock=manifest.mock,
        completed_at=manifest.completed_at,
        redacted=options.redact,
        described=_described(run, options),
        attempts_known=manifest.attempts_known,
        warnings=tuple(warnings(manifest)),
        sentences=sentences(run, heat=heat, faults=faults, pair=pair),
        accounting=tuple(
            StateLine(state=state, rows=rows, meaning=STATE_MEANINGS[state])
            for state, rows in summary.accounting
        ),
        rows=summary.accounting.rows,
        datasets=_datasets(run),
        overall=summary.overall,
        models=_by_failures(summary.models),
        tree=summary.overall.categories if summary.overall else (),
        heatmap=heat,
        comparison=pair,
        names=run.category_names,
        faults=faults,
        traps=_traps(run),
        groups=groups,
        studied=summary.accounting.studied,
        method=tuple(facts(manifest, redact=options.redact)),
        detectors=tuple(detector_lines(evidence.decided, manifest.detectors)),
        limits=tuple(limits(manifest, sampled=summary.accounting.counts["not_sampled"] > 0)),
        checks=tuple(checks(run, evidence, included)),
    )


def summary_in_words(run: FinishedRun) -> tuple[Sentence, ...]:
    """The sentences at the top of a run's report."""
    return sentences(run, heat=_heat(run), faults=_faults(run), pair=_pair(run, None))


def _title(run: FinishedRun) -> Sentence:
    models, names = [model.model for model in run.summary.models], list(run.manifest.datasets)
    subject = Part(models[0], "name") if len(models) == 1 else Part(count(len(models), "model"))
    data = Part(names[0], "name") if len(names) == 1 else Part(count(len(names), "dataset"))
    verb = "fails" if len(models) == 1 else "fail"
    return sentence("title", f"Why {{}} {verb} on {{}}", subject, data)


def _by_failures(models: Sequence[Signature]) -> tuple[Signature, ...]:
    return tuple(sorted(models, key=lambda model: (-model.failure_rate.value, model.model)))


def _heat(run: FinishedRun) -> Heatmap | None:
    """The heatmap, with its rows in the order of the table of models."""
    heat = run.heatmap()
    if heat is None:
        return None
    rows = dict(zip(heat.models, heat.cells, strict=True))
    models = tuple(model.model for model in _by_failures(run.summary.models))
    return replace(heat, models=models, cells=tuple(rows[model] for model in models))


def _datasets(run: FinishedRun) -> tuple[DatasetLine, ...]:
    pairs = zip(run.summary.thresholds, run.summary.readings, strict=True)
    return tuple(_dataset(run, line, reading) for line, reading in pairs)


def _dataset(run: FinishedRun, line: ThresholdLine, reading: Reading) -> DatasetLine:
    models = {model.model for model in run.summary.models}
    own = [t for t in run.counted if t.dataset == line.dataset and t.model in models]
    failed = sum(t.rows for t in own if t.state in FAILED)
    attempts = failed + sum(t.rows for t in own if t.state == "passed")
    known = run.manifest.attempts_known and attempts
    return DatasetLine(
        dataset=line.dataset,
        failure_rate=Rate.counted(failed, attempts) if known else None,
        rule=line.rule,
        origin=line.origin,
        route=reading.route,
        agreement=reading.agreement,
        distrust=reading.distrust,
        parts=reading.parts,
        explained=None if run.manifest.mock else reading.explained,
        task=task_note(reading.coverage) if reading.coverage else "",
    )


def _faults(run: FinishedRun) -> tuple[Fault, ...]:
    studied = run.summary.accounting.studied
    return tuple(
        Fault(
            kind=mark,
            meaning=fault_meaning(mark).reason,
            rate=Rate.counted(hits, studied),
            examples=run.summary.fault_examples.get(mark, 0),
        )
        for mark, hits in run.summary.faults.items()
        if hits
    )


def _traps(run: FinishedRun) -> Fault | None:
    summary = run.summary
    if not summary.traps:
        return None
    rate = Rate.counted(summary.traps, summary.accounting.studied)
    return Fault(kind=TRAP, meaning=SHARED_TRAPS_MEANING, rate=rate, examples=summary.trap_examples)


def _pair(run: FinishedRun, compare: tuple[str, str] | None) -> Transitions | None:
    if compare:
        return run.compared(*compare)
    models = [model.model for model in run.summary.models]
    if len(models) != _PAIR or not run.manifest.attempts_known:
        return None
    pair = run.transitions(*models)
    return pair if pair.examples else None


def _groups(run: FinishedRun, options: ReportOptions) -> tuple[Group, ...]:
    if not run.summary.accounting.studied:
        return ()
    selected = chosen(
        run.folder.failures, run.display_path, seed=run.manifest.seed, examples=options.examples
    )
    offline = run.manifest.analyst.startswith(OFFLINE)
    origins = run.manifest.detectors if offline else {}
    instances = read_instances(
        run.folder.failures, selected, redact=options.redact, origins=origins
    )
    described = _described(run, options)
    rates = run.summary.overall.categories if run.summary.overall else ()
    order = {rate.category.id: place for place, rate in enumerate(rates)}
    return tuple(
        _group(group, run.taxonomy.path(group.category), instances, described=described)
        for group in sorted(selected, key=lambda group: order.get(group.category, len(order)))
    )


def _described(run: FinishedRun, options: ReportOptions) -> bool:
    """Whether category descriptions may be shown: ours are fixed, a judge's may quote the data."""
    return not options.redact or run.manifest.analyst.startswith(OFFLINE)


def _group(
    group: Chosen, path: Sequence[Category], instances: dict[int, Instance], *, described: bool
) -> Group:
    return Group(
        path=tuple(category.name for category in path),
        category=CategoryId(path[-1].id),
        description=path[-1].description if described else "",
        of=group.of,
        instances=tuple(instances[row] for row in (*group.examples, *group.others)),
    )
