"""Errors of a full disk, with the folder and a hint."""

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from ..errors import InputError

_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_NUMBER: Final = re.compile(r"\(os error (\d+)\)")
"""Error number in the messages of Polars, whose errors have no `errno`."""


@contextmanager
def telling_no_room(folder: Path, *, hint: str) -> Iterator[None]:
    """Reports a full disk while the block writes, with the folder and a hint.

    Args:
        folder: Folder to which the block writes.
        hint: What the user can do.

    Raises:
        InputError: The disk or a quota is full, or the file exceeds the size limit.
    """
    try:
        yield
    except OSError as error:
        number = _number(error)
        if number not in _NO_ROOM:
            raise
        message = f"cannot write: {os.strerror(number).lower()}"
        raise InputError(message, where=str(folder), hint=hint) from error


def _number(error: OSError) -> int:
    """The `errno` of an error; 0 where it is unknown."""
    if error.errno is not None:
        return error.errno
    match = _NUMBER.search(str(error))
    return int(match[1]) if match else 0
