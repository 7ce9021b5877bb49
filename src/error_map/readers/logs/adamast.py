"""Reads traces in AdaMAST's own form: messages of an agent, with the outcome of its task."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

from .composed import Prompt
from .json_files import json_objects, list_at, mapping_at, number_at, text_at
from .log import Chosen, Log, LogFormat, Opening
from .messages import Conversation, conversation
from .sample import Sample
from .traces import NO_SCORE, UNNAMED, dataset_named, short, traced

TOOL: Final = "AdaMAST"
_KEYS: Final = frozenset({"trace_id", "task", "messages", "outcome"})


def recognise(opening: Opening) -> Log | None:
    """The log of the traces in a file: JSON lines, a list, or one trace."""
    keys = opening.keys or opening.item_keys
    if not keys.keys() >= _KEYS:
        return None
    dataset = dataset_named("", opening.path)
    return Log(
        tool=TOOL,
        path=opening.path,
        datasets=(dataset,),
        choices={"metric": ("outcome.score",)},
        is_run=False,
        read=partial(_samples, opening.path, dataset),
    )


FORMAT: Final = LogFormat("adamast", recognise)


def _samples(path: Path, dataset: str, _: Chosen) -> Iterator[Sample]:
    for number, trace in json_objects(path):
        talk = conversation(list_at(trace, "messages"))
        score = number_at(trace, "outcome", "score")
        status = {"status": text_at(trace, "outcome", "status")}
        metadata = {name: text_at(value) for name, value in mapping_at(trace, "metadata").items()}
        yield traced(
            _task(text_at(trace, "task"), talk),
            talk.turns,
            Sample(
                dataset=dataset,
                example=text_at(trace, "trace_id"),
                model=text_at(trace, "metadata", "system") or UNNAMED,
                score=score,
                fault="" if score is not None else NO_SCORE,
                awaits_score=score is None,
                extras=short(metadata | status),
                line=number,
            ),
        )


def _task(task: str, talk: Conversation) -> Prompt:
    """The task and what the agent was asked, unless that says the task."""
    request = talk.task
    if not task or task in request.text:
        return request
    head = f"[task]\n{task}\n\n"
    if request.question_start is not None:
        return Prompt(head + request.text, len(head) + request.question_start)
    head += "[user]\n"
    return Prompt(head + request.text, len(head)) if request.text else Prompt(task, None)
