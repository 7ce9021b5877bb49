"""A record that was selected for study, with what the analyst may look at."""

from dataclasses import dataclass

from .record import ModelName, Record


@dataclass(frozen=True, slots=True)
class CorrectOutput:
    """A correct answer to the same example by another model."""

    model: ModelName
    output: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One failed record under study."""

    record: Record
    threshold: float
    """The record failed because its score lies on the wrong side of this."""
    weight: float
    """How many failures of its (dataset, model) group this one stands for; at least 1."""
    correct_outputs: tuple[CorrectOutput, ...] = ()
    """Up to three, in the order in which they should be shown."""
