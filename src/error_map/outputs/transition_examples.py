"""The examples of a transition between two models, with the result of each model."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from ..analysis import Flow, Transitions
from ..records import DatasetName, ExampleId, ModelName, RecordKey
from ..store import PAIR_KEY
from .summary import FinishedRun


@dataclass(frozen=True, slots=True)
class ModelResult:
    """The result of one model on an example."""

    key: RecordKey
    state: str
    category: str
    """Id of the category of its failure; empty for none."""


@dataclass(frozen=True, slots=True)
class TransitionExample:
    """One example of a flow."""

    before: ModelResult
    after: ModelResult


def transition_examples(
    run: FinishedRun, compared: Transitions, flow: Flow, *, depth: int
) -> tuple[TransitionExample, ...]:
    """The examples of a flow, sorted.

    Args:
        run: The run.
        compared: Two of its models.
        flow: One of their flows.
        depth: The depth at which they were compared.
    """
    examples = run.flow_examples(compared, flow, depth=depth).lazy()
    records = pl.scan_parquet(run.folder.records, glob=False)
    for side, model in (("before", compared.before), ("after", compared.after)):
        results = records.filter(pl.col("model") == model).select(
            *PAIR_KEY,
            pl.col("state").cast(pl.String).alias(f"state_{side}"),
            pl.col("category_id").cast(pl.String).fill_null("").alias(f"category_{side}"),
        )
        examples = examples.join(results, on=PAIR_KEY, how="left", maintain_order="left")
    return tuple(_examples(examples.collect(), compared))


def _examples(frame: pl.DataFrame, compared: Transitions) -> Iterator[TransitionExample]:
    for dataset, example, repeat, *results in frame.iter_rows():
        before, after = (
            RecordKey(DatasetName(dataset), ExampleId(example), ModelName(model), repeat)
            for model in (compared.before, compared.after)
        )
        yield TransitionExample(ModelResult(before, *results[:2]), ModelResult(after, *results[2:]))
