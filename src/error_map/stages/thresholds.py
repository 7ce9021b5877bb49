"""Decides which scores of a dataset are failures."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, cast

import polars as pl

from ..config import DatasetParams
from ..options import Direction

Origin: TypeAlias = Literal["given", "known", "binary", "mean"]

KNOWN: Final = {"mmlu_pro_old": 1.0, "gpqa": 1.0, "omni_math": 0.5, "medhelm_v2_medec": 0.7}
"""Thresholds of well-known datasets, by name."""
KNOWN_FAMILIES: Final = {"medhelm_v2_": 3.5}
"""Thresholds of dataset families by name prefix, if `KNOWN` has none."""
SHARE_OF_MEAN: Final = 0.7
"""The reference's rule for graded scores: a failure scores clearly below average."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """The rule by which one dataset's records pass or fail."""

    value: float
    direction: Direction
    """`high`: scores below the value are failures; `low`: scores above it."""
    origin: Origin
    notices: tuple[str, ...] = ()

    def __str__(self) -> str:
        sign = "<" if self.direction == "high" else ">"
        return f"score {sign} {self.value:g}"


def with_threshold(records: pl.DataFrame, rules: Mapping[str, Threshold]) -> pl.DataFrame:
    """The records with their dataset's `threshold` as a column.

    Args:
        records: Have a column `dataset`.
        rules: Of each dataset, by name.
    """
    values = {dataset: rule.value for dataset, rule in rules.items()}
    value = pl.col("dataset").replace_strict(values, return_dtype=pl.Float64)
    return records.with_columns(value.alias("threshold"))


def is_failure(rules: Mapping[str, Threshold]) -> pl.Expr:
    """Whether a record is a failure, by its columns `dataset`, `score` and `threshold`."""
    low = [dataset for dataset, rule in rules.items() if rule.direction == "low"]
    over, under = pl.col("score") > pl.col("threshold"), pl.col("score") < pl.col("threshold")
    return pl.when(pl.col("dataset").is_in(low)).then(over).otherwise(under)


def threshold_for(
    dataset: str, scores: pl.Series, *, given: DatasetParams | None, direction: Direction
) -> Threshold:
    """The rule for one dataset: the caller's, or a known one, or one derived from the scores.

    Args:
        dataset: Name of the dataset.
        scores: Scores of all its rows, before any filter; not empty.
        given: The caller's rule for this dataset.
        direction: Direction of the scores unless `given` has one.

    Example:
        >>> str(threshold_for("d", pl.Series([0.0, 1.0]), given=None, direction="high"))
        'score < 1'
        >>> str(threshold_for("d", pl.Series([0.5, 1.0]), given=None, direction="high"))
        'score < 0.52'
    """
    if given and given.score_direction:
        direction = given.score_direction
    if given and given.success_threshold is not None:
        return Threshold(value=given.success_threshold, direction=direction, origin="given")
    known = _known(dataset)
    low, high = _range(scores)
    if known is not None and low <= known <= high:
        return Threshold(value=known, direction=direction, origin="known")
    ignored = () if known is None else (_ignored(dataset, known, low=low, high=high),)
    if ((scores == 0) | (scores == 1)).all():
        value = 1.0 if direction == "high" else 0.0
        return Threshold(value=value, direction=direction, origin="binary", notices=ignored)
    return _from_mean(dataset, scores, direction=direction, notices=ignored)


def _known(dataset: str) -> float | None:
    if dataset in KNOWN:
        return KNOWN[dataset]
    return next((KNOWN_FAMILIES[f] for f in KNOWN_FAMILIES if dataset.startswith(f)), None)


def _range(scores: pl.Series) -> tuple[float, float]:
    return cast("float", scores.min()), cast("float", scores.max())


def _ignored(dataset: str, known: float, *, low: float, high: float) -> str:
    return (
        f"{dataset}: the known threshold {known:g} lies outside its scores "
        f"({low:g} to {high:g}) and is ignored"
    )


def _from_mean(
    dataset: str, scores: pl.Series, *, direction: Direction, notices: tuple[str, ...]
) -> Threshold:
    mean = cast("float", scores.mean())
    factor = SHARE_OF_MEAN if direction == "high" else 1 / SHARE_OF_MEAN
    value = round(factor * mean, 2)
    rule = Threshold(value=value, direction=direction, origin="mean")
    notice = (
        f"{dataset}: no threshold is given, so {rule} is a failure "
        f"({factor:.2g} x the mean score {mean:.4g}); set it with --threshold {dataset}=X"
    )
    low, high = _range(scores)
    warning = (
        f"{dataset}: check it, as the scores go from {low:g} to {high:g} with a mean of {mean:.4g}"
    )
    warnings = () if value > 0 else (warning,)
    return Threshold(
        value=value, direction=direction, origin="mean", notices=(*notices, notice, *warnings)
    )
