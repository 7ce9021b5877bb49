"""Batches in OpenAI's form: requests joined with their results, and scored by a file."""

import json
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from error_map.config import RunConfig
from error_map.errors import InputError
from error_map.readers import Found, Sample, log_formats, search
from error_map.stages.reading import invalid_rows, open_catalog, reading_notices
from tests.readers.logs.mutations import damaged, read_or_refused
from tests.readers.logs.test_lm_eval import RESULTS, a_line, a_log
from tests.support import shared_path

pytestmark = pytest.mark.slow


def a_request(one: str, *, model: str = "gpt-x", **body: object) -> dict[str, object]:
    """A request as the documentation of the API has it."""
    messages = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": f"What is {one}?"},
    ]
    return {
        "custom_id": one,
        "method": "POST",
        "url": "/v1/chat/completions",
        "body": {"model": model, "messages": messages, "max_tokens": 9, **body},
    }


def a_result(one: str, text: str = "It is.", **more: object) -> dict[str, object]:
    """A result as the documentation of the API has it."""
    message = {"role": "assistant", "content": text, "refusal": None}
    body = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_711_652_795,
        "model": "gpt-x-2026-01-01",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 24, "completion_tokens": 15, "total_tokens": 39},
    }
    response = {"status_code": 200, "request_id": "r1", "body": body | more}
    return {"id": f"batch_req_{one}", "custom_id": one, "response": response, "error": None}


def a_failure(one: str, status: int = 500) -> dict[str, object]:
    body = {"error": {"message": "overloaded", "type": "server_error"}}
    response = {"status_code": status, "request_id": "r2", "body": body}
    return {"id": f"batch_req_{one}", "custom_id": one, "response": response, "error": None}


def write_lines(path: Path, rows: Sequence[object]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def found(folder: Path) -> Found:
    return search(folder, log_formats())


def samples(folder: Path) -> list[Sample]:
    (log,) = found(folder).logs
    return list(log.read({}))


def test_results_are_joined_with_their_requests(tmp_path: Path) -> None:
    write_lines(tmp_path / "sums.jsonl", [a_request("e1", metadata={"topic": "sums"})])
    write_lines(tmp_path / "batch_1_output.jsonl", [a_result("e1")])

    (log,) = found(tmp_path).logs
    (sample,) = samples(tmp_path)

    assert (log.datasets, log.models) == (("sums",), ("gpt-x",))
    assert log.written == "2024-03-28T19:06:35+00:00"
    assert {path.name for path in log.files} == {"sums.jsonl", "batch_1_output.jsonl"}
    assert (sample.dataset, sample.example, sample.model) == ("sums", "e1", "gpt-x")
    assert sample.prompt == "[system]\nBe brief.\n\n[user]\nWhat is e1?"
    assert (sample.output, sample.stop_reason) == ("It is.", "stop")
    assert (sample.tokens_in, sample.tokens_out) == (24, 15)
    assert sample.extras == {"topic": "sums"}
    assert (sample.score, sample.awaits_score) == (None, True)
    assert sample.fault == "a batch has no scores: give them with --scores FILE"


def test_an_id_may_name_the_dataset(tmp_path: Path) -> None:
    write_lines(tmp_path / "in.jsonl", [a_request("gsm8k/7"), a_request("aime/1")])
    write_lines(tmp_path / "out.jsonl", [a_result("gsm8k/7"), a_result("aime/1")])

    (log,) = found(tmp_path).logs

    assert log.datasets == ("aime", "gsm8k")
    assert [(one.dataset, one.example) for one in samples(tmp_path)] == [
        ("gsm8k", "7"),
        ("aime", "1"),
    ]


def test_failed_and_missing_requests_are_errored(tmp_path: Path) -> None:
    requests = [a_request(one) for one in ("ok", "failed", "expired", "missing")]
    expired = {"code": "batch_expired", "message": "not executed in time"}
    write_lines(tmp_path / "in.jsonl", requests)
    write_lines(tmp_path / "out.jsonl", [a_result("ok")])
    write_lines(
        tmp_path / "errors.jsonl",
        [a_failure("failed"), {"custom_id": "expired", "response": None, "error": expired}],
    )

    (log,) = found(tmp_path).logs
    faults = {one.example: one.fault for one in samples(tmp_path) if not one.awaits_score}

    assert len(log.files) == 3
    assert faults == {
        "failed": "the tool failed: status 500: overloaded",
        "expired": "the tool failed: not executed in time",
        "missing": "the batch has no result for it",
    }


def test_results_without_requests_have_no_prompts(tmp_path: Path) -> None:
    write_lines(tmp_path / "out.jsonl", [a_result("e1")])

    (log,) = found(tmp_path).logs
    (sample,) = samples(tmp_path)

    assert (sample.prompt, sample.model) == ("", "gpt-x-2026-01-01")
    assert "no file has its requests" in log.notices[0]


def test_two_models_in_one_folder_are_told_apart_by_their_names(tmp_path: Path) -> None:
    for model in ("gpt-x", "o-small"):
        write_lines(tmp_path / f"in-{model}.jsonl", [a_request("e1", model=model)])
        write_lines(tmp_path / f"out-{model}.jsonl", [a_result("e1", model=f"{model}-2026")])

    logs = found(tmp_path).logs

    assert [log.models for log in logs] == [("gpt-x",), ("o-small",)]
    assert all(len(log.files) == 2 for log in logs)


def test_requests_that_cannot_be_told_apart_are_refused(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_lines(tmp_path / f"{name}.jsonl", [a_request("e1")])
    write_lines(tmp_path / "out.jsonl", [a_result("e1")])

    (refused,) = found(tmp_path).refused

    assert "may be those of a.jsonl or of b.jsonl" in str(refused)
    assert "a folder of its own" in str(refused)


def test_requests_without_results_are_refused(tmp_path: Path) -> None:
    write_lines(tmp_path / "in.jsonl", [a_request("e1")])

    assert "requests of a batch without its results" in str(found(tmp_path).refused[0])


def test_several_choices_are_repeats(tmp_path: Path) -> None:
    choices = [
        {"index": n, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        for n, text in enumerate("ab")
    ]
    write_lines(tmp_path / "out.jsonl", [a_result("e1", choices=choices)])

    first, second = samples(tmp_path)

    assert [(one.repeat, one.output, one.tokens_out) for one in (first, second)] == [
        ("0", "a", None),
        ("1", "b", None),
    ]


def test_calls_and_refusals_are_answers(tmp_path: Path) -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "add", "arguments": "{}"}}
    said = [
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "assistant", "content": None, "refusal": "I cannot help."},
    ]
    rows = [
        a_result(f"e{n}", choices=[{"index": 0, "message": one, "finish_reason": "stop"}])
        for n, one in enumerate(said)
    ]
    write_lines(tmp_path / "out.jsonl", rows)

    calling, refusing = samples(tmp_path)

    assert "calls add({})" in calling.output
    assert [turn.tool for turn in calling.turns] == ["add"]
    assert refusing.output == "I cannot help."


