"""Refusal of pipes, devices and sockets in place of files: opening them may block forever."""

import stat
from pathlib import Path

from ..errors import StoreError


def refuse_irregular(file: Path) -> None:
    """Refuses anything but a regular file, a link to one, or nothing at all.

    Raises:
        StoreError: It is a folder, a pipe, a device or a socket, or cannot be examined.
    """
    hint = "move it away and run again"
    try:
        mode = file.stat().st_mode
    except FileNotFoundError:  # reported by the reader that needs it
        return
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise StoreError(f"cannot be read: {reason}", where=str(file), hint=hint) from error
    if not stat.S_ISREG(mode):
        raise StoreError("it is no regular file", where=str(file), hint=hint)
