"""Reads compressed files: gzip, and zstd with the package of an extra; guards against bombs."""

import gzip
import zlib
from collections.abc import Iterable, Iterator
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
    suffix = path.suffix.lower()
    if suffix not in COMPRESSED:
        return path.read_bytes()
    unpack = _gzip if suffix == ".gz" else _zstd
    try:
        return _joined(unpack(path), path)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(f"the compressed file is damaged: {error}", where=str(path)) from error


def _joined(pieces: Iterable[bytes], path: Path) -> bytes:
    allowed = max(FREE_BYTES, MAX_RATIO * path.stat().st_size)
    whole = bytearray()
    for piece in pieces:
        whole += piece
        if len(whole) > allowed:
            message = f"unpacks to more than {allowed:,} bytes, {MAX_RATIO} times its size"
            raise InputError(message, where=str(path), hint="unpack it first if it is right")
    return bytes(whole)


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
