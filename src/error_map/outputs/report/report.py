"""Contents of a report as one value: every format renders this and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from ...analysis import CategoryRate, Heatmap, Rate, Signature, Transitions
from ...presentation.excerpt import Excerpt
from ...records import CategoryId, Criterion, State
from ..summary import Reading

PartKind: TypeAlias = Literal["words", "name", "figure"]

SCHEMA_VERSION: Final = 1
"""Version of the JSON format; raised when a key changes its meaning or is removed."""
HABIT: Final = "Way of answering"
"""Name of the facts about ways of answering that right answers have too."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a sentence: our own words, a name from the data, or a figure."""

    text: str
    kind: PartKind = "words"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the summary."""

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
    """One dataset: its failure rate, its failure rule and its answer route."""

    dataset: str
    failure_rate: Rate | None
    """Over the requested models; None if nothing was scored or attempts are unknown."""
    rule: str
    origin: str
    route: str | None
    agreement: float
    """Share of the scores that the route reproduces, in [0, 1]; 0 if there is no route."""
    distrust: str
    parts: tuple[Reading, ...] = ()
    """Parts of the dataset with an answer route of their own."""
    explained: Rate | None = None
    """Share of its failures that have a cause; None if none was studied."""
    task: str = ""
    """What kind of task it looks like; empty if a judge diagnosed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Failures that are suspected benchmark faults of one kind, or shared traps."""

    kind: str
    """`scorer`, `consensus` or `trap`."""
    meaning: str
    rate: Rate
    """Share of the studied failures."""
    examples: int
    """Their examples; 0 if they were not counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """A quotation, and whether the output contains it."""

    text: str
    verified: bool | None
    """None if it was not checked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """Prompt, output and further texts of a failure; not in a redacted report."""

    prompt: Excerpt
    output: Excerpt
    """With the evidence marked."""
    reference: Excerpt | None
    answer: str
    """The final answer extracted from the output; empty if there is none."""
    correct: tuple[str, Excerpt] | None
    """A peer answer: another model and its correct output."""
    summary: str
    criteria: tuple[Criterion, ...]
    criteria_turns: tuple[str, ...]
    """For each of the criteria, the turns that its evidence is in, in words; empty for none."""
    quotes: tuple[Quoted, ...]
    """Evidence that cannot be marked in the output."""
    turns: tuple[int, ...]
    """The turns of the evidence, if the output is a transcript."""
    offsets: tuple[int, int]
    """Detectors' quotations that are at their offsets, and the number of all."""
    kept: tuple[tuple[str, str], ...]
    """Additional columns of the input, with their values."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """One failure that the report contains."""

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
    """The deepest category under which it is shown."""
    chosen: bool
    """Whether it is an example of its category."""
    verdict: str
    """Empty if undiagnosed."""
    title: str
    detector: str
    confidence: float | None
    """Confidence of the finding on which the diagnosis rests, in (0, 1]; None without one."""
    fault: str
    """`scorer`, `consensus` or empty."""
    texts: Texts | None
    """None in a redacted report."""

    @property
    def heading(self) -> str:
        """The error title, or else the verdict or the state."""
        return self.title or self.verdict or self.state.replace("_", " ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One category with its examples and further failures."""

    path: tuple[str, ...]
    """Names of the categories from the top down."""
    category: CategoryId
    description: str
    of: int
    """Studied failures of the category."""
    instances: tuple[Instance, ...]
    """The examples first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectorLine:
    """A detector of the offline analyst, and its precision if that was measured."""

    name: str
    finding: str
    kind: str
    decided: int
    """Failures of this run whose diagnosis rests on it."""
    precision: Rate | None
    """Correct hits among those that people reviewed; None if not measured."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact about how the run was made."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Check:
    """A check that was made while the report was built."""

    what: str
    result: str
    holds: bool | None
    """None for a measurement, which does not hold or fail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A finished run as it is presented to readers."""

    title: Sentence
    exp_id: str
    analyst: str
    mock: bool
    """Whether a mock judge answered, so that nothing is known about the models."""
    completed_at: str
    redacted: bool
    described: bool
    """Whether category descriptions are shown; a redacted report hides those of a judge."""
    attempts_known: bool
    """False if only failures are known; then no failure rate is shown."""
    warnings: tuple[str, ...]
    """What a reader must know first, such as that a mock judge answered."""
    sentences: tuple[Sentence, ...]
    accounting: tuple[StateLine, ...]
    rows: int
    datasets: tuple[DatasetLine, ...]
    overall: Signature | None
    models: tuple[Signature, ...]
    """Highest failure rate first."""
    tree: tuple[CategoryRate, ...]
    """Parents before their children."""
    heatmap: Heatmap | None
    comparison: Transitions | None
    names: dict[str, str]
    """Names of the categories by id."""
    faults: tuple[Fault, ...]
    traps: Fault | None
    """Failures with a wrong answer that is a trap shared by most models; None for none."""
    groups: tuple[Group, ...]
    studied: int
    method: tuple[Fact, ...]
    detectors: tuple[DetectorLine, ...]
    limits: tuple[str, ...]
    checks: tuple[Check, ...]

    @property
    def instances(self) -> Sequence[Instance]:
        """All failures that the report contains."""
        return [instance for group in self.groups for instance in group.instances]

    @property
    def whole(self) -> bool:
        """Whether the report contains every studied failure."""
        return len(self.instances) == self.studied
