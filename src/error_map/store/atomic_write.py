"""One file that is there whole or not at all."""

from pathlib import Path
from typing import Final

from ..errors import InputError

_SUFFIX: Final = ".part"


def write_whole(path: Path, text: str) -> None:
    """Writes a text beside its place and renames it; what stood there is replaced.

    Half a surrogate pair, which is no UTF-8, is written as its code.

    Raises:
        InputError: The place cannot be written to.
    """
    part = path.with_name(path.name + _SUFFIX)
    if path.is_dir():
        raise InputError("cannot write: it is a folder", where=str(path), hint="name a file in it")
    if not path.parent.is_dir():
        raise InputError("no such folder", where=str(path.parent), hint="make it first")
    try:
        part.unlink(missing_ok=True)
        # Mode x makes a file and follows no link that stands there.
        with part.open("x", encoding="utf-8", errors="backslashreplace", newline="\n") as stream:
            stream.write(text)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        reason = error.strerror or str(error)
        hint = "choose another place"
        raise InputError(f"cannot write: {reason}", where=str(path), hint=hint) from error
