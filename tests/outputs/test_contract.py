"""The compatibility contract: names, columns and shapes of the reference's files."""

import inspect
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from error_map import ErrorMap
from error_map.config import RunConfig
from error_map.errors import InputError
from error_map.outputs import publish
from error_map.store import RunFolder
from tests.support import a_row, analysed, read_csv, write_csv

pytestmark = pytest.mark.slow

HOSTILE = 'a "quoted", line\nand another\r\nwith \x00 NUL, \ttab, =1+1 and اختبار <script>'
ROWS = [
    a_row("e1", "a", output="First, 12 * 3 = 38. So the answer is 38.", topic="sums"),
    a_row("e1", "b", score=1, output="The answer is 4.", topic="sums"),
    a_row("e2", "a", output=HOSTILE, topic="text"),
    a_row("e3", "b", output="", topic="none"),
]
FINAL = [
    *("dataset", "example_id", "model", "input_text", "output_text", "score", "judge_model"),
    *("judge_response", "error_title", "error_summary", "prompt", "topic"),
    *("category_depth_0", "category_depth_1", "category_depth_2"),
]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """A small run, made once as it takes longer than most of the tests."""
    folder = tmp_path_factory.mktemp("finished")
    write_csv(folder / "sums.csv", ROWS)
    return analysed(folder / "sums.csv", folder / "output").folder


@pytest.fixture
def run(finished: RunFolder, data: Path, output: Path) -> RunFolder:
    """A copy of the finished run and of its data."""
    write_csv(data / "sums.csv", ROWS)
    shutil.copytree(finished.output_dir, output)
    return RunFolder(output, finished.exp_id)


