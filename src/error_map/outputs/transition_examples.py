"""The examples that went from one standing to another, with what both models made of each."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from ..analysis import Flow, Transitions
from ..records import DatasetName, ExampleId, ModelName, RecordKey
from ..store import PAIR_KEY
from .summary import FinishedRun


@dataclass(frozen=True, slots=True)
class Stand:
    """Where one model stands on an example."""

    key: RecordKey
    state: str
    category: str
    """Id of the category of its failure; empty where it has none."""


@dataclass(frozen=True, slots=True)
class MovedExample:
    """One example of a flow."""

    before: Stand
    after: Stand


def moved_of(
    run: FinishedRun, moved: Transitions, flow: Flow, *, depth: int
) -> tuple[MovedExample, ...]:
    """The examples behind a flow, sorted.

    Args:
        run: The run.
        moved: Two of its models, beside each other.
        flow: One of theirs.
        depth: The depth at which they were compared.
    """
    found = run.moved_examples(moved, flow, depth=depth).lazy()
    records = pl.scan_parquet(run.folder.records, glob=False)
    for side, model in (("before", moved.before), ("after", moved.after)):
        stands = records.filter(pl.col("model") == model).select(
            *PAIR_KEY,
            pl.col("state").cast(pl.String).alias(f"state_{side}"),
            pl.col("category_id").cast(pl.String).fill_null("").alias(f"category_{side}"),
        )
        found = found.join(stands, on=PAIR_KEY, how="left", maintain_order="left")
    return tuple(_examples(found.collect(), moved))


def _examples(found: pl.DataFrame, moved: Transitions) -> Iterator[MovedExample]:
    for dataset, example, repeat, *stands in found.iter_rows():
        keys = (
            RecordKey(DatasetName(dataset), ExampleId(example), ModelName(model), repeat)
            for model in (moved.before, moved.after)
        )
        before, after = keys
        yield MovedExample(Stand(before, *stands[:2]), Stand(after, *stands[2:]))
