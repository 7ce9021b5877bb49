"""What is known of the answers of a dataset: its answer routes, and how far to trust them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
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

# Measured: below this share, comparing values causes more false alarms than hits.
TRUSTED_AGREEMENT: Final = 0.97
"""Share of the rows whose score the route must not contradict."""
# A route may agree on a dataset of many failures without reading the correct answers.
TRUSTED_RECALL: Final = 0.9
# With fewer rows a route agrees by chance: there are 28 of them.
MIN_ROWS: Final = 20
# Below this share an output without the marker is too common to be a failure to answer.
MIN_MARKER_SHARE: Final = 0.8
"""Share of outputs that must have a marker for it to be the dataset's way of answering."""
# A word, a letter, a number with its unit or a short list; a sentence of working is longer.
BARE_CHARS: Final = 60
"""Length up to which a single line is a bare answer."""


def is_bare(output: str) -> bool:
    r"""Whether an output is an answer without working: one short line.

    Example:
        >>> is_bare("(B) a raft"), is_bare("It floats.\nSo (B)."), is_bare("")
        (True, False, False)
    """
    if len(output) > 2 * BARE_CHARS:  # spares stripping long texts
        return False
    text = output.strip()
    return 0 < len(text) <= BARE_CHARS and "\n" not in text


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """An answer route, learned from the outputs and scores of a dataset or a part of it."""

    route: str | None = None
    """Name of the route that best reproduces the scores; None if none does."""
    agreement: float = 0.0
    """Share of the rows whose score the route reproduces, in [0, 1]."""
    recall: float = 0.0
    """Share of the passed rows whose extracted answer equals the reference, in [0, 1]."""
    found: float = 0.0
    """Share of the passed rows in whose output the route finds an answer, in [0, 1].

    If no row passed, of all rows.
    """
    missed: float = 0.0
    """Share of the rows that failed although the extracted answer equals the reference, in [0, 1].

    They speak against the scorer, not against the route.
    """
    rows: int = 0
    """Rows with a reference that the route was learned from."""
    max_output_chars: int = 0
    """Length of the dataset's longest output: a hint of where outputs are truncated."""
    strict: bool = False
    """Whether the scores depend on the literal as written: its type, quotes and case."""
    unquoted: bool = False
    """Whether strict scores pass over quotation marks around the answer and the reference."""
    accepted_forms: tuple[str, ...] = ()
    """Differences of form that strict scores accept, by their titles: passed rows have them."""
    alternatives: bool | None = None
    """Whether a reference that is a list names alternatives; None if no passed row tells."""
    call_leniencies: tuple[str, ...] = ()
    """Differences between tool calls that the scorer accepts, as `differences` names them."""
    rejected_call_forms: tuple[str, ...] = ()
    """Forms of tool calls in which no answer passed, not even with the expected calls."""
    usual_call_form: str = ""
    """The form of most tool calls that passed."""
    task: TaskKind = ""
    """What kind of task the dataset consists of, which decides the detectors that run."""

    @property
    def uncontradicted(self) -> float:
        """Share of the rows that speak for the route, or at least not against it, in [0, 1]."""
        return self.agreement + self.missed

    @property
    def trusted(self) -> bool:
        """Whether extracted answers are reliable enough to be compared with the reference."""
        return (
            self.uncontradicted >= TRUSTED_AGREEMENT
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
        if self.uncontradicted >= TRUSTED_AGREEMENT:
            return f"{route} finds only {100 * self.recall:.1f} % of the correct answers"
        return f"{route} reproduces only {100 * self.agreement:.1f} % of the scores"

    @property
    def expects_answer(self) -> bool:
        """Whether the route usually finds an answer, so that a missing one is significant."""
        return self.route is not None and self.found >= MIN_MARKER_SHARE and self.rows >= MIN_ROWS


_UNKNOWN: Final = Profile()


@dataclass(frozen=True, slots=True, kw_only=True)
class Profiles:
    """The answer routes of a dataset: one for most outputs, and others for some."""

    common: Profile = _UNKNOWN
    bare: Profile | None = None
    """For bare answers, where they are mixed with outputs that show a working."""
    by_model: Mapping[str, Profile] = field(default_factory=dict)
    """For the other outputs of models that answer in a form of their own."""

    def of(self, model: str, output: str) -> Profile:
        """The profile for one output of a model."""
        if self.bare is not None and is_bare(output):
            return self.bare
        return self.by_model.get(model, self.common)


NO_PROFILES: Final = Profiles()
"""For a dataset of which nothing is known."""
