"""Names and types of the columns in a run's tables; every other module takes them from here."""

from collections.abc import Iterable
from typing import Final

import polars as pl

KEY: Final = ("dataset", "example_id", "model", "repeat")
"""Columns that identify a row."""
EXAMPLE_KEY: Final = ("dataset", "example_id")
"""Columns that identify an example, whichever model answers it."""
PAIR_KEY: Final = (*EXAMPLE_KEY, "repeat")
"""Columns by which the attempts of two models are paired."""
STATE_COLUMNS: Final = ("state", "reason", "category_id")
"""Where a row ended up, and why if that needs a reason."""
ROW_NUMBER: Final = "\0number"
"""Row number in the failures file, while it is read; no column of a user's table has this name."""
OUTCOME_SCHEMA: Final = pl.Schema(
    {
        "verdict": pl.String,
        "error_title": pl.String,
        "error_summary": pl.String,
        "detector": pl.String,
        "judge_response": pl.String,
        "criteria": pl.String,
        "findings": pl.String,
        "answer": pl.String,
        "reason": pl.String,
        "prompt": pl.String,
        "full_response": pl.String,
    }
)
"""Columns of an outcome; `criteria` and `findings` are JSON, `verdict` is null if undiagnosed."""
TURN_FIELDS: Final = ("role", "agent", "text", "tool", "arguments", "result", "error")
"""Fields of a turn of a conversation; empty where the log has none."""
_TURNS: Final = pl.List(pl.Struct([pl.Field(name, pl.String) for name in TURN_FIELDS]))
_SPANS: Final = pl.List(pl.List(pl.Int64))
LOG_SCHEMA: Final = pl.Schema(
    [
        ("log_turns", _TURNS),
        ("log_composed", _SPANS),
        ("log_question_start", pl.Int64),
        ("log_stop_reason", pl.String),
        ("log_tokens_in", pl.Int64),
        ("log_tokens_out", pl.Int64),
        ("log_latency_s", pl.Float64),
        ("log_cost_usd", pl.Float64),
    ]
)
"""Columns of a record's optional fields, each written only where an input file has it.

`log_composed` has the spans of the output that the reader wrote. The prefix keeps them apart from
columns of the same name in users' tables, which are kept as they are.
"""
UNSCORED_SCHEMA: Final = pl.Schema(
    {
        "log_state": pl.String,
        "log_fault": pl.String,
        "log_file": pl.String,
        "log_line": pl.Int64,
    }
)
"""Columns of rows without a usable score, where they are kept: the state, why, and the place."""
PEER_ANSWERS: Final = pl.List(pl.Struct({"model": pl.String, "output": pl.String}))
FAILURE_SCHEMA: Final = pl.Schema(
    [
        ("dataset", pl.String),
        ("example_id", pl.String),
        ("model", pl.String),
        # 32 bits are ample for a number of attempts, and half the size in the records file.
        ("repeat", pl.Int32),
        ("input_text", pl.String),
        ("output_text", pl.String),
        ("score", pl.Float64),
        ("correct_answer", pl.String),
        ("threshold", pl.Float64),
        ("weight", pl.Float64),
        ("correct_outputs", PEER_ANSWERS),
        *OUTCOME_SCHEMA.items(),
        ("state", pl.String),
        ("category_id", pl.String),
        ("benchmark_fault", pl.String),
        ("shared_answer", pl.String),
        *LOG_SCHEMA.items(),
    ]
)
"""Columns of the failures file that are not kept columns of the input, in no particular order."""
INVALID_SCHEMA: Final = pl.Schema(
    {
        "file": pl.String,
        "line": pl.Int64,
        "reason": pl.String,
        "dataset": pl.String,
        "state": pl.String,
    }
)
"""Columns of the file of rows without a usable score; the state is `invalid` or `errored`."""
INPUT_COLUMNS: Final = frozenset({*KEY, "input_text", "output_text", "score", "correct_answer"})
"""Columns of our tables that are input columns under their canonical names."""
CONTRACT_COLUMNS: Final = frozenset(
    {"error", "judge_model", "template_used", "inference_success", "correct_output_list"}
)
"""Columns that only the contract's CSV files have."""
READING_COLUMNS: Final = frozenset(
    {"attempt", "fault", "source_line", "source_file", *UNSCORED_SCHEMA}
)
"""Columns that a table has only while it is read."""
RESERVED_COLUMNS: Final = (
    frozenset(FAILURE_SCHEMA) - INPUT_COLUMNS | CONTRACT_COLUMNS | READING_COLUMNS
)
"""Names of columns that we add: a column of that name in an input file is renamed when read."""


def kept_columns(names: Iterable[str]) -> tuple[str, ...]:
    """The columns of a failures file that were kept from the input, in the file's order.

    Example:
        >>> kept_columns(["dataset", "subject", "error_title"])
        ('subject',)
    """
    return tuple(name for name in names if name not in FAILURE_SCHEMA)