def test_the_other_endpoints_are_read(tmp_path: Path) -> None:
    asked = [
        {"custom_id": "c", "url": "/v1/completions", "body": {"model": "m", "prompt": "1 + 1 ="}},
        {
            "custom_id": "r",
            "url": "/v1/responses",
            "body": {"model": "m", "instructions": "Add.", "input": "1 + 1"},
        },
    ]
    spoken = {"type": "message", "content": [{"type": "output_text", "text": "2"}]}
    body = {"model": "m", "output": [spoken], "status": "completed", "usage": {"input_tokens": 3}}
    results = [
        {"custom_id": "c", "response": {"body": {"choices": [{"text": " 2"}]}}},
        {"custom_id": "r", "response": {"body": body}},
    ]
    write_lines(tmp_path / "in.jsonl", asked)
    write_lines(tmp_path / "out.jsonl", results)

    plain, response = samples(tmp_path)

    assert (plain.prompt, plain.output) == ("1 + 1 =", " 2")
    assert (response.prompt, response.output) == ("[system]\nAdd.\n\n[user]\n1 + 1", "2")
    assert (response.tokens_in, response.stop_reason) == (3, "completed")


def test_embeddings_are_no_answers(tmp_path: Path) -> None:
    write_lines(tmp_path / "out.jsonl", [a_result("e1", data=[{"embedding": [0.5]}])])

    assert "embeddings has no answers" in str(found(tmp_path).refused[0])


@settings(max_examples=150, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data(), of_requests=st.booleans())
def test_damaged_files_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, *, of_requests: bool
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    asked = write_lines(folder / "in.jsonl", [a_request("e1"), a_request("e2")])
    answered = write_lines(folder / "out.jsonl", [a_result("e1"), a_failure("e2")])
    path = asked if of_requests else answered
    path.write_bytes(data.draw(damaged(path.read_text())))

    assert len(read_or_refused(folder)) <= 4


