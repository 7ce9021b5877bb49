"""Reads failures from a table: the contract's final CSV, or a failures file of ours."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Final

import polars as pl

from ..errors import InputError
from ..records import CategoryId
from ..store import FAILURE_SCHEMA, PART_ROWS
from ..taxonomy import atlas, reserved
from .leaf import UNNAMED, Growth, Leaf, named, text_of
from .tree import RAW

_LEVEL: Final = re.compile(r"category_depth_(\d{1,6})")
_DIAGNOSIS: Final = frozenset({"error_title", "error_summary", "judge_response"})
"""A table of analysed failures has at least one of these columns; raw results have none."""
_ALIASES: Final = {"error_label": "error_title"}
"""Other names of our columns."""
_FIELD_LIMIT: Final = 2**31 - 1
FAULT: Final = "\0fault"
"""Key of a leaf's cells under which an invalid row has the reason."""
KNOWN: Final = frozenset({*FAILURE_SCHEMA, "judge_model"})
"""Our own columns; any other is kept."""


def csv_leaves(path: Path, growth: Growth, *, separator: str) -> Iterator[Leaf]:
    """The failures of a CSV file, in its order; memory does not grow with the file.

    Raises:
        InputError: The file is not a table of analysed failures.
    """
    csv.field_size_limit(_FIELD_LIMIT)  # the default, 128 kB, is too small for a long answer
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        rows = csv.reader(stream, delimiter=separator, strict=True)
        try:
            columns = _Columns(next(rows, []), str(path))
        except csv.Error as error:
            raise InputError(f"not CSV: {error}", where=f"{path}:1", hint=RAW) from error
        while True:
            line = rows.line_num + 1
            try:
                cells = next(rows)
            except StopIteration:
                break
            except csv.Error as error:
                cells = []
                yield Leaf(line, {FAULT: f"not a CSV row: {str(error).partition(' - ')[0]}"}, 0)
            if cells:
                yield columns.leaf(line, cells, growth)
        if columns.rooted:
            growth.root_if_alone()


def parquet_leaves(path: Path, growth: Growth) -> Iterator[Leaf]:
    """The failures of a Parquet file, in its order, with a part of it in memory at a time.

    Raises:
        InputError: The file is not a table of analysed failures.
    """
    try:
        lazy = pl.scan_parquet(path, glob=False)
        columns = _Columns(lazy.collect_schema().names(), str(path))
        rows = int(lazy.select(pl.len()).collect().item())
        for start in range(0, rows, PART_ROWS):
            part = lazy.slice(start, PART_ROWS).collect()
            for number, row in enumerate(part.iter_rows(), start + 1):
                yield columns.leaf(number, row, growth)
    except pl.exceptions.PolarsError as error:
        reason = " ".join(str(error).split())[:200]
        raise InputError(f"not a Parquet file: {reason}", where=str(path)) from error


class _Columns:
    """Maps the columns of a table to ours, and its rows to nodes of the tree."""

    def __init__(self, header: Sequence[object], where: str) -> None:
        plain = [text_of(name).strip() or "index" for name in header]
        folded = (re.sub(r"\s+", "_", name.casefold()) for name in plain)
        known = [_ALIASES.get(name, name) for name in folded]
        found = {
            int(level[1]): n for n, name in enumerate(known) if (level := _LEVEL.fullmatch(name))
        }
        self._levels = [found[level] for level in sorted(found)]
        self.rooted = 0 in found
        if not self._levels and _DIAGNOSIS.isdisjoint(known):
            raise InputError("no table of analysed failures", where=where, hint=RAW)
        self._names: list[str] = []
        for ours, theirs in zip(known, plain, strict=True):
            name = ours if ours in KNOWN else theirs
            while name in self._names:
                name = f"{name}_again"
            self._names.append(name)

    def leaf(self, place: int, row: Sequence[object], growth: Growth) -> Leaf:
        """The failure in a row."""
        if len(row) != len(self._names):
            reason = f"{len(row)} fields where the header has {len(self._names)}"
            return Leaf(place, {FAULT: reason}, growth.root)
        cells = dict(zip(self._names, row, strict=True))
        steps = [cells.pop(self._names[level]) for level in self._levels]
        if self._levels:
            return Leaf(place, cells, _by_steps(steps, growth))
        return Leaf(place, cells, _by_id(text_of(cells.get("category_id")), growth))


def _by_steps(cells: Iterable[object], growth: Growth) -> int:
    """The node at the end of the path that the cells of the levels name."""
    node = 0
    for cell in cells:
        step = named(cell)
        if step is not None:
            node = growth.child(node, step[0], description=step[1])
    return node


def _by_id(category: str, growth: Growth) -> int:
    """The node of a category of which only the id is known; its name is derived from the id."""
    node, names = 0, {one.id: one for one in (*atlas(), *reserved())}
    steps = accumulate(category.split("."), "{}.{}".format) if category else ()
    for step in steps:
        known = names.get(CategoryId(step))
        words = step.rpartition(".")[2].replace("_", " ").strip()
        name = known.name if known else words[:1].upper() + words[1:] or UNNAMED
        growth.nameless = growth.nameless or known is None
        description = known.description if known else ""
        node = growth.child(node, name, description=description, identifier=step)
    return node
