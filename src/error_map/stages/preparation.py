"""Stage 1 over all datasets, one at a time, so that only one of them is in memory."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl
from anyio.lowlevel import checkpoint

from ..analysts.studied_row import StudiedRow
from ..config import RunConfig
from ..errors import refuse_unknown
from ..progress import Noticed, Progress, StageEnded, StageMoved, StageStarted
from ..readers import Catalog
from ..store import Draft
from .selection import Selection, select
from .thresholds import Threshold

STAGE: Final = "preparation"
SAMPLE_ROWS: Final = 1_000
"""Rows per dataset from which an analyst learns the answer route. Several routes read each of them,
so more rows cost time, while a share among 1,000 rows is known to 3 points."""
_LONG_TEXTS: Final = ("input_text", "output_text", "correct_answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What is known when all datasets are read."""

    thresholds: dict[str, Threshold]
    samples: dict[str, Sequence[StudiedRow]]
    """By dataset, a seeded sample of its rows, passed and failed; empty if no detector runs."""
    models: tuple[str, ...]
    repeats: bool
    """Whether a model answered any example more than once."""
    notices: tuple[str, ...]


async def prepare(
    catalog: Catalog,
    config: RunConfig,
    draft: Draft,
    *,
    on_selected: Callable[[Selection], None],
    progress: Progress,
) -> Prepared:
    """Reads every dataset and selects its failures, in the order of the datasets' names.

    Stops between two datasets if it is cancelled.

    Args:
        catalog: The datasets.
        config: Models, thresholds, ratio and seed.
        draft: Receives the records and the selected failures.
        on_selected: Called with each dataset's records before their texts are released.
        progress: Receives the events and notices.

    Raises:
        InputError: A requested model is in no dataset.
    """
    progress(StageStarted(STAGE, len(catalog.datasets)))
    thresholds: dict[str, Threshold] = {}
    samples: dict[str, Sequence[StudiedRow]] = {}
    models: set[str] = set()
    notices: list[str] = []
    repeats = False
    for done, dataset in enumerate(catalog.datasets, start=1):
        await checkpoint()
        selection = select(dataset, catalog.rows(dataset), config)
        catalog.release(dataset)
        on_selected(selection)
        draft.put_dataset(selection.records.drop(_LONG_TEXTS), selection.failures)
        thresholds[dataset] = selection.threshold
        samples[dataset] = sample_rows(selection.records, config.seed) if config.examines else ()
        models.update(selection.records["model"].unique())
        repeats = repeats or selection.repeats
        notices.extend(selection.notices)
        for notice in selection.notices:
            progress(Noticed(notice))
        progress(StageMoved(STAGE, done))
    refuse_unknown(config.models or (), models, what="model", where="models")
    progress(StageEnded(STAGE, len(catalog.datasets)))
    return Prepared(
        thresholds=thresholds,
        samples=samples,
        models=tuple(sorted(models)),
        repeats=repeats,
        notices=tuple(notices),
    )


def sample_rows(records: pl.DataFrame, seed: int) -> Sequence[StudiedRow]:
    """A seeded sample of a dataset's rows.

    Args:
        records: In key order, so that the order of rows in files does not matter.
        seed: Seed of the sample.
    """
    rng = random.Random(seed)  # noqa: S311 - a sample, not a secret
    rows = sorted(rng.sample(range(records.height), min(SAMPLE_ROWS, records.height)))
    passed = (pl.col("state") == "passed").alias("passed")
    sample = records[rows].select(*_LONG_TEXTS, passed)
    return [StudiedRow(*row) for row in sample.iter_rows()]
