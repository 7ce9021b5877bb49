"""Predictions and reviews of evalscope, joined by their index."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from error_map.errors import InputError
from error_map.readers import Found, Log, Sample, choose, log_formats, search

ASKED: dict[str, object] = {"role": "user", "content": "2 + 2?"}


def a_reply(content: object = "It is 5.", **more: object) -> dict[str, object]:
    return {"role": "assistant", "content": content, "source": "generate"} | more


def a_prediction(index: int, **more: object) -> dict[str, object]:
    output = {
        "model": "m",
        "choices": [{"message": a_reply(), "stop_reason": "max_tokens"}],
        "usage": {"input_tokens": 7, "output_tokens": 3},
        "time": 0.5,
        "error": None,
    }
    return {
        "index": index,
        "model": "m",
        "model_output": output,
        "messages": [ASKED, a_reply()],
        "metadata": {"subject": "sums"},
    } | more


def a_review(index: int, score: Mapping[str, object] | None = None, **more: object) -> object:
    given = {
        "value": {"loose": 1.0, "exact": 0.0},
        "status": "success",
        "extracted_prediction": "5",
        "prediction": "It is 5.",
        "explanation": "5 is not 4",
        "main_score_name": "exact",
    }
    result = {
        "score": given | dict(score or {}),
        "sample_id": index,
        "group_id": index // 2,
        "generation_index": index % 2,
        "sample_metadata": {"subject": "sums", "text": "x" * 300},
    }
    return {
        "index": index,
        "target": ["4"],
        "messages": [ASKED, a_reply()],
        "agent_trace": None,
        "sample_score": result,
    } | more


def a_run(
    folder: Path, predictions: Sequence[object] | None, reviews: Sequence[object] | None
) -> Path:
    run = folder / "outputs" / "any"
    for kind, lines in (("predictions", predictions), ("reviews", reviews)):
        if lines is not None:
            text = "".join(json.dumps(line) + "\n" for line in lines)
            write(run / kind / "org" / "tiny" / "sums_easy.jsonl", text)
    config = "datasets:\n- sums\nevalscope_version: 1.14.0\nwork_dir: outputs/20261101_120000\n"
    write(run / "configs" / "task_config.yaml", config)
    return run


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def the_log(place: Path) -> Log:
    (log,) = search(place, log_formats()).logs
    return log


def samples(place: Path, metric: str = "") -> list[Sample]:
    log = the_log(place)
    return list(log.read(choose(log, {"metric": (metric,)} if metric else {})))


def found(place: Path) -> Found:
    return search(place, log_formats())


def test_a_review_has_the_score_and_its_prediction_the_usage(tmp_path: Path) -> None:
    a_run(tmp_path, [a_prediction(0), a_prediction(1)], [a_review(0), a_review(1)])

    log, (first, second) = the_log(tmp_path), samples(tmp_path)

    assert (log.version, log.written, log.models) == ("1.14.0", "20261101_120000", ("org/tiny",))
    assert log.choices["metric"] == ("exact", "loose")
    assert (first.dataset, first.example, first.repeat) == ("sums_easy", "0", "0")
    assert (second.example, second.repeat) == ("0", "1")
    assert (first.prompt, first.output, first.reference) == ("2 + 2?", "It is 5.", "4")
    assert (first.score, first.stop_reason) == (0.0, "max_tokens")
    assert (first.tokens_in, first.tokens_out, first.latency_s) == (7, 3, 0.5)
    assert first.extras == {
        "extracted_answer": "5",
        "explanation": "5 is not 4",
        "subject": "sums",
    }
    assert [sample.score for sample in samples(tmp_path, "loose")] == [1.0, 1.0]


def test_reviews_can_be_read_without_predictions(tmp_path: Path) -> None:
    a_run(tmp_path, None, [a_review(0)])

    (sample,) = samples(tmp_path)

    assert (sample.score, sample.output, sample.tokens_in) == (0.0, "It is 5.", None)


def test_a_review_is_recognised_however_long_its_messages_are(tmp_path: Path) -> None:
    long = {"role": "user", "content": "x" * 50_000}
    a_run(tmp_path, None, [a_review(0, messages=[long, a_reply()])])

    (sample,) = samples(tmp_path)

    assert (len(sample.prompt), sample.score) == (50_000, 0.0)


def test_older_reviews_have_the_prompt_as_text(tmp_path: Path) -> None:
    older = a_review(0, input="2 + 2?", target="4")
    assert isinstance(older, dict)
    del older["messages"]
    a_run(tmp_path, None, [older])

    (sample,) = samples(tmp_path)

    assert (sample.prompt, sample.output, sample.reference) == ("2 + 2?", "It is 5.", "4")


def test_predictions_without_review_have_no_score(tmp_path: Path) -> None:
    a_run(tmp_path, [a_prediction(0)], None)

    (sample,) = samples(tmp_path)

    assert (sample.score, sample.fault, sample.output) == (None, "not reviewed", "It is 5.")
    assert not the_log(tmp_path).is_scored


def test_an_answer_that_was_not_reviewed_is_not_left_out(tmp_path: Path) -> None:
    refused = a_prediction(1, model_output={"error": "content filter"})
    a_run(tmp_path, [a_prediction(0), refused], [a_review(0)])

    reviewed, unreviewed = samples(tmp_path)

    assert reviewed.score == 0.0
    assert (unreviewed.score, unreviewed.fault) == (None, "content filter")


def test_a_judge_that_failed_gives_no_score(tmp_path: Path) -> None:
    failed = {"value": {}, "status": "parse_error", "explanation": "no JSON"}
    a_run(tmp_path, None, [a_review(0), a_review(1, failed)])

    _, sample = samples(tmp_path)

    assert (sample.score, sample.fault) == (None, "scoring failed: parse_error: no JSON")


def test_reasoning_is_kept_in_tags_that_are_marked_as_composed(tmp_path: Path) -> None:
    parts = [{"type": "reasoning", "reasoning": "2 and 2"}, {"type": "text", "text": "4"}]
    a_run(tmp_path, None, [a_review(0, messages=[ASKED, a_reply(parts)])])

    (sample,) = samples(tmp_path)

    assert sample.output == "<think>\n2 and 2\n</think>\n\n4"
    assert [sample.output[slice(*span)] for span in sample.composed] == [
        "<think>\n",
        "\n</think>\n\n",
    ]


def test_worked_examples_are_no_replies(tmp_path: Path) -> None:
    shots = [{"role": "user", "content": "1 + 1?"}, {"role": "assistant", "content": "2"}]
    a_run(tmp_path, None, [a_review(0, messages=[*shots, ASKED, a_reply()])])

    (sample,) = samples(tmp_path)

    assert sample.prompt[sample.question_start :] == "2 + 2?"
    assert (sample.output, sample.turns) == ("It is 5.", ())


def test_several_replies_with_calls_are_a_transcript(tmp_path: Path) -> None:
    call = {"id": "c1", "function": {"name": "add", "arguments": {"a": 2}}}
    messages = [
        ASKED,
        a_reply("", tool_calls=[call]),
        {"role": "tool", "tool_call_id": "c1", "function": "add", "content": "5", "error": None},
        a_reply(),
    ]
    a_run(tmp_path, None, [a_review(0, messages=messages)])

    (sample,) = samples(tmp_path)

    assert sample.output == (
        '[turn 1, assistant]\ncalls add({"a": 2})\n\n'
        "[turn 2, tool add]\n5\n\n"
        "[turn 3, assistant]\nIt is 5."
    )


def test_the_report_says_what_failed_and_which_values_are_good(tmp_path: Path) -> None:
    run = a_run(tmp_path, [a_prediction(0)], [a_review(0)])
    report = {
        "metrics": [
            {"identity": {"name": "wer"}, "semantics": {"direction": "lower_is_better"}},
            {"identity": {"name": "exact"}, "semantics": None},
        ],
        "execution_summary": {"subsets": {"easy": {"errored": 2}}},
    }
    write(run / "reports" / "org" / "tiny" / "sums.json", json.dumps(report))

    log = the_log(tmp_path)

    assert log.notices == (
        "sums_easy: low values of wer are good: --score-direction low",
        "sums_easy: 2 samples failed, and evalscope left them out of its files",
    )
    assert found(tmp_path).others == ()


@pytest.mark.parametrize(
    ("reviews", "fault"),
    [
        ([a_review(3)], "index 3 is reviewed, and not predicted"),
        ([a_review(0), a_review(0)], "index 0 twice"),
        ([{"index": None, "sample_score": {}}], "no index"),
    ],
)
def test_reviews_of_other_predictions_are_refused(
    reviews: list[object], fault: str, tmp_path: Path
) -> None:
    a_run(tmp_path, [a_prediction(0)], reviews)

    with pytest.raises(InputError, match=fault):
        samples(tmp_path)


def test_files_of_evalscope_before_1_0_are_refused_by_name(tmp_path: Path) -> None:
    old = {"index": 0, "model_spec": {}, "subset_name": "main", "choices": []}
    write(tmp_path / "old.jsonl", json.dumps(old) + "\n")

    assert "of evalscope before 1.0" in str(found(tmp_path).refused[0])
