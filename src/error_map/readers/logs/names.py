"""Names of datasets from the titles that tools give to a run."""

import hashlib
import re
from typing import Final

_OTHERS: Final = re.compile(r"[^\w.-]+")
_MAX_CHARS: Final = 80
"""Below the 100 characters of a dataset's name, so that a suffix still fits."""
_HASH_CHARS: Final = 8


def dataset_name(title: str, *, default: str) -> str:
    """A title as a name of a dataset, which is a part of file names.

    A long title is shortened, and ends in a hash, which tells it from others with its beginning.

    Args:
        title: Any text.
        default: The name if the title has no letter and no digit.

    Example:
        >>> dataset_name("Context window: limits / 2", default="results")
        'Context_window_limits_2'
    """
    name = _OTHERS.sub(
        "_", title[:_MAX_CHARS].encode(errors="replace")[:_MAX_CHARS].decode(errors="ignore")
    )
    name = name.strip("_.-")
    if name and len(title.encode(errors="replace")) > _MAX_CHARS:
        digest = hashlib.sha256(title.encode(errors="replace")).hexdigest()[:_HASH_CHARS]
        name = f"{name[: _MAX_CHARS - _HASH_CHARS]}_{digest}"
    return name or (default if default == title else dataset_name(default, default="results"))
