"""The columns of a file under canonical names: as they are, as mapped, or out of a JSON cell."""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from ...errors import InputError, closest
from ...store.columns import RESERVED_COLUMNS

REQUIRED: Final = ("example_id", "model", "input_text", "output_text", "score")
OPTIONAL: Final = ("correct_answer", "dataset", "repeat", "epoch", "trial")


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a file under canonical names, in the file's order."""

    names: list[str]
    fields: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """By canonical name: the column with JSON cells, under its new name, and the property."""
    notices: tuple[str, ...] = ()
    """Says which columns were taken although their names differ."""

    @property
    def all_names(self) -> list[str]:
        """Canonical names of the columns, with those out of JSON cells."""
        return [*self.names, *self.fields]

    def completed(self, raw: pl.DataFrame, *, where: str) -> pl.DataFrame:
        """The frame with the columns out of JSON cells.

        Args:
            raw: Text columns under `names`, in which nested values are JSON.
            where: The file, as messages name it.

        Raises:
            InputError: No row has the property.
        """
        for canonical, (column, path) in self.fields.items():
            values = [_property(cell, path) for cell in raw[column].to_list()]
            if raw.height and all(value is None for value in values):
                raise InputError(f"no row has {path!r} in the column {column!r}", where=where)
            raw = raw.with_columns(pl.Series(canonical, values, pl.String))
        return raw


def canonical_names(names: Sequence[str], columns: Mapping[str, str], *, where: str) -> Header:
    """The columns of a file after the caller's mapping.

    A column that differs from a canonical name in upper and lower case, blanks, dashes and
    underscores alone is taken for it, if it is the only one.

    Args:
        names: The file's names, in order.
        columns: The file's name by canonical name; `metrics.em` is the property `em` of the
            objects in the column `metrics`.
        where: The file, as messages name it.

    Raises:
        InputError: A required column is missing, a mapped one does not exist, or a name occurs
            twice; the message lists the existing names.
    """
    # Blank names are one name: pandas writes an unnamed index column.
    shown = [name if name.strip() else "" for name in names]
    doubled = sorted(name for name, count in Counter(shown).items() if count > 1)
    if doubled:
        raise InputError(f"the column {doubled[0]!r} is there twice", where=where)
    _refuse_mapping(names, columns, where)
    similar = _similar_names(names, columns)
    ours = {theirs: canonical for canonical, theirs in {**columns, **similar}.items()}
    mapped = RESERVED_COLUMNS | set(ours.values())
    renamed = [ours.get(name) or kept_name(name, names, taken=mapped) for name in names]
    fields = {}
    for canonical, theirs in columns.items():
        if canonical not in renamed and (path := field_path(theirs, names)):
            fields[canonical] = (renamed[list(names).index(path[0])], path[1])
    if missing := [name for name in REQUIRED if name not in {*renamed, *fields}]:
        settled = {*REQUIRED, *OPTIONAL, *ours}
        raise InputError(
            f"no column {', '.join(map(repr, missing))}",
            where=where,
            hint=f"{closest(missing[0], names, settled=settled)}; {_map_hint(missing)}",
        )
    taken = ", ".join(f"{theirs!r} as {name!r}" for name, theirs in similar.items())
    return Header(renamed, fields, (f"{where}: reads the column {taken}",) if similar else ())


def field_path(theirs: str, names: Sequence[str]) -> tuple[str, str] | None:
    """The column and the property that a name with a dot means; None if no column fits.

    Example:
        >>> field_path("metrics.em", ["id", "metrics"])
        ('metrics', 'em')
    """
    dots = (place for place, character in enumerate(theirs) if character == ".")
    pairs = ((theirs[:place], theirs[place + 1 :]) for place in dots)
    return next(((column, rest) for column, rest in pairs if column in names and rest), None)


def kept_name(name: str, names: Sequence[str], *, taken: frozenset[str]) -> str:
    """The name under which an extra column is kept: its own, unless ErrorMap uses it itself."""
    kept = name if name.strip() else "index"
    if kept in taken or kept.startswith("category_depth_"):
        kept = f"{kept}_in_file"
    while kept != name and kept in names:
        kept = f"{kept}_in_file"
    return kept


def _refuse_mapping(names: Sequence[str], columns: Mapping[str, str], where: str) -> None:
    seen: dict[str, str] = {}
    for canonical, theirs in columns.items():
        if canonical not in REQUIRED + OPTIONAL:
            raise InputError(
                f"no column of ours is called {canonical!r}",
                where="columns",
                hint=closest(canonical, REQUIRED + OPTIONAL),
            )
        if theirs not in names and not field_path(theirs, names):
            raise InputError(f"no column {theirs!r}", where=where, hint=closest(theirs, names))
        if theirs in seen:
            message = f"{theirs!r} would be both {seen[theirs]!r} and {canonical!r}"
            raise InputError(message, where="columns", hint="name another column for one of them")
        seen[theirs] = canonical


def _map_hint(missing: Sequence[str]) -> str:
    """A hint how to map other names; in quotation marks, as names may contain blanks."""
    pairs = ",".join(f"{name}=NAME" for name in missing)
    return f'or map other names: --columns "{pairs}"'


def _similar_names(names: Sequence[str], columns: Mapping[str, str]) -> dict[str, str]:
    """The file's names that are canonical ones but for case and blanks, by canonical name."""
    missing = {*REQUIRED, *OPTIONAL} - set(names) - set(columns)
    free = [name for name in names if name not in columns.values()]
    times = Counter(map(_plain_name, free))
    plain = {_plain_name(name): name for name in free if times[_plain_name(name)] == 1}
    return {name: plain[name] for name in (*REQUIRED, *OPTIONAL) if name in missing & plain.keys()}


def _plain_name(name: str) -> str:
    return re.sub(r"[\s_-]+", "_", name.strip().lower())


def _property(cell: str | None, path: str) -> str | None:
    """The value of a property in a cell's JSON, as text; dots lead into nested objects."""
    try:
        value = json.loads(cell) if cell else None
    except (ValueError, RecursionError):
        return None
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
