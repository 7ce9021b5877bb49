"""Reads trajectories of Magentic-One with the failures that the authors of AgentRx found."""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from ...errors import InputError
from ...records import Turn
from .composed import Prompt
from .json_files import json_object, json_objects, mapping_at, text_at
from .log import Chosen, Log, LogFormat, Opening
from .messages import REASONING
from .sample import Sample
from .traces import dataset_named, short, traced

TOOL: Final = "AgentRx"
_LABELS: Final = frozenset({"step", "reason", "name"})
_MODEL: Final = "magentic-one"
_THOUGHT: Final = " (thought)"
"""Ends the names of agents in messages that they write to themselves."""
_METRIC: Final = "no failure found by a person"


_ALL_FAILED: Final = (
    "a person found a failure in each of these trajectories, so every score is 0, and the rate of"
    " failures says nothing about the agents"
)
_HUMAN: Final = "human"


def recognise(opening: Opening) -> Log | None:
    """The log of the trajectories that a list of failures names.

    Raises:
        InputError: One of them is not there.
    """
    if not any('"reason"' in text and '"step"' in text for text in opening.keys.values()):
        return None
    path = opening.path
    labels = _labels(json_object(path))
    if not labels:
        return None
    there = {one.name: one for one in _beside(path)}
    if missing := sorted(labels.keys() - there.keys()):
        raise InputError(
            f"{len(missing)} of {len(labels)} trajectories are not there: {missing[0]!r} is the"
            " first",
            where=str(path),
            hint="they are looked for in the folder of this file, and in its folder trajectories",
        )
    named = {there[name]: label for name, label in sorted(labels.items())}
    dataset = dataset_named("", path)
    return Log(
        tool=TOOL,
        path=path,
        files=(path, *named),
        datasets=(dataset,),
        models=(_MODEL,),
        rows=len(named),
        choices={"metric": (_METRIC,)},
        notices=(f"{dataset}: {_ALL_FAILED}",),
        read=partial(_samples, named, dataset),
    )


FORMAT: Final = LogFormat("agentrx", recognise)


def _labels(whole: Mapping[str, object]) -> dict[str, dict[str, str]]:
    """By the name of its file, what a person found in each trajectory."""
    found: dict[str, dict[str, str]] = {}
    for category, examples in whole.items():
        for example, label in mapping_at(examples).items():
            if isinstance(label, Mapping) and label.keys() >= _LABELS:
                found[text_at(label, "name")] = {
                    "example": example,
                    "failure_category": category,
                    "failure_step": text_at(label, "step"),
                    "failure_reason": text_at(label, "reason"),
                }
    return found


def _beside(path: Path) -> Iterator[Path]:
    for folder in (path.parent, path.parent / "trajectories"):
        if folder.is_dir():
            yield from sorted(folder.glob("*.json"))


def _samples(named: Mapping[Path, Mapping[str, str]], dataset: str, _: Chosen) -> Iterator[Sample]:
    for number, (path, label) in enumerate(named.items(), start=1):
        messages = [message for _, message in json_objects(path)]
        question = next((n for n, one in enumerate(messages) if text_at(one, "role") == _HUMAN), -1)
        task = "\n\n".join(text_at(one, "content") for one in messages[: question + 1])
        extras = {name: text for name, text in label.items() if name != "example"}
        step = label["failure_step"]
        # Steps are numbered from 1 and count the request, which is no turn.
        if step.isdecimal() and int(step) > question + 1:
            extras["failure_turn"] = str(int(step) - question - 1)
        yield traced(
            Prompt(task, None),
            [_turn(one) for one in messages[question + 1 :]],
            Sample(
                dataset=dataset,
                example=label["example"],
                model=_MODEL,
                score=0.0,
                extras=short(extras),
                line=number,
            ),
        )


def _turn(message: Mapping[str, object]) -> Turn:
    role, text = text_at(message, "role"), text_at(message, "content")
    if role.endswith(_THOUGHT):
        return Turn(role=REASONING, agent=role.removesuffix(_THOUGHT), text=text)
    return Turn(role="assistant", agent=role, text=text)
