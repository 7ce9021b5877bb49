"""A lock that ends with the process that holds it, however the process ends."""

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
"""Between two attempts at a lock that is waited for; a person does not notice it."""
_MOST_READ: Final = 1_000
"""Bytes of a lock file that are looked at: ours have about a hundred."""
_SHOWN: Final = 100
"""Characters of each thing that a lock file says, which anybody may have written."""
_SAFELY: Final = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
"""Neither through a symbolic link, nor waiting for a pipe's other end, nor passed to children."""


@contextmanager
def locked(file: Path, *, message: str, hint: str, wait_s: float = 0.0) -> Iterator[None]:
    """Holds an operating-system lock on `file`, which exists only while the lock is held.

    A file that a killed process left is no lock: the system knows that nobody holds it.

    Args:
        file: Made for the lock; its folder exists.
        message: What to say where another holds it; who that is, is added.
        hint: The way out of that.
        wait_s: Seconds to wait for the other.

    Raises:
        InputError: Another holds it.
        OSError: The system refuses the file or the lock.
    """
    descriptor = _acquired(file, time.monotonic() + wait_s)
    if descriptor is None:
        raise InputError(f"{message}{_holder(file)}", where=str(file), hint=hint)
    try:
        yield
    finally:
        with suppress(OSError):  # a file that stays locks nobody out
            file.unlink()
        os.close(descriptor)


def _acquired(file: Path, deadline: float) -> int | None:
    """An open descriptor of the file, locked and with our name in it; None if another has it."""
    while True:
        descriptor = _opened(file)
        try:
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
        os.close(descriptor)  # its holder removed it after we opened it: there is a new one


def _opened(file: Path) -> int:
    try:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | _SAFELY, 0o666)
    except PermissionError:
        if not os.path.lexists(file):
            raise
        # It is another user's: to lock it, reading is enough.
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
    with suppress(OSError):  # read-only or a full disk: the lock holds without a name
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, text.encode(), 0)


def _holder(file: Path) -> str:
    """Who holds the lock, where its file says so."""
    try:
        with file.open("rb") as stream:
            content = json.loads(stream.read(_MOST_READ))
    except (OSError, ValueError, RecursionError):
        return ""
    if not isinstance(content, dict):
        return ""
    match content:
        case {"pid": int(pid), "host": str(host), "since": str(since)}:
            return f": process {pid} on {host[:_SHOWN]} since {since[:_SHOWN]}"
    return ""
