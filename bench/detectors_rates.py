"""Shares of failures explained and located, and false alarms on correct answers."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from error_map.analysis import Rate
from error_map.analysts.offline.answers import learn
from error_map.analysts.offline.examine import examine
from error_map.config import RunConfig
from error_map.readers import Catalog, ReadOptions, file_source
from error_map.records import Failure
from error_map.stages.preparation import taught_rows
from error_map.stages.references import correct_outputs
from error_map.stages.selection import Selection, select
from error_map.store.codec import failures_of


@dataclass(frozen=True, slots=True)
class Rates:
    """Each as text, with its denominator and interval."""

    explained: str
    located: str
    false_alarms: str
    """Correct answers in which a cause is found."""


def explained_and_false_alarms(path: Path) -> Rates:
    """What the detectors say of one file's failures, and of its correct answers."""
    config = RunConfig.load({"exp_id": "bench", "ratio": 1.0})
    catalog = Catalog([file_source(path, ReadOptions())])
    dataset = catalog.datasets[0]
    selection = select(dataset, catalog.rows(dataset), config)
    profile = learn(taught_rows(selection.records, config.seed))
    failed = [examine(failure, profile) for failure in failures_of(selection.failures)]
    passed = [examine(right, profile) for right in _passes(selection, config.seed)]
    verdicts = Counter(diagnosis.verdict for diagnosis in failed)
    alarms = sum(any(f.kind == "cause" for f in diagnosis.findings) for diagnosis in passed)
    return Rates(
        explained=_told(verdicts["error"], len(failed)),
        located=_told(verdicts["located"], len(failed)),
        false_alarms=_told(alarms, len(passed)),
    )


def _passes(selection: Selection, seed: int) -> Sequence[Failure]:
    """The correct answers as if they were failures."""
    passes = selection.records.filter(pl.col("state") == "passed")
    beside = correct_outputs(passes, passes, seed=seed)
    return failures_of(passes.with_columns(beside, pl.lit(1.0).alias("weight")))


def _told(hits: int, trials: int) -> str:
    rate = Rate.counted(hits, trials)
    interval = f"[{100 * rate.low:.1f}, {100 * rate.high:.1f}]"
    return f"{hits:,}/{trials:,} {100 * rate.value:.1f} % {interval}"
