"""Folders of Every Eval Ever: aggregates, samples, results and conversations."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from error_map.errors import InputError
from error_map.readers import Found, Sample, choose, log_formats, search
from tests.readers.logs.mutations import damaged, read_or_refused
from tests.support import shared_path


def a_sample(number: int, *, score: float = 1.0, **more: object) -> dict[str, object]:
    """A row in schema 0.3.0."""
    row: dict[str, object] = {
        "schema_version": "0.3.0",
        "evaluation_id": "sums/lab_tiny/1",
        "model_id": "lab/tiny",
        "evaluation_name": "set/sums",
        "evaluation_result_id": "sums:accuracy",
        "sample_id": f"s{number}",
        "interaction_type": "single_turn",
        "input": {
            "raw": f"{number} + 1?",
            "formatted": f"Q: 1 + 1?\nA: 2\nQ: {number} + 1?",
            "reference": [str(number + 1)],
            "choices": None,
        },
        "output": {"raw": [f"It is {number}."], "reasoning_trace": ["I add."]},
        "messages": None,
        "answer_attribution": [
            {
                "turn_idx": 0,
                "source": "output.raw",
                "extracted_value": str(number),
                "extraction_method": "regex",
                "is_terminal": True,
            }
        ],
        "evaluation": {"score": score, "is_correct": score == 1},
        "token_usage": {"input_tokens": 5, "output_tokens": 4, "total_tokens": 9},
        "performance": {"latency_ms": 250.0},
        "error": None,
        "metadata": {"topic": "sums", "stop_reason": "stop", "epoch": "2", "cost_usd": "0.01"},
    }
    return row | more


def an_aggregate(lines: str, **more: object) -> dict[str, object]:
    result = {
        "evaluation_result_id": "sums:accuracy",
        "evaluation_name": "set/sums",
        "source_data": {"dataset_name": "sums", "source_type": "other"},
        "metric_config": {"metric_name": "accuracy", "lower_is_better": False},
        "score_details": {"score": 0.5},
    }
    whole = {
        "schema_version": "0.3.0",
        "evaluation_id": "sums/lab_tiny/1",
        "evaluation_timestamp": "1751553870.0",
        "source_metadata": {"source_type": "evaluation_run"},
        "evaluation_results": [result],
        "detailed_evaluation_results": {
            "format": "jsonl",
            "file_path": "../../etc/passwd",
            "hash_algorithm": "sha256",
            "checksum": hashlib.sha256(lines.encode()).hexdigest(),
            "total_rows": len(lines.splitlines()),
        },
    }
    return whole | more


def a_folder(folder: Path, rows: Sequence[object], **more: object) -> Path:
    folder.mkdir(exist_ok=True)
    lines = "\n".join(map(json.dumps, rows))
    (folder / "u_samples.jsonl").write_text(lines)
    (folder / "u.json").write_text(json.dumps(an_aggregate(lines, **more)))
    return folder


def found(folder: Path) -> Found:
    return search(folder, log_formats())


def samples(folder: Path, **wanted: str) -> list[Sample]:
    (log,) = found(folder).logs
    chosen = choose(log, {kind: (name,) for kind, name in wanted.items()})  # type: ignore[misc]  # kinds of choices
    return list(log.read(chosen))


def test_a_row_is_one_sample(tmp_path: Path) -> None:
    a_folder(tmp_path, [a_sample(1), a_sample(2, score=0.5)])

    (log,) = found(tmp_path).logs
    first, second = samples(tmp_path)

    assert (log.version, log.written) == ("0.3.0", "2025-07-03T14:44:30+00:00")
    assert (log.datasets, log.models, log.rows) == (("set_sums",), ("lab/tiny",), 2)
    assert log.choices["metric"] == ("accuracy", "is_correct")
    assert {path.name for path in log.files} == {"u.json", "u_samples.jsonl"}
    assert (first.dataset, first.example, first.model) == ("set_sums", "s1", "lab/tiny")
    assert (first.repeat, first.score, second.score) == ("2", 1.0, 0.5)
    assert first.prompt[first.question_start :] == "1 + 1?"
    assert (first.output, first.reference) == ("It is 1.", "2")
    assert (first.tokens_in, first.tokens_out, first.latency_s) == (5, 4, 0.25)
    assert (first.stop_reason, first.cost_usd) == ("stop", 0.01)
    assert first.extras == {
        "topic": "sums",
        "extracted_answer": "1",
        "reasoning_trace": "I add.",
    }


def test_samples_alone_are_read(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text(json.dumps(a_sample(1)))

    (log,) = found(tmp_path).logs

    assert log.choices["metric"] == ("sums:accuracy", "is_correct")
    assert samples(tmp_path, metric="is_correct")[0].score == 1.0


def test_of_several_results_one_is_read(tmp_path: Path) -> None:
    other = {"evaluation_result_id": "sums:f1", "evaluation": {"score": 0.25, "is_correct": False}}
    rows = [a_sample(1), a_sample(1) | other, a_sample(2, evaluation_name="b")]
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))

    (log,) = found(tmp_path).logs

    assert log.rows is None
    assert [one.score for one in samples(tmp_path, metric="sums:f1")] == [0.25, 1.0]
    (notice,) = log.notices
    assert notice == (
        "datasets without the chosen metric are read under their first one "
        "(set_sums: sums:accuracy, sums:f1; b: sums:accuracy)"
    )


def test_a_conversation_is_a_transcript_after_its_prompt(tmp_path: Path) -> None:
    messages = [
        {"turn_idx": 0, "role": "user", "content": "Weather?"},
        {
            "turn_idx": 1,
            "role": "assistant",
            "content": "I look.",
            "tool_calls": [
                {"id": "c1", "name": "look", "arguments": {"in": "Rome"}},
                {"id": "c2", "name": "wait", "arguments": None},
            ],
        },
        {"turn_idx": 2, "role": "tool", "content": "sun", "tool_call_id": ["c1"]},
        {"turn_idx": 3, "role": "assistant", "content": "Sunny."},
    ]
    row = a_sample(1, interaction_type="agentic", output=None, messages=messages)
    a_folder(tmp_path, [row])

    (sample,) = samples(tmp_path)

    assert sample.prompt == "Weather?"
    assert [(turn.role, turn.tool, turn.result) for turn in sample.turns] == [
        ("assistant", "look", ""),
        ("assistant", "wait", ""),
        ("tool", "look", "sun"),
        ("assistant", "", ""),
    ]
    assert (
        'I look.\ncalls look({"in": "Rome"})\n\n[turn 2, assistant]\ncalls wait({})'
        in sample.output
    )
    assert sample.output.endswith("[turn 4, assistant]\nSunny.")


def test_options_that_the_prompt_lacks_are_added(tmp_path: Path) -> None:
    asked = {"raw": "Which?", "reference": ["A", "yes"], "choices": ["yes", "no"]}
    a_folder(tmp_path, [a_sample(1, input=asked)])

    (sample,) = samples(tmp_path)

    assert sample.prompt == "Which?\n\n(A) yes\n(B) no"
    assert sample.reference == '["A", "yes"]'


def test_an_error_without_an_answer_is_no_failure(tmp_path: Path) -> None:
    silent = a_sample(1, score=0, error="timeout", output={"raw": [""]})
    cut = a_sample(2, score=0, error="timeout")
    a_folder(tmp_path, [silent, cut])

    first, second = samples(tmp_path)

    assert (first.score, first.fault) == (None, "the tool failed: timeout")
    assert (second.score, second.extras["tool_error"]) == (0.0, "timeout")


def test_low_is_good_is_said_where_the_aggregate_says_so(tmp_path: Path) -> None:
    result = {
        "evaluation_result_id": "sums:accuracy",
        "evaluation_name": "set/sums",
        "metric_config": {"metric_name": "error rate", "lower_is_better": True},
    }
    a_folder(tmp_path, [a_sample(1)], evaluation_results=[result])

    (log,) = found(tmp_path).logs

    assert log.notices == ("set_sums: low values of error rate are good: --score-direction low",)


def test_several_outputs_are_said(tmp_path: Path) -> None:
    a_folder(tmp_path, [a_sample(1, output={"raw": ["a", "b"]})])

    (log,) = found(tmp_path).logs

    assert log.notices == ("1 sample has several outputs, of which the first is read",)
    assert samples(tmp_path)[0].output == "a"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"total_rows": 7}, "1 rows, but the aggregate says 7"),
        ({"checksum": "00"}, "its sha256 is not the checksum in the aggregate"),
    ],
)
def test_files_that_disagree_are_refused(
    tmp_path: Path, change: dict[str, object], reason: str
) -> None:
    a_folder(tmp_path, [a_sample(1)])
    whole = json.loads((tmp_path / "u.json").read_text())
    whole["detailed_evaluation_results"] |= change
    (tmp_path / "u.json").write_text(json.dumps(whole))

    (refused,) = found(tmp_path).refused

    assert reason in str(refused)
    assert found(tmp_path).logs == ()


def test_samples_of_another_evaluation_are_refused(tmp_path: Path) -> None:
    a_folder(tmp_path, [a_sample(1)], evaluation_id="other")

    assert "evaluation_id 'sums/lab_tiny/1', but the aggregate has 'other'" in str(
        found(tmp_path).refused[0]
    )


def test_an_aggregate_without_samples_has_nothing_to_study(tmp_path: Path) -> None:
    a_folder(tmp_path, [a_sample(1)])
    (tmp_path / "u_samples.jsonl").unlink()
    whole = an_aggregate("")
    del whole["detailed_evaluation_results"]
    (tmp_path / "v.json").write_text(json.dumps(whole))

    missing, alone = found(tmp_path).refused

    assert "no file u_samples.jsonl next to it" in str(missing)
    assert "without samples has no answers" in str(alone)


def test_a_newer_schema_is_refused_by_its_version(tmp_path: Path) -> None:
    a_folder(tmp_path, [a_sample(1, schema_version="0.4.0")])

    (refused,) = found(tmp_path).refused

    assert "schema 0.4.0; 0.2 and 0.3 can be read" in str(refused)
    assert "u_samples.jsonl:1" in str(refused)


def test_a_file_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text(json.dumps(a_sample(1)) + "\n" + '{"schema_version": "0.')

    (refused,) = found(tmp_path).refused

    assert "rows.jsonl:2" in str(refused)


@settings(max_examples=150, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data(), of_aggregate=st.booleans())
def test_damaged_files_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, *, of_aggregate: bool
) -> None:
    folder = a_folder(tmp_path_factory.mktemp("damaged"), [a_sample(1), a_sample(2)])
    path = folder / ("u.json" if of_aggregate else "u_samples.jsonl")
    if not of_aggregate:
        (folder / "u.json").unlink()  # its checksum would refuse every change
    path.write_bytes(data.draw(damaged(path.read_text())))

    assert len(read_or_refused(folder)) <= 2


def test_means_of_real_samples_are_those_of_their_aggregates() -> None:
    checked = 0
    for log in found(shared_path("native/every_eval_ever")).logs:
        aggregate = next(path for path in log.files if path.suffix == ".json")
        said = json.loads(aggregate.read_text(encoding="utf-8"))

        scores = [one.score for one in log.read(choose(log, {}))]

        assert len(scores) == said["detailed_evaluation_results"]["total_rows"] == log.rows
        known = [score for score in scores if score is not None]
        mean = said["evaluation_results"][0]["score_details"]["score"]
        if said["source_metadata"]["source_type"] == "evaluation_run":
            assert sum(known) / len(known) == pytest.approx(mean, abs=1e-9)
            checked += 1
    assert checked == 2


def test_a_metric_that_is_not_there_is_refused(tmp_path: Path) -> None:
    a_folder(tmp_path, [a_sample(1)])

    with pytest.raises(InputError, match="no metric 'f1'"):
        samples(tmp_path, metric="f1")