def leaves(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if not node["children"]:
        yield node
    for child in node["children"]:
        yield from leaves(child)


def nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node["children"]:
        yield from nodes(child)


def test_the_keyword_arguments_are_the_references() -> None:
    reference = [
        *("inference_type", "litellm_config", "exp_id", "output_dir", "data_path", "datasets"),
        *("dataset_params", "judge", "provider", "seed", "models", "ratio", "max_workers"),
        *("use_correct_predictions", "rare_freq", "cols_to_keep"),
    ]

    assert list(inspect.signature(ErrorMap).parameters)[: len(reference)] == reference


def test_the_defaults_are_the_designs() -> None:
    config = ErrorMap().config

    assert (config.max_workers, config.seed, config.ratio) == (100, 42, 0.1)
    assert (str(config.data_path), str(config.output_dir)) == ("data", "output")
    assert config.use_correct_predictions
    assert not config.wants_llm


def test_the_prepared_data_are_the_failures_under_study_and_all_passes(run: RunFolder) -> None:
    rows = read_csv(run.preparation)

    assert list(rows[0]) == [
        *("example_id", "model", "input_text", "output_text", "score", "correct_answer"),
        *("topic", "dataset", "error", "repeat"),
    ]
    assert [(row["example_id"], row["model"], row["error"]) for row in rows] == [
        ("e1", "a", "True"),
        ("e1", "b", "False"),
        ("e2", "a", "True"),
        ("e3", "b", "True"),
    ]


def test_single_errors_add_the_analysts_columns(run: RunFolder) -> None:
    rows = read_csv(run.single_error)

    assert list(rows[0])[-7:] == [
        *("correct_output_list", "prompt", "judge_model", "judge_response"),
        *("template_used", "inference_success", "full_response"),
    ]
    assert json.loads(rows[0]["correct_output_list"]) == ["The answer is 4."]
    assert rows[0]["inference_success"] == "True"
    assert (rows[0]["judge_model"][:8], rows[0]["prompt"]) == ("offline/", "")


def test_the_judges_response_has_the_references_schema(run: RunFolder) -> None:
    response = json.loads(read_csv(run.final_csv)[0]["judge_response"])

    assert list(response) == ["required_criteria", "final_answer"]
    assert list(response["final_answer"]) == ["error_title", "error_summary"]
    assert list(response["required_criteria"][0]) == [
        *("criterion", "present_in_wrong", "quality", "evidence", "comment"),
    ]


def test_the_final_table_has_one_row_a_studied_failure(run: RunFolder) -> None:
    rows = read_csv(run.final_csv)

    assert list(rows[0]) == FINAL
    assert [row["example_id"] for row in rows] == ["e1", "e2", "e3"]
    root = json.loads(rows[0]["category_depth_0"])
    assert (list(root), root["name"]) == (["name", "description"], "LLM Errors")
    assert json.loads(rows[0]["category_depth_1"])["name"] == "Hard to Analyze"
    assert json.loads(rows[2]["category_depth_1"])["name"] == "Degenerate Output"


def test_texts_are_verbatim_in_every_contract_file(run: RunFolder) -> None:
    tree = json.loads(run.final_json.read_text(encoding="utf-8"))

    assert read_csv(run.preparation)[2]["output_text"] == HOSTILE
    assert read_csv(run.single_error)[1]["output_text"] == HOSTILE
    assert read_csv(run.final_csv)[1]["output_text"] == HOSTILE
    assert HOSTILE in {leaf["info"]["output_text"] for leaf in leaves(tree)}
    assert HOSTILE in pl.read_parquet(run.failures)["output_text"].to_list()


def test_the_tree_has_a_leaf_a_studied_failure(run: RunFolder) -> None:
    tree = json.loads(run.final_json.read_text(encoding="utf-8"))

    assert (tree["name"], tree["parent"]) == ("LLM Errors", "")
    assert all(list(node) == ["id", "name", "info", "children", "parent"] for node in nodes(tree))
    assert sorted(leaf["info"]["example_id"] for leaf in leaves(tree)) == ["e1", "e2", "e3"]
    assert set(next(leaves(tree))["info"]) == {
        *("model", "dataset", "example_id", "input_text", "output_text", "score"),
        *("judge_model", "judge_response", "error_summary", "error_title"),
    }


def test_ids_in_the_tree_are_unique_and_parents_exist(run: RunFolder) -> None:
    tree = json.loads(run.final_json.read_text(encoding="utf-8"))
    identifiers = [node["id"] for node in nodes(tree)]

    assert len(set(identifiers)) == len(identifiers)
    assert {node["parent"] for node in nodes(tree)} - {""} <= set(identifiers)


def test_repeated_keys_keep_their_rows_and_add_a_column(data: Path, output: Path) -> None:
    write_csv(data / "d.csv", [a_row(output="x"), a_row(output="y"), a_row(output="x")])

    folder = analysed(data, output).folder

    rows = read_csv(folder.final_csv)
    assert list(rows[0])[-1] == "repeat"
    assert [(row["repeat"], row["output_text"]) for row in rows] == [
        ("0", "x"),
        ("1", "x"),
        ("2", "y"),
    ]


def test_ten_failures_with_one_title_are_ten_failures(data: Path, output: Path) -> None:
    """The reference drops all but one leaf of the same title under one parent."""
    write_csv(data / "d.csv", [a_row(f"e{n}", output="") for n in range(10)])

    folder = analysed(data, output).folder

    tree = json.loads(folder.final_json.read_text(encoding="utf-8"))
    assert len(list(leaves(tree))) == len(read_csv(folder.final_csv)) == 10


def test_failures_that_are_rendered_in_many_parts_agree_in_all_files(
    data: Path, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publish, "_RENDERED_BYTES", 2**14)
    wrong = ["", "So 2 + 2 = 5.", "I cannot help with that request.", "It is 7."]
    for name, count in (("first", 450), ("second", 203)):
        rows = [
            a_row(f"{name}-{n}", output=wrong[n % 4], correct_answer=f"{n + 100}")
            for n in range(count)
        ]
        write_csv(data / f"{name}.csv", rows)

    analysed(data, output, processes=2)

    folder = RunFolder(output, "t")
    key = ("dataset", "example_id", "category_id")
    kept = pl.read_parquet(folder.failures)
    assert kept.select(key).rows() == pl.read_parquet(folder.records).select(key).rows()
    assert kept.height == 653
    texts = kept.select("output_text", "error_title", "category_id").unique()
    assert texts.height == len(wrong)
    names = ("dataset", "example_id", "error_title")
    final = [tuple(row[name] for name in names) for row in read_csv(folder.final_csv)]
    assert final == kept.select(names).rows()
    tree = json.loads(folder.final_json.read_text(encoding="utf-8"))
    hung = {(*(leaf["info"][name] for name in key[:2]), leaf["parent"]) for leaf in leaves(tree)}
    assert hung == set(kept.select(key).rows())


def test_kept_columns_can_be_chosen(data: Path, output: Path) -> None:
    write_csv(data / "d.csv", [a_row(topic="t", level="1")])

    folder = analysed(data, output, cols_to_keep=["level", "correct_answer"]).folder

    columns = list(read_csv(folder.final_csv)[0])
    assert columns[11:13] == ["level", "correct_answer"]
    assert "topic" not in columns


def test_a_column_to_keep_that_is_not_there_is_refused(data: Path, output: Path) -> None:
    write_csv(data / "d.csv", [a_row(topic="t")])

    with pytest.raises(InputError, match="did you mean 'topic'"):
        analysed(data, output, cols_to_keep=["topics"])


def test_a_files_column_that_bears_one_of_our_names_is_kept_under_another(
    data: Path, output: Path
) -> None:
    write_csv(data / "d.csv", [a_row(prompt="theirs", category_depth_1="old")])

    row = read_csv(analysed(data, output).folder.final_csv)[0]

    assert (row["prompt"], row["prompt_in_file"]) == ("", "theirs")
    assert row["category_depth_1_in_file"] == "old"


def test_rare_categories_are_folded_in_renderings_only(data: Path, output: Path) -> None:
    rows = [a_row(f"e{n}", output="") for n in range(9)]
    write_csv(
        data / "d.csv", [*rows, a_row("e9", output="First, 12 * 3 = 38.", correct_answer="36")]
    )

    folder = analysed(data, output, rare_freq=0.2).folder

    assert json.loads(read_csv(folder.final_csv)[9]["category_depth_1"])["name"] == "Other"
    records = pl.read_parquet(folder.records)
    assert records["category_id"][9] == "computation_error.false_equation"
    assert records["state"][9] == "assigned"


def test_the_config_file_keeps_no_secrets() -> None:
    secret = {"model": "m", "api_key": "sk-1", "extra_headers": {"X": "sk-2"}, "timeout": 3}
    config = RunConfig.load({"litellm_config": secret, "exp_id": "e"})

    stored = json.dumps(config.storable())

    assert "sk-" not in stored
    assert "sk-" not in repr(config)
    assert config.storable()["litellm_config"] == {
        "model": "m",
        "api_key": "<not stored>",
        "extra_headers": "<not stored>",
        "timeout": 3,
    }


def test_the_records_table_has_a_row_an_input_row_and_no_long_texts(run: RunFolder) -> None:
    records = pl.read_parquet(run.records)

    assert records.columns == [
        *("dataset", "example_id", "model", "repeat", "score", "threshold", "state", "reason"),
        *("weight", "category_id", "topic"),
    ]
    assert records.height == len(ROWS)


def test_the_failures_table_holds_the_evidence_at_its_offsets(run: RunFolder) -> None:
    row = pl.read_parquet(run.failures).row(0, named=True)

    evidence = json.loads(row["findings"])[0]["evidence"][0]
    assert row["output_text"][evidence["start"] : evidence["end"]] == evidence["quote"]
    assert row["correct_outputs"] == [{"model": "b", "output": "The answer is 4."}]
    assert (row["detector"], row["verdict"]) == ("late_false_equation", "located")


def test_without_failures_the_tables_have_their_columns_all_the_same(
    data: Path, output: Path, run: RunFolder
) -> None:
    write_csv(data / "sums.csv", [a_row(score=1, topic="t")])

    folder = analysed(data, output / "right").folder

    assert pl.read_parquet_schema(folder.failures) == pl.read_parquet_schema(run.failures)
    assert pl.read_parquet_schema(folder.records) == pl.read_parquet_schema(run.records)
    assert read_csv(folder.final_csv) == []
    assert json.loads(folder.final_json.read_text(encoding="utf-8"))["children"] == []


def test_the_host_of_the_endpoint_is_all_that_is_kept_of_it() -> None:
    secret = {"api_base": "https://user:sk-1@host.example:99/v1?key=sk-2"}
    config = RunConfig.load({"litellm_config": secret, "exp_id": "e"})

    assert config.storable()["litellm_config"] == {"api_base": "host.example"}
