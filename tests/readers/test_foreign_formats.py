"""Files whose content is not CSV, JSON lines or Parquet, as their suffix says."""

import bz2
import gzip
import io
import lzma
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from error_map.errors import InputError
from error_map.readers import ReadOptions, file_source
from tests.support import a_row, write_csv

TEXT = b"example_id,model,input_text,output_text,score\ne1,m,q,a,1\n"


def as_parquet(frame: pl.DataFrame) -> bytes:
    stream = io.BytesIO()
    frame.write_parquet(stream)
    return stream.getvalue()


def as_arrow() -> bytes:
    stream = io.BytesIO()
    pl.DataFrame([a_row()]).write_ipc(stream)
    return stream.getvalue()


def zipped(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, TEXT)
    return stream.getvalue()


def as_database() -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE results (score)")
    return connection.serialize()


FORMATS = pytest.mark.parametrize(
    ("make", "kind"),
    [
        (lambda: gzip.compress(TEXT), "compressed with gzip (let its name end in .gz"),
        (lambda: bz2.compress(TEXT), "compressed with bzip2 (unpack it first"),
        (lambda: lzma.compress(TEXT), "compressed with xz (unpack it first"),
        (lambda: b"\x28\xb5\x2f\xfd\x04\x00", "compressed with zstd (let its name end in .zst"),
        (lambda: zipped("results.csv"), "a ZIP archive (unpack it first"),
        (
            lambda: zipped("[Content_Types].xml", "xl/a.xml"),
            "an Excel file (let its name end in .xlsx)",
        ),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0", "an old Excel or Word file (save it as C"),
        (as_arrow, "an Arrow file (let its name end in .arrow)"),
        (as_database, "an SQLite database (export the results as CSV"),
        (lambda: b"%PDF-1.7\n%\xe2\xe3", "a PDF (export the results as CSV"),
        (lambda: b"\x89HDF\r\n\x1a\n\0", "an HDF5 file (export the results as CSV"),
    ],
)


@FORMATS
@pytest.mark.parametrize("suffix", ["csv", "tsv", "jsonl", "parquet"])
@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_a_file_that_is_something_else_is_refused_with_the_way_out(
    tmp_path: Path, make: Callable[[], bytes], *, kind: str, suffix: str, encoding: str
) -> None:
    path = tmp_path / f"d.{suffix}"
    path.write_bytes(make())
    source = file_source(path, ReadOptions(encoding=encoding))

    for read in (source.read, source.columns):
        if read is source.columns and suffix == "jsonl":
            continue  # which cannot tell its columns
        with pytest.raises(InputError) as refused:
            read()
        assert str(refused.value).startswith(f"{path}: the file is {kind}")


@pytest.mark.parametrize("rows", [1, 0])
def test_a_parquet_file_with_another_suffix_is_refused_with_its_own(
    tmp_path: Path, rows: int
) -> None:
    path = tmp_path / "d.csv"
    path.write_bytes(as_parquet(pl.DataFrame([a_row()]).head(rows)))

    with pytest.raises(InputError, match=r"the file is a Parquet file \(let its name end in"):
        file_source(path, ReadOptions()).read()


@pytest.mark.parametrize("name", ["BZh", "PAR1", "PK", "ARROW1", "SQLite format 3"])
def test_a_text_that_begins_with_such_letters_is_read(tmp_path: Path, name: str) -> None:
    path = write_csv(tmp_path / "d.csv", [{name: "x", **a_row()}])

    assert file_source(path, ReadOptions()).read().extras == (name,)
