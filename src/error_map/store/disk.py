"""A disk without room for what is written, told with the place and the way out."""

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
"""What Polars, whose errors have neither a number nor a path, writes in its messages."""


@contextmanager
def telling_no_room(folder: Path, *, hint: str) -> Iterator[None]:
    """Names the folder where the block has no room for what it writes there.

    Args:
        folder: Where everything goes that is written in the block.
        hint: The way out.

    Raises:
        InputError: The disk or a quota is full, or a file may not be as large.
    """
    try:
        yield
    except OSError as error:
        number = _number(error)
        if number not in _NO_ROOM:
            raise
        told = f"cannot write: {os.strerror(number).lower()}"
        raise InputError(told, where=str(folder), hint=hint) from error


def _number(error: OSError) -> int:
    """The system's number of an error; 0 where it is not known."""
    if error.errno is not None:
        return error.errno
    found = _NUMBER.search(str(error))
    return int(found[1]) if found else 0
