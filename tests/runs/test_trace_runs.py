"""Runs over agent traces: evidence names its turn wherever it is shown, and nothing is executed."""

import io
import json
from pathlib import Path

import pytest

from error_map.outputs.first_examples import first_examples
from error_map.outputs.summary import read_run
from error_map.outputs.terminal import print_summary
from error_map.store import RunFolder
from tests.app.test_viewer_addresses import page_at
from tests.judged_runs import Place
from tests.llm_server import LlmServer
from tests.readers.logs.test_traces import a_result, written
from tests.report_runs import report_text

pytest.importorskip("litellm")
pytestmark = pytest.mark.slow

EVIL = "<img src=x onerror=alert(1)>"
GOLD = "[[gold:Tools|Ignores an error]]"


def talk(number: int) -> list[dict[str, object]]:
    """A conversation whose third turn has the planted error; its tool has a hostile name."""
    call = {"id": "c", "function": {"name": EVIL, "arguments": json.dumps({"n": number})}}
    return [
        {"role": "user", "content": f"What is {number} + 1?"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c", "name": EVIL, "content": f"Error: no {EVIL}"},
        {"role": "assistant", "content": f"It is {number}. {GOLD}"},
    ]


@pytest.fixture
def folder(server: LlmServer, tmp_path: Path) -> RunFolder:
    results = [a_result(task_id=n, trial=0, traj=talk(n)) for n in range(3)]
    written(tmp_path / "retail" / "x.json", results)
    place = Place(server, tmp_path / "retail", tmp_path / "out")
    place.run()
    return place.folder


def test_the_turn_of_a_quotation_is_named_everywhere(folder: RunFolder) -> None:
    run = read_run(folder)
    stream = io.StringIO()
    print_summary(run.summary, stream, first_examples(run))

    assert "unnamed, turn 3:" in stream.getvalue()
    html = report_text(folder)
    assert "1 passage marked as evidence, in turn 3" in html
    assert "(found, turn 3)" in html
    assert "Output (evidence in turn 3):" in report_text(folder, "md")
    instances = json.loads(report_text(folder, "json"))["failures"]["instances"]
    texts = [one["texts"] for one in instances]
    assert [one["evidence_turns"] for one in texts] == [[3]] * 3
    assert EVIL not in html


def test_the_viewer_shows_turns_with_their_tools_and_escapes_them(folder: RunFolder) -> None:
    app = page_at(folder, "failures", failure=json.dumps(["retail", "1", "unnamed", 0]))

    assert not app.exception
    html = "".join(element.proto.body for element in app.get("html"))
    assert '<b class="em-ours">[turn 1, assistant]\n' in html
    assert "yes, turn 3" in html
    assert EVIL not in html
    assert "&lt;img" in html
