"""Decodes text files: recognises or refuses encodings, and replaces lone surrogates."""

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ...errors import EmptyInput, InputError
from ...records.surrogates import mend
from ..compressed import read_bytes
from ..file_names import COMPRESSED
from ..foreign_formats import refuse_other_formats

_UTF32: Final = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_HOST_ENCODINGS: Final = frozenset({"idna", "punycode"})
"""Text encodings for Python, but made for host names."""
_PROBE: Final = 4096
"""Bytes that are stripped first to find out whether a file is blank, before all of it is."""
_PROBE_WIDE: Final = 64
"""Bytes that identify a wide encoding: part of the header, which is mostly ASCII."""


def load_utf8(path: Path, encoding: str) -> bytes:
    """The file's bytes as UTF-8 without a byte-order mark; their validity is not checked.

    Raises:
        EmptyInput: The file has no bytes, or only a byte-order mark.
        InputError: The file is UTF-16 or UTF-32 and `encoding` is not, or it cannot be decoded
            (the byte offset is given), or it is not text.
    """
    return _utf8(read_bytes(path), encoding, where=str(path))


def load_opening(path: Path, encoding: str, *, size: int) -> tuple[bytes, bool]:
    """The start of what `load_utf8` returns, and whether that is all; raises the same errors.

    Reads only the first `size` bytes if they contain a whole line of UTF-8.
    """
    if path.suffix.lower() in COMPRESSED:
        return load_utf8(path, encoding), True
    with path.open("rb") as stream:
        data = stream.read(size)
        whole = not stream.read(1)
    # Other encodings may have the byte of a line end inside a character.
    if whole or (b"\n" in data.strip() and _is_utf8(encoding, where=str(path))):
        return _utf8(data, encoding, where=str(path)), whole
    return load_utf8(path, encoding), True


def _utf8(data: bytes, encoding: str, *, where: str) -> bytes:
    refuse_other_formats(data, where=where)
    if _is_utf8(encoding, where=where):
        data = data.removeprefix(codecs.BOM_UTF8)
        _refuse_wide(data, where=where)
    else:
        data = _transcode(data, encoding, where=where)
    # Stripping all of a large file would copy it.
    if not data[:_PROBE].strip() and not data.strip():
        raise EmptyInput("the file is empty", where=where)
    return data


def _is_utf8(encoding: str, *, where: str) -> bool:
    try:
        return _codec(encoding) in {"utf-8", "utf-8-sig"}
    except (LookupError, ValueError) as error:
        hint = "for instance utf-8, latin-1, cp1252, utf-16, shift_jis"
        raise InputError(f"no text encoding {encoding!r}", where=where, hint=hint) from error


def _codec(encoding: str) -> str:
    """Python's name of a text encoding.

    Raises:
        LookupError: The encoding is unknown, or not for text.
        ValueError: The name is invalid.
    """
    "".encode(encoding)  # refuses codecs that are not for text, which `lookup` accepts
    name = codecs.lookup(encoding).name
    if name in _HOST_ENCODINGS:
        raise LookupError(name)
    return name


def _refuse_wide(data: bytes, *, where: str) -> None:
    name = "utf-32" if data.startswith(_UTF32) else "utf-16" if data.startswith(_UTF16) else ""
    name = name or _without_mark(data[:_PROBE_WIDE])
    if name:
        raise InputError(f"the file is {name.upper()}", where=where, hint=f"--encoding {name}")


def _without_mark(opening: bytes) -> str:
    """The wide encoding of a text without byte-order mark; empty for any other encoding.

    Most of the first characters are ASCII, as the names of columns are: in each of them, all bytes
    but the first or the last one are zero.
    """
    for width, encoding in ((4, "utf-32"), (2, "utf-16")):
        units = [opening[start : start + width] for start in range(0, len(opening), width)]
        narrow = [unit for unit in units if unit.count(0) == width - 1]
        for place, order in ((0, "le"), (-1, "be")):
            if sum(unit[place] > 0 for unit in narrow) * 2 > len(units):
                return f"{encoding}-{order}"
    return ""


def _transcode(data: bytes, encoding: str, *, where: str) -> bytes:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _undecodable(error, error.start, encoding=encoding, where=where) from error
    return text.removeprefix("\ufeff").encode("utf-8", "surrogatepass")


def _undecodable(
    error: UnicodeDecodeError, offset: int, *, encoding: str, where: str
) -> InputError:
    byte = error.object[error.start]
    return InputError(
        f"byte 0x{byte:02x} at offset {offset} is not {encoding.upper()}",
        where=where,
        hint="name the file's encoding with --encoding, for instance latin-1 or cp1252",
    )


class Lines:
    """The decoded lines of UTF-8 bytes, with their line ends; replaces lone surrogates."""

    def __init__(self, data: bytes, *, where: str) -> None:
        self._data = data
        self._where = where
        self.replaced = 0
        """Number of lone surrogates replaced so far."""

    def __iter__(self) -> Iterator[str]:
        start = 0
        while start < len(self._data):
            end = self._data.find(b"\n", start) + 1 or len(self._data)
            yield self._decode(self._data[start:end], start)
            start = end

    def _decode(self, line: bytes, start: int) -> str:
        try:
            text, mended = mend(line.decode("utf-8", "surrogatepass"))
        except UnicodeDecodeError as error:
            offset = start + error.start
            raise _undecodable(error, offset, encoding="utf-8", where=self._where) from error
        self.replaced += mended
        return text

    def notices(self) -> tuple[str, ...]:
        """Notices about replaced surrogates."""
        if not self.replaced:
            return ()
        return (f"{self._where}: {self.replaced} lone surrogates were replaced by U+FFFD",)
