"""Stage 1 over all datasets, one at a time: only one is ever in memory."""

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
"""Rows of a dataset from which the offline analyst learns how its answers are read."""
_LONG_TEXTS: Final = ("input_text", "output_text", "correct_answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What is known once all datasets are read."""

    thresholds: dict[str, Threshold]
    samples: dict[str, Sequence[StudiedRow]]
    """Of each dataset, a seeded sample of rows to learn from, failed and passed alike."""
    models: tuple[str, ...]
    repeats: bool
    """Whether any key repeats."""
    notices: tuple[str, ...]


async def prepare(
    catalog: Catalog,
    config: RunConfig,
    draft: Draft,
    *,
    on_selected: Callable[[Selection], None],
    progress: Progress,
) -> Prepared:
    """Reads and selects every dataset, in the order of their names; stops if it is cancelled.

    Args:
        catalog: Where the datasets are.
        config: What is asked for.
        draft: Takes the records and the failures under study.
        on_selected: Sees each dataset's records with their texts, before they are let go.
        progress: Told of every dataset and every notice.

    Raises:
        InputError: A model that was asked for is nowhere.
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
    """A seeded sample; `records` is in key order, so their order in files decides nothing."""
    rng = random.Random(seed)  # noqa: S311 - a sample, not a secret
    rows = sorted(rng.sample(range(records.height), min(SAMPLE_ROWS, records.height)))
    passed = (pl.col("state") == "passed").alias("passed")
    chosen = records[rows].select(*_LONG_TEXTS, passed)
    return [StudiedRow(*row) for row in chosen.iter_rows()]
