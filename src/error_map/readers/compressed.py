"""Reads compressed files: gzip, and zstd with the package of an extra; guards against bombs."""

import gzip
import zlib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Final, Protocol, cast

from ..errors import InputError
from .file_names import COMPRESSED

_CHUNK: Final = 1 << 20
"""Bytes of one step: small compared with a file, and large compared with the cost of a call."""
FREE_BYTES: Final = 1 << 30
"""Unpacked size up to which nothing is refused: a bomb of this size fits into memory."""
MAX_RATIO: Final = 200
"""Above the free size: results of evaluations shrink to a fifth to a fiftieth, bombs a
thousandfold."""


def read_bytes(path: Path) -> bytes:
    """The bytes of a file, unpacked if its name says that it is compressed.

    Raises:
        InputError: The file is not compressed as its name says, ends too early, or unpacks to
            far more than results do; or the package for zstd is missing.
    """
    if path.suffix.lower() not in COMPRESSED:
        return path.read_bytes()
    return b"".join(pieces(path))


def _gzip(path: Path) -> Iterator[bytes]:
    with gzip.open(path) as stream:
        while piece := stream.read(_CHUNK):
            yield piece


class _Zstandard(Protocol):
    """The part of the package zstandard that is used."""

    ZstdError: type[Exception]

    def ZstdDecompressor(self) -> "_Decompressor":  # noqa: N802 - the package's name
        """A decompressor."""


class _Decompressor(Protocol):
    def read_to_iter(self, reader: object, *, write_size: int) -> Iterator[bytes]:
        """Unpacks a stream piece by piece."""


def _zstd(path: Path) -> Iterator[bytes]:
    try:
        zstandard = cast("_Zstandard", import_module("zstandard"))
    except ImportError as error:
        hint = "pip install 'error-map[zst]', or unpack it first, for instance with unzstd"
        raise InputError("no package that reads zstd", where=str(path), hint=hint) from error
    with path.open("rb") as stream:
        try:
            yield from zstandard.ZstdDecompressor().read_to_iter(stream, write_size=_CHUNK)
        except zstandard.ZstdError as error:
            raise InputError(f"the compressed file is damaged: {error}", where=str(path)) from error


def opening_bytes(path: Path, size: int) -> bytes:
    """The first bytes of a file, unpacked if its name says that it is compressed; see `pieces`."""
    if path.suffix.lower() not in COMPRESSED:
        with path.open("rb") as stream:
            return stream.read(size)
    whole = b""
    for piece in pieces(path):
        whole += piece
        if len(whole) >= size:
            break
    return whole[:size]


def lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """The lines of a file with their numbers, from 1; unpacked if its name says so."""
    number, rest = 0, b""
    for piece in pieces(path):
        whole = (rest + piece).split(b"\n")
        rest = whole.pop()
        for line in whole:
            number += 1
            yield number, line
    if rest:
        yield number + 1, rest


def pieces(path: Path) -> Iterator[bytes]:
    """The bytes of a file piece by piece, unpacked if its name says that it is compressed.

    Raises:
        InputError: As `read_bytes`.
    """
    suffix = path.suffix.lower()
    if suffix not in COMPRESSED:
        with path.open("rb") as stream:
            while piece := stream.read(_CHUNK):
                yield piece
        return
    allowed = max(FREE_BYTES, MAX_RATIO * path.stat().st_size)
    size = 0
    try:
        for piece in (_gzip if suffix == ".gz" else _zstd)(path):
            size += len(piece)
            if size > allowed:
                message = f"unpacks to more than {allowed:,} bytes, {MAX_RATIO} times its size"
                raise InputError(message, where=str(path), hint="unpack it first if it is right")
            yield piece
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(f"the compressed file is damaged: {error}", where=str(path)) from error
