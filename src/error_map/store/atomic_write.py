"""Atomic replacement of one text file."""

from contextlib import suppress
from pathlib import Path
from typing import Final

from ..errors import InputError

_SUFFIX: Final = ".part"


def write_whole(path: Path, text: str) -> None:
    """Writes a text to a temporary file in the same folder and renames it to `path`.

    A lone surrogate, which UTF-8 cannot encode, is written as its escape sequence.

    Raises:
        InputError: The file cannot be written.
    """
    # In the same folder, as a rename is atomic only within a file system.
    part = path.with_name(path.name + _SUFFIX)
    if path.is_dir():
        raise InputError("cannot write: it is a folder", where=str(path), hint="name a file in it")
    if not path.parent.is_dir():
        raise InputError("no such folder", where=str(path.parent), hint="make it first")
    try:
        part.unlink(missing_ok=True)
        # Mode x creates the file and does not follow a link that has its name.
        with part.open("x", encoding="utf-8", errors="backslashreplace", newline="\n") as stream:
            stream.write(text)
        part.replace(path)
    except OSError as error:
        with suppress(OSError):  # a part that cannot be removed is the error that is reported
            part.unlink()
        reason = error.strerror or str(error)
        hint = "choose another place"
        raise InputError(f"cannot write: {reason}", where=str(path), hint=hint) from error
