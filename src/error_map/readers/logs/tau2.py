"""Reads the simulations of tau2-bench: an agent that serves a simulated user with tools."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from ...errors import InputError
from ...records import Turn
from .composed import json_text, transcript_of
from .json_files import (
    MAX_WHOLE,
    json_object,
    list_at,
    mapping_at,
    number_at,
    text_at,
    total_at,
    value_at,
)
from .json_stream import NestedItems
from .log import Chosen, Log, LogFormat, Opening
from .messages import turns_of
from .sample import Sample

TOOL: Final = "tau2-bench"
_RUN_MARKS: Final = ('"git_commit"', '"num_trials"')
"""In the first characters of `info`."""
_SIMULATION_KEYS: Final = frozenset({"task_id", "start_time", "termination_reason"})
_FOLDER: Final = "simulations"
_NEVER_RAN: Final = "infrastructure_error"
"""The only reason for which tau2-bench leaves a simulation out of its metrics; after all others,
such as `too_many_errors` or `timeout`, the reward is 0."""
# Audio in base64, which has no blanks and is longer than any word.
_AUDIO: Final = re.compile(r"[A-Za-z0-9+/=]{400,}\s*")
_INSTRUCTIONS: Final = ("reason_for_call", "known_info", "unknown_info", "task_instructions")


class _Run(NamedTuple):
    """What the file of a run says of all its simulations."""

    domain: str
    model: str
    policy: str
    written: str
    tasks: Mapping[str, Mapping[str, object]]


def recognise(opening: Opening) -> Log | None:
    """The log of one run: one file, or a file and the folder `simulations` next to it.

    Raises:
        InputError: There is a simulation without the file of its run.
    """
    if all(mark in opening.keys.get("info", "") for mark in _RUN_MARKS):
        return _log(opening.path)
    if not opening.keys.keys() >= _SIMULATION_KEYS:
        return None
    run = opening.path.parent.parent / "results.json"
    if opening.path.parent.name == _FOLDER and run.is_file():
        return _log(run)
    raise InputError(
        "a simulation without the results.json of its run, which names the model and the tasks",
        where=str(opening.path),
        hint="keep results.json above the folder simulations",
    )


FORMAT: Final = LogFormat("tau2", recognise)


def _log(path: Path) -> Log:
    apart = sorted((path.parent / _FOLDER).glob("*.json"))
    head = json_object(path) if apart else _head(path)
    if apart:
        _refuse_missing(path, head, apart)
    run = _run(head)
    return Log(
        tool=TOOL,
        path=path,
        files=(path, *apart),
        datasets=(run.domain,),
        models=(run.model,),
        rows=len(apart) or None,
        written=run.written,
        choices={"metric": ("reward",)},
        read=partial(_samples, path, apart, run),
    )


def _head(path: Path) -> Mapping[str, object]:
    """What is before the simulations in a file; tau2-bench writes everything else there."""
    items = NestedItems(path, _FOLDER)
    for _ in items:
        if ("info",) in items.others and ("tasks",) in items.others:
            break
    return {place[0]: value for place, value in items.others.items()}


def _refuse_missing(path: Path, head: Mapping[str, object], apart: Sequence[Path]) -> None:
    there = {one.stem for one in apart}
    listed = (text_at(entry, "id") for entry in list_at(head, "simulation_index"))
    missing = next((one for one in listed if one not in there), None)
    if missing is not None:
        fault = f"the run lists simulation {missing!r}, and the folder {_FOLDER} does not have it"
        raise InputError(fault, where=str(path), hint="copy the whole folder of the run")


def _run(head: Mapping[str, object]) -> _Run:
    info = mapping_at(head, "info")
    agent = mapping_at(info, "agent_info")
    tasks = (task for task in list_at(head, "tasks") if isinstance(task, Mapping))
    return _Run(
        domain=text_at(info, "environment_info", "domain_name"),
        model=text_at(agent, "llm") or text_at(agent, "implementation"),
        policy=text_at(info, "environment_info", "policy"),
        written=text_at(head, "timestamp"),
        tasks={text_at(task, "id"): task for task in tasks},
    )


def _samples(path: Path, apart: Sequence[Path], run: _Run, _: Chosen) -> Iterator[Sample]:
    simulations: Iterable[object] = map(json_object, apart) if apart else NestedItems(path, _FOLDER)
    for number, simulation in enumerate(simulations, start=1):
        if not isinstance(simulation, Mapping):
            raise InputError("a simulation that is no object", where=f"{path}:{number}")
        yield _sample(simulation, run, number)


def _sample(simulation: Mapping[str, object], run: _Run, number: int) -> Sample:
    example = text_at(simulation, "task_id")
    task = run.tasks.get(example, {})
    reward = number_at(simulation, "reward_info", "reward")
    ended = text_at(simulation, "termination_reason")
    messages = list_at(simulation, "messages") or _spoken(list_at(simulation, "ticks"))
    turns = _turns(messages)
    transcript = transcript_of(turns)
    policy = text_at(simulation, "policy") or run.policy
    prompt, start = _prompt(policy, _instructions(task))
    fault = "" if reward is not None else "no reward: the simulation was not evaluated"
    if ended == _NEVER_RAN:
        reward, fault = None, f"infrastructure error: {text_at(simulation, 'info', 'error')}"
    return Sample(
        dataset=run.domain,
        example=example,
        model=run.model,
        repeat=text_at(simulation, "trial") or None,
        score=reward,
        fault=fault,
        prompt=prompt,
        question_start=start,
        output=transcript.text,
        turns=turns,
        composed=transcript.composed,
        reference=_expected(mapping_at(task, "evaluation_criteria")),
        stop_reason=ended or None,
        tokens_in=_tokens(messages, "prompt_tokens"),
        tokens_out=_tokens(messages, "completion_tokens"),
        latency_s=number_at(simulation, "duration"),
        cost_usd=number_at(simulation, "agent_cost"),
        extras=_extras(simulation, task),
        line=number,
    )


def _prompt(policy: str, instructions: str) -> tuple[str, int | None]:
    """The agent's policy and the user's instructions, and where the latter begin."""
    if not policy:
        return instructions, None
    head = f"[policy]\n{policy}\n\n[hidden instructions of the simulated user]\n"
    return head + instructions, len(head)


def _instructions(task: Mapping[str, object]) -> str:
    """What the simulated user wants; in solo mode, the ticket that the agent has instead."""
    given = value_at(task, "user_scenario", "instructions")
    parts = [given] if isinstance(given, str) else [text_at(given, key) for key in _INSTRUCTIONS]
    ticket = text_at(task, "ticket")
    parts += [f"Ticket: {ticket}"] if ticket else []
    return "\n\n".join(part for part in parts if part)


def _expected(criteria: Mapping[str, object]) -> str | None:
    """What the evaluation expects, as JSON: calls, information for the user, assertions."""
    kept: dict[str, object] = {
        "actions": [_action(action) for action in list_at(criteria, "actions")],
        "communicate_info": list_at(criteria, "communicate_info"),
        "nl_assertions": list_at(criteria, "nl_assertions"),
        "env_assertions": list_at(criteria, "env_assertions"),
    }
    return json_text({key: value for key, value in kept.items() if value}) if criteria else None


def _action(action: object) -> dict[str, object]:
    """An expected call; who makes it is said where it is the user."""
    shown = {key: value_at(action, key) for key in ("name", "arguments")}
    by_user = text_at(action, "requestor") == "user"
    return {**shown, "requestor": "user"} if by_user else shown


def _turns(messages: Iterable[object]) -> tuple[Turn, ...]:
    plain: list[object] = []
    for message in messages:
        plain += list_at(message, "tool_messages") or [message]
    return turns_of(plain)


class _Utterance(NamedTuple):
    role: str
    parts: list[str]


class _Moment(NamedTuple):
    """What one side says and does during one tick of a voice call."""

    role: str
    text: str
    utterance: str
    calls: list[object]
    results: list[object]


def _moments(ticks: Iterable[object]) -> Iterator[_Moment]:
    for tick in ticks:
        for who, role in (("agent", "assistant"), ("user", "user")):
            text = text_at(tick, f"{who}_chunk", "content")
            yield _Moment(
                role=role,
                text="" if _AUDIO.fullmatch(text) else text,
                utterance=text_at(tick, f"{who}_chunk", "utterance_ids", 0),
                calls=list_at(tick, f"{who}_tool_calls"),
                results=list_at(tick, f"{who}_tool_results"),
            )


def _spoken(ticks: Iterable[object]) -> list[object]:
    """The messages of a voice call, in which utterances come in pieces: some words per tick."""
    entries: list[object] = []
    utterances: dict[tuple[str, str], _Utterance] = {}
    speaker, part = "", 0
    for moment in _moments(ticks):
        if moment.text:
            part += moment.role != speaker
            speaker = moment.role
            # Both may speak at once; without ids, an utterance ends when the other one speaks.
            key = moment.role, moment.utterance or str(part)
            if key not in utterances:
                utterances[key] = _Utterance(moment.role, [])
                entries.append(utterances[key])
            utterances[key].parts.append(moment.text)
        if moment.calls:
            speaker = ""
            entries.append({"role": moment.role, "tool_calls": moment.calls})
        entries += moment.results
    return [_message(entry) for entry in entries]


def _message(entry: object) -> object:
    if not isinstance(entry, _Utterance):
        return entry
    return {"role": entry.role, "content": "".join(entry.parts)}


def _tokens(messages: Iterable[object], kind: str) -> int | None:
    """The tokens of the agent's own calls; those of the simulated user do not count."""
    own = (one for one in messages if text_at(one, "role") == "assistant")
    number = total_at([value_at(one, "usage", kind) for one in own])
    return None if number is None or number > MAX_WHOLE else round(number)


def _extras(simulation: Mapping[str, object], task: Mapping[str, object]) -> dict[str, str | None]:
    """The parts of the reward, and what a model said of the conversation, if it was reviewed."""
    breakdown = mapping_at(simulation, "reward_info", "reward_breakdown")
    extras: dict[str, str | None] = {
        "task_purpose": text_at(task, "description", "purpose") or None,
        "reward_breakdown": json_text(breakdown) if breakdown else None,
    }
    for name in ("review", "user_only_review"):
        review = mapping_at(simulation, name)
        if review:
            extras[f"{name}_summary"] = text_at(review, "summary")
            extras[f"{name}_errors"] = "\n".join(map(_reviewed, list_at(review, "errors")))
    return extras


def _reviewed(error: object) -> str:
    """One error of a review: who made it, how severe it is, its tags and the reason."""
    who = ", ".join(filter(None, (text_at(error, "source"), text_at(error, "severity"))))
    tags = ", ".join(filter(None, (text_at(tag) for tag in list_at(error, "error_tags"))))
    return ": ".join(filter(None, (who, tags, text_at(error, "reasoning"))))
