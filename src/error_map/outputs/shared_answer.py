"""The sentence about a wrong answer that most models share."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from ..analysis import consensus
from ..analysts.texts import clipped
from ..presentation.formatting import count

_SHOWN_CHARS: Final = 60
"""A longer answer is truncated, and a longer reference, which may have a working, is not shown."""
DOUBT: Final = "doubt"
TRAP: Final = "trap"
_HEADINGS: Final = {DOUBT: "Doubtful reference", TRAP: "Shared trap"}


def shared_answers(attempts: pl.DataFrame, failures: pl.DataFrame) -> pl.DataFrame:
    """Which wrong answers most models share, in a word and in a sentence.

    Args:
        attempts: As `consensus` takes them.
        failures: Columns `dataset, example_id, model, answer, input_text, correct_answer`.

    Returns:
        Columns `shared` (`doubt`, `trap` or null) and `shared_answer` (null where `shared` is), one
        row per failure, in their order.
    """
    found = consensus(attempts, failures)
    cells = found.hstack(failures.select("answer", "correct_answer"))
    rows = cells.iter_rows(named=True) if found["kind"].null_count() < found.height else ()
    texts = [_sentence(row) if row["kind"] else None for row in rows] or [None] * found.height
    return found.select(
        pl.col("kind").alias("shared"), pl.Series("shared_answer", texts, dtype=pl.String)
    )


def _sentence(row: dict[str, object]) -> str:
    return f"{_HEADINGS[str(row['kind'])]}: {'; '.join(_clauses(row))}."


def _clauses(row: dict[str, object]) -> Iterator[str]:
    numbers = {name: int(str(cell)) for name, cell in row.items() if isinstance(cell, int)}
    answer = clipped(" ".join(str(row["answer"]).split()), _SHOWN_CHARS)
    yield (
        f"{numbers['same']} of the {numbers['models']} models scored on this example"
        f"{_among(numbers['best_same'], numbers['best'], of=numbers['same'])} answer {answer!r}"
    )
    reference = str(row["correct_answer"] or "").strip()
    if reference and len(reference) <= _SHOWN_CHARS and "\n" not in reference:
        yield f"the reference says {reference!r}"
    right = numbers["right"]
    passes = "passes" if right == 1 else "pass"
    among = _among(numbers["best_right"], numbers["best"], of=right)
    yield f"{count(right, 'model')}{among} {passes}" if right else "no model passes"


def _among(some: int, best: int, *, of: int) -> str:
    """How many of the best models are among the models that are named."""
    if not some:
        return ""
    if of == 1:
        return ", the best one," if best == 1 else f", one of the {best} best,"
    if some == best:
        return ", among them the best one," if best == 1 else f", among them the {best} best,"
    return f", among them {some} of the {best} best,"
