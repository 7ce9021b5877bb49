"""Result and score files of BFCL: answers joined with the failures that the scores list."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from error_map.errors import InputError
from error_map.readers import log_formats, search
from tests.readers.logs.found import samples, the_log

MODEL = "made_model-FC"
QUESTION = [[{"role": "user", "content": "Area of a triangle of base 10 and height 5?"}]]
FUNCTION = {"name": "area", "parameters": {"type": "dict", "required": ["base"]}}


def a_result(number: int, result: object, **more: object) -> dict[str, object]:
    usage = {"input_token_count": 120, "output_token_count": 31, "latency": 0.5}
    return {"id": f"simple_python_{number}", "result": result, **usage, **more}


def a_failure(number: int, **more: object) -> dict[str, object]:
    return {
        "id": f"simple_python_{number}",
        "model_name": MODEL,
        "valid": False,
        "error": ["Expected type integer, got str."],
        "error_type": "type_error:simple",
        "prompt": {"id": "x", "question": QUESTION, "function": [FUNCTION]},
        "model_result_decoded": [{"area": {"base": "ten"}}],
        "possible_answer": [{"area": {"base": [10], "unit": ["cm", ""]}}],
    } | more


def write(path: Path, lines: Sequence[Mapping[str, object]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def a_run(
    folder: Path,
    results: Sequence[Mapping[str, object]],
    failures: Sequence[Mapping[str, object]] | None,
    *,
    place: str = "non_live/BFCL_v4_simple_python",
) -> None:
    write(folder / "result" / MODEL / f"{place}_result.json", results)
    if failures is not None:
        right, total = len(results) - len(failures), len(results)
        header = {"accuracy": right / total, "correct_count": right, "total_count": total}
        write(folder / "score" / MODEL / f"{place}_score.json", [header, *failures])


def test_answers_that_the_score_file_does_not_list_are_right(tmp_path: Path) -> None:
    calls = [{"area": json.dumps({"base": "ten"})}]
    a_run(tmp_path, [a_result(0, calls), a_result(1, "[area(base=10)]")], [a_failure(0)])

    wrong, right = samples(tmp_path)

    assert (wrong.score, right.score) == (0.0, 1.0)
    assert (wrong.dataset, wrong.example, wrong.model) == (
        "simple_python",
        "simple_python_0",
        MODEL,
    )
    assert wrong.prompt == f"{QUESTION[0][0]['content']}\n\nFunctions:\n{json.dumps(FUNCTION)}"
    assert (wrong.output, right.output) == ('[{"area": {"base": "ten"}}]', "[area(base=10)]")
    assert wrong.reference == '[{"area": {"base": [10], "unit": ["cm", ""]}}]'
    assert wrong.extras == {
        "error_type": "type_error:simple",
        "error_message": "Expected type integer, got str.",
        "extracted_answer": '[{"area": {"base": "ten"}}]',
    }
    assert (wrong.tokens_in, wrong.tokens_out, wrong.latency_s) == (120, 31, 0.5)
    assert right.extras["error_type"] is None


def test_result_and_score_file_are_one_log_whichever_is_found_first(tmp_path: Path) -> None:
    a_run(tmp_path, [a_result(0, "a")], [a_failure(0)])

    whole, score_only = the_log(tmp_path), the_log(tmp_path / "score")

    assert whole.files == score_only.files
    assert (whole.version, whole.rows, whole.models) == ("v4", 1, (MODEL,))


def test_results_without_scores_are_not_scored(tmp_path: Path) -> None:
    a_run(tmp_path, [a_result(0, "a")], None)

    (sample,) = samples(tmp_path)

    assert not the_log(tmp_path).is_scored
    assert (sample.score, sample.fault) == (None, "not scored yet: bfcl evaluate")


def test_a_call_of_the_model_that_failed_is_no_wrong_answer(tmp_path: Path) -> None:
    failed = a_result(0, "Error during inference: timed out", traceback="…")
    a_run(tmp_path, [failed], [a_failure(0)])

    (sample,) = samples(tmp_path)

    assert (sample.score, sample.fault) == (None, "Error during inference: timed out")


def test_a_conversation_is_a_transcript_with_calls_and_replies(tmp_path: Path) -> None:
    question = [[{"role": "user", "content": "Go to docs."}]]
    log = [
        [{"role": "state_info", "class_name": "FileSystem", "content": {}}],
        {
            "begin_of_turn_query": question[0],
            "step_0": [
                {"role": "assistant", "content": [{"cd": '{"folder": "docs"}'}]},
                {"role": "handler_log", "content": "Successfully decoded model response."},
                {"role": "tool", "content": "ok"},
            ],
            "step_1": [{"role": "assistant", "content": "Done."}],
        },
    ]
    result = {
        "id": "multi_turn_base_0",
        "result": [[[{"cd": '{"folder": "docs"}'}], "Done."]],
        "input_token_count": [[5, 6]],
        "inference_log": log,
    }
    error = {"error_message": "too short", "error_type": "multi_turn:force_terminated"}
    failure = {
        "id": "multi_turn_base_0",
        "error": error,
        "prompt": {"question": question},
        "possible_answer": [["cd(folder='docs')"]],
    }
    a_run(tmp_path, [result], [failure], place="multi_turn/BFCL_v4_multi_turn_base")

    (sample,) = samples(tmp_path)

    assert sample.output == (
        "[turn 1, user]\nGo to docs.\n\n"
        '[turn 2, assistant]\ncalls cd({"folder": "docs"})\n\n'
        "[turn 3, tool cd]\nok\n\n"
        "[turn 4, assistant]\nDone."
    )
    assert sample.output[slice(*sample.composed[0])] == "[turn 1, user]\n"
    assert (sample.tokens_in, sample.stop_reason) == (11, "force_terminated")
    assert sample.extras["error_message"] == "too short"


def test_without_a_log_the_turns_are_those_of_the_results(tmp_path: Path) -> None:
    result = {"id": "multi_turn_base_0", "result": [["Which file?"]], "latency": [[1.0]]}
    failure = {"id": "multi_turn_base_0", "error": {}, "prompt": {"question": QUESTION}}
    a_run(tmp_path, [result], [failure], place="multi_turn/BFCL_v4_multi_turn_base")

    (sample,) = samples(tmp_path)

    assert [(turn.role, turn.text) for turn in sample.turns] == [
        ("user", QUESTION[0][0]["content"]),
        ("assistant", "Which file?"),
    ]


def test_the_prompt_format_of_a_sensitivity_test_is_kept(tmp_path: Path) -> None:
    example = "format_sensitivity_0:ret_fmt=json&tool_call_tag=False:simple_python_3"
    result = {"id": example, "result": "{}", "latency": 0.1}
    a_run(tmp_path, [result], [], place="format_sensitivity/BFCL_v4_format_sensitivity")

    (sample,) = samples(tmp_path)

    assert (sample.dataset, sample.example) == ("format_sensitivity", example)
    assert sample.extras["prompt_format"] == "ret_fmt=json&tool_call_tag=False"


@pytest.mark.parametrize(
    ("results", "failures", "fault"),
    [
        ([0, 1], [], "scores 1 answers, and there are 2"),
        ([0], [7], "scores 'simple_python_7', which is not among the results"),
        ([0, 0], [], "id 'simple_python_0' twice"),
    ],
)
def test_scores_of_other_results_are_refused(
    results: list[int], failures: list[int], fault: str, *, tmp_path: Path
) -> None:
    a_run(tmp_path, [a_result(number, "a") for number in results], None)
    header = {"accuracy": 1.0, "correct_count": 1, "total_count": 1}
    score = tmp_path / "score" / MODEL / "non_live" / "BFCL_v4_simple_python_score.json"
    write(score, [header, *map(a_failure, failures)])

    with pytest.raises(InputError, match=fault):
        samples(tmp_path)


def test_a_score_file_alone_is_refused_as_it_lists_only_failures(tmp_path: Path) -> None:
    header = {"accuracy": 0.0, "correct_count": 0, "total_count": 1}
    write(tmp_path / "score" / MODEL / "BFCL_v4_simple_python_score.json", [header, a_failure(0)])

    found = search(tmp_path, log_formats())

    assert found.logs == ()
    assert "a score file without its result file" in str(found.refused[0])


def test_a_score_file_of_another_layout_is_refused_with_its_line(tmp_path: Path) -> None:
    a_run(tmp_path, [a_result(0, "a")], None)
    score = tmp_path / "score" / MODEL / "non_live" / "BFCL_v4_simple_python_score.json"
    write(score, [{"summary": {"total_count": 1}}])

    found = search(tmp_path, log_formats())

    assert f"{score}:1: no total_count" in str(found.refused[0])


def test_conversations_that_prepare_the_memory_are_part_of_the_log_they_prepare(
    tmp_path: Path,
) -> None:
    memory = [{"id": "memory_kv_0-customer-0", "result": [["Michael"]], "latency": 1.0}]
    prepared = [{"id": "memory_kv_prereq_0-customer-0", "result": [["ok"]], "latency": 1.0}]
    place = "agentic/memory/kv/BFCL_v4_memory_kv"
    a_run(tmp_path, memory, [], place=place)
    alone = write(tmp_path / "result" / MODEL / f"{place}_prereq_result.json", prepared)

    found = search(tmp_path, log_formats())

    assert [log.datasets for log in found.logs] == [("memory_kv",)]
    assert (found.others, found.refused) == ((), ())
    assert alone in found.files
    assert [sample.score for sample in samples(tmp_path)] == [1.0]


def test_conversations_that_only_prepare_the_memory_are_refused(tmp_path: Path) -> None:
    prepared = [{"id": "memory_kv_prereq_0-customer-0", "result": [["ok"]], "latency": 1.0}]
    write(tmp_path / "result" / MODEL / "BFCL_v4_memory_kv_prereq_result.json", prepared)

    found = search(tmp_path, log_formats())

    assert "only prepares the memory" in str(found.refused[0])
