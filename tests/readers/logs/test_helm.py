"""Run folders of HELM: requests joined with statistics, options, trials, splits, perturbations."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from error_map.errors import InputError
from error_map.readers import Sample, choose, log_formats, search
from tests.readers.logs.found import the_log
from tests.readers.logs.mutations import damaged, read_or_refused
from tests.support import shared_path

Json = Mapping[str, object]


def a_state(number: int = 1, output: str = " 5", **more: object) -> dict[str, object]:
    question = f"{number} + 1?"
    state: dict[str, object] = {
        "instance": {
            "input": {"text": question},
            "references": [
                {"output": {"text": str(number + 1)}, "tags": ["correct"]},
                {"output": {"text": "0"}, "tags": []},
            ],
            "split": "test",
            "id": f"id{number}",
        },
        "train_trial_index": 0,
        "request": {"prompt": f"Add.\n\nQ: 0 + 0?\nA: 0\n\nQ: {question}\nA:"},
        "result": {
            "success": True,
            "completions": [{"text": output, "finish_reason": {"reason": "length"}}],
            "cached": False,
            "request_time": 0.5,
            "request_datetime": 1795288646,
        },
    }
    return state | more


def an_entry(number: int = 1, score: float = 0, **more: object) -> dict[str, object]:
    values = {"exact_match": score, "f1": 0.5, "num_prompt_tokens": 9, "num_output_tokens": 2}
    stats = [{"name": {"name": name, "split": "test"}, "mean": v} for name, v in values.items()]
    return {"instance_id": f"id{number}", "train_trial_index": 0, "stats": stats} | more


def a_run(folder: Path, states: Sequence[Json], stats: Sequence[Json], **adapter: object) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    spec = {"method": "generation", "model": "lab/tiny", "input_prefix": "Q: ", **adapter}
    name = "sums:level=2,model=lab_tiny,shots=1"
    parts: Mapping[str, object] = {
        "run_spec": {"name": name, "scenario_spec": {}, "adapter_spec": spec},
        "scenario_state": {"adapter_spec": spec, "request_states": states},
        "per_instance_stats": stats,
    }
    for file, value in parts.items():
        (folder / f"{file}.json").write_text(json.dumps(value), encoding="utf-8")
    return folder


def samples(place: Path, **wanted: str) -> list[Sample]:
    log = the_log(place)
    chosen = choose(log, {kind: (name,) for kind, name in wanted.items()})  # type: ignore[misc]  # kinds of choices
    return list(log.read(chosen))


def test_requests_are_joined_with_the_statistics_of_their_instances(tmp_path: Path) -> None:
    a_run(tmp_path, [a_state(1), a_state(2, " 3")], [an_entry(2, 1), an_entry(1, 0)])

    log = the_log(tmp_path)
    first, second = samples(tmp_path)

    assert (log.datasets, log.models) == (("sums_level_2_shots_1",), ("lab/tiny",))
    assert log.written == "2026-11-21T19:17:26+00:00"
    assert [(first.example, first.score), (second.example, second.score)] == [
        ("id1", 0.0),
        ("id2", 1.0),
    ]
    assert first.prompt[first.question_start :] == "Q: 1 + 1?\nA:"
    assert (first.output, first.reference, first.composed) == (" 5", "2", ())
    assert (first.stop_reason, first.tokens_in, first.tokens_out) == ("length", 9, 2)
    assert (first.latency_s, first.repeat, first.extras) == (0.5, None, {"split": "test"})


def test_all_files_of_the_folder_belong_to_the_log(tmp_path: Path) -> None:
    a_run(tmp_path, [a_state()], [an_entry()])
    (tmp_path / "instances.json").write_text("[]")

    found = search(tmp_path, log_formats())

    assert found.others == ()
    assert {path.name for path in found.files} == {
        *("run_spec.json", "scenario_state.json", "per_instance_stats.json", "instances.json")
    }


def test_trials_are_repeats_and_perturbed_instances_are_examples(tmp_path: Path) -> None:
    typos = {"name": "typos", "prob": 0.1}
    instance = a_state()["instance"]
    assert isinstance(instance, dict)
    changed = a_state(instance=instance | {"perturbation": typos})
    states = [a_state(), a_state(train_trial_index=1), changed]
    entries = [
        an_entry(score=1, train_trial_index=1),
        an_entry(score=0.25, perturbation=typos),
        an_entry(score=0),
    ]
    a_run(tmp_path, states, entries, num_train_trials=2)

    read = [(one.example, one.repeat, one.score) for one in samples(tmp_path)]

    assert read == [("id1", "0", 0.0), ("id1", "1", 1.0), ("id1, typos", "0", 0.25)]


def test_a_split_is_chosen_and_test_is_the_default(tmp_path: Path) -> None:
    instance = a_state(2)["instance"]
    assert isinstance(instance, dict)
    states = [a_state(1), a_state(2, instance=instance | {"split": "valid"})]
    valid = {"name": {"name": "exact_match", "split": "valid"}, "mean": 1}
    a_run(tmp_path, states, [an_entry(2, stats=[valid]), an_entry(1)])

    assert the_log(tmp_path).choices["split"] == ("test", "valid")
    assert [one.example for one in samples(tmp_path)] == ["id1"]
    assert [one.example for one in samples(tmp_path, split="valid")] == ["id2"]


@pytest.mark.parametrize(
    ("names", "method", "default"),
    [
        (["f1", "exact_match", "quasi_exact_match"], "generation", "quasi_exact_match"),
        (["exact_match", "math_equiv"], "generation", "math_equiv"),
        (["quasi_exact_match", "exact_match"], "multiple_choice_joint", "exact_match"),
        (["num_bytes", "logprob", "perplexity", "rouge_l"], "generation", "rouge_l"),
    ],
)
def test_the_default_metric_depends_on_the_adapter(
    tmp_path: Path, names: list[str], *, method: str, default: str
) -> None:
    stats = [{"name": {"name": name, "split": "test"}, "mean": 1} for name in names]
    a_run(tmp_path, [a_state()], [an_entry(stats=stats)], method=method)
    (tmp_path / "stats.json").write_text(json.dumps(stats), encoding="utf-8")

    assert the_log(tmp_path).choices["metric"][0] == default


def test_a_letter_is_followed_by_the_option_that_it_names(tmp_path: Path) -> None:
    mapping = {"A": "0", "B": "2"}
    states = [a_state(1, " A", output_mapping=mapping), a_state(2, "none", output_mapping=mapping)]
    a_run(tmp_path, states, [an_entry(1), an_entry(2)], method="multiple_choice_joint")

    letter, other = samples(tmp_path)

    assert (letter.output, letter.reference) == (" A\n\nThe answer is (A) 0", "B")
    assert letter.composed == ((2, len(letter.output)),)
    assert (other.output, other.composed) == ("none", ())


@pytest.mark.parametrize("predicted", [True, False])
def test_of_options_in_requests_of_their_own_the_most_likely_one_is_the_answer(
    tmp_path: Path, *, predicted: bool
) -> None:
    states = []
    for index, (text, figure) in enumerate((("2", -3.0), ("0", -1.0))):
        for mode in ("original", "calibration"):
            state = a_state(1, reference_index=index, request_mode=mode)
            state["request"] = {"prompt": f"Q: 1 + 1?\nA: {text}"}
            state["result"] = {"success": True, "completions": [{"text": "", "logprob": figure}]}
            states.append(state)
    chosen = {"name": {"name": "predicted_index"}, "mean": 1.0}
    score = {"name": {"name": "exact_match", "split": "test"}, "mean": 0}
    entry = an_entry(stats=[score, *([chosen] if predicted else [])])
    a_run(tmp_path, states, [entry], method="multiple_choice_separate_calibrated")

    (sample,) = samples(tmp_path)

    assert sample.prompt == "Q: 1 + 1?\nA:\n\n(A) 2\n(B) 0"
    assert (sample.output, sample.reference) == ("The answer is (B) 0", "A")
    assert sample.composed == ((0, len(sample.output)),)


def test_several_right_references_are_a_list_and_none_is_none(tmp_path: Path) -> None:
    references = [{"output": {"text": text}, "tags": ["correct"]} for text in ("144", "a gross")]
    instances = [
        {"id": f"id{n}", "split": "test", "references": right}
        for n, right in enumerate((references, []))
    ]
    states = [a_state(instance=instance) for instance in instances]
    a_run(tmp_path, states, [an_entry(0), an_entry(1)])

    assert [one.reference for one in samples(tmp_path)] == ['["144", "a gross"]', None]


def test_requests_that_failed_or_were_not_scored_say_why(tmp_path: Path) -> None:
    failed = a_state(1, result={"success": False, "error": "rate limit", "completions": []})
    stats = [{"name": {"name": "f1", "split": "test"}, "mean": 1}]
    entries = [an_entry(1), an_entry(3, stats=stats)]
    a_run(tmp_path, [failed, a_state(2), a_state(3)], entries)

    assert [(one.score, one.fault) for one in samples(tmp_path)] == [
        (None, "the request failed: rate limit"),
        (None, "the instance is not in per_instance_stats.json"),
        (None, "no exact_match"),
    ]


def test_messages_and_images_are_prompts(tmp_path: Path) -> None:
    chat = {"messages": [{"role": "system", "content": "Add."}, {"role": "user", "content": "1?"}]}
    media = {
        "prompt": "",
        "multimodal_prompt": {
            "media_objects": [
                {"content_type": "image/png", "location": "a.png"},
                {"content_type": "text/plain", "text": "What is it?"},
            ]
        },
    }
    states = [a_state(1, request=chat), a_state(2, request=media)]
    a_run(tmp_path, states, [an_entry(1), an_entry(2)])

    assert [one.prompt for one in samples(tmp_path)] == [
        "[system]\nAdd.\n\n[user]\n1?",
        "[image/png: a.png]\nWhat is it?",
    ]


def test_files_of_two_runs_are_refused(tmp_path: Path) -> None:
    a_run(tmp_path, [a_state(1)], [an_entry(2)])

    with pytest.raises(InputError, match="the files are of different runs"):
        samples(tmp_path)


@pytest.mark.parametrize("name", ["scenario_state.json", "per_instance_stats.json"])
def test_a_folder_without_one_of_the_files_is_refused(tmp_path: Path, name: str) -> None:
    a_run(tmp_path, [a_state()], [an_entry()])
    (tmp_path / name).unlink()

    (refused,) = search(tmp_path, log_formats()).refused

    assert f"a run of HELM without {name}" in str(refused)


@pytest.mark.parametrize("method", ["language_modeling", "ranking_binary"])
def test_adapters_without_scores_of_answers_are_refused(tmp_path: Path, method: str) -> None:
    a_run(tmp_path, [a_state()], [an_entry()], method=method)

    (refused,) = search(tmp_path, log_formats()).refused

    assert f"the adapter {method} has no scores of single answers" in str(refused)


def test_low_is_good_is_said(tmp_path: Path) -> None:
    stats = [{"name": {"name": "distance", "split": "test"}, "mean": 3}]
    a_run(tmp_path, [a_state()], [an_entry(stats=stats)])

    assert the_log(tmp_path).notices == (
        "sums_level_2_shots_1: low values of distance are good: --score-direction low",
    )


@pytest.mark.parametrize("file", ["run_spec", "scenario_state", "per_instance_stats"])
@given(st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_damaged_file_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, file: str, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("runs")
    options = {"A": "0", "B": "2"}
    states = [a_state(1, " A", output_mapping=options), a_state(2, reference_index=0)]
    a_run(folder, states, [an_entry(1), an_entry(2)])
    path = folder / f"{file}.json"
    path.write_bytes(data.draw(damaged(path.read_text())))

    read_or_refused(folder)


@pytest.mark.parametrize("part", ["made", "public"])
def test_scores_of_real_runs_have_the_means_of_their_totals(part: str) -> None:
    for log in search(shared_path(f"native/helm/{part}"), log_formats()).logs:
        totals = json.loads((log.path.parent / "stats.json").read_text())
        states = json.loads((log.path.parent / "scenario_state.json").read_text())
        keys = {
            (one["instance"]["split"], one["instance"]["id"], one["train_trial_index"])
            for one in states["request_states"]
        }
        for split in log.choices["split"]:
            for metric in log.choices["metric"]:
                scores = [one.score for one in log.read({"metric": metric, "split": split})]
                assert len(scores) == sum(key[0] == split for key in keys)
                known = [score for score in scores if score is not None]
                (said,) = (
                    one["mean"] for one in totals if one["name"] == {"name": metric, "split": split}
                )
                assert sum(known) / len(known) == pytest.approx(said, abs=1e-9)
