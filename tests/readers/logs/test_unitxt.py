"""Instances of unitxt: they name no dataset, no model and no ids."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from error_map.readers import (
    NameTemplate,
    ReadOptions,
    Sample,
    choose,
    log_formats,
    log_source,
    search,
)
from tests.readers.logs.mutations import damaged, read_or_refused
from tests.support import shared_path


def an_instance(**more: object) -> dict[str, object]:
    """An instance as unitxt 1.26.10 saves it."""
    source = [
        {"role": "system", "content": "Answer."},
        {"role": "user", "content": "Question:\n2 + 2?"},
    ]
    instance: dict[str, object] = {
        "question": "2 + 2?",
        "level": 3,
        "metadata": {
            "data_classification_policy": ["public"],
            "template": "templates.qa.open",
        },
        "source": source,
        "metrics": ["metrics.accuracy"],
        "data_classification_policy": ["public"],
        "postprocessors": ["processors.to_string_stripped"],
        "target": "4",
        "references": ["4"],
        "subset": [],
        "prediction": "It is 4.",
        "processed_prediction": "4",
        "f1": 0.5,
        "score": 1.0,
        "score_name": "accuracy",
        "accuracy": 1.0,
    }
    return instance | more


def samples(folder: Path, metric: str = "score") -> list[Sample]:
    (log,) = search(folder, log_formats()).logs
    return list(log.read(choose(log, {"metric": (metric,)})))


def write(folder: Path, *instances: object) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "instances.jsonl"
    path.write_text("\n".join(map(json.dumps, instances)))
    return path


def test_an_instance_is_one_sample(tmp_path: Path) -> None:
    path = write(tmp_path / "tiny", an_instance(), an_instance(score=0.0, references=["4", "four"]))

    (log,) = search(tmp_path, log_formats()).logs
    first, second = samples(tmp_path)

    assert (log.datasets, log.models) == (("instances",), ("tiny",))
    assert log.choices["metric"] == ("score", "f1", "accuracy")
    assert f"{path}: unitxt names no dataset, no model and no ids" in log.notices[0]
    assert (first.example, first.score, second.example, second.score) == ("1", 1.0, "2", 0.0)
    assert first.prompt[first.question_start :] == "Question:\n2 + 2?"
    assert (first.output, first.reference) == ("It is 4.", "4")
    assert second.reference == '["4", "four"]'
    assert first.extras == {
        "question": "2 + 2?",
        "level": "3",
        "target": "4",
        "extracted_answer": "4",
        "template": "templates.qa.open",
    }
    assert samples(tmp_path, "f1")[0].score == 0.5


def test_nested_scores_are_read(tmp_path: Path) -> None:
    score = {"global": {"score": 0.5}, "instance": {"accuracy": 0.25, "score": 0.25}}
    write(tmp_path, an_instance(score=score, source="2 + 2?"))

    (sample,) = samples(tmp_path)

    assert (sample.prompt, sample.score) == ("2 + 2?", 0.25)


def test_the_user_names_dataset_and_model(tmp_path: Path) -> None:
    write(tmp_path / "tiny", an_instance())
    (log,) = search(tmp_path, log_formats()).logs
    options = ReadOptions(dataset_name="qa", model_name=NameTemplate.parse("my-{run}"))

    row = log_source(log, choose(log, {}), options).read().frame.row(0, named=True)

    assert (row["dataset"], row["model"], row["dataset_in_file"]) == ("qa", "my-tiny", "instances")


def test_a_long_first_instance_is_recognised(tmp_path: Path) -> None:
    write(tmp_path, an_instance(source="x" * 40_000))

    assert len(samples(tmp_path)[0].prompt) == 40_000


def test_an_instance_without_the_metric_has_no_score(tmp_path: Path) -> None:
    unscored = {name: value for name, value in an_instance().items() if name != "f1"}
    write(tmp_path, an_instance(), unscored)

    assert samples(tmp_path, "f1")[1].fault == "no metric 'f1' in this instance"


def test_a_table_with_a_source_is_no_log(tmp_path: Path) -> None:
    write(tmp_path, {"source": "web", "example_id": "e1", "score": 1})

    assert search(tmp_path, log_formats()).logs == ()


@settings(max_examples=150, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_damaged_files_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    path = write(folder, an_instance(), an_instance())
    path.write_bytes(data.draw(damaged(path.read_text())))

    assert len(read_or_refused(folder)) <= 2


def test_the_mean_of_real_scores_is_the_global_score() -> None:
    folder = shared_path("native/unitxt") / "made"
    said = json.loads((folder / "global.json").read_text())["results"]

    for metric in ("score", "accuracy"):
        scores = [one.score or 0.0 for one in samples(folder, metric)]

        assert len(scores) == said["num_of_instances"]
        assert sum(scores) / len(scores) == pytest.approx(said[metric], abs=1e-9)
