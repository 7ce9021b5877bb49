"""Naming datasets and models from the command line: v1.csv and v2.csv as one dataset."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final, Unpack

import polars as pl
import pytest

from error_map import InputError, run_sync
from error_map.cli import exit_code
from error_map.options import Options
from error_map.readers import Catalog, ReadOptions, data_source, file_source
from error_map.readers.naming import PLACEHOLDERS, NameTemplate
from tests.support import ROOT, a_row, analysed, write_csv

pytestmark = pytest.mark.slow

FALSE: Final = "12 * 3 = 38. The answer is 38."
BOTH: Final = "{model} ({file})"
ENVIRONMENT: Final = {**os.environ, "PYTHONPATH": str(ROOT / "src")}


def versions(data: Path, *, models: tuple[str, str] = ("a", "a")) -> None:
    """The files of a developer: the same examples, before and after a change."""
    for name, model, right in (("v1", models[0], {"e1"}), ("v2", models[1], {"e1", "e2"})):
        rows = [
            a_row(f"e{n}", model, score=int(f"e{n}" in right), output=FALSE) for n in range(1, 5)
        ]
        write_csv(data / f"{name}.csv", rows)


def naming(template: str, dataset: str | None = None) -> ReadOptions:
    return ReadOptions(model_name=NameTemplate.parse(template), dataset_name=dataset)


def models_in(path: Path, options: ReadOptions) -> list[str]:
    catalog = Catalog([file_source(path, options)])
    return sorted({name for one in catalog.datasets for name in catalog.rows(one)["model"]})


# ---- the template


def test_a_template_is_filled_from_the_place_of_a_row() -> None:
    template = NameTemplate.parse("{run}/{file}: {model} on {dataset}")

    filled = template.filled({"model": "a", "file": "v1", "dataset": "d", "run": "tuesday"})

    assert filled == "tuesday/v1: a on d"


def test_what_is_filled_in_is_not_read_as_a_template() -> None:
    template = NameTemplate.parse("{model}")

    filled = template.filled({"model": "{file}", "file": "v1", "dataset": "d", "run": "r"})

    assert filled == "{file}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{modle}", "no placeholder {modle} (did you mean 'model'? there are: 'dataset',"),
        ("{model.__class__}", "no placeholder {model.__class__}"),
        ("{model!r:>9999999}", "no placeholder {model!r:>9999999}"),
        ("{model[0]}", "no placeholder {model[0]}"),
        ("{0}", "no placeholder {0}"),
        ("{}", "no placeholder {}"),
        ("{{model}}", "a brace without a placeholder"),
        ("{model", "a brace without a placeholder"),
        ("model}", "a brace without a placeholder"),
        ("a", "no placeholder, so all models would have one name"),
        ("", "no placeholder, so all models would have one name"),
    ],
)
def test_what_is_no_template_is_refused_with_what_can_be_filled_in(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        NameTemplate.parse(text)

    assert message in str(caught.value)
    assert all(name in str(caught.value) for name in PLACEHOLDERS)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (Options(model_name="{a}/b"), "model_name: no placeholder {a}"),
        (Options(dataset_name="{a}/b"), "cannot name a dataset"),
    ],
)
def test_a_name_that_cannot_be_used_stops_before_anything_is_read(
    *, tmp_path: Path, options: Options, message: str
) -> None:
    arguments: Options = {**options, "data_path": tmp_path / "nowhere"}

    with pytest.raises(InputError, match=message):
        run_sync(**arguments)


# ---- reading


def test_all_files_of_a_run_become_one_dataset(data: Path) -> None:
    versions(data)
    files = [data / "v1.csv", data / "v2.csv"]

    catalog = Catalog([file_source(path, naming(BOTH, "sums")) for path in files])

    assert catalog.datasets == ("sums",)
    assert set(catalog.rows("sums")["model"]) == {"a (v1)", "a (v2)"}


@pytest.mark.parametrize("suffix", ["csv", "tsv", "jsonl", "parquet"])
def test_every_format_takes_the_names(data: Path, suffix: str) -> None:
    path, frame = data / f"v1.{suffix}", pl.DataFrame([a_row("e1", "a")])
    if suffix == "parquet":
        frame.write_parquet(path)
    elif suffix == "jsonl":
        frame.write_ndjson(path)
    else:
        frame.write_csv(path, separator="\t" if suffix == "tsv" else ",")

    options = naming("{model}|{file}|{run}|{dataset}", "x")
    assert models_in(path, options) == [f"a|v1|{data.name}|x"]


def test_rows_in_memory_take_the_names_too() -> None:
    options = naming("{model} {file} {run}", "x")

    catalog = Catalog([data_source([a_row()], options)])

    assert catalog.datasets == ("x",)
    assert catalog.rows("x")["model"].to_list() == ["m data data"]


def test_the_folder_is_the_run_also_where_files_are_named_from_within(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_csv(data / "v1.csv", [a_row("e1", "a")])
    monkeypatch.chdir(data)

    assert models_in(Path("v1.csv"), naming("{model} {run}")) == [f"a {data.name}"]


def test_a_row_without_a_model_stays_invalid(data: Path) -> None:
    path = write_csv(data / "v1.csv", [a_row("e1", ""), a_row("e2", "a"), a_row("e3", "a")])

    table = file_source(path, naming(BOTH)).read()

    assert [row.reason for row in table.invalid] == ["no model"]
    assert set(table.frame["model"]) == {"a (v1)"}


def test_the_option_wins_over_a_dataset_column_which_is_kept_and_reported(data: Path) -> None:
    path = write_csv(data / "v1.csv", [a_row("e1", dataset="law"), a_row("e2", dataset="art")])

    table = file_source(path, ReadOptions(dataset_name="all")).read()

    assert set(table.frame["dataset"]) == {"all"}
    assert table.frame["dataset_in_file"].to_list() == ["law", "art"]
    assert table.notices == (
        f"{path}: dataset_name 'all' wins over the file's datasets, kept in 'dataset_in_file'",
    )


# ---- notices


def notices(data: Path, output: Path, **options: Unpack[Options]) -> str:
    return "\n".join(analysed(data, output, **options).summary.notices)


def test_files_of_the_same_examples_and_model_get_both_names_in_the_notice(
    data: Path, output: Path
) -> None:
    versions(data)

    message = notices(data, output)

    assert "v1 and v2 have most examples in common" in message
    assert "--dataset-name NAME" in message
    assert "--model-name \"{model} ({file})\", as both have the model 'a'" in message


def test_files_of_other_models_need_the_dataset_name_only(data: Path, output: Path) -> None:
    versions(data, models=("a", "b"))

    message = notices(data, output)

    assert "--dataset-name NAME" in message
    assert "--model-name" not in message


def test_several_files_get_one_notice(data: Path, output: Path) -> None:
    versions(data)
    write_csv(data / "v3.csv", [a_row(f"e{n}", "a", output=FALSE) for n in range(1, 5)])

    message = notices(data, output)

    assert message.count("--dataset-name") == 1
    assert "v1, v2 and v3 have most examples in common" in message


def test_ids_that_merely_count_rows_make_no_notice(data: Path, output: Path) -> None:
    for name in ("sums", "law"):
        rows = [
            a_row(n, input_text=f"{name} {n}?", correct_answer=f"{name} {n}") for n in range(1, 5)
        ]
        write_csv(data / f"{name}.csv", rows)

    assert "in common" not in notices(data, output)


def test_a_prompt_that_changed_hides_no_common_example(data: Path, output: Path) -> None:
    for name in ("v1", "v2"):
        rows = [
            a_row(n, input_text=f"{name} {n}?", correct_answer=f"the answer {n}") for n in range(4)
        ]
        write_csv(data / f"{name}.csv", rows)

    assert "v1 and v2 have most examples in common" in notices(data, output)


def test_files_with_few_common_examples_make_no_notice(data: Path, output: Path) -> None:
    write_csv(data / "v1.csv", [a_row(f"e{n}") for n in range(4)])
    write_csv(data / "v2.csv", [a_row(f"e{n}") for n in range(3, 7)])

    assert "in common" not in notices(data, output)


def test_files_that_name_their_datasets_make_no_notice(data: Path, output: Path) -> None:
    for name in ("v1", "v2"):
        rows = [a_row(f"e{n}", f"model {name}", dataset="sums") for n in range(4)]
        write_csv(data / f"{name}.csv", rows)

    assert "in common" not in notices(data, output)


def test_a_file_that_names_its_dataset_is_held_against_one_that_does_not(
    data: Path, output: Path
) -> None:
    write_csv(data / "v1.csv", [a_row(f"e{n}") for n in range(4)])
    write_csv(data / "v2.csv", [a_row(f"e{n}", dataset="gsm8k") for n in range(4)])

    message = notices(data, output)

    assert "gsm8k and v1 have most examples in common" in message
    assert '--dataset-name NAME and --model-name "{model} ({file})"' in message


def test_one_dataset_makes_no_notice(data: Path, output: Path) -> None:
    versions(data)

    assert "in common" not in notices(data, output, dataset_name="d", model_name=BOTH)


def test_one_models_name_in_two_files_of_a_dataset_is_refused_with_the_way_out(
    data: Path, output: Path
) -> None:
    versions(data)

    with pytest.raises(InputError) as caught:
        analysed(data, output, dataset_name="sums")

    assert "both have example 'e1' of model 'a'" in str(caught.value)
    assert '--model-name "{model} ({file})"' in str(caught.value)


# ---- the whole way


def test_a_developer_compares_two_versions(tmp_path: Path) -> None:
    """From the notice to the report, in processes of their own, as it is typed."""
    (tmp_path / "data").mkdir()
    versions(tmp_path / "data")

    def typed(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "error_map", *arguments],
            cwd=tmp_path,
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            check=False,
        )

    first = typed("--exp-id", "apart", "--ratio", "1")
    named = ("--dataset-name", "sums", "--model-name", BOTH)
    second = typed("--exp-id", "changed", "--ratio", "1", *named)
    compare = ("--compare", "a (v1)", "a (v2)", "--format", "json", "--out", "-")
    third = typed("report", "changed", *compare)

    assert (first.returncode, second.returncode, third.returncode) == (0, 0, 0)
    assert '--dataset-name NAME and --model-name "{model} ({file})"' in first.stderr
    assert "in common" not in second.stderr
    pair = json.loads(third.stdout)["comparison"]
    assert (pair["before"], pair["after"], pair["attempts"]) == ("a (v1)", "a (v2)", 4)
    assert (pair["fixed"]["hits"], pair["broken"]["hits"]) == (1, 0)


def test_the_options_file_takes_the_names(
    *, data: Path, output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions(data)
    monkeypatch.chdir(tmp_path)
    text = f'dataset_name = "sums"\nmodel_name = "{BOTH}"\n'
    (tmp_path / "error-map.toml").write_text(text, encoding="utf-8")

    arguments = ["--data-path", str(data), "--output-dir", str(output), "--exp-id", "t"]
    assert exit_code([*arguments, "--models", "a (v2)", "--quiet"]) == 0

    records = pl.read_parquet(output / "records__exp_id=t.parquet")
    assert set(records["dataset"]) == {"sums"}
    assert set(records["model"]) == {"a (v1)", "a (v2)"}


@pytest.mark.parametrize("template", ["{dataset}", "{file}", "{run}: {file}"])
def test_models_of_one_file_that_get_one_name_get_a_notice(data: Path, template: str) -> None:
    rows = [a_row(f"e-{model}", model) for model in ("a", "b", "c")]
    source = file_source(write_csv(data / "d.csv", rows), naming(template))

    (notice,) = source.read().notices

    assert notice.startswith(f"{data / 'd.csv'}: model_name makes 3 models one, 'a' and 'b' among ")
    assert notice.endswith("; with {model} in it they stay apart")


@pytest.mark.parametrize("template", ["{model}", "{file} {model}"])
def test_models_with_different_names_get_no_notice(data: Path, template: str) -> None:
    rows = [a_row("e", model) for model in ("a", "b")]

    assert file_source(write_csv(data / "d.csv", rows), naming(template)).read().notices == ()


def test_a_file_of_one_model_may_be_named_after_the_file(data: Path) -> None:
    source = file_source(write_csv(data / "d.csv", [a_row("e", "a")]), naming("{file}"))

    assert source.read().notices == ()