def a_batch(folder: Path, *, size: int = 3) -> Path:
    write_lines(folder / "sums.jsonl", [a_request(f"e{n}") for n in range(size)])
    results = [a_result(f"e{n}") for n in range(size - 1)]
    write_lines(folder / "out.jsonl", [*results, a_failure(f"e{size - 1}")])
    return folder


def rows(folder: Path, scores: Path | None) -> tuple[dict[str, float], list[str]]:
    """The scores by example, and all notices."""
    config = RunConfig.load({"exp_id": "t", "data_path": folder, "scores": scores})
    catalog, notices = open_catalog(config, None)
    frames = [catalog.rows(name) for name in catalog.datasets]
    every = pl.concat(frames)
    told = [*notices, *reading_notices(catalog, invalid_rows(catalog, config))]
    return dict(zip(every["example_id"], every["score"], strict=True)), told


def test_without_scores_nothing_is_studied(tmp_path: Path) -> None:
    a_batch(tmp_path / "b")

    with pytest.raises(InputError, match="no row has a score; of 3 samples") as refused:
        rows(tmp_path / "b", None)

    assert "--scores FILE" in str(refused.value)


@pytest.mark.parametrize("form", ["csv", "tsv", "jsonl", "parquet"])
def test_scores_come_from_a_file_by_id(tmp_path: Path, form: str) -> None:
    folder = a_batch(tmp_path / "b")
    path = folder / f"scores.{form}"
    frame = pl.DataFrame({"example_id": ["e0", "e1", "e2"], "score": [1.0, 0.0, 0.0]})
    if form == "jsonl":
        frame.write_ndjson(path)
    elif form == "parquet":
        frame.write_parquet(path)
    else:
        frame.write_csv(path, separator="," if form == "csv" else "\t")

    scored, notices = rows(folder, path)

    # The request of e2 failed: a score cannot make an answer of it.
    assert scored == {"e0": 1.0, "e1": 0.0}
    assert any("1 sample was not scored" in notice for notice in notices)


def test_the_row_that_says_most_of_a_sample_wins(tmp_path: Path) -> None:
    folder = a_batch(tmp_path / "b", size=4)
    lines = ["example_id,dataset,model,score,correct_answer", "e0,,,1,", "e0,sums,gpt-x,0.25,four"]
    lines += ["e1,other,,1,", "e2,,another,1,"]
    path = tmp_path / "scores.csv"
    path.write_text("\n".join(lines))

    scored, notices = rows(folder, path)

    assert scored == {"e0": 0.25}
    assert any(f"no score for it in {path}" in notice for notice in notices)
    assert any("scores.csv has scores for 1 of 4 samples" in notice for notice in notices)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("example_id,score\ne1,1\ne1,0\n", "row 2: a second score for example 'e1'"),
        ("example_id,score\ne1,pass\n", "no score for example 'e1'"),
        ("example_id,score\n,1\n", "no example_id"),
        ("id,score\ne1,1\n", "no column 'example_id'"),
        ("example_id,score\ne1,nan\n", "no score for example 'e1'"),
        ("", "cannot read"),
    ],
)
def test_a_file_of_scores_that_cannot_be_used_is_refused(
    tmp_path: Path, text: str, reason: str
) -> None:
    path = tmp_path / "scores.csv"
    path.write_text(text)

    with pytest.raises(InputError, match=reason):
        rows(a_batch(tmp_path / "b"), path)


def test_a_file_of_scores_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read"):
        rows(a_batch(tmp_path / "b"), tmp_path / "nothing.csv")


def test_a_run_that_only_generates_takes_scores_from_a_file(tmp_path: Path) -> None:
    lines = [a_line(n, 0, metrics=["bypass"], bypass=None) for n in range(2)]
    a_log(tmp_path / "b", lines, RESULTS)
    path = tmp_path / "scores.csv"
    path.write_text("example_id,score\n0,1\n1,0\n")

    scored, _ = rows(tmp_path / "b", path)

    assert scored == {"0": 1.0, "1": 0.0}


def test_traces_take_scores_from_a_file(tmp_path: Path) -> None:
    folder = shared_path("native/claude_code")
    with pytest.raises(InputError, match="no row has a score"):
        rows(folder, None)
    examples = [one.example for log in found(folder).logs for one in log.read({})]
    path = tmp_path / "scores.csv"
    path.write_text("example_id,score\n" + "\n".join(f"{one},1" for one in examples))

    scored, _ = rows(folder, path)

    assert scored == dict.fromkeys(examples, 1.0)
