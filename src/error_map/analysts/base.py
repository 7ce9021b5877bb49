"""The Analyst protocol: diagnoses failures, proposes categories, assigns titles to them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ..records import Coverage, Failure, Outcome
from ..store import StageCost
from ..taxonomy import Category
from .studied_row import StudiedRow


@dataclass(frozen=True, slots=True, order=True)
class TitleGroup:
    """Diagnoses with the same title."""

    title: str
    detector: str = ""
    """The detector whose finding they rest on; empty for diagnoses by an LLM."""
    count: int = 0
    summaries: tuple[str, ...] = ()
    """Up to two example summaries."""
    also: tuple[str, ...] = ()
    """Other spellings of the title that were merged into it."""


@dataclass(frozen=True, slots=True)
class ComparedAnswer:
    """An answer, right or wrong, whose form is counted."""

    answer: Failure
    """A right one is given in the place of a failure."""
    passed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseRate:
    """How often a detector's way of answering is in wrong and in right answers of the run."""

    wrong_hits: int
    wrong: int
    """Wrong answers that were compared, of all datasets and models."""
    right_hits: int
    right: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRoute:
    """How the final answers of a part of a dataset are extracted."""

    models: tuple[str, ...] = ()
    """The models whose outputs the part consists of; empty for outputs of one short line."""
    route: str | None = None
    agreement: float = 0.0
    """As in `AnswerRoute`, of the part's own scores."""
    distrust: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRoute:
    """How the final answers of one dataset are extracted, as learned from its scores."""

    route: str | None = None
    """Name of the rule, such as `last number`; None if no rule reproduces the scores."""
    agreement: float = 0.0
    """Share of the studied scores that the rule reproduces, in [0, 1]."""
    distrust: str = ""
    """Why detectors that compare values are off for the dataset; empty if they are on."""
    parts: tuple[PartRoute, ...] = ()
    """Parts of the dataset with a route of their own; the fields above are for the other rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalystDescription:
    """Who an analyst is and what it has used so far, for the manifest and the report."""

    name: str
    """`judge_model` in the files."""
    fingerprint: str = ""
    """SHA-256 over model, parameters, prompts and settings; empty for the offline analyst."""
    is_mock: bool = False
    prompts: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 of each prompt, by name; empty if no model is called."""
    template: str = ""
    """Name and short fingerprint of the diagnosis prompt; empty if no model is called."""
    detectors: Mapping[str, str] = field(default_factory=dict)
    """Distribution that provides each detector in use, by detector name."""
    routes: Mapping[str, AnswerRoute] = field(default_factory=dict)
    """By dataset; empty before `prepare`."""
    base_rates: Mapping[str, BaseRate] = field(default_factory=dict)
    """By detector, of those that recognize ways of answering; empty before `compare`."""
    coverage: Mapping[str, Coverage] = field(default_factory=dict)
    """By dataset, what the detectors can say; empty before `prepare`, and for a judge."""
    notices: tuple[str, ...] = ()
    """Messages about the model and its hints that the user has seen."""
    truncation: str = ""
    """How many answers were lost to the token limit, with a way out; empty if none was."""
    cost: Mapping[str, StageCost] = field(default_factory=dict)
    """Calls, tokens and cost of this run by stage; cached replies cost nothing."""
    from_ledger: int = 0
    """Requests of this run that the ledger answered."""


class Diagnoser(Protocol):
    """Diagnoses failures; called by several tasks at once."""

    @property
    def workers(self) -> int:
        """Batches that it can work on concurrently."""

    @property
    def batch_size(self) -> int:
        """Preferred number of failures per batch."""

    async def diagnose(self, batch: Sequence[Failure]) -> Sequence[Outcome]:
        """What went wrong in each failure: one outcome per failure, in the batch's order."""


class Categorizer(Protocol):
    """Divides titles into categories; called by several tasks at once."""

    @property
    def max_depth(self) -> int:
        """Levels under the top categories into which they may be divided."""

    async def propose(
        self, groups: Sequence[TitleGroup], *, parent: Category | None
    ) -> Sequence[Category]:
        """Categories that divide the groups; empty if they should not be divided further."""

    async def place(
        self, groups: Mapping[int, TitleGroup], categories: Mapping[int, Category]
    ) -> Mapping[int, int]:
        """Category number of each group by group number; groups that fit none may be missing."""


class Analyst(Diagnoser, Categorizer, Protocol):
    """The interface between analysts and everything outside this package."""

    def prepare(self, rows: Mapping[str, Sequence[StudiedRow]]) -> None:
        """Learns how each dataset is answered; called once, before the first question.

        Args:
            rows: By dataset, a sample of its scored answers; may be empty.
        """

    async def compare(self, answers: Iterable[Sequence[ComparedAnswer]]) -> None:
        """Learns which ways of answering right answers have too; called once, after `prepare`.

        Args:
            answers: Batches with a sample of the wrong and right answers of each model.
        """

    def describe(self) -> AnalystDescription:
        """Who the analyst is and what it has used so far."""
