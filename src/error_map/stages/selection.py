"""Stage 1: which records are failures, which to study, which correct answers to show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

import polars as pl

from ..config import RunConfig
from ..readers import REPEAT_COLUMNS
from .peer_answers import correct_outputs
from .sampling import KEY, sampled
from .thresholds import Threshold, is_failure, threshold_for, with_threshold

SELECTED: Final = "selected"
"""Stands in the state column for a failure under study, whose own state is still to come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Some datasets' records, each with a state.

    Columns of `records`: the key (`dataset, example_id, model, repeat`), `input_text,
    output_text, score, correct_answer`, the kept columns, then `threshold, state, weight`; in key
    order. `failures` has the rows under study and, as `correct_outputs`, what to show beside.
    """

    thresholds: dict[str, Threshold]
    """Of each dataset, in the order of their names."""
    rows: dict[str, range]
    """Where each dataset stands in `records`."""
    records: pl.DataFrame
    failures: pl.DataFrame
    repeats: bool
    """Whether a model answered any example more than once."""
    notices: tuple[str, ...]


def select(rows: pl.DataFrame, config: RunConfig) -> Selection:
    """The records with the states that selection decides, each dataset's by its own scores.

    Args:
        rows: Of whole datasets, as a Catalog gives them; their order does not matter.
        config: Thresholds, models, ratio and seed.
    """
    numbered, repeated = number_attempts(rows)
    rows_of_each = _rows_of_each(numbered["dataset"])
    rules = _thresholds(numbered["score"], rows_of_each, config)
    records = _with_states(numbered, rules, config)
    failures = records.filter(pl.col("state") == SELECTED)
    return Selection(
        thresholds=rules,
        rows=rows_of_each,
        records=records,
        failures=failures.with_columns(_beside(records, failures, config)),
        repeats=bool(records.select(_same_as_above(KEY[:3])).to_series().any()),
        notices=tuple(
            notice
            for dataset, rule in rules.items()
            for notice in (*rule.notices, repeated.get(dataset, ""))
            if notice
        ),
    )


def _rows_of_each(datasets: pl.Series) -> dict[str, range]:
    """Where each dataset's rows are, out of the column of a frame in key order."""
    runs = datasets.rle().struct.unnest().select("value", "len").rows()
    ends = accumulate(size for _, size in runs)
    return {
        dataset: range(end - size, end) for (dataset, size), end in zip(runs, ends, strict=True)
    }


def _thresholds(
    scores: pl.Series, rows_of_each: Mapping[str, range], config: RunConfig
) -> dict[str, Threshold]:
    """The rule for each dataset, out of its own scores."""
    return {
        dataset: threshold_for(
            dataset,
            scores.slice(rows.start, len(rows)),
            given=config.dataset_params.get(dataset),
            direction=config.score_direction,
        )
        for dataset, rows in rows_of_each.items()
    }


def number_attempts(rows: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, str]]:
    """The rows in key order with `repeat` for `attempt`, and by dataset what to say of repeats.

    The file's own number counts where it has one; keys that still repeat are numbered from 0 by
    (score, output text), so that the order of rows decides nothing.
    """
    example = ["dataset", "example_id", "model"]
    frame = rows.with_columns(_own_numbers(rows)).drop("attempt")
    # A column that is the same in all rows makes the sort of a large dataset half as long again.
    order = KEY if rows["dataset"].n_unique() > 1 else KEY[1:]
    frame = frame.select(*KEY, pl.exclude(*KEY)).sort(order)
    if not frame.select(_same_as_above(KEY)).to_series().any():
        return frame, {}
    doubled = frame.filter(frame.select(KEY).is_duplicated())["dataset"]
    texts = [name for name in frame.columns if name not in {*KEY, "score", "output_text"}]
    frame = frame.sort(*KEY, "score", "output_text", *texts)
    place = pl.int_range(pl.len(), dtype=pl.Int32).over(example)
    repeated = pl.col("repeat").is_duplicated().any().over(example)
    frame = frame.with_columns(pl.when(repeated).then(place).otherwise("repeat").alias("repeat"))
    return frame, {
        dataset: _repeated(dataset, len(rows)) for dataset, rows in _rows_of_each(doubled).items()
    }


def _repeated(dataset: str, count: int) -> str:
    return (
        f"{dataset}: {count} rows share their example and model with "
        f"another; they are kept as repeats, numbered by score and output "
        f"(a column {', '.join(REPEAT_COLUMNS)} would name them)"
    )


def _same_as_above(columns: Sequence[str]) -> pl.Expr:
    return pl.all_horizontal(pl.col(name) == pl.col(name).shift() for name in columns)


def _own_numbers(rows: pl.DataFrame) -> pl.Expr:
    """The file's own numbers of the attempts; in a dataset with other labels, their ranks."""
    if rows["attempt"].null_count() == rows.height:
        return pl.lit(0, pl.Int32).alias("repeat")
    attempt = pl.col("attempt")
    number = attempt.cast(pl.Int32, strict=False)
    has_others = (number.is_null() & attempt.is_not_null()).any().over("dataset")
    rank = attempt.rank("dense").over("dataset").cast(pl.Int32) - 1
    return pl.when(has_others).then(rank).otherwise(number).fill_null(0).alias("repeat")


def _with_states(
    rows: pl.DataFrame, rules: Mapping[str, Threshold], config: RunConfig
) -> pl.DataFrame:
    asked = pl.lit(value=True) if config.models is None else pl.col("model").is_in(config.models)
    state = (
        pl.when(~is_failure(rules)).then(pl.lit("passed")).when(~asked).then(pl.lit("not_selected"))
    )
    rows = with_threshold(rows, rules).with_columns(
        state.otherwise(pl.lit(SELECTED)).alias("state")
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
