"""A run's index on disk."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Index:
    """Where it stands."""

    path: Path
