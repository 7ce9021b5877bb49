"""The valid and the invalid rows of one file, under canonical column names."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, Self

import polars as pl

from ...errors import EmptyInput, InputError
from ...store.columns import LOG_SCHEMA, UNSCORED_SCHEMA
from ..file_names import stem_of
from ..naming import NameTemplate
from .header import REQUIRED, kept_name
from .logged import logged_fields
from .scores import AS_NUMBERS, ScoreFormat, parsed_scores, way_out

REPEAT_COLUMNS: Final = ("repeat", "epoch", "trial")
"""Columns in which a file may number its attempts; the first one that it has is used."""
LINE: Final = "source_line"
_FIXED: Final = ("dataset", *REQUIRED[:4], "score", "correct_answer", "attempt")
FIXED_COLUMNS: Final = len(_FIXED)
"""Columns that every table has; a file's extra ones follow."""
NO_ROWS: Final = "the file has no rows"
_MAX_SCORES: Final = 1_000
"""Different unreadable scores that are looked at for an option that would read them."""
_MAX_CHARS: Final = 40
"""Characters of an invalid score in a message, as the file may have any text there."""
_REFERENCE: Final = re.compile(
    r"reference|gold|expected|ground.?truth|target|(right|correct|true).?answer|solution",
    re.IGNORECASE,
)
"""Usual names of columns with reference answers."""


