"""Imported folders: the same rows as the logs and tables that they were made from."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pytest

from error_map.cli import exit_code
from error_map.config import RunConfig
from error_map.conversion.convert import Form, Imported, import_folder
from error_map.errors import InputError
from error_map.pipeline import run_sync
from error_map.readers import InvalidRow
from error_map.readers.logs import rows as log_rows
from error_map.stages.reading import invalid_rows, open_catalog
from tests.readers.logs.test_every_eval_ever import a_folder, a_sample
from tests.readers.logs.test_lm_eval import RESULTS, a_line, a_log
from tests.readers.logs.test_promptfoo import a_file, a_row
from tests.support import a_row as a_table_row
from tests.support import shared_path, write_csv

pytestmark = pytest.mark.slow


def a_config(folder: Path, **options: object) -> RunConfig:
    return RunConfig.load({"exp_id": "t", "data_path": folder, **options})


def imported(folder: Path, out: Path, form: Form = "parquet", **options: object) -> Imported:
    return import_folder(a_config(folder, **options), out, form)


def read(
    folder: Path, **options: object
) -> tuple[dict[str, pl.DataFrame], list[tuple[object, ...]]]:
    """The rows by dataset in an order of their own, and the rows that are set aside."""
    config = a_config(folder, **options)
    catalog, _ = open_catalog(config, None)
    frames = {name: catalog.rows(name) for name in catalog.datasets}
    ordered = {
        name: frame.select(sorted(frame.columns)).sort(
            "example_id", "model", "attempt", "score", "output_text"
        )
        for name, frame in frames.items()
    }
    return ordered, sorted(map(_fields, invalid_rows(catalog, config)), key=str)


def _fields(row: InvalidRow) -> tuple[object, ...]:
    return (row.file, row.line, row.reason, row.dataset, row.state)


def a_mixed_folder(folder: Path) -> Path:
    """Logs of three tools and a table, with errored samples, repeats and invalid rows."""
    a_log(folder / "lm", [a_line(n, n % 2) for n in range(5)], RESULTS)
    rows = [a_row(0), a_row(1, score=0.5), a_row(2, score=0, failureReason=2, error="500")]
    rows.append(a_row(1, score=0) | {"testIdx": 7})
    (folder / "pf").mkdir()
    (folder / "pf" / "results.json").write_text(a_file(rows))
    messages = [
        {"turn_idx": 0, "role": "user", "content": "Weather?"},
        {
            "turn_idx": 1,
            "role": "assistant",
            "content": "I look.",
            "tool_calls": [{"id": "c1", "name": "look", "arguments": {"in": "Rome"}}],
        },
        {"turn_idx": 2, "role": "tool", "content": "sun", "tool_call_id": ["c1"]},
        {"turn_idx": 3, "role": "assistant", "content": "Sunny."},
    ]
    spoken = a_sample(2, interaction_type="agentic", output=None, messages=messages)
    silent = a_sample(3, score=0, error="timeout", output={"raw": []})
    a_folder(folder / "eee", [a_sample(1), spoken, silent])
    table = [
        a_table_row("e1", epoch=1, subject="art"),
        a_table_row("e2", score="n/a"),
        a_table_row("e3"),
    ]
    write_csv(folder / "own.csv", table)
    return folder


def test_an_imported_folder_has_the_rows_of_the_logs(tmp_path: Path) -> None:
    folder = a_mixed_folder(tmp_path / "in")

    result = imported(folder, tmp_path / "out")

    rows, aside = read(folder)
    again, aside_again = read(tmp_path / "out")
    assert rows.keys() == again.keys() == {"Say_a_b", "own", "set_sums", "sums"}
    for name in rows:
        assert rows[name].to_dicts() == again[name].to_dicts()
    assert aside == aside_again
    assert len(aside) == 3
    counts = {one.dataset: (one.scored, one.errored, one.invalid) for one in result.written}
    assert counts == {
        "Say_a_b": (3, 1, 0),
        "own": (2, 0, 1),
        "set_sums": (2, 1, 0),
        "sums": (5, 0, 0),
    }


def test_the_texts_of_an_errored_sample_are_kept(tmp_path: Path) -> None:
    folder = a_mixed_folder(tmp_path / "in")

    imported(folder, tmp_path / "out", model_name="{model} ({dataset})")

    frame = pl.read_parquet(tmp_path / "out" / "Say_a_b.parquet")
    (row,) = frame.filter(pl.col("log_state") == "errored").to_dicts()
    assert (row["example_id"], row["model"]) == ("2", "model-0 (Say_a_b)")
    assert (row["input_text"], row["score"]) == ("Say 2.", None)
    assert row["log_fault"] == "the tool failed: 500"
    assert row["log_file"].endswith("results.json")


def test_rows_come_in_chunks_whose_columns_differ(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_rows, "CHUNK", 2)
    rows = [a_row(n, vars={"n": str(n), f"only_{n}": "x"}) for n in range(7)]
    rows[3] = a_row(3, failureReason=2, error="500", score=0)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "results.json").write_text(a_file(rows))

    imported(tmp_path / "in", tmp_path / "out")

    assert _comparable(read(tmp_path / "in")) == _comparable(read(tmp_path / "out"))


def _comparable(
    found: tuple[Mapping[str, pl.DataFrame], list[tuple[object, ...]]],
) -> tuple[dict[str, list[dict[str, object]]], list[tuple[object, ...]]]:
    return {name: frame.to_dicts() for name, frame in found[0].items()}, found[1]


@pytest.mark.parametrize(
    "tool",
    ["agentrx", "every_eval_ever", "helm", "lighteval", "lm_eval", "promptfoo", "unitxt"],
)
def test_real_logs_are_the_same_after_an_import(tmp_path: Path, tool: str) -> None:
    folder = shared_path("native") / tool

    imported(folder, tmp_path / "out")

    assert _comparable(read(folder)) == _comparable(read(tmp_path / "out"))


def test_the_choices_of_a_run_are_those_of_an_import(tmp_path: Path) -> None:
    folder = a_mixed_folder(tmp_path / "in")
    choices = {"format": ("promptfoo",), "metric": ("success",), "model_name": "{model}-x"}

    import_folder(a_config(folder / "pf", **choices), tmp_path / "out", "parquet")

    assert _comparable(read(folder / "pf", **choices)) == _comparable(read(tmp_path / "out"))


@pytest.mark.slow
def test_a_run_over_an_imported_folder_gives_the_same_records(tmp_path: Path) -> None:
    folder = a_mixed_folder(tmp_path / "in")
    imported(folder, tmp_path / "out")

    first, second = (
        run_sync(data_path=path, output_dir=tmp_path / f"runs-{path.name}", ratio=1.0, exp_id="t")
        for path in (folder, tmp_path / "out")
    )

    assert first.summary.accounting.counts == second.summary.accounting.counts
    for name in ("records", "failures"):
        one, two = (
            pl.read_parquet(next(run.folder.output_dir.glob(f"{name}__*.parquet")))
            for run in (first, second)
        )
        # Rows without a key are in the order of the files that were read.
        order = ["dataset", "example_id", "model", "repeat"]
        one, two = (frame.select(sorted(frame.columns)).sort(order) for frame in (one, two))
        assert one.equals(two)


def test_written_in_the_other_format_the_rows_are_the_same(tmp_path: Path) -> None:
    folder = a_mixed_folder(tmp_path / "in")

    imported(folder, tmp_path / "out", "every-eval-ever")

    rows, aside = read(folder)
    again, aside_again = read(tmp_path / "out")
    assert rows.keys() == again.keys()
    for name, frame in rows.items():
        for before, after in zip(frame.to_dicts(), again[name].to_dicts(), strict=True):
            known = {key: value for key, value in before.items() if value is not None}
            known.pop("epoch", None)  # it is the repeat there
            assert {key: after[key] for key in known} == known
    # The invalid row of the table has no key, and is left out.
    assert {str(row[2]).rpartition(": ")[2] for row in aside_again} == {"500", "timeout"}
    assert len(aside) == 3


def test_samples_of_the_other_format_have_their_fields(tmp_path: Path) -> None:
    folder = a_mixed_folder(tmp_path / "in")

    imported(folder / "pf", tmp_path / "data", "every-eval-ever")

    (path,) = (tmp_path / "data" / "Say_a_b" / "unspecified" / "model-0").glob("*_samples.jsonl")
    first, *_, errored = (json.loads(line) for line in path.read_text().splitlines())
    assert first["evaluation"] == {"score": 1.0, "is_correct": True}
    assert first["token_usage"] == {"input_tokens": 3, "output_tokens": 4, "total_tokens": 7}
    assert first["metadata"]["stop_reason"] == "stop"
    assert errored["error"] == "the tool failed: 500"
    assert errored["output"] == {"raw": []}
    assert errored["metadata"]["unscored_output"] == "It is 2."
    whole = json.loads(path.with_name(path.name.replace("_samples.jsonl", ".json")).read_text())
    assert whole["evaluation_results"][0]["score_details"]["score"] == 0.5
    assert whole["eval_library"] == {"name": "promptfoo", "version": "0.123.1"}
    assert (
        whole["detailed_evaluation_results"]["file_path"]
        == f"data/{path.relative_to(tmp_path / 'data')}"
    )


@pytest.mark.slow
def test_the_other_format_is_valid_by_its_own_validator(tmp_path: Path) -> None:
    command = shutil.which("every_eval_ever")
    if command is None:
        pytest.skip("the package every-eval-ever is not installed")
    imported(a_mixed_folder(tmp_path / "in"), tmp_path / "data", "every-eval-ever")
    paths = [str(path.relative_to(tmp_path)) for path in (tmp_path / "data").rglob("*.json*")]

    ended = subprocess.run(
        [command, "validate", *paths], cwd=tmp_path, check=False, capture_output=True, text=True
    )

    assert ended.returncode == 0, ended.stdout


def test_a_second_import_replaces_the_files_of_the_first(tmp_path: Path) -> None:
    folder = a_mixed_folder(tmp_path / "in")
    imported(folder, tmp_path / "out")
    (folder / "own.csv").unlink()
    write_csv(folder / "own.csv", [a_table_row("other")])

    imported(folder, tmp_path / "out")

    assert pl.read_parquet(tmp_path / "out" / "own.parquet")["example_id"].to_list() == ["other"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "Say_a_b.parquet",
        "own.parquet",
        "set_sums.parquet",
        "sums.parquet",
    ]


def test_a_file_of_another_program_is_not_replaced(tmp_path: Path) -> None:
    folder = a_mixed_folder(tmp_path / "in")
    (tmp_path / "out").mkdir()
    pl.DataFrame({"a": [1]}).write_parquet(tmp_path / "out" / "sums.parquet")

    with pytest.raises(InputError, match="it exists, and no import wrote it"):
        imported(folder, tmp_path / "out")

    assert [path.name for path in (tmp_path / "out").iterdir()] == ["sums.parquet"]


def test_a_log_that_is_cut_off_leaves_no_files(tmp_path: Path) -> None:
    folder = a_mixed_folder(tmp_path / "in")
    a_log(folder / "lm", [a_line(1, 0), a_line(2, 0)[:-9]], RESULTS)

    with pytest.raises(InputError, match="no valid JSON"):
        imported(folder, tmp_path / "out")

    assert not (tmp_path / "out").exists()


def test_a_row_in_two_files_is_refused_as_in_a_run(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("a", "b"):
        write_csv(tmp_path / "in" / f"{name}.csv", [a_table_row(dataset="sums")])

    with pytest.raises(InputError, match="is in two files, and both have example 'e1'"):
        imported(tmp_path / "in", tmp_path / "out")


@pytest.mark.parametrize("out", ["in", "."])
def test_a_folder_with_the_logs_is_no_place_for_the_tables(tmp_path: Path, out: str) -> None:
    folder = a_mixed_folder(tmp_path / "in")

    with pytest.raises(InputError, match="would read the same rows twice"):
        imported(folder, tmp_path / out)


def test_a_name_that_no_file_can_have_is_refused(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    write_csv(tmp_path / "in" / "a.csv", [a_table_row(dataset="../up")])

    with pytest.raises(InputError, match="cannot name a dataset"):
        imported(tmp_path / "in", tmp_path / "out")

    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_the_command_says_what_it_wrote_and_what_comes_next(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = a_mixed_folder(tmp_path / "in")
    out = tmp_path / "out"

    assert (
        exit_code(
            ["import", str(folder), "--out", str(out), "--metric", "score,accuracy,exact_match"]
        )
        == 0
    )

    printed = capsys.readouterr()
    assert f"wrote {out / 'Say_a_b.parquet'}: 3 scored rows, 1 model, 1 errored" in printed.out
    assert f"wrote {out / 'own.parquet'}: 2 scored rows, 1 model, 1 invalid" in printed.out
    assert f"--data-path {out}" in printed.out
    assert "metric 'score' is taken" in printed.err
