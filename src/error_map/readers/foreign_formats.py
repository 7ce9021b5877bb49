"""Recognises files whose content is not what their suffix says, by their first bytes."""

from dataclasses import dataclass
from typing import Final

from ..errors import InputError

OPENING_BYTES: Final = 4096
"""Bytes that are examined: an Excel file, a ZIP archive, names its parts within them."""
PARQUET: Final = "a Parquet file"
_EXPORT: Final = "export the results as CSV, JSON lines or Parquet"


@dataclass(frozen=True, slots=True)
class _Format:
    magic: bytes
    name: str
    """Completes the sentence "the file is …"."""
    hint: str


_FORMATS: Final = (
    _Format(b"\x1f\x8b", "compressed with gzip", "let its name end in .gz, as in results.csv.gz"),
    _Format(
        b"\x28\xb5\x2f\xfd",
        "compressed with zstd",
        "let its name end in .zst, as in results.csv.zst",
    ),
    _Format(b"\xfd7zXZ\x00", "compressed with xz", "unpack it first, for instance with unxz"),
    _Format(b"BZh", "compressed with bzip2", "unpack it first, for instance with bunzip2"),
    _Format(b"PK\x03\x04", "a ZIP archive", "unpack it first, for instance with unzip"),
    _Format(b"PAR1\x15", PARQUET, "let its name end in .parquet"),
    _Format(b"ARROW1\x00\x00", "an Arrow file", "let its name end in .arrow"),
    _Format(b"SQLite format 3\x00", "an SQLite database", _EXPORT),
    _Format(b"\x89HDF\r\n\x1a\n", "an HDF5 file", _EXPORT),
    _Format(b"%PDF-", "a PDF", _EXPORT),
    _Format(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel or Word file", "save it as CSV"),
)
_EXCEL: Final = _Format(b"", "an Excel file", "let its name end in .xlsx")
_BZIP2_BLOCK: Final = b"1AY&SY"
"""Follows `BZh` and a digit; the three letters alone could begin a text."""


def refuse_other_formats(opening: bytes, *, where: str, expected: str = "") -> None:
    """Refuses a file that is neither text nor of the expected format.

    Args:
        opening: The file's first bytes.
        where: The file, as messages name it.
        expected: Name of a format that is accepted.

    Raises:
        InputError: The message says what the file is and what to do.
    """
    match = _recognised(opening[:OPENING_BYTES])
    if match and match.name != expected:
        raise InputError(f"the file is {match.name}", where=where, hint=match.hint)


def _recognised(opening: bytes) -> _Format | None:
    for one in _FORMATS:
        if opening.startswith(one.magic):
            if one.magic == b"BZh" and opening[4:10] != _BZIP2_BLOCK:
                return None
            # XLSX and other Office files are ZIP archives; unpacking them would not help.
            if one.magic == b"PK\x03\x04" and b"[Content_Types].xml" in opening:
                return _EXCEL
            return one
    return None
