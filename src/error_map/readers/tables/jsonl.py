"""Reads JSON lines: one object per line."""

import json
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import Final

import polars as pl

from ...records.surrogates import mend
from .header import REQUIRED, canonical_names
from .table import LINE, InvalidRow, Origin, ReadOptions, Table, build_table, plain
from .text import Lines, load_utf8

_MAX_CHARS: Final = 80
"""Characters of a name or a reason in a message, as the file may have any text there."""


def read_jsonl(path: Path, options: ReadOptions) -> Table:
    """The rows of a JSON-lines file; numbers and nested values are kept as their JSON text.

    Raises:
        InputError: The file cannot be used; see `build_table`.
    """
    data = load_utf8(path, options.encoding)
    lines = Lines(data, where=str(path))
    rows: list[dict[str, object]] = []
    numbers: list[int] = []
    broken: list[InvalidRow] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = _object(line.strip())
        except ValueError as error:
            broken.append(InvalidRow(str(path), number, _reason(error)))
            continue
        rows.append(row)
        numbers.append(number)
    raw, mended, renamed = frame_of(rows, options, where=str(path), broken=bool(broken))
    lines.replaced += mended
    return build_table(
        raw.with_columns(pl.Series(LINE, numbers, pl.Int64)),
        origin=Origin.of(path, sha256(data).hexdigest()),
        options=options,
        broken=broken,
        notices=(*renamed, *lines.notices()),
    )


class _NamedTwice(ValueError):
    """An object has two properties of one name, so that its value is ambiguous."""


def _unambiguous(properties: list[tuple[str, object]]) -> dict[str, object]:
    unique = dict(properties)
    if len(unique) == len(properties):
        return unique
    counted = Counter(name for name, _ in properties)
    (name, _), *_ = counted.most_common(1)
    shown = name if len(name) <= _MAX_CHARS else f"{name[:_MAX_CHARS]}…"
    raise _NamedTwice(f"the property {shown!r} is there twice")


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_unambiguous)


def _reason(error: ValueError) -> str:
    """Why a line is not a row."""
    if isinstance(error, _NamedTwice):
        return str(error)
    return f"not a JSON object: {str(error)[:_MAX_CHARS]}"


def _object(line: str) -> dict[str, object]:
    try:
        value = _DECODER.decode(line)
    except RecursionError as error:  # a line of brackets is an invalid row, not the end of the run
        raise ValueError("nested too deeply") from error
    if not isinstance(value, dict):
        raise ValueError(f"a {type(value).__name__}")  # noqa: TRY004 - wrong data, not a wrong call
    return value


def frame_of(
    rows: list[dict[str, object]], options: ReadOptions, *, where: str, broken: bool = False
) -> tuple[pl.DataFrame, int, tuple[str, ...]]:
    """A raw frame of text columns from dicts, how many lone surrogates were replaced, notices."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    if not rows and broken:
        # All lines are broken: with the required columns they become invalid rows, not an error.
        names = list({name: name for name in REQUIRED} | dict(options.columns))
        names = [options.columns.get(name, name) for name in names]
    header = canonical_names([mend(name)[0] for name in names], options.columns, where=where)
    mended = 0
    columns: dict[str, list[str | None]] = {}
    for theirs, ours in zip(names, header.names, strict=True):
        columns[ours] = []
        for row in rows:
            text = plain(row.get(theirs))
            if text is not None:
                text, count = mend(text)
                mended += count
            columns[ours].append(text)
    frame = pl.DataFrame(columns, schema=dict.fromkeys(header.names, pl.String))
    return header.completed(frame, where=where), mended, header.notices
