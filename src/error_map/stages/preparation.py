"""Stage 1 over all datasets; of the large ones only one is in memory at a time."""

import random
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice, starmap
from typing import Final

import polars as pl
from anyio.lowlevel import checkpoint

from ..analysts.studied_row import StudiedRow
from ..config import RunConfig
from ..errors import refuse_unknown
from ..progress import Noticed, Progress, StageEnded, StageMoved, StageStarted
from ..readers import Catalog
from ..records import turn_starts
from ..store import KEY, LOG_SCHEMA, Draft
from .selection import Selection, select
from .thresholds import Threshold

STAGE: Final = "preparation"
SAMPLE_ROWS: Final = 1_000
"""Rows per dataset from which an analyst learns the answer route. Several routes read each of them,
so more rows cost time, while a share among 1,000 rows is known to 3 points."""
GROUP_ROWS: Final = 200
"""Neighbouring datasets are selected together up to this many rows, as a selection takes ten
milliseconds however few the rows are."""
_COMPOSED: Final = "log_composed"
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
        on_selected: Called with all records, some datasets at a time, before their texts are
            released.
        progress: Receives the number of finished datasets, and the notices.

    Raises:
        InputError: A requested model is in no dataset.
    """
    progress(StageStarted(STAGE, len(catalog.datasets)))
    thresholds: dict[str, Threshold] = {}
    samples: dict[str, Sequence[StudiedRow]] = {}
    models: set[str] = set()
    notices: list[str] = []
    repeats = False
    async for selection in _selections(catalog, config):
        on_selected(selection)
        draft.put_datasets(_without_texts(selection.records), selection.failures)
        draft.put_compared(selection.compared)
        thresholds.update(selection.thresholds)
        no_samples = dict.fromkeys(selection.thresholds, ())
        samples.update(sample_rows(selection, config.seed) if config.examines else no_samples)
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
        samples=samples,
        models=tuple(sorted(models)),
        repeats=repeats,
        notices=tuple(notices),
    )


def _without_texts(records: pl.DataFrame) -> pl.DataFrame:
    return records.drop(*_LONG_TEXTS, *(name for name in LOG_SCHEMA if name in records.columns))


async def _selections(catalog: Catalog, config: RunConfig) -> AsyncIterator[Selection]:
    """All datasets in the order of their names: large ones alone, small neighbours together."""
    small: list[pl.DataFrame] = []
    for dataset in catalog.datasets:
        await checkpoint()
        rows = catalog.rows(dataset)
        catalog.release(dataset)
        if small and sum(map(len, small)) + rows.height > GROUP_ROWS:
            yield select(pl.concat(small), config)
            small = []
        if rows.height < GROUP_ROWS:
            small.append(rows)
        else:
            yield select(rows, config)
        del rows  # frees the memory before the next dataset is read
    if small:
        yield select(pl.concat(small), config)


def sample_rows(selection: Selection, seed: int) -> Mapping[str, Sequence[StudiedRow]]:
    """By dataset, a seeded sample of its rows, which does not depend on their order in files."""
    indices = [_sample(rows, seed) for rows in selection.rows.values()]
    passed = (pl.col("state") == "passed").alias("passed")
    sample = selection.records[list(chain.from_iterable(indices))]
    has_peers = (pl.col("correct_outputs").list.len() > 0).alias("has_peers")
    studied = selection.failures.select(*KEY, has_peers)
    sample = sample.join(studied, on=KEY, how="left", maintain_order="left")
    columns = (*_LONG_TEXTS, passed, "model", "has_peers", _is_transcript(sample))
    rows = starmap(StudiedRow, sample.select(*columns).iter_rows())
    sizes = zip(selection.rows, map(len, indices), strict=True)
    return {dataset: list(islice(rows, size)) for dataset, size in sizes}


def _is_transcript(sample: pl.DataFrame) -> pl.Series:
    if _COMPOSED not in sample.columns:
        return pl.repeat(value=False, n=sample.height, eager=True).alias("is_transcript")
    pairs = sample.select("output_text", _COMPOSED).iter_rows()
    found = [len(turn_starts(output, composed or ())) > 1 for output, composed in pairs]
    return pl.Series("is_transcript", found, pl.Boolean)


def _sample(rows: range, seed: int) -> Sequence[int]:
    """Up to `SAMPLE_ROWS` of the rows, in order."""
    if len(rows) <= SAMPLE_ROWS:
        return rows
    rng = random.Random(seed)  # noqa: S311 - a sample, not a secret
    return sorted(rng.sample(rows, SAMPLE_ROWS))
