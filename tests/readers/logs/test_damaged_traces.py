"""Damaged traces give a result or an InputError, and never another exception."""

import copy
import json
import math
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from error_map.errors import InputError
from error_map.readers import ReadOptions, choose, log_formats, log_source, search
from tests.readers.logs import test_traces as traces

DEEP: object = "x"
for _ in range(400):
    DEEP = [DEEP]
ODD: tuple[object, ...] = (
    None,
    True,
    0,
    -1,
    10**400,
    math.nan,
    math.inf,
    "",
    "x",
    "\ud800",
    [],
    {},
    [[]],
    [{}],
    DEEP,
)
"""Values of wrong types and sizes."""
FILES = {
    "tau-bench": traces.a_result(),
    "atif": traces.a_trajectory(),
    "mlflow": traces.an_mlflow_trace({"assessment_name": "a", "feedback": {"value": 1}}),
    "langfuse": traces.a_langfuse_trace({"name": "a", "value": 1}),
    "phoenix": {"data": traces.phoenix_spans(), "next_cursor": None},
    "claude-code": traces.a_line("user", [{"type": "text", "text": "2 + 2?"}]),
    "agentrx": {"Invention": {"e1": {"step": 3, "reason": "", "name": "a.json"}}},
    "harbor": {
        "task_name": "a",
        "trial_name": "b",
        "agent_info": {"name": "c", "model_info": {"name": "d"}},
        "verifier_result": {"rewards": {"reward": 1}},
        "agent_result": {"n_input_tokens": 2**62},
        "step_results": [{"agent_result": {"n_input_tokens": 2**62, "cost_usd": 1}}],
    },
}


def places(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The paths to all values inside a value."""
    inside: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        inside = list(value.items())
    elif isinstance(value, list):
        inside = list(enumerate(value))
    return [path, *(one for key, below in inside for one in places(below, (*path, key)))]


def changed(value: object, path: tuple[str | int, ...], new: object) -> object:
    if not path:
        return new
    whole = copy.deepcopy(value)
    place = whole
    for step in path[:-1]:
        place = place[step]  # type: ignore[index]  # the path is one of `places`
    if new is ...:
        del place[path[-1]]  # type: ignore[attr-defined]
    else:
        place[path[-1]] = new  # type: ignore[index]
    return whole


def read_all(folder: Path) -> None:
    found = search(folder, log_formats())
    for log in found.logs:
        list(log.read(choose(log, {})))
        log_source(log, choose(log, {}), ReadOptions()).read()


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_damaged_trace_is_read_or_refused(name: str, data: st.DataObject) -> None:
    value: object = FILES[name]
    paths = [one for one in places(value) if one]
    new = data.draw(st.sampled_from((..., *ODD)))
    text = json.dumps(changed(value, data.draw(st.sampled_from(paths)), new))
    cut = data.draw(st.one_of(st.none(), st.integers(0, len(text))))
    with TemporaryDirectory() as folder:
        traces.agentrx(Path(folder)).unlink()
        kept = "result.json" if name == "harbor" else "x.json"
        kept = "x.jsonl" if name == "claude-code" else kept
        Path(folder, kept).write_text(text[:cut], encoding="utf-8")
        with suppress(InputError):
            read_all(Path(folder))
