"""File locks that the operating system releases when their process ends, however it ends."""

import errno
import fcntl
import json
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from ..clock import current_time
from ..errors import InputError

_POLL_S: Final = 0.1
"""Interval between attempts to take a lock; too short for a person to notice."""
_MAX_BYTES: Final = 1_000
"""Bytes of a lock file that are read: ours have about a hundred; anybody may write a larger one."""
_MAX_CHARS: Final = 100
"""Characters of each field of a lock file in a message, as anybody may have written it."""
_SAFELY: Final = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
"""Follow no symbolic link, do not wait for the other end of a pipe, do not pass to children."""


@contextmanager
def locked(file: Path, *, message: str, hint: str, wait_s: float = 0.0) -> Iterator[None]:
    """Holds an operating-system lock on `file`, which exists only while the lock is held.

    A file that a killed process left is not locked: the system releases locks of dead processes.

    Args:
        file: Created for the lock; its folder must exist.
        message: Error message if another process holds the lock; its name is appended.
        hint: What the user can do then.
        wait_s: Seconds to wait for the other process.

    Raises:
        InputError: Another process holds the lock.
        OSError: The system refuses the file or the lock.
    """
    descriptor = _acquired(file, time.monotonic() + wait_s)
    if descriptor is None:
        raise InputError(f"{message}{_holder(file)}", where=str(file), hint=hint)
    try:
        yield
    finally:
        with suppress(OSError):  # a file that remains is not locked
            file.unlink()
        os.close(descriptor)


def _acquired(file: Path, deadline: float) -> int | None:
    """An open descriptor of the locked file, signed by us; None if another process has it."""
    while True:
        descriptor = _opened(file)
        try:
            # flock, as it needs no write access and ends with the last descriptor of the process.
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            if time.monotonic() >= deadline:
                return None
            time.sleep(_POLL_S)
            continue
        except OSError:
            os.close(descriptor)
            raise
        if _is_still(file, descriptor):
            _sign(descriptor)
            return descriptor
        os.close(descriptor)  # its holder removed it after we opened it: lock the new file


def _opened(file: Path) -> int:
    try:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | _SAFELY, 0o666)
    except PermissionError:
        if not os.path.lexists(file):
            raise
        # The file belongs to another user: a lock needs only read access.
        descriptor = os.open(file, os.O_RDONLY | _SAFELY)
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.EISDIR}:
            raise _no_file(file) from error
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise _no_file(file)
    return descriptor


def _no_file(file: Path) -> OSError:
    return OSError(errno.EINVAL, "it is not a regular file", str(file))


def _is_still(file: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(file.lstat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _sign(descriptor: int) -> None:
    text = json.dumps({"pid": os.getpid(), "host": os.uname().nodename, "since": current_time()})
    with suppress(OSError):  # read-only or a full disk: the lock works without a name
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, text.encode(), 0)


def _holder(file: Path) -> str:
    """Who holds the lock, if the file says so."""
    try:
        with file.open("rb") as stream:
            content = json.loads(stream.read(_MAX_BYTES))
    except (OSError, ValueError, RecursionError):
        return ""
    if not isinstance(content, dict):
        return ""
    match content:
        case {"pid": int(pid), "host": str(host), "since": str(since)}:
            return f": process {pid} on {host[:_MAX_CHARS]} since {since[:_MAX_CHARS]}"
    return ""
