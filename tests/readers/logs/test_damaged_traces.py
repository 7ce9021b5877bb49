"""Damaged traces give a result or an InputError, and never another exception."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.readers.logs import test_traces as traces
from tests.readers.logs.mutations import damaged, read_or_refused
from tests.support import shared_path

pytestmark = pytest.mark.slow

TRIAL: Final = {
    "task_name": "a",
    "trial_name": "b",
    "agent_info": {"name": "c", "model_info": {"name": "d"}},
    "verifier_result": {"rewards": {"reward": 1}},
    "agent_result": {"n_input_tokens": 2**62},
    "step_results": [{"agent_result": {"n_input_tokens": 2**62, "cost_usd": 1}}],
}
LABEL: Final = {"Invention": {"e1": {"step": 3, "reason": "", "name": "a.json"}}}
MLFLOW: Final = traces.an_mlflow_trace({"assessment_name": "a", "feedback": {"value": 1}})
PAGE: Final = {"data": traces.phoenix_spans(), "next_cursor": None}
FILES: Final[dict[str, object]] = {
    "agentrx.json": LABEL,
    "atif.json": traces.a_trajectory(),
    "claude-code.jsonl": traces.a_line("user", [{"type": "text", "text": "2 + 2?"}]),
    "langfuse.json": traces.a_langfuse_trace({"name": "a", "value": 1}),
    "mlflow.json": MLFLOW,
    "phoenix.json": PAGE,
    "result.json": TRIAL,
    "tau-bench.json": traces.a_result(),
}


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_a_damaged_trace_is_read_or_refused(name: str, data: st.DataObject) -> None:
    broken = data.draw(damaged(json.dumps(FILES[name])))
    with TemporaryDirectory() as folder:
        traces.agentrx(Path(folder)).unlink()
        Path(folder, name).write_bytes(broken)

        read_or_refused(Path(folder))


@settings(max_examples=40, deadline=None)
@given(data=st.data())
@pytest.mark.parametrize(
    "name",
    [
        "atif/public/terminus_2_hello-world-context-summarization-linear-history.trajectory.json",
        "claude_code/public/agent-atest01.jsonl",
        "agentrx/public/magentic-one/trajectories_info.json",
    ],
)
def test_a_damaged_real_trace_is_read_or_refused(name: str, data: st.DataObject) -> None:
    text = (shared_path("native") / name).read_text(encoding="utf-8")
    broken = data.draw(damaged(text))
    with TemporaryDirectory() as folder:
        Path(folder, Path(name).name).write_bytes(broken)

        read_or_refused(Path(folder))
