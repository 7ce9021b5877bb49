"""A process that was forked from one at work, in which Polars would wait for ever."""

import os
from functools import cache

from .errors import InputError


def refuse_fork() -> None:
    """Remembers the process that calls first; to be called before Polars is put to work.

    A fork copies the locks of Polars' threads, but not the threads that would open them.

    Raises:
        InputError: This process was forked from the one that called first.
    """
    if os.getpid() != _first():
        raise InputError(
            "this process was forked from one that has used ErrorMap, and would hang",
            hint="start processes by spawn, such as multiprocessing.get_context('spawn')",
        )


@cache
def _first() -> int:
    """The process that called first; a fork has it from its parent."""
    return os.getpid()
