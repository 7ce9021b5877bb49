"""Wrong answers that most models share: a doubtful reference, or a trap for weaker models."""

from typing import Final

import polars as pl

from ..records import CONSENSUS_MODELS, CONSENSUS_SHARE
from ..store import EXAMPLE_KEY
from .chance import binomial_tail

SCORED: Final = ("passed", "selected", "not_sampled", "not_selected")
"""States, while a run is made, of the attempts that were scored."""
BEST_SHARE: Final = 4
"""The best quarter of the models that were scored on an example decides who is believed: fewer
would be a single model in most runs, and half of them are no longer the best."""
CHANCE: Final = 0.01
"""An agreement that is more probable than this if all models guess says nothing; the usual level
of a strict test, as thousands of examples are tested."""
RELIABLE: Final = 0.5
"""Pass rate on the dataset from which a model's word counts against a reference. Of 14 answers that
most of four weaker models gave to GSM8K, two were better than the reference."""
RELIABLE_MODELS: Final = 2
"""Reliable models that must give an answer for the reference to be doubtful: one may be wrong."""
CONSENSUS_COLUMNS: Final = ("kind", "same", "models", "best_same", "best", "right", "best_right")
"""Columns of the result: see `consensus`."""
_GIVEN: Final = (*EXAMPLE_KEY, "answer")
_CODE: Final = (
    r"(?i)\bassert \w+\(|\b(?:output|result|return value|stdout) (?:of|from|for|by) (?:\w+ ){0,5}"
    r"(?:code|program|function|script|snippet|call)\b|\b(?:code|program|function|script|snippet)"
    r" (?:\w+ ){0,3}(?:print|output|return|produce|display|evaluate)"
)
_PROGRAM: Final = (
    r"(?m)^\s*(?:def \w+\(|print\(|#include|public |function \w+\(|import \w)|```\w+\n"
)
_PROMPT_CHARS: Final = 4_000
"""Read at the end of a prompt, where the task is; bounds the work on long ones."""


def consensus(attempts: pl.DataFrame, failures: pl.DataFrame) -> pl.DataFrame:
    """The wrong answers that most models give to an example, passing models included.

    A model gives an answer if more than half of its attempts at the example do. An answer is
    shared if `CONSENSUS_MODELS` models and `CONSENSUS_SHARE` of all models that were scored on the
    example give it, and models that guess would hardly agree as much: as often as it is a wrong
    answer to the dataset's other examples, so that it takes more models where there are only two
    answers. It is a flag, never a cause.

    Args:
        attempts: Columns `dataset, example_id, model, state` of all records of whole datasets.
        failures: Columns `dataset, example_id, model, answer, input_text` of the studied failures.

    Returns:
        One row per failure, in their order; null where its answer is not shared. `kind` is `trap`
        if at least as many of the best models give the reference, or code decides what is right;
        `doubt` if reliable models give the answer, and no model the reference, or fewer of the
        best ones; null if neither holds.
        `same` of `models` give the answer and `right` pass, among them `best_same` and
        `best_right` of the `best`.
    """
    scored = attempts.lazy().filter(pl.col("state").is_in(SCORED))
    rates = scored.group_by("dataset", "model").agg(rate=_passed().mean())
    on_item = (
        scored.group_by(*EXAMPLE_KEY, "model")
        .agg(attempts=pl.len(), right=_passed().any())
        .join(rates, on=("dataset", "model"))
        .with_columns(
            best=pl.col("rate") >= _best_rate().over(EXAMPLE_KEY),
            reliable=pl.col("rate") >= RELIABLE,
        )
    )
    items = on_item.group_by(EXAMPLE_KEY).agg(
        pl.len().alias("models"),
        pl.col("best", "right").sum(),
        (pl.col("best") & pl.col("right")).sum().alias("best_right"),
    )
    wrong = failures.lazy().filter(pl.col("answer") != "")
    shared = (
        wrong.group_by(*_GIVEN, "model")
        .agg(times=pl.len())
        .join(on_item, on=(*EXAMPLE_KEY, "model"))
        .filter(2 * pl.col("times") > pl.col("attempts"))
        .group_by(_GIVEN)
        .agg(
            pl.len().alias("same"),
            pl.col("best").sum().alias("best_same"),
            pl.col("reliable").sum(),
        )
        .join(items, on=EXAMPLE_KEY)
        .filter(pl.col("same") >= CONSENSUS_MODELS)
        .filter(pl.col("same") >= CONSENSUS_SHARE * pl.col("models"))
    )
    kept = _beyond_chance(shared.join(_elsewhere(wrong), on=_GIVEN).collect())
    joined = failures.lazy().join(kept.lazy(), on=_GIVEN, how="left", maintain_order="left")
    return joined.with_columns(kind=_kind()).select(CONSENSUS_COLUMNS).collect()


def _passed() -> pl.Expr:
    return pl.col("state") == "passed"


def _best_rate() -> pl.Expr:
    """The pass rate from which a model is among the best on its example; ties are all in."""
    number = (pl.len() // BEST_SHARE).clip(1)
    return pl.col("rate").sort(descending=True).get(number - 1)


def _elsewhere(wrong: pl.LazyFrame) -> pl.LazyFrame:
    """How often each answer is among the wrong ones to the dataset's other examples.

    Half a time is added, as an answer that was not given elsewhere is not impossible.
    """
    counted = wrong.group_by(_GIVEN).agg(here=pl.len())
    of_answer = pl.col("here").sum().over("dataset", "answer") - pl.col("here")
    of_dataset = pl.col("here").sum().over("dataset") - pl.col("here").sum().over(EXAMPLE_KEY)
    usual = (of_answer + 0.5) / (of_dataset + 1)
    return counted.with_columns(usual=usual).select(*_GIVEN, "usual")


def _beyond_chance(shared: pl.DataFrame) -> pl.DataFrame:
    tested = shared.select("same", "models", "usual").iter_rows()
    rare = [binomial_tail(*row) < CHANCE for row in tested]
    return shared.filter(pl.Series(rare, dtype=pl.Boolean))


def _kind() -> pl.Expr:
    best_right, best_same = pl.col("best_right"), pl.col("best_same")
    trap = (best_right > 0) & (best_right >= best_same)
    # With repeats, a model that passes once may give the shared answer most of the time.
    few_right = 2 * pl.col("right") < pl.col("models")
    believed = (pl.col("right") == 0) | ((best_same > best_right) & few_right)
    doubt = believed & (pl.col("reliable") >= RELIABLE_MODELS)
    return (
        pl.when(pl.col("same").is_null())
        .then(None)
        .when(trap | _code_decides())
        .then(pl.lit("trap"))
        .when(doubt)
        .then(pl.lit("doubt"))
    )


def _code_decides() -> pl.Expr:
    """Whether the task shows code and asks for what it puts out, so that running it decides."""
    task = pl.col("input_text").str.tail(_PROMPT_CHARS)
    return task.str.contains(_CODE) & task.str.contains(_PROGRAM)
