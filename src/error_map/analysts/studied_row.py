"""StudiedRow: a scored answer from which an analyst learns the answer route of its dataset.

A separate module without other imports, as worker processes load it and should start fast.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StudiedRow:
    """A scored answer, reduced to what learning an answer route needs."""

    prompt: str
    output: str
    reference: str | None
    passed: bool
    model: str = ""
    has_peers: bool | None = None
    """Whether a right answer of another model is there; None if it is not a failure to study."""
    is_transcript: bool = False
    """Whether the reader of a log composed the output of several turns."""
