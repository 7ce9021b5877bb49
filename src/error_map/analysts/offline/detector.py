"""What a detector is given, what it gives back, and how it is declared."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from ...records import HARD_TO_ANALYZE, Kind
from .answers.route_learning import Answer, Profile

UNTAUGHT: Final = Profile()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Case:
    """One output under study, with what was read out of it beforehand.

    Equal to itself only: what was worked out for one is kept by its identity, as to compare texts
    would cost more.
    """

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

    def __post_init__(self) -> None:
        if not 0 < self.confidence <= 1:
            raise ValueError(f"a confidence is in (0, 1], not {self.confidence!r}")
        if any(not 0 <= start <= end for start, end in self.spans):
            raise ValueError(f"no places in a text: {self.spans!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Hits of a detector that were read beside the real answers."""

    right: int
    """Hits that were what the detector says."""
    read: int

    def __post_init__(self) -> None:
        if not 0 <= self.right <= self.read or not self.read:
            raise ValueError(f"{self.right} right of {self.read} read cannot be")


@dataclass(frozen=True, slots=True, kw_only=True)
class Detector:
    """A small pure function that recognises one way to fail, and what is known of it."""

    name: str
    """Identifier: the name of its module, or of the entry point that brings it."""
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
    measured: Measured | None = None
    """None where no hits were read."""
    category_id: str = ""
    """Id of the second-level category, where it differs from `<category>.<name>`.

    Ids are permanent: set it to the former id when the detector gets another name or category.
    """

    @property
    def finding_id(self) -> str:
        """Permanent id of the second-level category that the detector's hits form."""
        return self.category_id or f"{self.category}.{self.name}"

    def __post_init__(self) -> None:
        """Refuses what would count places as explained, or causes as not."""
        hard = self.category == HARD_TO_ANALYZE
        if hard != (self.kind == "place") and self.kind in {"cause", "place"}:
            expected = "another category" if hard else repr(str(HARD_TO_ANALYZE))
            told = f"the {self.kind} {self.name!r} stands in {self.category!r}"
            raise ValueError(f"{told}, not in {expected}")
