"""What a report holds, as one value: every rendering shows this and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from ...analysis import CategoryRate, Heatmap, Rate, Signature, Transitions
from ...presentation.excerpt import Excerpt
from ...records import CategoryId, Criterion, State

PartKind: TypeAlias = Literal["words", "name", "figure"]

SCHEMA_VERSION: Final = 1
"""Of the JSON form; raised when a key changes its meaning or goes."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a sentence: our own words, a name from the data, or a figure."""

    text: str
    kind: PartKind = "words"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One thing that the report says in words."""

    about: str
    """One word for the subject, such as `models`."""
    parts: tuple[Part, ...]

    def __str__(self) -> str:
        return "".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class StateLine:
    """Rows of one of the nine states."""

    state: State
    rows: int
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetLine:
    """One dataset: how often it was failed, by which rule, and how its answers are read."""

    dataset: str
    failure_rate: Rate | None
    """Of the models asked for; None where nothing was scored or attempts are unknown."""
    rule: str
    origin: str
    route: str | None
    agreement: float
    """Share of the studied scores that reading answers so reproduces; 0 where it was not tried."""
    distrust: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Failures for which the benchmark is suspect."""

    kind: str
    meaning: str
    rate: Rate
    """Among the failures that were studied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """A quotation and whether it stands in the output."""

    text: str
    verified: bool | None
    """None where it was not looked up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """What a model was asked and said; left out of a redacted report."""

    prompt: Excerpt
    output: Excerpt
    """With the evidence marked."""
    reference: Excerpt | None
    answer: str
    """The final answer that was read out of the output; empty where none was."""
    correct: tuple[str, Excerpt] | None
    """A model that was right, and its output."""
    summary: str
    criteria: tuple[Criterion, ...]
    quotes: tuple[Quoted, ...]
    """Evidence that could not be marked in the output."""
    offsets: tuple[int, int]
    """Of the detectors' quotations, those that stand at their offsets, and all of them."""
    kept: tuple[tuple[str, str], ...]
    """Other columns of the input."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """One failure that the report carries."""

    number: int
    """Its row in the failures file, from 1."""
    dataset: str
    example: str
    """Empty in a redacted report."""
    model: str
    repeat: int
    score: float
    threshold: float
    state: State
    category: CategoryId
    """The last one that it is shown under."""
    chosen: bool
    """Whether it is one of the category's examples."""
    verdict: str
    """Empty if undiagnosed."""
    title: str
    detector: str
    confidence: float | None
    """Of the finding that decided, in (0, 1]; None where none did."""
    fault: str
    """`scorer`, `consensus` or empty."""
    texts: Texts | None
    """None in a redacted report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One category and the failures that stand for it."""

    path: tuple[str, ...]
    """Names of the categories from the top down."""
    category: CategoryId
    description: str
    of: int
    """Its failures that were studied."""
    instances: tuple[Instance, ...]
    """The examples first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectorLine:
    """A detector of the offline analyst, and how often it was right where that was measured."""

    name: str
    finding: str
    kind: str
    decided: int
    """Failures of this run whose diagnosis rests on it."""
    precision: Rate | None
    """Hits that were right among those that were read by people; None if not measured."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A line on how the run was made."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Check:
    """Something that was looked up while the report was made."""

    what: str
    told: str
    holds: bool | None
    """None where it is a measurement and not a yes or no."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A finished run as it is told to others."""

    title: Sentence
    exp_id: str
    analyst: str
    mock: bool
    """Whether a mock answered, so that nothing is told of the models."""
    completed_at: str
    redacted: bool
    described: bool
    """Whether descriptions of categories are shown: not if a judge wrote what is redacted."""
    attempts_known: bool
    """False where only failures are known: then no failure rate is shown."""
    warnings: tuple[str, ...]
    """What a reader must know first, such as that the answers are a mock's."""
    sentences: tuple[Sentence, ...]
    accounting: tuple[StateLine, ...]
    rows: int
    datasets: tuple[DatasetLine, ...]
    overall: Signature | None
    models: tuple[Signature, ...]
    """Most failures first where rates are known."""
    tree: tuple[CategoryRate, ...]
    """Parents before their children."""
    heatmap: Heatmap | None
    comparison: Transitions | None
    names: dict[str, str]
    """Of the categories that the comparison names, by id."""
    faults: tuple[Fault, ...]
    groups: tuple[Group, ...]
    studied: int
    method: tuple[Fact, ...]
    detectors: tuple[DetectorLine, ...]
    limits: tuple[str, ...]
    checks: tuple[Check, ...]

    @property
    def instances(self) -> Sequence[Instance]:
        """All failures that it carries."""
        return [one for group in self.groups for one in group.instances]

    @property
    def whole(self) -> bool:
        """Whether it carries every failure that was studied."""
        return len(self.instances) == self.studied
