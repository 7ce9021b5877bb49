"""Stage 1: finds the failures, samples those to study, and adds correct peer answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import polars as pl

from ..config import RunConfig
from ..readers import REPEAT_COLUMNS
from ..store import KEY
from .compared import SELECTED, compared_failures, compared_passes
from .peer_answers import correct_outputs
from .sampling import sampled
from .thresholds import Threshold, is_failure, threshold_for, with_threshold


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The records of some datasets, each with a state.

    Columns of `records`: the key (`dataset, example_id, model, repeat`), `input_text,
    output_text, score, correct_answer`, the kept columns, then `threshold, state, weight`; in key
    order. `failures` has the rows to study, with peer answers in `correct_outputs`.
    """

    thresholds: dict[str, Threshold]
    """By dataset, in the order of their names."""
    rows: dict[str, range]
    """Indices of each dataset's rows in `records`."""
    records: pl.DataFrame
    failures: pl.DataFrame
    compared: pl.DataFrame
    """A sample of right and studied wrong answers of each model, as `failures`, with `state`."""
    repeats: bool
    """Whether a model answered any example more than once."""
    notices: tuple[str, ...]


def select(rows: pl.DataFrame, config: RunConfig) -> Selection:
    """Decides the state of each record by the scores of its dataset.

    Args:
        rows: The rows of whole datasets, as a Catalog returns them, in any order.
        config: Thresholds, models, ratio and seed.
    """
    numbered, repeated = number_attempts(rows)
    ranges = _dataset_ranges(numbered["dataset"])
    rules = _thresholds(numbered["score"], ranges, config)
    records = _with_states(numbered, rules, config)
    failures = records.filter(pl.col("state") == SELECTED)
    right = compared_passes(records, config.seed) if config.examines else records.clear()
    peers = _peer_answers(records, pl.concat([failures, right]), config)
    failures = failures.with_columns(peers.slice(0, failures.height))
    right = right.with_columns(peers.slice(failures.height), weight=pl.lit(1.0))
    wrong = compared_failures(failures, config.seed) if config.examines else failures.clear()
    return Selection(
        thresholds=rules,
        rows=ranges,
        records=records,
        failures=failures,
        compared=pl.concat([wrong, right]),
        repeats=bool(records.select(_same_as_above(KEY[:3])).to_series().any()),
        notices=tuple(
            notice
            for dataset, rule in rules.items()
            for notice in (*rule.notices, repeated.get(dataset, ""))
            if notice
        ),
    )


def _dataset_ranges(datasets: pl.Series) -> dict[str, range]:
    """Indices of each dataset's rows, from the dataset column of a frame in key order."""
    runs = datasets.rle().struct.unnest().select("value", "len").rows()
    ends = accumulate(size for _, size in runs)
    return {
        dataset: range(end - size, end) for (dataset, size), end in zip(runs, ends, strict=True)
    }


def _thresholds(
    scores: pl.Series, ranges: Mapping[str, range], config: RunConfig
) -> dict[str, Threshold]:
    """The threshold rule of each dataset."""
    return {
        dataset: threshold_for(
            dataset,
            scores.slice(rows.start, len(rows)),
            given=config.dataset_params.get(dataset),
            direction=config.score_direction,
        )
        for dataset, rows in ranges.items()
    }


def number_attempts(rows: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, str]]:
    """The rows in key order, with `repeat` instead of `attempt`, and notices by dataset.

    Numbers in the file are used if there are any. Keys that still repeat are numbered from 0 by
    (score, output text), so that the order of rows does not matter.
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
        dataset: _repeats_notice(dataset, len(rows))
        for dataset, rows in _dataset_ranges(doubled).items()
    }


def _repeats_notice(dataset: str, count: int) -> str:
    return (
        f"{dataset}: {count} rows share their example and model with "
        f"another; they are kept as repeats, numbered by score and output "
        f"(a column {', '.join(REPEAT_COLUMNS)} would name them)"
    )


def _same_as_above(columns: Sequence[str]) -> pl.Expr:
    return pl.all_horizontal(pl.col(name) == pl.col(name).shift() for name in columns)


def _own_numbers(rows: pl.DataFrame) -> pl.Expr:
    """The attempt numbers of the file; in datasets with other labels, the ranks of the labels."""
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
    requested = (
        pl.lit(value=True) if config.models is None else pl.col("model").is_in(config.models)
    )
    state = (
        pl.when(~is_failure(rules))
        .then(pl.lit("passed"))
        .when(~requested)
        .then(pl.lit("not_selected"))
    )
    rows = with_threshold(rows, rules).with_columns(
        state.otherwise(pl.lit(SELECTED)).alias("state")
    )
    if config.ratio < 1:
        rows = rows.with_columns(_sampled_state(rows, config))
    return rows.with_columns(_weight())


def _sampled_state(rows: pl.DataFrame, config: RunConfig) -> pl.Expr:
    """The states after sampling: failures outside the sample become `not_sampled`."""
    candidate = rows["state"] == SELECTED
    in_sample = sampled(rows.filter(candidate), ratio=config.ratio, seed=config.seed)
    drawn = pl.Series("drawn", candidate, pl.Boolean).scatter(candidate.arg_true(), in_sample)
    left_out = pl.when(pl.lit(candidate & ~drawn)).then(pl.lit("not_sampled"))
    return left_out.otherwise("state").alias("state")


def _weight() -> pl.Expr:
    """How many failures of its (dataset, model) each studied failure represents."""
    studied = pl.col("state") == SELECTED
    failures = studied | (pl.col("state") == "not_sampled")
    weight = failures.sum().over("dataset", "model") / studied.sum().over("dataset", "model")
    return pl.when(studied).then(weight).alias("weight")


def _peer_answers(records: pl.DataFrame, failures: pl.DataFrame, config: RunConfig) -> pl.Series:
    passes = records.filter(pl.col("state") == "passed")
    if not config.use_correct_predictions:
        passes = passes.clear()
    return correct_outputs(passes.select(*KEY, "output_text"), failures, seed=config.seed)
