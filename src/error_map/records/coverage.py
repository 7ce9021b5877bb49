"""Coverage: what the detectors can say about a dataset, known before any failure is diagnosed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The kind of task of one dataset, and the detectors that apply to it."""

    task: str = ""
    """What kind of task it looks like, such as `multiple choice`; empty if that is not known."""
    families: tuple[str, ...] = ()
    """What the detectors that run look at, such as `arithmetic`; plug-ins by their names."""
    is_covered: bool = True
    """False if only the form of outputs is checked, which explains few failures of such tasks."""
    peers: float | None = None
    """Share of the failures with a right answer of another model, in a sample of the dataset.

    None if that is not known.
    """
