"""StudiedRow: a scored answer from which an analyst learns how its dataset is answered.

A module of its own, as worker processes load it, and nothing that this package's others need.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StudiedRow:
    """A scored answer, reduced to what learning an answer route needs."""

    prompt: str
    output: str
    reference: str | None
    passed: bool
