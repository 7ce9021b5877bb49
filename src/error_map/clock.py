"""The current time and the number of usable cores: the only place that reads either."""

import os
from datetime import UTC, datetime


def time_stamp() -> str:
    """The current time in UTC, safe in file names; to the microsecond, so that it is unique."""
    return datetime.now(UTC).strftime("%Y-%m-%d_%H-%M-%S-%f")  # noqa: TID251 - read here only


def current_time() -> str:
    """The current time in UTC as ISO 8601, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")  # noqa: TID251 - read here only


def usable_cores() -> int:
    """CPU cores that this process may run on."""
    # The affinity mask, as containers and batch systems often grant fewer cores than there are.
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
