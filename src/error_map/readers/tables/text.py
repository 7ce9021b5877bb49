"""Bytes of a text file: encodings recognised or refused, lines with lone surrogates mended."""

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ...errors import EmptyInput, InputError
from ...records.surrogates import mend
from ..formats import refuse_other_formats

_UTF32: Final = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_OF_HOSTS: Final = frozenset({"idna", "punycode"})
"""Python calls them encodings of text, but they write the names of hosts."""
_PROBE: Final = 4096
_PROBE_WIDE: Final = 64
"""Bytes by which a wide encoding is known: about the header, which is ASCII where texts are not."""


def load_utf8(path: Path, encoding: str) -> bytes:
    """The file's bytes as UTF-8 without a byte-order mark; their validity is not checked.

    Raises:
        EmptyInput: The file has no bytes, or only a byte-order mark.
        InputError: It is UTF-16 or UTF-32 and `encoding` does not say so, or it is not in
            `encoding`; the byte offset is named. Or it is no text at all.
    """
    return _utf8(path.read_bytes(), encoding, where=str(path))


def load_opening(path: Path, encoding: str, *, size: int) -> tuple[bytes, bool]:
    """The start of what `load_utf8` gives, and whether that is all of it; errors as there.

    Only the file's first `size` bytes are read where they hold a whole line of UTF-8.
    """
    with path.open("rb") as stream:
        data = stream.read(size)
        whole = not stream.read(1)
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
    """Python's name of an encoding of texts.

    Raises:
        LookupError: It is none.
        ValueError: It is none, or its name is not one.
    """
    "".encode(encoding)  # refuses codecs that are not of text, which a mere lookup finds
    name = codecs.lookup(encoding).name
    if name in _OF_HOSTS:
        raise LookupError(name)
    return name


def _refuse_wide(data: bytes, *, where: str) -> None:
    name = "utf-32" if data.startswith(_UTF32) else "utf-16" if data.startswith(_UTF16) else ""
    name = name or _without_mark(data[:_PROBE_WIDE])
    if name:
        raise InputError(f"the file is {name.upper()}", where=where, hint=f"--encoding {name}")


def _without_mark(opening: bytes) -> str:
    """The wide encoding of a text without a byte-order mark; empty for any other.

    Most of its first characters are ASCII, as the names of columns are: of each, all bytes are zero
    but the first or the last one.
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
    """The decoded lines of UTF-8 bytes, with their ends, and what was mended on the way."""

    def __init__(self, data: bytes, *, where: str) -> None:
        self._data = data
        self._where = where
        self.mended = 0
        """Lone surrogates replaced in the lines that were drawn."""

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
        self.mended += mended
        return text

    def notices(self) -> tuple[str, ...]:
        """What the user should know of them."""
        if not self.mended:
            return ()
        return (f"{self._where}: {self.mended} lone surrogates were replaced by U+FFFD",)
