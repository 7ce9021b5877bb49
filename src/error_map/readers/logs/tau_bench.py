"""Reads results of tau-bench: conversations of an agent with a simulated user, and rewards."""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from .json_files import json_objects, list_at, mapping_at, number_at, text_at
from .log import Chosen, Log, LogFormat, Opening
from .messages import conversation
from .sample import Sample
from .traces import UNNAMED, dataset_named, short, traced

TOOL: Final = "tau-bench"
_KEYS: Final = frozenset({"task_id", "reward", "info"})
_REWARD: Final = '"reward_info"'
_NAME: Final = re.compile(
    r"(?:tool-calling|act|react|few-shot)-(?P<model>.+)-[0-9]+(?:\.[0-9]+)?_range_"
)
"""How the names of its files begin: strategy, model, temperature."""
_ERROR: Final = "Error: "
"""How replies of tau-bench's tools begin that are errors."""


def recognise(opening: Opening) -> Log | None:
    """The log of the results in a file: a list, or one result as AgentRx keeps them."""
    keys = opening.keys or opening.item_keys
    # The conversation may begin after what is read to recognise a file.
    if not keys.keys() >= _KEYS or not ("traj" in keys or _REWARD in opening.text):
        return None
    dataset = dataset_named("", opening.path)
    model = _model(opening.path)
    return Log(
        tool=TOOL,
        path=opening.path,
        datasets=(dataset,),
        models=() if model == UNNAMED else (model,),
        rows=1 if opening.keys else None,
        choices={"metric": ("reward",)},
        is_run=False,
        notices=tuple(_notices(opening.path, model)),
        read=partial(_samples, opening.path, (dataset, model), single=bool(opening.keys)),
    )


FORMAT: Final = LogFormat("tau-bench", recognise)


def _model(path: Path) -> str:
    """The model in the name that tau-bench gives a file, as the results do not have it."""
    found = _NAME.match(path.name)
    return found["model"] if found else UNNAMED


def _notices(path: Path, model: str) -> Iterator[str]:
    if model != UNNAMED:
        yield (
            f"{path}: results of tau-bench name no model; it is {model!r} after the name of the"
            " file (--model-name gives another)"
        )


def _samples(path: Path, names: tuple[str, str], _: Chosen, *, single: bool) -> Iterator[Sample]:
    dataset, model = names
    for number, result in json_objects(path):
        talk = conversation(list_at(result, "traj"), error_mark=_ERROR)
        score = number_at(result, "reward")
        error = text_at(result, "info", "error")
        yield traced(
            talk.task,
            talk.turns,
            Sample(
                dataset=dataset,
                example=text_at(result, "task_id"),
                model=model,
                score=None if error else score,
                fault="" if score is not None and not error else error or "no reward",
                # The trial of a result that was taken out of its run says nothing.
                repeat=None if single else text_at(result, "trial") or None,
                reference=_expected(mapping_at(result, "info", "task")),
                extras=short({"task_instruction": text_at(result, "info", "task", "instruction")}),
                line=number,
            ),
        )


def _expected(task: Mapping[str, object]) -> str | None:
    """The outputs that the agent must state to the user; None if there are none."""
    return ", ".join(text_at(one) for one in list_at(task, "outputs")) or None
