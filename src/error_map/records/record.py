"""Record: one scored sample, and the key that identifies it."""

from dataclasses import dataclass
from typing import NewType

DatasetName = NewType("DatasetName", str)
ExampleId = NewType("ExampleId", str)
ModelName = NewType("ModelName", str)


@dataclass(frozen=True, slots=True, order=True)
class RecordKey:
    """Identifies a record; titles and names never do, as they may repeat."""

    dataset: DatasetName
    example: ExampleId
    model: ModelName
    repeat: int = 0
    """Number of the attempt, from 0, where a model answered an example several times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One turn of a conversation or an agent's trace, as the evaluation log gives it."""

    role: str
    agent: str = ""
    """Name of the agent, where the log has several."""
    text: str = ""
    tool: str = ""
    """Name of the tool that is called or that replies; empty for plain text."""
    arguments: str = ""
    """Arguments of the call, as JSON where the log has JSON."""
    result: str = ""
    error: str = ""
    """Error message of the tool; empty where the call succeeded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One scored sample: the prompt, the model's output and the score.

    The fields after `reference` are optional: only some evaluation logs have them.
    """

    key: RecordKey
    prompt: str
    output: str
    score: float
    """As the evaluation tool gave it: any finite number."""
    reference: str | None = None
    """The reference answer, possibly with its working; None where the data has none."""
    turns: tuple[Turn, ...] = ()
    """The conversation in order; empty where the log has a single prompt and output."""
    composed: tuple[tuple[int, int], ...] = ()
    """Spans of `output` that a reader wrote, such as headings of turns: never evidence."""
    question_start: int | None = None
    """Offset in `prompt`, in characters, at which few-shot examples end and the question begins."""
    stop_reason: str | None = None
    """Why generation stopped, in the evaluation tool's words, such as `stop` or `length`."""
    tokens_in: int | None = None
    """Tokens of the prompt."""
    tokens_out: int | None = None
    """Tokens of the output."""
    latency_s: float | None = None
    """Seconds from request to reply."""
    cost_usd: float | None = None
    """What the model's calls cost, in US dollars."""

    @property
    def own_words(self) -> str:
        """What the model wrote: the output with a blank for each span that a reader wrote."""
        ends = (0, *(end for _, end in self.composed))
        starts = (*(start for start, _ in self.composed), len(self.output))
        return " ".join(self.output[end:start] for end, start in zip(ends, starts, strict=True))
