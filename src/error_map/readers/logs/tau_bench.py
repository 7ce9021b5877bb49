"""Reads results of tau-bench: conversations of an agent with a simulated user, and rewards."""

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
_ERROR: Final = "Error: "
"""How replies of tau-bench's tools begin that are errors."""


def recognise(opening: Opening) -> Log | None:
    """The log of the results in a file: a list, or one result as AgentRx keeps them."""
    keys = opening.keys or opening.item_keys
    # The conversation may begin after what is read to recognise a file.
    if not keys.keys() >= _KEYS or not ("traj" in keys or _REWARD in opening.text):
        return None
    dataset = dataset_named("", opening.path)
    return Log(
        tool=TOOL,
        path=opening.path,
        datasets=(dataset,),
        models=(UNNAMED,),
        rows=1 if opening.keys else None,
        choices={"metric": ("reward",)},
        is_run=False,
        read=partial(_samples, opening.path, dataset, single=bool(opening.keys)),
    )


FORMAT: Final = LogFormat("tau-bench", recognise)


def _samples(path: Path, dataset: str, _: Chosen, *, single: bool) -> Iterator[Sample]:
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
                model=UNNAMED,
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