@dataclass(frozen=True, slots=True)
class InvalidRow:
    """An invalid row."""

    file: str
    line: int
    """From 1: the line on which the row starts, or its row number where a file has no lines."""
    reason: str
    dataset: str | None = None
    state: Literal["invalid", "errored"] = "invalid"
    """Errored if nothing was scored, as an evaluation log says."""
    is_recorded: bool = False
    """Whether an import has set it aside before: its file was accepted then."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Origin of rows."""

    source: str
    """Name of the file in messages."""
    stem: str
    """File name without suffix; the name of the dataset where nothing else names it."""
    fingerprint: str = ""
    folder: str = ""
    """Name of the file's folder; empty for none."""

    @classmethod
    def of(cls, path: Path, fingerprint: str) -> Self:
        """The origin of a file's rows."""
        return cls(str(path), stem_of(path), fingerprint, path.resolve().parent.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """Options for reading files."""

    columns: Mapping[str, str] = field(default_factory=dict)
    """The file's column name by canonical name."""
    encoding: str = "utf-8"
    strict: bool = False
    """Stop at the first invalid row."""
    dataset_name: str | None = None
    """Dataset of all rows; None to use the names in files and rows."""
    model_name: NameTemplate | None = None
    """Template of models' names; None to use the names in the data."""
    sheet: str | None = None
    """Name of the sheet of Excel files; None for the first."""
    scores: ScoreFormat = AS_NUMBERS
    """How scores are written."""
    question_only: bool = False
    """Leave out what is before the question in a prompt, where a log says where it begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The rows of one file.

    Columns of `frame`: `dataset, example_id, model, input_text, output_text, score,
    correct_answer, attempt`, then the file's extra columns, all text but `score` (float64,
    finite). `attempt` is the file's own number of the attempt, null where it gives none. Readers
    of evaluation logs add columns of `LOG_SCHEMA` for what the log has.
    """

    source: str
    frame: pl.DataFrame
    fingerprint: str = ""
    """SHA-256 of the bytes read, hexadecimal; empty for rows from memory."""
    invalid: tuple[InvalidRow, ...] = ()
    notices: tuple[str, ...] = ()
    unscored: pl.DataFrame = field(default_factory=pl.DataFrame)
    """The rows of `invalid` whose texts are known: columns of `frame`, then UNSCORED_SCHEMA."""

    @property
    def extras(self) -> tuple[str, ...]:
        """The kept columns, in the file's order."""
        return tuple(name for name in self.frame.columns[FIXED_COLUMNS:] if name not in LOG_SCHEMA)

    @property
    def logged(self) -> tuple[str, ...]:
        """The columns of optional fields that the file has."""
        return tuple(name for name in self.frame.columns[FIXED_COLUMNS:] if name in LOG_SCHEMA)


def joined(chunks: Iterable[Table]) -> Table:
    """The chunks of one source as one table.

    Each chunk is checked by itself: one of mostly invalid rows refuses the whole source.

    Args:
        chunks: At least one, in order; extra columns and optional fields may differ.
    """
    first, *others = chunks
    if not others:
        return first
    tables = (first, *others)
    return Table(
        source=first.source,
        frame=pl.concat((table.frame for table in tables), how="diagonal"),
        unscored=pl.concat((table.unscored for table in tables), how="diagonal"),
        fingerprint=first.fingerprint,
        invalid=tuple(row for table in tables for row in table.invalid),
        notices=tuple(dict.fromkeys(notice for table in tables for notice in table.notices)),
    )


def build_table(
    raw: pl.DataFrame,
    *,
    origin: Origin,
    options: ReadOptions,
    broken: Sequence[InvalidRow] = (),
    notices: Sequence[str] = (),
) -> Table:
    """A table from a raw frame whose columns have canonical names.

    Args:
        raw: One row per record, with `source_line` where lines are known.
        origin: Origin of the rows.
        options: Options for reading.
        broken: Lines from which no row could be parsed.
        notices: Notices from reading the file.

    Raises:
        EmptyInput: There are no rows.
        InputError: More than half of the rows are invalid, or one is and reading is strict.
    """
    if not raw.height and not broken:
        raise EmptyInput(NO_ROWS, where=origin.source)
    raw, own_notices = _one_dataset(raw, origin, options)
    raw, aside = _unscored(raw)
    checked = _with_texts(raw, options.dataset_name or origin.stem).with_columns(
        parsed_scores(raw["score"], options.scores), _attempt(raw).alias("attempt")
    )
    checked = checked.with_columns(_fault(raw))
    bad = checked.filter(pl.col("fault").is_not_null())
    invalid = [*broken, *_set_aside(aside, origin), *_faulty(bad, origin)]
    invalid.sort(key=lambda row: row.line)
    hint = _score_hint(checked, raw["score"], options)
    _refuse_bad_files(invalid, checked.height + len(invalid) - bad.height, options, hint=hint)
    good = checked.filter(pl.col("fault").is_null()) if bad.height else checked
    if options.model_name is not None:
        named = good.with_columns(_model_name(options.model_name, origin))
        own_notices = (*own_notices, *_merged_models(good["model"], named, origin))
        good = named
    extras = _extras(raw.columns)
    kept = _kept(raw.columns, extras)
    return Table(
        source=origin.source,
        fingerprint=origin.fingerprint,
        frame=good.select(kept),
        unscored=_named(aside, origin, options).select(*kept, *UNSCORED_SCHEMA),
        invalid=tuple(invalid),
        notices=(*notices, *own_notices, *_missed_reference(raw.columns, extras, origin)),
    )


def _extras(names: Sequence[str]) -> list[str]:
    """The columns that are kept without a meaning for us."""
    ours = {*_FIXED, "repeat", LINE, *LOG_SCHEMA}
    return [name for name in names if name not in ours]


def _kept(names: Sequence[str], extras: Sequence[str]) -> list[str | pl.Expr]:
    """The columns of a table in order, from those of a raw frame."""
    logged = [name for name in names if name in LOG_SCHEMA]
    return [*_FIXED, pl.col(extras).replace("", None), *(logged or logged_fields(extras))]


def _faulty(bad: pl.DataFrame, origin: Origin) -> Iterator[InvalidRow]:
    """The rows that cannot be used."""
    lines = bad[LINE].to_list() if LINE in bad.columns else [0] * bad.height
    for line, reason, name in zip(lines, bad["fault"], bad["dataset"], strict=True):
        yield InvalidRow(origin.source, line, reason, name)


def _unscored(raw: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows with a score, and those of which the source says why they have none."""
    absent = [name for name in UNSCORED_SCHEMA if name not in raw.columns]
    whole = raw.with_columns(pl.lit(None, UNSCORED_SCHEMA[name]).alias(name) for name in absent)
    is_aside = pl.col("log_fault").is_not_null() & pl.col("score").is_null()
    if len(absent) == len(UNSCORED_SCHEMA):
        return raw, whole.clear()
    return whole.filter(~is_aside).drop(*UNSCORED_SCHEMA), whole.filter(is_aside)


def _set_aside(aside: pl.DataFrame, origin: Origin) -> Iterator[InvalidRow]:
    """The rows without a score, under the place that the source gives."""
    for row in aside.iter_rows(named=True):
        state: Literal["invalid", "errored"] = "errored"
        if row["log_state"] == "invalid":
            state = "invalid"
        yield InvalidRow(
            row["log_file"] or origin.source,
            row["log_line"] or row.get(LINE) or 0,
            row["log_fault"],
            row.get("dataset") or None,
            state,
            is_recorded=True,
        )


def _named(aside: pl.DataFrame, origin: Origin, options: ReadOptions) -> pl.DataFrame:
    """Rows without a score, with all columns of those that have one."""
    line = pl.col(LINE).cast(pl.Int64) if LINE in aside.columns else pl.lit(0, pl.Int64)
    whole = _with_texts(aside, options.dataset_name or origin.stem).with_columns(
        pl.lit(None, pl.Float64).alias("score"),
        _attempt(aside).alias("attempt"),
        pl.col("log_state").fill_null("errored"),
        pl.col("log_file").fill_null(origin.source),
        pl.col("log_line").fill_null(line),
    )
    if options.model_name is None:
        return whole
    return whole.with_columns(_model_name(options.model_name, origin))


def _missed_reference(names: Sequence[str], extras: Sequence[str], origin: Origin) -> Iterator[str]:
    """A notice if no reference is read, but a column has a usual name for references."""
    named = [name for name in extras if _REFERENCE.search(name)]
    if "correct_answer" not in names and named:
        yield (
            f"{origin.source}: no column 'correct_answer', so no answer is compared with "
            f'a reference; if {named[0]!r} has it: --columns "correct_answer={named[0]}"'
        )


def _one_dataset(
    raw: pl.DataFrame, origin: Origin, options: ReadOptions
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The frame without its own datasets if the caller names one for all, and notices."""
    if options.dataset_name is None or "dataset" not in raw.columns:
        return raw, ()
    kept = kept_name("dataset", raw.columns, taken=frozenset({"dataset"}))
    notice = (
        f"{origin.source}: dataset_name {options.dataset_name!r} wins over the file's datasets, "
    )
    return raw.rename({"dataset": kept}), (f"{notice}kept in {kept!r}",)


def _model_name(template: NameTemplate, origin: Origin) -> pl.Expr:
    of_file = {"file": origin.stem, "run": origin.folder or origin.stem}
    texts = map(pl.lit, template.texts)
    fields = [pl.lit(of_file[n]) if n in of_file else pl.col(n) for n in template.placeholders]
    parts = [part for pair in zip(texts, [*fields, pl.lit("")], strict=True) for part in pair]
    return pl.concat_str(parts).alias("model")


def _merged_models(models: pl.Series, named: pl.DataFrame, origin: Origin) -> Iterator[str]:
    """A notice if the caller's names do not distinguish the models that a file names."""
    names = named.select("dataset", "model", models.alias("_before"))
    groups = names.group_by("dataset", "model").agg(pl.col("_before").unique().sort())
    merged: list[list[str]] = groups["_before"].to_list()
    most = max(merged, key=lambda group: (len(group), group), default=[])
    if len(most) > 1:
        yield (
            f"{origin.source}: model_name makes {len(most)} models one, {most[0]!r} and "
            f"{most[1]!r} among them; with {{model}} in it they stay apart"
        )


def has_invalid(raw: pl.DataFrame, options: ReadOptions) -> bool:
    """Whether any row of a raw frame is invalid."""
    scores = parsed_scores(raw["score"], options.scores)
    checked = raw.select(scores, *REQUIRED[:2]).select(_fault(raw))
    return checked["fault"].null_count() < raw.height


def _with_texts(raw: pl.DataFrame, stem: str) -> pl.DataFrame:
    nothing = pl.lit(None, pl.String)
    named = pl.col("dataset") if "dataset" in raw.columns else nothing
    reference = pl.col("correct_answer") if "correct_answer" in raw.columns else nothing
    return raw.with_columns(
        pl.when(_blank(named)).then(pl.lit(stem)).otherwise(named).alias("dataset"),
        pl.col("input_text", "output_text").fill_null(""),
        pl.when(_blank(reference)).then(None).otherwise(reference).alias("correct_answer"),
    )


def _attempt(raw: pl.DataFrame) -> pl.Expr:
    given = [pl.col(name) for name in REPEAT_COLUMNS if name in raw.columns]
    nothing = pl.lit(None, pl.String)
    if not given:
        return nothing
    return pl.when(_blank(given[0])).then(nothing).otherwise(given[0].str.strip_suffix(".0"))


def _blank(text: pl.Expr) -> pl.Expr:
    return text.is_null() | (text.str.strip_chars() == "")


def _fault(raw: pl.DataFrame) -> pl.Expr:
    # From the raw column: the message shows what the file has, not what was parsed.
    given = raw["score"].cast(pl.String)
    shown = pl.format("score '{}' is not a number", pl.lit(given.str.slice(0, _MAX_CHARS)))
    return (
        pl.when(_blank(pl.col("example_id")))
        .then(pl.lit("no example_id"))
        .when(_blank(pl.col("model")))
        .then(pl.lit("no model"))
        .when(pl.lit(given.is_null() | (given.str.strip_chars() == "")))
        .then(pl.lit("no score"))
        .when(pl.col("score").is_null())
        .then(shown)
        .when(~pl.col("score").is_finite())
        .then(pl.lit("the score is not a finite number"))
        .alias("fault")
    )


def _score_hint(checked: pl.DataFrame, given: pl.Series, options: ReadOptions) -> str:
    """The option by which the scores that could not be read are read; empty if none is known."""
    if given.dtype != pl.String:
        return ""
    unread = given.filter(checked["score"].is_null() & given.is_not_null()).unique()
    return way_out(unread.head(_MAX_SCORES).to_list(), options.scores)


def _refuse_bad_files(
    invalid: Sequence[InvalidRow], rows: int, options: ReadOptions, *, hint: str
) -> None:
    # That nothing was scored is what the log says, not a fault of the row.
    invalid = [row for row in invalid if row.state == "invalid"]
    if not invalid:
        return
    first = invalid[0]
    where = f"{first.file}:{first.line}"
    if options.strict:
        raise InputError(first.reason, where=where, hint="reading is strict")
    invalid = [row for row in invalid if not row.is_recorded]
    # More than half invalid: most likely the wrong file or mapping, not a few bad rows.
    if len(invalid) * 2 > rows:
        raise InputError(
            f"{len(invalid)} of {rows} rows are invalid; the first: {first.reason}",
            where=where,
            hint=hint or "over half of a file: is it the right file, format and --columns?",
        )


def as_text(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with all columns but a numeric `score` converted to text; nested values as JSON."""
    return frame.with_columns(
        _text_of(frame[name])
        for name, dtype in frame.schema.items()
        if dtype != pl.String and not (name == "score" and dtype.is_numeric())
    )


def _text_of(column: pl.Series) -> pl.Series:
    dtype = column.dtype
    uncast = {pl.Object, pl.Binary, pl.Duration, pl.Float32, pl.Float64}
    if dtype.is_nested() or dtype.base_type() in uncast:
        return pl.Series(column.name, [plain(value) for value in column.to_list()], pl.String)
    return column.cast(pl.String)


def plain(value: object) -> str | None:
    """A cell's value as text: text unchanged, None for null and NaN, JSON for JSON's types.

    Example:
        >>> plain("NaN"), plain(1.5), plain([1, "a"]), plain(None), plain(float("nan"))
        ('NaN', '1.5', '[1, "a"]', None, None)
    """
    if isinstance(value, str):
        return value
    if _is_nothing(value):
        return None
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    value = _unboxed(value)
    if isinstance(value, (bool, int, float, list, tuple, dict)):
        try:
            return json.dumps(value, ensure_ascii=False, default=_inner)
        except (
            TypeError,
            ValueError,
            RecursionError,
        ):  # keys, cycles and sizes that JSON lacks
            return f"{type(value).__name__} without a text"
    return str(value)


def _is_nothing(value: object) -> bool:
    """Whether a value is None, any NaN, or the NA of pandas."""
    try:
        return value is None or bool(value != value)  # noqa: PLR0124 - only a NaN differs from itself
    except (TypeError, ValueError):  # arrays and the NA have no truth value
        return type(value).__name__ == "NAType"


def _unboxed(value: object) -> object:
    """A NumPy scalar or array as a Python value; any other value unchanged."""
    return value.tolist() if hasattr(value, "tolist") else value


def _inner(value: object) -> object:
    """A nested value of a type that JSON does not have, as one of a type that it has."""
    return _unboxed(value) if hasattr(value, "tolist") else str(value)
