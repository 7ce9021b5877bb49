"""A report out of a finished run."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from ...analysis import FAILED, Heatmap, Rate, Signature, Transitions
from ...errors import InputError
from ...presentation.exemplars import Chosen, chosen
from ...presentation.formatting import count
from ...records import BENCHMARK_FAULTS, STATE_MEANINGS, CategoryId
from ...taxonomy import Category
from ..summary import FinishedRun, Reading, ThresholdLine
from .checks import checks, proofs
from .instances import read_instances
from .method import OFFLINE, detector_lines, facts, limits, warnings
from .report import DatasetLine, Fault, Group, Instance, Part, Report, Sentence, StateLine
from .sentences import said, sentences

EXAMPLES: Final = 3
MOST_EXAMPLES: Final = 100
_PAIR: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a report is to hold."""

    examples: int = EXAMPLES
    """Of each category; 0 for a report without failures."""
    redact: bool = False
    """Leave out every text, and every word that is not ours."""
    compare: tuple[str, str] | None = None
    """Two models; None for those of a run that has two."""

    def __post_init__(self) -> None:
        if not 0 <= self.examples <= MOST_EXAMPLES:
            raise InputError(
                f"{self.examples} examples of a category are asked for",
                where="--examples",
                hint=f"0 to {MOST_EXAMPLES}",
            )


def report_of(run: FinishedRun, wanted: Wanted) -> Report:
    """The report of a run; the same run gives the same.

    Args:
        run: Finished.
        wanted: What it is to hold.

    Raises:
        InputError: The models that are to be compared cannot be.
        StoreError: The failures file is damaged or gone.
    """
    summary, manifest = run.summary, run.manifest
    proved = proofs(run.folder.failures)
    groups = _groups(run, wanted)
    heat, pair, faults = _heat(run), _pair(run, wanted.compare), _faults(run)
    carried = [one for group in groups for one in group.instances]
    return Report(
        title=_title(run),
        exp_id=summary.exp_id,
        analyst=summary.analyst,
        mock=manifest.mock,
        completed_at=manifest.completed_at,
        redacted=wanted.redact,
        described=_described(run, wanted),
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
        groups=groups,
        studied=summary.accounting.studied,
        method=tuple(facts(manifest, redact=wanted.redact)),
        detectors=tuple(detector_lines(proved.decided, manifest.detectors)),
        limits=tuple(limits(manifest, sampled=summary.accounting.counts["not_sampled"] > 0)),
        checks=tuple(checks(run, proved, carried)),
    )


def summary_in_words(run: FinishedRun) -> tuple[Sentence, ...]:
    """The sentences with which the report of a run begins."""
    return sentences(run, heat=_heat(run), faults=_faults(run), pair=_pair(run, None))


def _title(run: FinishedRun) -> Sentence:
    models, names = [one.model for one in run.summary.models], list(run.manifest.datasets)
    who = Part(models[0], "name") if len(models) == 1 else Part(count(len(models), "model"))
    where = Part(names[0], "name") if len(names) == 1 else Part(count(len(names), "dataset"))
    return said("title", f"Why {{}} {'fails' if len(models) == 1 else 'fail'} on {{}}", who, where)


def _by_failures(models: Sequence[Signature]) -> tuple[Signature, ...]:
    return tuple(sorted(models, key=lambda one: (-one.failure_rate.value, one.model)))


def _heat(run: FinishedRun) -> Heatmap | None:
    """The heatmap, its rows in the order of the models."""
    heat = run.heatmap()
    if heat is None:
        return None
    rows = dict(zip(heat.models, heat.cells, strict=True))
    models = tuple(one.model for one in _by_failures(run.summary.models))
    return replace(heat, models=models, cells=tuple(rows[one] for one in models))


def _datasets(run: FinishedRun) -> tuple[DatasetLine, ...]:
    pairs = zip(run.summary.thresholds, run.summary.readings, strict=True)
    return tuple(_dataset(run, line, reading) for line, reading in pairs)


def _dataset(run: FinishedRun, line: ThresholdLine, reading: Reading) -> DatasetLine:
    asked = {one.model for one in run.summary.models}
    own = [t for t in run.counted if t.dataset == line.dataset and t.model in asked]
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
    )


def _faults(run: FinishedRun) -> tuple[Fault, ...]:
    studied = run.summary.accounting.studied
    return tuple(
        Fault(kind=kind, meaning=BENCHMARK_FAULTS.get(kind, kind), rate=Rate.counted(hits, studied))
        for kind, hits in run.summary.faults.items()
        if hits
    )


def _pair(run: FinishedRun, compare: tuple[str, str] | None) -> Transitions | None:
    if compare:
        return run.compared(*compare)
    models = [one.model for one in run.summary.models]
    if len(models) != _PAIR or not run.manifest.attempts_known:
        return None
    found = run.transitions(*models)
    return found if found.examples else None


def _groups(run: FinishedRun, wanted: Wanted) -> tuple[Group, ...]:
    if not run.summary.accounting.studied:
        return ()
    picked = chosen(
        run.folder.failures, run.display_path, seed=run.manifest.seed, examples=wanted.examples
    )
    offline = run.manifest.analyst.startswith(OFFLINE)
    origins = run.manifest.detectors if offline else {}
    found = read_instances(run.folder.failures, picked, redact=wanted.redact, origins=origins)
    told = _described(run, wanted)
    shown = run.summary.overall.categories if run.summary.overall else ()
    order = {rate.category.id: place for place, rate in enumerate(shown)}
    return tuple(
        _group(one, run.taxonomy.path(one.category), found, told=told)
        for one in sorted(picked, key=lambda one: order.get(one.category, len(order)))
    )


def _described(run: FinishedRun, wanted: Wanted) -> bool:
    """Whether descriptions of categories may be shown: ours are fixed, a judge may quote."""
    return not wanted.redact or run.manifest.analyst.startswith(OFFLINE)


def _group(
    one: Chosen, path: Sequence[Category], found: dict[int, Instance], *, told: bool
) -> Group:
    return Group(
        path=tuple(category.name for category in path),
        category=CategoryId(path[-1].id),
        description=path[-1].description if told else "",
        of=one.of,
        instances=tuple(found[row] for row in (*one.examples, *one.others)),
    )
