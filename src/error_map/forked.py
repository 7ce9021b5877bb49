"""Refuses forked processes, in which Polars would deadlock."""

import os
from functools import cache

from .errors import InputError


def refuse_fork() -> None:
    """Refuses a fork of the process that called this first; to be called before Polars is used.

    A fork copies the locks of Polars' threads, but not the threads that would release them.

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
    """Id of the process that called first; a fork inherits the cached value."""
    return os.getpid()
