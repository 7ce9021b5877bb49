"""Agent traces: tasks, turns with tools and errors, scores where a log has them."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from error_map.errors import InputError
from error_map.readers import (
    Log,
    ReadOptions,
    Sample,
    choose,
    latest,
    log_formats,
    log_source,
    search,
)
from error_map.readers.logs.composed import transcript_of
from error_map.records import Turn
from tests.support import shared_path

CALL = {"id": "c1", "type": "function", "function": {"name": "add", "arguments": '{"a": 2}'}}
TALK: list[dict[str, object]] = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": "2 + 2?"},
    {"role": "assistant", "content": None, "tool_calls": [CALL]},
    {"role": "tool", "tool_call_id": "c1", "name": "add", "content": "Error: b is missing"},
    {"role": "assistant", "content": "It is 5."},
]


def written(path: Path, value: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".jsonl" and isinstance(value, list):
        path.write_text("\n".join(map(json.dumps, value)), encoding="utf-8")
    else:
        path.write_text(json.dumps(value), encoding="utf-8")
    return path


def only_log(place: Path) -> Log:
    found = search(place, log_formats())
    assert found.refused == ()
    (log,) = found.logs
    return log


def only_sample(place: Path, **wanted: str) -> Sample:
    log = only_log(place)
    (sample,) = log.read(choose(log, {kind: (name,) for kind, name in wanted.items()}))  # type: ignore[misc]  # kinds of choices
    return sample


def refused(place: Path) -> str:
    (error,) = search(place, log_formats()).refused
    return str(error)


def shapes(sample: Sample) -> list[tuple[str, str, str]]:
    """Role, tool and what was said of each turn."""
    return [(one.role, one.tool, one.text or one.result or one.error) for one in sample.turns]


# -- tau-bench and AgentRx


def a_result(**more: object) -> dict[str, object]:
    task = {"instruction": "You want a sum.", "outputs": ["4"]}
    return {"task_id": 7, "reward": 0.0, "info": {"task": task}, "traj": TALK, "trial": 2, **more}


def test_a_conversation_of_tau_bench_has_its_reward_and_the_errors_of_its_tools(
    tmp_path: Path,
) -> None:
    written(tmp_path / "retail" / "x.json", [a_result(), a_result(trial=3, reward=1.0)])

    first, second = only_log(tmp_path).read({"metric": "reward"})

    assert (first.dataset, first.example, first.repeat, first.score) == ("retail", "7", "2", 0.0)
    assert (second.repeat, second.score, first.reference) == ("3", 1.0, "4")
    assert first.prompt == "[system]\nBe brief.\n\n[user]\n2 + 2?"
    assert first.prompt[first.question_start or 0 :] == "2 + 2?"
    assert first.turns == (
        Turn(role="assistant", tool="add", arguments='{"a": 2}'),
        Turn(role="tool", tool="add", error="Error: b is missing"),
        Turn(role="assistant", text="It is 5."),
    )
    assert first.output == (
        '[turn 1, assistant]\ncalls add({"a": 2})\n\n'
        "[turn 2, tool add]\nerror: Error: b is missing\n\n[turn 3, assistant]\nIt is 5."
    )


def test_a_run_of_tau_bench_that_broke_off_is_not_scored(tmp_path: Path) -> None:
    info = {"error": "timeout", "traceback": "…"}
    written(tmp_path / "x.json", [a_result(info=info)])

    sample = only_sample(tmp_path)

    assert (sample.score, sample.fault) == (None, "timeout")


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("tool-calling-gpt-4o-0.0_range_0-50_user-gpt-4o-llm_1121190956.json", "gpt-4o"),
        ("few-shot-claude-3-5-sonnet-1_range_0-5_user-x-llm_1.json", "claude-3-5-sonnet"),
        ("gpt-4o-airline.json", "unnamed"),
    ],
)
def test_the_name_of_a_file_of_tau_bench_names_the_model(
    tmp_path: Path, name: str, model: str
) -> None:
    written(tmp_path / name, [a_result()])

    log = only_log(tmp_path)

    assert log.models == (() if model == "unnamed" else (model,))
    assert [one.model for one in log.read({"metric": "reward"})] == [model]
    assert [repr(model) in notice for notice in log.notices] == [True] * (model != "unnamed")


def test_a_trace_of_adamast_has_the_score_of_its_outcome(tmp_path: Path) -> None:
    trace = {"trace_id": "t1", "task": "Add.", "messages": TALK, "metadata": {"system": "calc"}}
    traces = [
        trace | {"outcome": {"status": "failure", "score": 0.0}},
        trace | {"trace_id": "t2", "task": "2 + 2?", "outcome": {"status": "unknown"}},
    ]
    written(tmp_path / "sums" / "x.json", traces)

    first, second = only_log(tmp_path).read({})

    assert (first.dataset, first.example, first.model) == ("sums", "t1", "calc")
    assert (first.score, first.fault) == (0.0, "")
    assert first.prompt == "[task]\nAdd.\n\n[system]\nBe brief.\n\n[user]\n2 + 2?"
    assert first.prompt[first.question_start or 0 :] == "2 + 2?"
    assert first.extras == {"system": "calc", "status": "failure"}
    assert shapes(first)[-1] == ("assistant", "", "It is 5.")
    assert second.prompt == "[system]\nBe brief.\n\n[user]\n2 + 2?"
    assert second.score is None
    assert second.fault.startswith("the trace has no score")


@pytest.mark.parametrize(
    ("messages", "prompt"),
    [
        ([{"role": "user", "content": "2 + 2?"}], "[task]\nAdd.\n\n[user]\n2 + 2?"),
        ([], "Add."),
    ],
)
def test_the_task_of_a_trace_of_adamast_is_in_the_prompt(
    tmp_path: Path, messages: list[object], prompt: str
) -> None:
    trace = {"trace_id": "t1", "task": "Add.", "messages": messages, "outcome": {"score": 1}}
    written(tmp_path / "x.jsonl", [trace])

    assert only_sample(tmp_path).prompt == prompt


def agentrx(folder: Path) -> Path:
    label = {"step": 3, "reason": "It guessed.", "name": "a.json"}
    talk = [
        {"role": "human", "content": "2 + 2?"},
        {"role": "Orchestrator (thought)", "content": "Ask."},
        {"role": "Orchestrator (-> Coder)", "content": "Add."},
    ]
    written(folder / "trajectories" / "a.json", talk)
    return written(folder / "trajectories_info.json", {"Invention": {"e1": label}})


def test_a_trajectory_in_which_a_person_found_a_failure_has_the_score_0(tmp_path: Path) -> None:
    agentrx(tmp_path)

    log = only_log(tmp_path)
    (sample,) = log.read(choose(log, {}))

    assert (sample.example, sample.score, sample.prompt) == ("e1", 0.0, "2 + 2?")
    assert [(one.role, one.agent, one.text) for one in sample.turns] == [
        ("reasoning", "Orchestrator", "Ask."),
        ("assistant", "Orchestrator (-> Coder)", "Add."),
    ]
    # Step 3 of the log is the second turn, because step 1 is the request.
    assert sample.extras["failure_turn"] == "2"
    assert "the rate of failures says nothing" in log.notices[0]


def test_a_label_without_its_trajectory_is_refused(tmp_path: Path) -> None:
    agentrx(tmp_path)
    (tmp_path / "trajectories" / "a.json").unlink()

    assert "1 of 1 trajectories are not there: 'a.json' is the first" in refused(tmp_path)


# -- ATIF and Harbor


def a_step(source: str, message: str, **more: object) -> dict[str, object]:
    return {"step_id": 1, "source": source, "message": message, **more}


def a_trajectory(**more: object) -> dict[str, object]:
    call = {"tool_call_id": "c1", "function_name": "bash", "arguments": {"cmd": "ls"}}
    seen = {"results": [{"source_call_id": "c1", "content": "a.txt"}]}
    return {
        "schema_version": "ATIF-v1.5",
        "session_id": "s1",
        "agent": {"name": "terminus", "version": "2", "model_name": "gpt-x"},
        "steps": [
            a_step("user", "List the files."),
            a_step(
                "agent", "I look.", reasoning_content="ls?", tool_calls=[call], observation=seen
            ),
            a_step("agent", "There is a.txt."),
        ],
        "final_metrics": {"total_prompt_tokens": 9, "total_cost_usd": 0.5},
        **more,
    }


def test_a_trajectory_has_turns_and_no_score(tmp_path: Path) -> None:
    written(tmp_path / "x.trajectory.json", a_trajectory())

    sample = only_sample(tmp_path)

    assert (sample.model, sample.score) == ("terminus/gpt-x", None)
    assert sample.fault == "the trace has no score; --scores FILE gives scores by id"
    assert (sample.tokens_in, sample.tokens_out, sample.cost_usd) == (9, None, 0.5)
    assert shapes(sample) == [
        ("reasoning", "", "ls?"),
        ("assistant", "bash", "I look."),
        ("tool", "bash", "a.txt"),
        ("assistant", "", "There is a.txt."),
    ]


def test_a_trajectory_of_several_files_is_one(tmp_path: Path) -> None:
    copied = a_step("agent", "I look.", is_copied_context=True)
    more = a_trajectory(steps=[copied, a_step("agent", "Done.")])
    written(tmp_path / "trajectory.json", a_trajectory())
    written(tmp_path / "trajectory.cont-1.json", more)

    sample = only_sample(tmp_path)

    assert [turn.text for turn in sample.turns][-2:] == ["There is a.txt.", "Done."]
    assert sample.tokens_in == 18


def test_a_newer_version_of_trajectories_is_refused(tmp_path: Path) -> None:
    written(tmp_path / "x.json", a_trajectory(schema_version="ATIF-v2.0"))

    assert "has version 'ATIF-v2.0', and versions ATIF-v1 can be read" in refused(tmp_path)


def a_trial(job: Path, name: str, **more: object) -> None:
    result = {
        "task_name": "hello",
        "trial_name": name,
        "source": "terminal-bench@2.0",
        "agent_info": {"name": "terminus", "version": "2", "model_info": {"name": "gpt-x"}},
        "verifier_result": {"rewards": {"speed": 0.2, "reward": 0.0}},
        "started_at": "2026-01-01T00:00:00",
        **more,
    }
    written(job / name / "result.json", result)
    written(job / name / "agent" / "trajectory.json", a_trajectory())


def test_trials_of_a_job_have_their_rewards_and_are_repeats(tmp_path: Path) -> None:
    written(tmp_path / "result.json", {"id": "j", "n_total_trials": 3, "stats": {}})
    a_trial(tmp_path, "hello__a")
    a_trial(tmp_path, "hello__b", verifier_result={"rewards": {"reward": 1.0}})
    broken = {"exception_type": "EnvironmentStartError", "exception_message": "no image"}
    a_trial(tmp_path, "hello__c", verifier_result=None, exception_info=broken)

    log = only_log(tmp_path)
    first, second, third = log.read(choose(log, {}))

    assert (log.choices["metric"], log.rows) == (("reward", "speed"), 3)
    assert (first.dataset, first.example, first.model) == (
        "terminal-bench_2.0",
        "hello",
        "terminus/gpt-x",
    )
    assert [(one.score, one.repeat) for one in (first, second, third)] == [
        (0.0, "0"),
        (1.0, "1"),
        (None, "2"),
    ]
    assert third.fault == "EnvironmentStartError: no image"
    assert first.prompt == "List the files."


def test_a_trial_that_ran_out_of_time_keeps_its_reward(tmp_path: Path) -> None:
    late = {"exception_type": "AgentTimeoutError", "exception_message": "900 s"}
    a_trial(tmp_path, "hello__a", exception_info=late)

    sample = only_sample(tmp_path)

    assert (sample.score, sample.stop_reason, sample.fault) == (0.0, "AgentTimeoutError", "")


def test_a_reward_that_harbor_calls_invalid_is_none(tmp_path: Path) -> None:
    broken = {"exception_type": "ApiError", "exception_message": "no quota"}
    a_trial(tmp_path, "hello__a", exception_info=broken, reward_valid=False)

    sample = only_sample(tmp_path)

    assert (sample.score, sample.fault) == (None, "ApiError: no quota")


def test_a_trial_without_a_trajectory_is_read(tmp_path: Path) -> None:
    a_trial(tmp_path, "hello__a")
    (tmp_path / "hello__a" / "agent" / "trajectory.json").unlink()

    sample = only_sample(tmp_path)

    assert (sample.score, sample.output, sample.turns) == (0.0, "", ())


# -- Claude Code


def a_line(role: str, content: object, **more: object) -> dict[str, object]:
    message = {"role": role, "content": content, **({"model": "claude-x"} if more else {})}
    return {
        "parentUuid": None,
        "isSidechain": False,
        "sessionId": "s1",
        "cwd": "/home/me/my project",
        "version": "2.0.76",
        "type": role,
        "uuid": f"u{len(str(content))}",
        "message": {**message, **more},
    }


def test_a_session_has_thinking_calls_and_failed_tools(tmp_path: Path) -> None:
    used = {"type": "tool_use", "id": "t1", "name": "Bash", "input": {"command": "ls"}}
    failed = {"type": "tool_result", "tool_use_id": "t1", "content": "denied", "is_error": True}
    usage = {"input_tokens": 2, "cache_read_input_tokens": 3, "output_tokens": 4}
    written(
        tmp_path / "s1.jsonl",
        [
            {"type": "summary", "summary": "…", "leafUuid": "x"},
            a_line("user", "List the files."),
            a_line("assistant", [{"type": "thinking", "thinking": "ls?"}], id="m1", usage=usage),
            a_line("assistant", [used], id="m1", usage=usage),
            a_line("user", [failed]),
            a_line("assistant", [{"type": "text", "text": "I may not."}], id="m2", usage=usage),
        ],
    )

    sample = only_sample(tmp_path)

    assert (sample.dataset, sample.example, sample.model) == ("my_project", "s1", "claude-x")
    assert sample.prompt == "List the files."
    # One reply on two lines is counted once.
    assert (sample.tokens_in, sample.tokens_out) == (10, 8)
    assert sample.turns == (
        Turn(role="reasoning", text="ls?"),
        Turn(role="assistant", tool="Bash", arguments='{"command": "ls"}'),
        Turn(role="tool", tool="Bash", error="denied"),
        Turn(role="assistant", text="I may not."),
    )


# -- MLflow, Langfuse and Phoenix


def an_mlflow_trace(*assessments: Mapping[str, object]) -> dict[str, object]:
    def span(kind: str, given: object, output: object, **more: object) -> object:
        attributes = {
            "mlflow.spanType": json.dumps(kind),
            "mlflow.spanInputs": json.dumps(given),
            "mlflow.spanOutputs": json.dumps(output),
            "mlflow.llm.model": '"gpt-x"',
        }
        return {"span_id": more["name"], "attributes": attributes, **more}

    reply = {"choices": [{"message": {"role": "assistant", "tool_calls": [CALL]}}]}
    failed = {"code": "STATUS_CODE_ERROR", "message": "b is missing"}
    times = [{"start_time_unix_nano": n, "end_time_unix_nano": n + 1} for n in (9, 11, 13)]
    return {
        "info": {"trace_id": "tr-1", "assessments": list(assessments), "state": "OK"},
        "data": {
            "spans": [
                span("AGENT", {"question": "2 + 2?"}, "5", name="root", end_time_unix_nano=99),
                span("LLM", "2 + 2?", reply, name="wrap", parent_span_id="root", **times[0]),
                span("CHAT_MODEL", "2 + 2?", reply, name="llm", parent_span_id="wrap", **times[0]),
                span("TOOL", {"a": 2}, None, name="add", status=failed, **times[1]),
                span("LLM", "", "It is 5.", name="end", parent_span_id="root", **times[2]),
            ]
        },
    }


def test_a_trace_of_mlflow_has_each_reply_once_and_the_errors_of_tools(tmp_path: Path) -> None:
    written(tmp_path / "t.json", an_mlflow_trace())

    sample = only_sample(tmp_path)

    assert (sample.example, sample.model, sample.prompt) == ("tr-1", "gpt-x", "2 + 2?")
    assert sample.score is None
    assert [(one.role, one.tool, one.text or one.error) for one in sample.turns] == [
        ("assistant", "add", ""),
        ("tool", "add", "b is missing"),
        ("assistant", "", "It is 5."),
    ]


def test_feedback_of_mlflow_is_the_score_and_an_expectation_the_reference(tmp_path: Path) -> None:
    notes = (
        {"assessment_name": "correct", "feedback": {"value": "no"}, "valid": True},
        {"assessment_name": "fluent", "feedback": {"value": 0.5}},
        {"assessment_name": "expected_response", "expectation": {"value": "4"}},
    )
    written(tmp_path / "t.jsonl", [an_mlflow_trace(*notes), an_mlflow_trace(notes[1])])

    log = only_log(tmp_path)
    first, second = log.read(choose(log, {}))

    assert log.choices["metric"] == ("correct", "fluent")
    assert (first.score, first.reference) == (0.0, "4")
    assert (second.score, second.fault) == (None, "the trace has no 'correct'")


def a_langfuse_trace(*scores: Mapping[str, object], **more: object) -> dict[str, object]:
    call = {"name": "add", "args": {"a": 2}, "id": "c1", "type": "tool_call"}
    asked = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "2 + 2?"}]
    return {
        "id": "t1",
        "timestamp": "2026-01-01",
        "input": None,
        "observations": [
            {
                "id": "g",
                "type": "GENERATION",
                "name": "llm",
                "model": "gpt-x",
                "startTime": "1",
                "endTime": "2",
                "input": asked,
                "output": {"role": "assistant", "content": "", "tool_calls": [call]},
                "usageDetails": {"input": 3, "output": 4},
            },
            {
                "id": "t",
                "type": "TOOL",
                "name": "add",
                "startTime": "3",
                "endTime": "4",
                "level": "ERROR",
                "statusMessage": "b is missing",
            },
        ],
        "scores": list(scores),
        **more,
    }


def test_a_trace_of_langfuse_has_the_scores_of_the_whole_trace(tmp_path: Path) -> None:
    scores = (
        {"name": "step", "value": 1, "observationId": "g"},
        {"name": "topic", "value": 2, "dataType": "CATEGORICAL"},
        {"name": "correct", "value": 0, "dataType": "NUMERIC"},
    )
    written(tmp_path / "t.json", a_langfuse_trace(*scores))

    log = only_log(tmp_path)
    (sample,) = log.read(choose(log, {}))

    assert log.choices["metric"] == ("correct",)
    assert (sample.score, sample.prompt, sample.model) == (0.0, "2 + 2?", "gpt-x")
    assert (sample.tokens_in, sample.tokens_out) == (3, 4)
    assert sample.turns == (
        Turn(role="assistant", tool="add", arguments='{"a": 2}'),
        Turn(role="tool", tool="add", arguments="{}", error="b is missing"),
    )


def test_a_trace_of_langfuse_without_its_observations_is_refused(tmp_path: Path) -> None:
    written(tmp_path / "t.json", a_langfuse_trace(observations=["g", "t"]))

    with pytest.raises(InputError, match="only the ids of its observations"):
        only_sample(tmp_path)


def phoenix_spans() -> list[dict[str, object]]:
    reply = "attributes.llm.output_messages.0.message"
    return [
        {
            "name": "llm",
            "span_kind": "LLM",
            "context.trace_id": "t1",
            "context.span_id": "b",
            "parent_id": "a",
            "start_time": "2",
            "end_time": "3",
            "attributes.llm.model_name": "gpt-x",
            f"{reply}.role": "assistant",
            f"{reply}.tool_calls.0.tool_call.function.name": "add",
            f"{reply}.tool_calls.0.tool_call.function.arguments": '{"a": 2}',
        },
        {
            "name": "agent",
            "span_kind": "AGENT",
            "context": {"trace_id": "t1", "span_id": "a"},
            "parent_id": None,
            "start_time": "1",
            "attributes": {"input.value": "2 + 2?"},
            "annotations": [{"name": "correct", "result": {"score": 0.0, "label": "wrong"}}],
        },
    ]


@pytest.mark.parametrize("form", ["list", "lines", "page", "trace"])
def test_spans_of_phoenix_are_put_together_by_their_trace(tmp_path: Path, form: str) -> None:
    spans = phoenix_spans()
    whole: object = {
        "list": spans,
        "lines": spans,
        "page": {"next_cursor": None, "data": spans},
        "trace": {"traceId": "t1", "spans": spans},
    }[form]
    written(tmp_path / ("s.jsonl" if form == "lines" else "s.json"), whole)

    sample = only_sample(tmp_path)

    assert (sample.example, sample.model, sample.score) == ("t1", "gpt-x", 0.0)
    assert sample.prompt == "2 + 2?"
    assert sample.turns == (Turn(role="assistant", tool="add", arguments='{"a": 2}'),)


def test_a_frame_of_phoenix_as_json_lines_is_read(tmp_path: Path) -> None:
    span = {
        "name": "ChatCompletion",
        "span_kind": "LLM",
        "parent_id": None,
        "start_time": 1796133444387,
        "end_time": 1796133444387,
        "context.span_id": "a",
        "context.trace_id": "t1",
        "attributes.llm.output_messages": [{"message.content": "5", "message.role": "assistant"}],
        "attributes.llm.input_messages": [{"message.content": "2 + 2?", "message.role": "user"}],
        "attributes.llm.token_count.prompt": 5.0,
        "attributes.llm.token_count.completion": None,
        "attributes.input.value": None,
    }
    written(tmp_path / "spans.jsonl", [span])

    sample = only_sample(tmp_path)

    assert (sample.prompt, sample.turns) == ("2 + 2?", (Turn(role="assistant", text="5"),))
    assert (sample.tokens_in, sample.tokens_out) == (5, None)


# -- files that are no results


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (
            ("t.json", '{"schema_version": 1, "strategy": "x", "codes": []}'),
            "a taxonomy of AdaMAST",
        ),
        (("h.json", '{"source": "a.eval", "embedding_model": "", "summaries": []}'), "a.eval"),
        (
            ("c.csv", "id,question,response,model_input,ground_truth\n1,,,,\n"),
            "a table of CLEAR, which has no models and no scores",
        ),
    ],
)
def test_files_of_other_analyses_are_refused_by_name(
    tmp_path: Path, file: tuple[str, str], message: str
) -> None:
    name, text = file
    (tmp_path / name).write_text(text, encoding="utf-8")

    assert message in refused(tmp_path)


def test_a_table_with_a_score_is_none_of_clear(tmp_path: Path) -> None:
    header = "id,question,response,model_input,ground_truth,score\n"
    (tmp_path / "c.csv").write_text(header, encoding="utf-8")

    assert search(tmp_path, log_formats()).refused == ()


# -- all of them


def test_traces_of_one_task_supersede_no_other(tmp_path: Path) -> None:
    for name in ("a", "b"):
        written(tmp_path / f"{name}.json", a_result())

    assert len(latest(search(tmp_path, log_formats()), apart=False).logs) == 2


def test_a_transcript_of_many_turns_is_composed_in_linear_work() -> None:
    turns = [Turn(role="assistant", text="x" * 50)] * 20_000

    transcript = transcript_of(turns)

    assert len(transcript.composed) == 20_000
    start, end = transcript.composed[-1]
    assert transcript.text[start:end] == "\n\n[turn 20000, assistant]\n"


@pytest.mark.parametrize(
    ("folder", "rows", "scored"),
    [
        ("adamast/public/traces.jsonl", 2, 2),
        ("atif/public", 2, 0),
        ("claude_code/public", 2, 0),
        ("mlflow_trace/public", 1, 0),
        ("langfuse_trace/public", 1, 0),
        ("agentrx/public", 17, 17),
    ],
)
def test_real_traces_have_a_task_turns_and_only_the_scores_of_their_logs(
    folder: str, rows: int, scored: int
) -> None:
    found = search(shared_path("native") / folder, log_formats())
    samples = [one for log in found.logs for one in log.read(choose(log, {}))]

    assert (found.refused, len(samples)) == ((), rows)
    assert sum(one.score is not None for one in samples) == scored
    assert len({(one.dataset, one.example, one.model) for one in samples}) == rows
    for sample in samples:
        assert sample.prompt
        assert sample.turns
        assert sample.output == transcript_of(sample.turns).text


def test_rewards_of_real_conversations_are_those_of_the_files() -> None:
    folder = shared_path("native/agentrx/public/tau-retail")

    for path in sorted(folder.iterdir()):
        result = json.loads(path.read_text(encoding="utf-8"))
        sample = only_sample(path)
        assert (sample.example, sample.score) == (str(result["task_id"]), result["reward"])
        errors = [one for one in sample.turns if one.error]
        replies = [one for one in result["traj"] if one["role"] == "tool"]
        assert len(errors) == sum(one["content"].startswith("Error") for one in replies)


@pytest.mark.parametrize("folder", ["adamast", "hodoscope", "clear"])
def test_real_files_of_other_analyses_are_refused(folder: str) -> None:
    place = shared_path("native") / folder / "public"

    errors = [str(one) for one in search(place, log_formats()).refused]

    assert errors
    assert all(re.search("AdaMAST|CLEAR|Hodoscope", one) for one in errors)


def test_rows_of_traces_keep_their_turns(tmp_path: Path) -> None:
    written(tmp_path / "x.json", a_result())

    log = only_log(tmp_path)
    table = log_source(log, choose(log, {}), ReadOptions()).read()

    turns = table.frame["log_turns"][0].to_list()
    assert [turn["role"] for turn in turns] == ["assistant", "tool", "assistant"]
