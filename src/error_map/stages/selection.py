"""Stage 1: which records are failures, which to study, which correct answers to show."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from ..config import RunConfig
from ..readers import REPEAT_COLUMNS
from ..store import KEY
from .peer_answers import correct_outputs
from .sampling import sampled
from .thresholds import Threshold, threshold_for

SELECTED: Final = "selected"
"""Stands in the state column for a failure under study, whose own state is still to come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """One dataset's records, each with a state.

    Columns of `records`: the key (`dataset, example_id, model, repeat`), `input_text,
    output_text, score, correct_answer`, the kept columns, then `threshold, state, weight`; in key
    order. `failures` has the rows under study and, as `correct_outputs`, what to show beside.
    """

    dataset: str
    threshold: Threshold
    records: pl.DataFrame
    failures: pl.DataFrame
    repeats: bool
    """Whether a model answered any example more than once."""
    notices: tuple[str, ...]


def select(dataset: str, rows: pl.DataFrame, config: RunConfig) -> Selection:
    """One dataset's records with the states that selection decides.

    Args:
        dataset: Its name.
        rows: As a Catalog gives them; their order does not matter.
        config: Thresholds, models, ratio and seed.
    """
    numbered, notices = number_attempts(rows)
    rule = threshold_for(
        dataset,
        numbered["score"],
        given=config.dataset_params.get(dataset),
        direction=config.score_direction,
    )
    records = _with_states(numbered, rule, config)
    failures = records.filter(pl.col("state") == SELECTED)
    return Selection(
        dataset=dataset,
        threshold=rule,
        records=records,
        failures=failures.with_columns(_beside(records, failures, config)),
        repeats=bool(records.select(_same_as_above(KEY[:3])).to_series().any()),
        notices=(*rule.notices, *notices),
    )


def number_attempts(rows: pl.DataFrame) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The rows in key order with `repeat` for `attempt`, and what to say of repeated keys.

    The file's own number counts where it has one; keys that still repeat are numbered from 0 by
    (score, output text), so that the order of rows decides nothing.
    """
    example = ["dataset", "example_id", "model"]
    frame = rows.with_columns(_own_numbers(rows["attempt"])).drop("attempt")
    frame = frame.select(*KEY, pl.exclude(*KEY)).sort(KEY[1:])
    if not frame.select(_same_as_above(KEY)).to_series().any():
        return frame, ()
    doubled = frame.select(KEY).is_duplicated()
    texts = [name for name in frame.columns if name not in {*KEY, "score", "output_text"}]
    frame = frame.sort(*KEY, "score", "output_text", *texts)
    place = pl.int_range(pl.len(), dtype=pl.Int32).over(example)
    repeated = pl.col("repeat").is_duplicated().any().over(example)
    frame = frame.with_columns(pl.when(repeated).then(place).otherwise("repeat").alias("repeat"))
    told = (
        f"{rows['dataset'][0]}: {int(doubled.sum())} rows share their example and model with "
        f"another; they are kept as repeats, numbered by score and output "
        f"(a column {', '.join(REPEAT_COLUMNS)} would name them)"
    )
    return frame, (told,)


def _same_as_above(columns: Sequence[str]) -> pl.Expr:
    return pl.all_horizontal(pl.col(name) == pl.col(name).shift() for name in columns)


def _own_numbers(attempt: pl.Series) -> pl.Series:
    """The file's own numbers of the attempts; labels that are no numbers are ranked."""
    if attempt.null_count() == len(attempt):
        return pl.zeros(len(attempt), dtype=pl.Int32, eager=True).alias("repeat")
    numbers = attempt.cast(pl.Int32, strict=False)
    if numbers.null_count() > attempt.null_count():
        numbers = attempt.rank("dense").cast(pl.Int32) - 1
    return numbers.fill_null(0).alias("repeat")


def _with_states(rows: pl.DataFrame, rule: Threshold, config: RunConfig) -> pl.DataFrame:
    asked = pl.lit(value=True) if config.models is None else pl.col("model").is_in(config.models)
    failed = rule.failed(pl.col("score"))
    state = pl.when(~failed).then(pl.lit("passed")).when(~asked).then(pl.lit("not_selected"))
    rows = rows.with_columns(
        pl.lit(rule.value).alias("threshold"), state.otherwise(pl.lit(SELECTED)).alias("state")
    )
    if config.ratio < 1:
        rows = rows.with_columns(_sampled_state(rows, config))
    return rows.with_columns(_weight())


def _sampled_state(rows: pl.DataFrame, config: RunConfig) -> pl.Expr:
    """The states, in which the failures that the sample leaves out have their own."""
    candidate = rows["state"] == SELECTED
    chosen = sampled(rows.filter(candidate), ratio=config.ratio, seed=config.seed)
    drawn = pl.Series("drawn", candidate, pl.Boolean).scatter(candidate.arg_true(), chosen)
    left_out = pl.when(pl.lit(candidate & ~drawn)).then(pl.lit("not_sampled"))
    return left_out.otherwise("state").alias("state")


def _weight() -> pl.Expr:
    """How many failures of its (dataset, model) each failure under study stands for."""
    under_study = pl.col("state") == SELECTED
    failures = under_study | (pl.col("state") == "not_sampled")
    each = failures.sum().over("dataset", "model") / under_study.sum().over("dataset", "model")
    return pl.when(under_study).then(each).alias("weight")


def _beside(records: pl.DataFrame, failures: pl.DataFrame, config: RunConfig) -> pl.Series:
    passes = records.filter(pl.col("state") == "passed")
    if not config.use_correct_predictions:
        passes = passes.clear()
    return correct_outputs(passes.select(*KEY, "output_text"), failures, seed=config.seed)
