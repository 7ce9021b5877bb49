"""Reads jobs and trials of Harbor: rewards of the verifier, and the trajectories of agents."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from .atif import parts_of, trajectory_of
from .composed import Prompt
from .json_files import json_object, list_at, mapping_at, number_at, text_at, value_at, whole_at
from .log import Chosen, Log, LogFormat, Opening
from .sample import Sample
from .traces import UNNAMED, dataset_named, metrics, total, traced

TOOL: Final = "Harbor"
_TRIAL: Final = frozenset({"trial_name", "task_name", "agent_info"})
_JOB: Final = frozenset({"n_total_trials", "stats"})
_RESULT: Final = "result.json"
_TRAJECTORY: Final = "trajectory.json"


def recognise(opening: Opening) -> Log | None:
    """The log of a job or of a single trial, by its result file.

    Raises:
        InputError: The result of a trial is no JSON.
    """
    keys, folder = opening.keys.keys(), opening.path.parent
    if keys >= _TRIAL:
        trials = [folder]
    elif keys >= _JOB:
        trials = sorted(path.parent for path in folder.glob(f"*/{_RESULT}"))
    else:
        return None
    if not trials:
        return None
    results = [json_object(trial / _RESULT) for trial in trials]
    rewards = [name for one in results for name in mapping_at(one, "verifier_result", "rewards")]
    return Log(
        tool=TOOL,
        path=opening.path,
        files=tuple(dict.fromkeys([opening.path, *_files(trials)])),
        datasets=tuple(sorted({_dataset(one, folder) for one in results})),
        models=tuple(sorted({_model(one) for one in results})),
        rows=len(trials),
        written=max(text_at(one, "started_at") for one in results),
        is_run=False,
        # Harbor's own name of a single reward comes first.
        choices=metrics(sorted(rewards, key=lambda name: (name != "reward", name))),
        read=partial(_samples, trials),
    )


FORMAT: Final = LogFormat("harbor", recognise)


def _files(trials: Sequence[Path]) -> Iterator[Path]:
    for trial in trials:
        yield trial / _RESULT
        for pattern in ("agent/*.json", "steps/*/agent/*.json", "user-agent/*.json"):
            yield from sorted(trial.glob(pattern))


def _samples(trials: Sequence[Path], chosen: Chosen) -> Iterator[Sample]:
    attempts: dict[tuple[str, str, str], int] = {}
    for number, trial in enumerate(trials, start=1):
        sample = _sample(trial, chosen.get("metric", ""))
        key = (sample.dataset, sample.example, sample.model)
        attempt = attempts.get(key, 0)
        attempts[key] = attempt + 1
        yield replace(sample, repeat=str(attempt), line=number)


def _sample(trial: Path, metric: str) -> Sample:
    result = json_object(trial / _RESULT)
    score = number_at(result, "verifier_result", "rewards", metric)
    if value_at(result, "reward_valid") is False:  # as Harbor says after some exceptions
        score = None
    exception = mapping_at(result, "exception_info")
    failed = ": ".join(
        filter(
            None, (text_at(exception, "exception_type"), text_at(exception, "exception_message"))
        )
    )
    contexts = [
        mapping_at(result, "agent_result"),
        *(mapping_at(one, "agent_result") for one in list_at(result, "step_results")),
    ]
    sample = Sample(
        dataset=_dataset(result, trial.parent),
        example=text_at(result, "task_name"),
        model=_model(result),
        score=score,
        fault="" if score is not None else failed or "the verifier gave no reward",
        stop_reason=text_at(exception, "exception_type") or None,
        tokens_in=total(whole_at(one, "n_input_tokens") for one in contexts),
        tokens_out=total(whole_at(one, "n_output_tokens") for one in contexts),
        cost_usd=total(number_at(one, "cost_usd") for one in contexts),
        extras={"trial": text_at(result, "trial_name")},
    )
    steps = [text_at(one, "step_name") for one in list_at(result, "step_results")]
    parts = [parts_of(path) for path in _trajectories(trial, steps)]
    wholes = [trajectory_of(files) for files in parts]
    task = wholes[0].task if wholes else Prompt("", None)
    return traced(task, [turn for whole in wholes for turn in whole.turns], sample)


def _trajectories(trial: Path, steps: Sequence[str]) -> list[Path]:
    """The trajectory of the trial, or those of its steps in their order."""
    main = trial / "agent" / _TRAJECTORY
    if main.is_file():
        return [main]
    order = {name: number for number, name in enumerate(steps)}
    found = sorted(trial.glob(f"steps/*/agent/{_TRAJECTORY}"))
    return sorted(found, key=lambda path: order.get(path.parent.parent.name, len(order)))


def _dataset(result: Mapping[str, object], folder: Path) -> str:
    return dataset_named(text_at(result, "source"), folder / _RESULT)


def _model(result: Mapping[str, object]) -> str:
    info = mapping_at(result, "agent_info")
    model = mapping_at(info, "model_info")
    parts = (text_at(info, "name"), text_at(model, "provider"), text_at(model, "name"))
    return "/".join(filter(None, parts)) or UNNAMED
