"""What a detector is given, what it gives back, and how it is declared: one file a detector."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from ...records import Kind
from .answers import Answer, Profile

UNTAUGHT: Final = Profile()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One output under study, with what was read out of it beforehand."""

    prompt: str
    output: str
    reference: str | None = None
    correct_outputs: tuple[str, ...] = ()
    """Correct answers of other models to the same example; up to three."""
    answer: Answer | None = None
    """The final answer in `output`, by the dataset's extraction route; None where it has none."""
    gold: str | None = None
    """The reference's final answer, as text; None where there is no reference."""
    profile: Profile = field(default=UNTAUGHT)
    """What was learnt of the dataset as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """What a detector saw: becomes a Finding with the quoted spans as evidence."""

    title: str
    """Names the error, up to about six words; the same words for the same error."""
    summary: str
    """One or two sentences on this output in particular."""
    spans: tuple[tuple[int, int], ...] = ()
    """Places in the output, `(start, end)` in characters."""
    confidence: float
    """In (0, 1]: how often such a hit is right, as measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detector:
    """A small pure function that recognises one way to fail, and what is known of it."""

    name: str
    """Identifier, the same as its module's name."""
    finding: str
    """Name of the second-level category that its hits form."""
    description: str
    """What it looks for, one sentence."""
    category: str
    """Id of the atlas category that its hits belong to."""
    kind: Kind
    rank: int
    """When several fire, the lowest rank is the diagnosis."""
    detect: Callable[[Case], Sign | None]
