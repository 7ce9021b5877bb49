"""Stage 1 over all datasets: of large ones only one is ever in memory."""

import random
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice, starmap
from typing import Final

import polars as pl
from anyio.lowlevel import checkpoint

from ..analysts.offline.answers.route_learning import StudiedRow
from ..config import RunConfig
from ..errors import refuse_unknown
from ..progress import Noticed, Progress, StageEnded, StageMoved, StageStarted
from ..readers import Catalog
from ..store import Draft
from .selection import Selection, select
from .thresholds import Threshold

STAGE: Final = "preparation"
TAUGHT_ROWS: Final = 1_000
"""Rows of a dataset from which the offline analyst learns how its answers are read."""
TOGETHER_ROWS: Final = 200
"""Neighbouring datasets are selected together up to so many rows: selecting takes ten milliseconds,
however few the rows are."""
_LONG_TEXTS: Final = ("input_text", "output_text", "correct_answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What is known once all datasets are read."""

    thresholds: dict[str, Threshold]
    taught: dict[str, Sequence[StudiedRow]]
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
        on_selected: Sees each record once with its texts, before they are let go.
        progress: Told how many datasets are done, and every notice.

    Raises:
        InputError: A model that was asked for is nowhere.
    """
    progress(StageStarted(STAGE, len(catalog.datasets)))
    thresholds: dict[str, Threshold] = {}
    taught: dict[str, Sequence[StudiedRow]] = {}
    models: set[str] = set()
    notices: list[str] = []
    repeats = False
    async for selection in _selections(catalog, config):
        on_selected(selection)
        draft.put_datasets(selection.records.drop(_LONG_TEXTS), selection.failures)
        thresholds.update(selection.thresholds)
        nothing = dict.fromkeys(selection.thresholds, ())
        taught.update(taught_rows(selection, config.seed) if config.examines else nothing)
        models.update(selection.records["model"].unique())
        repeats = repeats or selection.repeats
        notices.extend(selection.notices)
        for notice in selection.notices:
            progress(Noticed(notice))
        progress(StageMoved(STAGE, len(thresholds)))
    refuse_unknown(config.models or (), models, what="model", where="models")
    progress(StageEnded(STAGE, len(catalog.datasets)))
    return Prepared(
        thresholds=thresholds,
        taught=taught,
        models=tuple(sorted(models)),
        repeats=repeats,
        notices=tuple(notices),
    )


async def _selections(catalog: Catalog, config: RunConfig) -> AsyncIterator[Selection]:
    """All datasets in the order of their names: a large one alone, small neighbours together."""
    small: list[pl.DataFrame] = []
    for dataset in catalog.datasets:
        await checkpoint()
        rows = catalog.rows(dataset)
        catalog.release(dataset)
        if small and sum(map(len, small)) + rows.height > TOGETHER_ROWS:
            yield select(pl.concat(small), config)
            small = []
        if rows.height < TOGETHER_ROWS:
            small.append(rows)
        else:
            yield select(rows, config)
        del rows  # before the next dataset is read
    if small:
        yield select(pl.concat(small), config)


def taught_rows(selection: Selection, seed: int) -> Mapping[str, Sequence[StudiedRow]]:
    """Of each dataset a seeded sample, which the order of rows in files does not change."""
    samples = [_sample(rows, seed) for rows in selection.rows.values()]
    passed = (pl.col("state") == "passed").alias("passed")
    chosen = selection.records[list(chain.from_iterable(samples))]
    studied = starmap(StudiedRow, chosen.select(*_LONG_TEXTS, passed).iter_rows())
    of_each = zip(selection.rows, samples, strict=True)
    return {dataset: list(islice(studied, len(sample))) for dataset, sample in of_each}


def _sample(rows: range, seed: int) -> Sequence[int]:
    """Up to TAUGHT_ROWS of the rows, in order."""
    if len(rows) <= TAUGHT_ROWS:
        return rows
    rng = random.Random(seed)  # noqa: S311 - a sample, not a secret
    return sorted(rng.sample(rows, TAUGHT_ROWS))
