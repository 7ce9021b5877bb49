"""What the readers of agent traces share: names, and samples of turns."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Final, TypeVar

from ...records import Turn
from .composed import Prompt, transcript_of
from .log import ChoiceKind, Chosen, Log
from .names import dataset_name
from .sample import Sample

UNNAMED: Final = "unnamed"
"""Model of traces that name none."""
NO_SCORE: Final = "the trace has no score; --scores FILE gives scores by id"
_MAX_EXTRA_CHARS: Final = 200
"""Longer values are texts of the trace, which prompt and output have too."""

_NUMBER = TypeVar("_NUMBER", int, float)


def traced(task: Prompt, turns: Sequence[Turn], sample: Sample) -> Sample:
    """A sample with the prompt and the transcript of a trace.

    Args:
        task: What the agent was asked.
        turns: What followed.
        sample: Everything else.
    """
    transcript = transcript_of(turns)
    return replace(
        sample,
        prompt=task.text,
        question_start=task.question_start,
        output=transcript.text,
        composed=transcript.composed,
        turns=tuple(turns),
    )


def trace_log(
    tool: str,
    path: Path,
    named: Sequence[Iterable[str]],
    *,
    read: Callable[[str, Chosen], Iterator[Sample]],
) -> Log:
    """The log of a file of traces, which are parts of a run and name no dataset.

    Args:
        tool: The tool that exported them.
        path: The file.
        named: The names of the scores of each trace.
        read: Reads the samples, given the name of their dataset.
    """
    dataset = dataset_named("", path)
    return Log(
        tool=tool,
        path=path,
        datasets=(dataset,),
        is_run=False,
        rows=len(named),
        choices=metrics(chain.from_iterable(named)),
        read=partial(read, dataset),
    )


def metrics(names: Iterable[str]) -> Mapping[ChoiceKind, tuple[str, ...]]:
    """The choice between metrics, each one once in the given order; none without names."""
    unique = tuple(dict.fromkeys(names))
    return {"metric": unique} if unique else {}


def missing(metric: str) -> str:
    """Why a trace has no score.

    Args:
        metric: The one that is read; empty if no trace of the log has any.
    """
    return f"the trace has no {metric!r}" if metric else NO_SCORE


def dataset_named(name: str, path: Path) -> str:
    """A name for a dataset: the log's own, or else that of the folder.

    Example:
        >>> dataset_named("terminal-bench@2.0", Path("/logs/x.json"))
        'terminal-bench_2.0'
        >>> dataset_named("", Path("/logs/x.json"))
        'logs'
    """
    return dataset_name(name or path.resolve().parent.name, default="traces")


def short(values: Mapping[str, str | None]) -> dict[str, str | None]:
    """Those of the values that are no long texts."""
    return {
        name: value for name, value in values.items() if value and len(value) <= _MAX_EXTRA_CHARS
    }


def total(values: Iterable[_NUMBER | None]) -> _NUMBER | None:
    """The sum of the known values; None if none is known.

    Example:
        >>> total([1, None, 2]), total([None])
        (3, None)
    """
    known = [value for value in values if value is not None]
    return sum(known[1:], known[0]) if known else None
