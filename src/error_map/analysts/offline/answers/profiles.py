"""What is known of the answers of a dataset: its answer route, and how far to trust it."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

TaskKind: TypeAlias = Literal[
    "numbers",
    "mathematics",
    "multiple choice",
    "short answers",
    "literals",
    "tool calls",
    "code",
    "instructions",
    "agent traces",
    "free text",
    "",
]
"""What kind of task a dataset consists of; empty if nothing is known of it."""

# Measured: below this agreement, comparing values causes more false alarms than hits.
TRUSTED_AGREEMENT: Final = 0.97
# A route may agree on a dataset of many failures without reading the correct answers.
TRUSTED_RECALL: Final = 0.9
# With fewer rows a route agrees by chance: there are 28 of them.
MIN_ROWS: Final = 20
# Below this share an output without the marker is too common to be a failure to answer.
MIN_MARKER_SHARE: Final = 0.8
"""Share of outputs that must have a marker for it to be the dataset's way of answering."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The answer route of a dataset, learned from its outputs and scores."""

    route: str | None = None
    """Name of the route that best reproduces the scores; None if none does."""
    agreement: float = 0.0
    """Share of the rows whose score the route reproduces, in [0, 1]."""
    recall: float = 0.0
    """Share of the passed rows whose extracted answer equals the reference, in [0, 1]."""
    found: float = 0.0
    """Share of the rows in whose output the route finds an answer, in [0, 1]."""
    rows: int = 0
    """Rows with a reference that the route was learned from."""
    max_output_chars: int = 0
    """Length of the dataset's longest output: a hint of where outputs are truncated."""
    strict: bool = False
    """Whether the scores depend on the literal as written: its type, quotes and case."""
    task: TaskKind = ""
    """What kind of task the dataset consists of, which decides the detectors that run."""

    @property
    def trusted(self) -> bool:
        """Whether extracted answers are reliable enough to be compared with the reference."""
        return (
            self.agreement >= TRUSTED_AGREEMENT
            and self.recall >= TRUSTED_RECALL
            and self.rows >= MIN_ROWS
        )

    @property
    def distrust(self) -> str:
        """Why values are not compared, as the end of a sentence; empty if they are."""
        if self.trusted:
            return ""
        if self.rows < MIN_ROWS:
            return f"only {self.rows} scored answers have a reference to learn an answer route from"
        if self.route is None:
            return "no answer route reproduces the scores"
        if not self.agreement:
            return f"all scores are equal, so that nothing confirms the answer route {self.route!r}"
        route = f"the answer route {self.route!r}"
        if self.agreement >= TRUSTED_AGREEMENT:
            return f"{route} finds only {100 * self.recall:.1f} % of the correct answers"
        return f"{route} reproduces only {100 * self.agreement:.1f} % of the scores"

    @property
    def expects_answer(self) -> bool:
        """Whether the route usually finds an answer, so that a missing one is significant."""
        return self.route is not None and self.found >= MIN_MARKER_SHARE and self.rows >= MIN_ROWS
