"""Reads Excel files, with the package of an extra."""

import zipfile
from hashlib import file_digest
from importlib import import_module
from pathlib import Path
from typing import Final, Protocol, cast

import polars as pl

from ...errors import EmptyInput, InputError, closest
from .header import canonical_names
from .table import LINE, NO_ROWS, Origin, ReadOptions, Table, build_table

MAX_BYTES: Final = 1 << 30
"""Unpacked size of a file; a sheet has at most a million rows, and graded answers are short."""


class _Sheet(Protocol):
    def to_polars(self) -> pl.DataFrame:
        """The cells."""


class _Workbook(Protocol):
    sheet_names: list[str]

    def load_sheet(self, name: str, *, header_row: None, dtypes: str) -> _Sheet:
        """Reads one sheet."""


class _FastExcel(Protocol):
    """The part of the package fastexcel that is used."""

    FastExcelError: type[Exception]

    def read_excel(self, path: str) -> _Workbook:
        """Opens a file."""


def read_excel(path: Path, options: ReadOptions) -> Table:
    """The rows of one sheet: the one that `options.sheet` names, else the first.

    Cells are text as the sheet holds them; formulas are read as the values that were saved.
    Blank rows are left out.

    Raises:
        InputError: The file cannot be used, the sheet does not exist, or the package is missing.
    """
    names, cells = _sheet(path, options.sheet)
    if not cells.height:
        raise EmptyInput("the sheet is empty" if names else NO_ROWS, where=str(path))
    first = [name or "" for name in cells.row(0)]
    header = canonical_names(first, options.columns, where=f"{path}:1")
    raw = cells.rename(dict(zip(cells.columns, header.names, strict=True)))
    raw = raw.with_row_index(LINE, offset=1).slice(1)
    raw = raw.filter(~pl.all_horizontal(pl.col(header.names).is_null()))
    raw = header.completed(raw, where=str(path))
    with path.open("rb") as stream:
        fingerprint = file_digest(stream, "sha256").hexdigest()
    notices = header.notices
    if options.sheet is None and len(names) > 1:
        others = ", ".join(map(repr, names[1:]))
        notices = (f"{path}: the sheet {names[0]!r} is read; there are also {others}", *notices)
    return build_table(raw, origin=Origin.of(path, fingerprint), options=options, notices=notices)


def _sheet(path: Path, name: str | None) -> tuple[list[str], pl.DataFrame]:
    """The names of the sheets, and the cells of one as text."""
    try:
        fastexcel = cast("_FastExcel", import_module("fastexcel"))
    except ImportError as error:
        hint = "pip install 'error-map[excel]', or save the sheet as CSV"
        raise InputError("no package that reads Excel files", where=str(path), hint=hint) from error
    _refuse_bomb(path)
    try:
        book = fastexcel.read_excel(str(path))
        names = book.sheet_names
        if name is not None and name not in names:
            hint = closest(name, names)
            raise InputError(f"no sheet {name!r}", where=str(path), hint=hint)
        sheet = book.load_sheet(name or names[0], header_row=None, dtypes="string")
        return names, sheet.to_polars()
    except fastexcel.FastExcelError as error:
        reason = str(error).partition("\n")[0]
        raise InputError(f"not an Excel file: {reason}", where=str(path)) from error


def _refuse_bomb(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(part.file_size for part in archive.infolist())
    except zipfile.BadZipFile as error:
        raise InputError(f"not an Excel file: {error}", where=str(path)) from error
    if size > MAX_BYTES:
        message = f"unpacks to {size:,} bytes, more than {MAX_BYTES:,}"
        raise InputError(message, where=str(path), hint="save the sheet as CSV")
