"""Details of lighteval: structs, choices by likelihood, repeated samples and damaged files."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from error_map.readers import Sample, choose, log_formats, search
from tests.readers.logs.found import the_log
from tests.readers.logs.mutations import read_or_refused
from tests.support import shared_path

pytestmark = pytest.mark.slow

TIME = "2026-11-21T19-23-33.461760"
Json = Mapping[str, object]


def a_row(
    number: int = 1, metric: Json | None = None, *, doc: Json | None = None, **response: object
) -> dict[str, object]:
    plain: dict[str, object] = {
        "query": f"Q: {number} + 1?\nA:",
        "choices": [str(number + 1)],
        "gold_index": 0,
        "id": str(number),
        "task_name": "lab:sums|1",
        "specific": {"topic": "sums"},
        "instruction": None,
    }
    reply = {
        "input": f"Q: 0 + 0?\nA: 0\n\nQ: {number} + 1?\nA:",
        "input_tokens": [1, 2, 3],
        "text": ["<think>7?</think> 7"],
        "text_post_processed": ["7"],
        "output_tokens": [[4, 5]],
        "logprobs": [],
        "truncated_tokens_count": 0,
    }
    return {
        "doc": plain | dict(doc or {}),
        "metric": dict(metric or {"em": 0, "f1": 0.5}),
        "model_response": reply | response,
    }


def a_choice(logprobs: Sequence[float], metric: Json, **response: object) -> dict[str, object]:
    options = {"choices": [" four", " 7"], "gold_index": [1]}
    reply = {"text": [], "logprobs": list(logprobs), "input": "Prime?", **response}
    row = a_row(1, metric, doc=options)
    plain = row["model_response"]
    assert isinstance(plain, dict)
    return row | {"model_response": plain | reply}


def a_log(folder: Path, rows: Sequence[Json], metrics: Sequence[Json] | None = None) -> Path:
    below = folder / "details" / "lab" / "tiny" / TIME
    below.mkdir(parents=True)
    path = below / f"details_lab:sums|1_{TIME}.parquet"
    pl.DataFrame(rows).write_parquet(path)
    if metrics is not None:
        results = folder / "results" / "lab" / "tiny"
        results.mkdir(parents=True)
        general = {"model_name": "lab/tiny-chat"}
        config = {"lab:sums|1": {"metrics": metrics}}
        text = json.dumps({"config_general": general, "config_tasks": config})
        (results / f"results_{TIME}.json").write_text(text)
    return path


def samples(place: Path, metric: str = "") -> list[Sample]:
    log = the_log(place)
    return list(log.read(choose(log, {"metric": (metric,)} if metric else {})))


def test_a_document_is_one_sample(tmp_path: Path) -> None:
    a_log(tmp_path, [a_row(1), a_row(2)], metrics=[])

    log = the_log(tmp_path)
    sample, _ = samples(tmp_path)

    assert (log.datasets, log.models, log.rows) == (("lab_sums_1",), ("lab/tiny-chat",), 2)
    assert (log.written, log.choices) == (TIME, {"metric": ("em", "f1")})
    assert [path.name for path in log.files] == [log.path.name, f"results_{TIME}.json"]
    assert (sample.example, sample.score, sample.reference) == ("1", 0.0, "2")
    assert sample.prompt[sample.question_start :] == "Q: 1 + 1?\nA:"
    assert (sample.output, sample.composed) == ("<think>7?</think> 7", ())
    assert (sample.tokens_in, sample.tokens_out) == (3, 2)
    assert sample.extras == {"extracted_answer": "7", "topic": "sums"}
    assert samples(tmp_path, "f1")[0].score == 0.5


def test_without_a_results_file_the_model_is_named_by_its_folder(tmp_path: Path) -> None:
    a_log(tmp_path, [a_row()])

    assert the_log(tmp_path).models == ("lab/tiny",)


@pytest.mark.parametrize(
    ("rule", "response", "chosen"),
    [
        ("LoglikelihoodAcc(logprob_normalization=None)", {}, "(B) 7"),
        ("Acc(logprob_normalization=LogProbCharNorm(ignore_first_space=False))", {}, "(A) four"),
        ("Acc(logprob_normalization=LogProbCharNorm(ignore_first_space=True))", {}, "(A) four"),
        ("Acc(LogProbTokenNorm())", {"output_tokens": [[1, 2, 3], [1]]}, "(A) four"),
        ("Acc(LogProbPMINorm())", {"unconditioned_logprobs": [-9.0, -2.0]}, "(A) four"),
    ],
)
def test_the_option_is_chosen_as_the_metric_does(
    tmp_path: Path, rule: str, *, response: Json, chosen: str
) -> None:
    metric = {"metric_name": "acc", "category": "LOGPROBS", "sample_level_fn": rule}
    row = a_choice([-2.5, -2.0], {"acc": 0}, **response)
    a_log(tmp_path, [row], metrics=[metric])

    (sample,) = samples(tmp_path)

    assert sample.prompt == "Prime?\n\n(A) four\n(B) 7"
    assert sample.output.startswith(f"The answer is {chosen}\n")
    assert (sample.reference, sample.composed) == ("B", ((0, len(sample.output)),))


def test_several_right_answers_are_a_list(tmp_path: Path) -> None:
    a_log(tmp_path, [a_row(doc={"choices": ["2", " two"], "gold_index": [0, 1]})])

    assert samples(tmp_path)[0].reference == '["2", "two"]'


def test_several_replies_are_shown_under_headings(tmp_path: Path) -> None:
    a_log(tmp_path, [a_row(text=["2", "3"])])

    (sample,) = samples(tmp_path)

    assert sample.output == "[sample 1]\n2\n\n[sample 2]\n3"
    assert [sample.output[start:end] for start, end in sample.composed] == [
        "[sample 1]\n",
        "\n\n[sample 2]\n",
    ]


def test_a_chat_is_the_prompt_with_its_roles(tmp_path: Path) -> None:
    chat = [{"role": "system", "content": "Add."}, {"role": "user", "content": "1 + 1?"}]
    a_log(tmp_path, [a_row(input=chat)])

    (sample,) = samples(tmp_path)

    assert sample.prompt == "[system]\nAdd.\n\n[user]\n1 + 1?"
    assert sample.prompt[sample.question_start :] == "1 + 1?"


@pytest.mark.parametrize("value", [None, float("nan")])
def test_a_document_without_a_number_says_so(tmp_path: Path, value: float | None) -> None:
    a_log(tmp_path, [a_row(metric={"em": 1.0}), a_row(2, metric={"em": value})])

    assert [(one.score, one.fault) for one in samples(tmp_path)] == [(1.0, ""), (None, "no em")]


def test_a_task_without_numbers_per_document_is_refused(tmp_path: Path) -> None:
    a_log(tmp_path, [a_row(metric={"corpus_bleu": {"golds": ["a"], "preds": ["b"]}})])

    (refused,) = search(tmp_path, log_formats()).refused

    assert "task 'lab:sums|1' has no metric with one number per document" in str(refused)


def test_low_is_good_is_said(tmp_path: Path) -> None:
    metric = {"metric_name": ["em", "f1"], "higher_is_better": False}
    a_log(tmp_path, [a_row()], metrics=[metric])

    assert the_log(tmp_path).notices[0] == (
        "lab_sums_1: low values of em are good: --score-direction low"
    )


def test_other_parquet_files_are_left_to_the_reader_of_tables(tmp_path: Path) -> None:
    pl.DataFrame({"doc": [1]}).write_parquet(tmp_path / "table.parquet")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 and no more")

    found = search(tmp_path, log_formats())

    assert (found.logs, found.refused) == ((), ())


@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_damaged_file_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = a_log(tmp_path_factory.mktemp("details"), [a_row(1), a_row(2)])
    whole = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(0, 3))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(0, len(whole)) | st.just(len(whole)))
    path.write_bytes(whole[:end])

    read_or_refused(path.parent)


ODD: tuple[object, ...] = (
    None,
    True,
    -1,
    10.5,
    2**62,
    "text",
    "",
    [],
    ["a", None],
    [[1]],
    {"a": 1},
    [{"role": 1}],
)


@given(st.data())
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
def test_fields_of_other_types_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    row = data.draw(st.sampled_from([a_row(), a_choice([-2.5, -2.0], {"acc": 0})]))
    part = row[data.draw(st.sampled_from(sorted(row)))]
    assert isinstance(part, dict)
    part[data.draw(st.sampled_from(sorted(part)))] = data.draw(st.sampled_from(ODD))

    read_or_refused(a_log(tmp_path_factory.mktemp("details"), [row]).parent)


def test_scores_of_real_details_have_the_means_of_their_results() -> None:
    logs = search(shared_path("native/lighteval/made"), log_formats()).logs
    assert sorted(log.datasets[0] for log in logs) == ["tiny_arith_1", "tiny_mcq_0"]
    for log in logs:
        (results,) = (path for path in log.files if path.name.startswith("results"))
        said = json.loads(results.read_text())["results"]
        task = pl.read_parquet(log.path, glob=False)["doc"].struct.field("task_name")[0]
        for metric in log.choices["metric"]:
            read = list(log.read({"metric": metric}))
            known = [one.score for one in read if one.score is not None]
            assert len(read) == len(known) == log.rows
            assert sum(known) / len(known) == pytest.approx(said[task][metric], abs=1e-9)
