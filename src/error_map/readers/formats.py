"""Files that are not what their suffix says, recognised by how they begin."""

from dataclasses import dataclass
from typing import Final

from ..errors import InputError

OPENING_BYTES: Final = 4096
"""Of a file that are looked at: an Excel file names its parts in the first of them."""
PARQUET: Final = "a Parquet file"
_EXPORT: Final = "export the results as CSV, JSON lines or Parquet"


@dataclass(frozen=True, slots=True)
class _Format:
    magic: bytes
    name: str
    """Stands behind "the file is"."""
    way_out: str


_FORMATS: Final = (
    _Format(b"\x1f\x8b", "compressed with gzip", "unpack it first, for instance with gunzip"),
    _Format(
        b"\x28\xb5\x2f\xfd", "compressed with zstd", "unpack it first, for instance with unzstd"
    ),
    _Format(b"\xfd7zXZ\x00", "compressed with xz", "unpack it first, for instance with unxz"),
    _Format(b"BZh", "compressed with bzip2", "unpack it first, for instance with bunzip2"),
    _Format(b"PK\x03\x04", "a ZIP archive", "unpack it first, for instance with unzip"),
    _Format(b"PAR1\x15", PARQUET, "let its name end in .parquet"),
    _Format(b"ARROW1\x00\x00", "an Arrow file", "convert it to Parquet"),
    _Format(b"SQLite format 3\x00", "an SQLite database", _EXPORT),
    _Format(b"\x89HDF\r\n\x1a\n", "an HDF5 file", _EXPORT),
    _Format(b"%PDF-", "a PDF", _EXPORT),
    _Format(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel or Word file", "save it as CSV"),
)
_EXCEL: Final = _Format(b"", "an Excel file", "save it as CSV")
_BZIP2_BLOCK: Final = b"1AY&SY"
"""Stands behind `BZh` and a digit; the three letters alone could begin a text."""


def refuse_other_formats(opening: bytes, *, where: str, expected: str = "") -> None:
    """Refuses what is not the text, or the expected format, that its suffix promises.

    Args:
        opening: The file's first bytes.
        where: The file, as messages name it.
        expected: The name of a format that is right.

    Raises:
        InputError: Says what the file is and what to do.
    """
    found = _recognised(opening[:OPENING_BYTES])
    if found and found.name != expected:
        raise InputError(f"the file is {found.name}", where=where, hint=found.way_out)


def _recognised(opening: bytes) -> _Format | None:
    for one in _FORMATS:
        if opening.startswith(one.magic):
            if one.magic == b"BZh" and opening[4:10] != _BZIP2_BLOCK:
                return None
            if one.magic == b"PK\x03\x04" and b"[Content_Types].xml" in opening:
                return _EXCEL
            return one
    return None
