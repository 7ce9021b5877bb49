"""The plug-in API of the offline analyst: what a detector receives, returns and declares."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ...records import HARD_TO_ANALYZE, Kind
from .answers.extractors.routes import Answer
from .answers.profiles import Profile, TaskKind

NO_PROFILE: Final = Profile()
"""For cases without a dataset, such as tests: no answer route, values are not compared."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Case:
    """One output to examine, with what was extracted from it beforehand.

    Compared and hashed by identity: the caches of the detectors are keyed by case, and comparing
    long texts would cost more than the cached work.
    """

    prompt: str
    output: str
    reference: str | None = None
    correct_outputs: tuple[str, ...] = ()
    """Correct answers of other models to the same example; up to three."""
    answer: Answer | None = None
    """The final answer in `output`, by the dataset's answer route; None if there is none."""
    gold: str | None = None
    """The reference's final answer as text; None without a reference."""
    profile: Profile = field(default=NO_PROFILE)
    """What was learned about the dataset: its answer route, and whether values are compared."""
    stop_reason: str | None = None
    """Why generation stopped, in the words of the evaluation tool; None if the log lacks it."""
    tokens_out: int | None = None
    """Tokens of the output; None if the log lacks them."""
    question_start: int | None = None
    """Offset in `prompt` at which worked examples end and the question begins, where known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """What a detector found in one output; becomes a `Finding` with the quoted spans as evidence.

    Raises:
        ValueError: The confidence is outside (0, 1], or a span is negative or reversed.
    """

    title: str
    """Names the error in up to about six words; always the same words for the same error."""
    summary: str
    """One or two sentences about this output in particular."""
    spans: tuple[tuple[int, int], ...] = ()
    """Places in the output as `(start, end)`, in characters."""
    confidence: float
    """In (0, 1]: the measured share of such findings that are right."""

    def __post_init__(self) -> None:
        if not 0 < self.confidence <= 1:
            raise ValueError(f"confidence must be in (0, 1], not {self.confidence!r}")
        if any(not 0 <= start <= end for start, end in self.spans):
            raise ValueError(f"spans must satisfy 0 <= start <= end: {self.spans!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """How many of a detector's findings were right when people checked them.

    The built-in detectors derive their confidence from it, `(right + 4 * 0.82) / (read + 4)`: 0.82
    is the share right among the 240 findings of the first blind reading, with the weight of four
    findings, so that two right ones of two do not count as certainty.

    Raises:
        ValueError: More findings are right than were read, or none was read.
    """

    right: int
    """Findings that were confirmed."""
    read: int
    """Findings that were checked."""

    def __post_init__(self) -> None:
        if not 0 <= self.right <= self.read or not self.read:
            raise ValueError(f"impossible counts: {self.right} right of {self.read} read")


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """Says that a finding is a way of answering, which right answers may have as well.

    A run compares wrong and right answers of the same model and dataset: the finding is a cause
    only where it is more frequent in the wrong ones, and a fact elsewhere.
    """

    form: Callable[[Case], str]
    """Title of the finding that this way of answering would be, whether the answer is right or
    wrong; empty for none. Must not depend on the reference."""
    presumed: bool = True
    """Whether it counts as a habit until the rates say otherwise. False where such an answer can
    hardly be right, as an empty one: then it is a habit only if right answers have it too."""


def title_of(detect: Callable[[Case], Detection | None]) -> Callable[[Case], str]:
    """The form of a detector that does not look at the reference: what it finds."""

    def form(case: Case) -> str:
        found = detect(case)
        return found.title if found else ""

    return form


@dataclass(frozen=True, slots=True, kw_only=True)
class Detector:
    """A pure function that recognizes one kind of error, with its metadata.

    Raises:
        ValueError: A place has another category than "Hard to Analyze", or a cause has this one.
    """

    name: str
    """Identifier: the name of its module, or of the entry point that provides it."""
    finding: str
    """Name of the second-level category that its findings form."""
    description: str
    """What it looks for, in one sentence."""
    category: str
    """Id of the atlas category above `finding`."""
    kind: Kind
    rank: int
    """If several causes or faults are found, the one of the lowest rank is the diagnosis."""
    detect: Callable[[Case], Detection | None]
    measured: Measured | None = None
    """None if no findings were checked."""
    habit: Habit | None = None
    """Set if its finding is a way of answering; only for causes."""
    former_names: tuple[str, ...] = ()
    """Names in earlier versions, oldest first: still accepted as options, and in old results."""
    part_of: str = ""
    """Name of an earlier detector that was split into this one and others.

    As an option it selects all of them. A taxonomy that has only the category of the earlier
    detector takes their findings there.
    """
    category_id: str = ""
    """Id of the second-level category, where it differs from `<category>.<oldest name>`.

    Ids are permanent: set it to the former id when the detector moves to another category.
    """
    tasks: frozenset[TaskKind] | None = None
    """Kinds of task on which it runs; None for all, or for those of its folder if it is built in.

    See `coverage.FAMILIES`.
    """

    @property
    def finding_id(self) -> str:
        """Permanent id of the second-level category that the detector's findings form."""
        return self.category_id or f"{self.category}.{self.category_key}"

    @property
    def earlier_finding_id(self) -> str:
        """Id of the category of the detector that was split; empty if there was none."""
        return f"{self.category}.{self.part_of}" if self.part_of else ""

    def __post_init__(self) -> None:
        # A place outside of "Hard to Analyze" would be counted as explained, a cause in it as not.
        hard = self.category == HARD_TO_ANALYZE
        if hard != (self.kind == "place") and self.kind in {"cause", "place"}:
            required = "another category" if hard else repr(str(HARD_TO_ANALYZE))
            raise ValueError(
                f"the {self.kind} {self.name!r} has the category {self.category!r};"
                f" it must have {required}"
            )

    @property
    def category_key(self) -> str:
        """Last part of its category id: the oldest name, so that ids survive a renaming."""
        return self.former_names[0] if self.former_names else self.name


if not TYPE_CHECKING:  # a type checker would accept any name of a module with __getattr__

    def __getattr__(name: str) -> type[Detection]:
        """Provide the former name of `Detection` until version 0.3."""
        if name == "Sign":
            warnings.warn(
                "Sign is now called Detection; the old name will be removed in 0.3",
                DeprecationWarning,
                stacklevel=2,
            )
            return Detection
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
