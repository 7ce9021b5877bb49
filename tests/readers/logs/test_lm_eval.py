"""Sample files of lm-evaluation-harness: documents, filters, metrics and chosen options."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from error_map.errors import InputError
from error_map.readers import Sample, choose, log_formats, search
from tests.support import shared_path

TIME = "2026-11-21T19-12-12.560614"


def a_line(number: int, score: float, *, filtered_by: str = "strict", **more: object) -> str:
    line: dict[str, object] = {
        "doc_id": number,
        "doc": {"q": f"What is {number} + 1?", "topic": "sums"},
        "target": str(number + 1),
        "arguments": {"gen_args_0": {"arg_0": f"Q: {number} + 1\nA:", "arg_1": {"until": []}}},
        "resps": [[f"It is {number}.", "another"]],
        "filtered_resps": [str(number)],
        "filter": filtered_by,
        "metrics": ["exact_match"],
        "exact_match": score,
    }
    return json.dumps(line | more)


def a_log(folder: Path, lines: Sequence[str], results: Mapping[str, object] | None = None) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"samples_sums_{TIME}.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    if results is not None:
        (folder / f"results_{TIME}.json").write_text(json.dumps(results), encoding="utf-8")
    return path


RESULTS = {
    "model_name": "tiny",
    "lm_eval_version": "0.4.13",
    "n-shot": {"sums": 0},
    "configs": {"sums": {"filter_list": [{"name": "strict"}, {"name": "flexible"}]}},
}


def samples(place: Path, **wanted: str) -> list[Sample]:
    (log,) = search(place, log_formats()).logs
    chosen = choose(log, {kind: (name,) for kind, name in wanted.items()})  # type: ignore[misc]  # kinds of choices
    return list(log.read(chosen))


def test_a_document_is_one_sample_under_the_chosen_filter(tmp_path: Path) -> None:
    lines = [
        a_line(number, float(name == "flexible"), filtered_by=name)
        for name in ("strict", "flexible")
        for number in (1, 2)
    ]
    a_log(tmp_path, lines, RESULTS)

    strict, flexible = samples(tmp_path), samples(tmp_path, filter="flexible")

    assert [(one.example, one.score) for one in strict] == [("1", 0.0), ("2", 0.0)]
    assert [(one.example, one.score) for one in flexible] == [("1", 1.0), ("2", 1.0)]
    first = strict[0]
    assert (first.dataset, first.model, first.reference) == ("sums", "tiny", "2")
    assert (first.prompt, first.output) == ("Q: 1 + 1\nA:", "It is 1.")
    assert first.extras == {"extracted_answer": "1", "q": "What is 1 + 1?", "topic": "sums"}


def test_without_a_results_file_the_filters_are_those_of_the_lines(tmp_path: Path) -> None:
    a_log(tmp_path / "model-x", [a_line(1, 0, filtered_by="a"), a_line(1, 1, filtered_by="b")])

    (log,) = search(tmp_path, log_formats()).logs

    assert (log.models, log.choices["filter"]) == (("model-x",), ("a", "b"))


def test_a_choice_between_options_is_put_into_words(tmp_path: Path) -> None:
    options = {
        f"gen_args_{n}": {"arg_0": "Q: Which is prime?\nA:", "arg_1": text}
        for n, text in enumerate((" four", " 7"))
    }
    line = a_line(
        1,
        0,
        arguments=options,
        resps=[[["-2.0", "False"]], [["-1.0", "False"]]],
        target="0",
        metrics=["acc", "acc_norm"],
        acc=0.0,
        acc_norm=1.0,
    )
    a_log(tmp_path, [line], RESULTS)

    (plain,), (normed,) = samples(tmp_path), samples(tmp_path, metric="acc_norm")

    assert plain.prompt == "Q: Which is prime?\nA:\n\n(A) four\n(B) 7"
    assert plain.output.startswith("The answer is (B) 7\n")
    assert (plain.reference, plain.composed) == ("A", ((0, len(plain.output)),))
    assert normed.output.startswith("The answer is (A) four")


def test_the_question_of_a_chat_begins_after_its_examples(tmp_path: Path) -> None:
    messages = [
        {"role": "user", "content": "1 + 1?"},
        {"role": "assistant", "content": "2"},
        {"role": "user", "content": "2 + 1?"},
    ]
    arguments = {"gen_args_0": {"arg_0": [json.dumps(messages)], "arg_1": {}}}
    a_log(tmp_path, [a_line(1, 0, arguments=arguments)], RESULTS)

    (sample,) = samples(tmp_path)

    assert sample.question_start is not None
    assert sample.prompt[sample.question_start :] == "2 + 1?"
    assert sample.prompt.startswith("[user]\n1 + 1?\n\n[assistant]\n2\n\n[user]\n")


@pytest.mark.parametrize(("shots", "start"), [(1, 11), (0, None), (3, None)])
def test_the_question_of_a_prompt_begins_after_as_many_examples(
    tmp_path: Path, shots: int, start: int | None
) -> None:
    config = {"sums": {"filter_list": [], "fewshot_delimiter": "\n\n"}}
    results = RESULTS | {"n-shot": {"sums": shots}, "configs": config}
    arguments = {"gen_args_0": {"arg_0": "Q: 1\nA: 2\n\nQ: 2\nA:", "arg_1": {}}}
    a_log(tmp_path, [a_line(1, 0, arguments=arguments)], results)

    (sample,) = samples(tmp_path)

    assert sample.question_start == start


def test_a_run_that_only_generates_has_no_scores(tmp_path: Path) -> None:
    a_log(tmp_path, [a_line(1, 0, metrics=["bypass"], bypass=None)], RESULTS)

    (sample,) = samples(tmp_path)

    assert sample.score is None
    assert sample.fault == "the run did not score (--predict_only)"


def test_rolling_log_likelihoods_are_refused_by_the_name_of_their_task(tmp_path: Path) -> None:
    a_log(tmp_path, [a_line(1, 0, metrics=["word_perplexity"], word_perplexity=[-0.2, 5])], RESULTS)

    found = search(tmp_path, log_formats())

    assert found.logs == ()
    assert "task 'sums' has rolling log-likelihoods" in str(found.refused[0])


def test_a_file_that_is_cut_off_is_refused_with_its_line(tmp_path: Path) -> None:
    path = a_log(tmp_path, [a_line(1, 0), a_line(2, 0)[:-20]], RESULTS)

    with pytest.raises(InputError, match="no valid JSON") as refused:
        samples(tmp_path)

    assert f"{path}:2" in str(refused.value)


@pytest.mark.parametrize(
    "changes",
    [
        {"target": "7" * 5000},
        {"arguments": {"gen_args_0": {"arg_0": ["[" * 100_000], "arg_1": {}}}},
        {"resps": [[{"text": None}]]},
        {"exact_match": 10**400},
    ],
)
def test_odd_values_are_read_as_they_are(changes: dict[str, object], tmp_path: Path) -> None:
    options = {f"gen_args_{n}": {"arg_0": "Q", "arg_1": text} for n, text in enumerate("ab")}
    choice = {"arguments": options, "resps": [[["-2.0"]], [["-1.0"]]]}
    line = json.loads(a_line(1, 0)) | choice | changes
    a_log(tmp_path, [json.dumps(line)], RESULTS)

    assert len(samples(tmp_path)) == 1


@pytest.mark.parametrize("key", ["doc", "arguments"])
def test_a_log_is_recognised_however_long_its_prompts_are(key: str, tmp_path: Path) -> None:
    line = json.loads(a_line(1, 0)) | {key: {"gen_args_0": {"arg_0": "x" * 50_000}}}
    a_log(tmp_path, [json.dumps(line)], RESULTS)

    assert len(samples(tmp_path)) == 1


def test_low_is_good_is_said_where_the_log_says_so(tmp_path: Path) -> None:
    better = {"sums": {"exact_match": False}}
    a_log(tmp_path, [a_line(1, 0)], RESULTS | {"higher_is_better": better})

    (log,) = search(tmp_path, log_formats()).logs

    assert log.notices == ("sums: low values of exact_match are good: --score-direction low",)


@pytest.mark.parametrize("model", ["made/chat", "made/comp", "made/dummy", "public"])
def test_scores_of_real_logs_have_the_means_of_their_results_files(model: str) -> None:
    folder = shared_path("native/lm_eval") / model

    for log in search(folder, log_formats()).logs:
        (results,) = (path for path in log.files if path.name.startswith("results"))
        said = json.loads(results.read_text())["results"][log.datasets[0]]
        for metric in log.choices["metric"]:
            for name in log.choices["filter"]:
                scores = [one.score for one in log.read({"metric": metric, "filter": name})]
                known = [score for score in scores if score is not None]
                assert sum(known) / len(known) == pytest.approx(said[f"{metric},{name}"], abs=1e-9)
