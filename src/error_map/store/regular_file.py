"""Files that are files: opening a pipe or a device in their place may never end."""

import stat
from pathlib import Path

from ..errors import StoreError


def refuse_irregular(file: Path) -> None:
    """Refuses what is neither a regular file nor absent; a link to a regular file is one.

    Raises:
        StoreError: It is a folder, a pipe, a device or a socket, or cannot be looked at.
    """
    hint = "move it away and run again"
    try:
        mode = file.stat().st_mode
    except FileNotFoundError:  # whoever needs it says that it is gone
        return
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise StoreError(f"cannot be read: {reason}", where=str(file), hint=hint) from error
    if not stat.S_ISREG(mode):
        raise StoreError("it is no regular file", where=str(file), hint=hint)
