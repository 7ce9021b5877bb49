"""Reads trajectories in the Agent Trajectory Interchange Format (ATIF) of Harbor."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from ...errors import InputError
from ...records import Turn
from .composed import Prompt, content_text, prompt_of
from .json_files import json_object, list_at, mapping_at, number_at, text_at, value_at, whole_at
from .log import Chosen, Log, LogFormat, Opening
from .messages import REASONING, as_text, tool_turn
from .sample import Sample
from .traces import NO_SCORE, UNNAMED, dataset_named, total, traced

TOOL: Final = "ATIF"
_VERSION: Final = re.compile(r"ATIF-v(?P<major>\d+)\.")
_ENVIRONMENT: Final = "environment"
"""Tool of observations that no call asked for, such as a terminal's screen."""
_CONTINUED: Final = re.compile(r"(?P<main>.+)\.cont-(?P<number>\d+)(?P<end>\.json.*)")


class Trajectory(NamedTuple):
    """The steps of a trajectory and of those that continue it."""

    task: Prompt
    turns: tuple[Turn, ...]
    model: str
    """Agent and model, such as `terminus-2/gpt-4o`."""
    tokens_in: int | None
    tokens_out: int | None
    cost_usd: float | None


def is_trajectory(opening: Opening) -> bool:
    """Whether a file is a trajectory of a version that can be read.

    Raises:
        InputError: It is one of a newer version.
    """
    version = opening.keys.get("schema_version", "").strip('"')
    if not version.startswith("ATIF-"):
        return False
    match = _VERSION.match(version)
    if not match or match["major"] != "1":
        raise InputError(
            f"the trajectory has version {version!r}, and versions ATIF-v1 can be read",
            where=str(opening.path),
            hint="read it with a later version of error-map",
        )
    return True


def recognise(opening: Opening) -> Log | None:
    """The log of a trajectory outside the folders of Harbor's trials: it has no score.

    Raises:
        InputError: The version cannot be read.
    """
    if not is_trajectory(opening):
        return None
    files = parts_of(opening.path)
    path = files[0]
    first = json_object(path)
    dataset = dataset_named("", path)
    return Log(
        tool=TOOL,
        version=text_at(first, "schema_version").removeprefix("ATIF-v"),
        path=path,
        files=files,
        datasets=(dataset,),
        models=(_model(first),),
        rows=1,
        written=text_at(first, "steps", 0, "timestamp"),
        is_scored=False,
        is_run=False,
        read=partial(_samples, files, dataset),
    )


FORMAT: Final = LogFormat("atif", recognise)


def parts_of(path: Path) -> tuple[Path, ...]:
    """The file of a trajectory and those that continue it, such as `trajectory.cont-1.json`."""
    match = _CONTINUED.fullmatch(path.name)
    main = path.with_name(match["main"] + match["end"]) if match else path
    if not main.is_file():
        return (path,)
    numbered = {
        int(match["number"]): one
        for one in main.parent.iterdir()
        if (match := _CONTINUED.fullmatch(one.name)) and match["main"] + match["end"] == main.name
    }
    return main, *(numbered[number] for number in sorted(numbered))


def trajectory_of(files: Sequence[Path]) -> Trajectory:
    """The trajectory in some files, the later ones of which continue the first.

    Raises:
        InputError: A file is no trajectory.
    """
    wholes = [json_object(path) for path in files]
    for path, whole in zip(files, wholes, strict=True):
        if not isinstance(whole.get("steps"), list):
            raise InputError("the trajectory has no list of steps", where=str(path))
    steps = [
        step
        for number, whole in enumerate(wholes)
        for step in list_at(whole, "steps")
        # What a continuation repeats is in the file before.
        if not (number and value_at(step, "is_copied_context") is True)
    ]
    question = next((n for n, one in enumerate(steps) if text_at(one, "source") == "user"), -1)
    before = [
        {"role": text_at(one, "source"), "content": value_at(one, "message")} for one in steps
    ]
    totals = [mapping_at(whole, "final_metrics") for whole in wholes]
    return Trajectory(
        task=prompt_of(before[: question + 1]),
        turns=tuple(turn for step in steps[question + 1 :] for turn in _turns(step)),
        model=_model(wholes[0]),
        tokens_in=total(whole_at(one, "total_prompt_tokens") for one in totals),
        tokens_out=total(whole_at(one, "total_completion_tokens") for one in totals),
        cost_usd=total(number_at(one, "total_cost_usd") for one in totals),
    )


def _samples(files: Sequence[Path], dataset: str, _: Chosen) -> Iterator[Sample]:
    whole = trajectory_of(files)
    first = json_object(files[0])
    yield traced(
        whole.task,
        whole.turns,
        Sample(
            dataset=dataset,
            example=text_at(first, "trajectory_id") or _session(first, files[0]),
            model=whole.model,
            score=None,
            fault=NO_SCORE,
            awaits_score=True,
            tokens_in=whole.tokens_in,
            tokens_out=whole.tokens_out,
            cost_usd=whole.cost_usd,
            line=1,
        ),
    )


def _session(first: Mapping[str, object], path: Path) -> str:
    """The id of the session, distinguished from others of a folder by the file's name."""
    session = text_at(first, "session_id")
    return f"{session}/{path.name.split('.')[0]}" if session else path.name.split(".")[0]


def _model(whole: Mapping[str, object]) -> str:
    agent = mapping_at(whole, "agent")
    models = (text_at(one, "model_name") for one in list_at(whole, "steps"))
    model = text_at(agent, "model_name") or next((name for name in models if name), "")
    return "/".join(filter(None, (text_at(agent, "name"), model))) or UNNAMED


def _turns(step: object) -> Iterator[Turn]:
    source = text_at(step, "source")
    role = "assistant" if source == "agent" else source or "assistant"
    if reasoning := text_at(step, "reasoning_content"):
        yield Turn(role=REASONING, text=reasoning)
    names: dict[str, str] = {}
    calls = []
    for call in list_at(step, "tool_calls"):
        name = text_at(call, "function_name") or "unnamed tool"
        names[text_at(call, "tool_call_id")] = name
        calls.append((name, as_text(value_at(call, "arguments"))))
    text = content_text({"content": value_at(step, "message")})
    first = calls[0] if calls else ("", "")
    if text or calls:
        yield Turn(role=role, text=text, tool=first[0], arguments=first[1])
    yield from (Turn(role=role, tool=name, arguments=given) for name, given in calls[1:])
    for result in list_at(step, "observation", "results"):
        name = names.get(text_at(result, "source_call_id")) or (first[0] if len(calls) == 1 else "")
        shown = content_text(result)
        # Without a call and a text it only refers to the trajectory of a subagent.
        if name or shown:
            yield tool_turn(name or _ENVIRONMENT, shown)
