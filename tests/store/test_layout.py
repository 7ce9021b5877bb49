"""The files of a run: their names, and errors of folders that cannot be written to."""

import errno
import json
import os
from pathlib import Path

import pytest

from error_map.errors import InputError, StoreError
from error_map.store import RunFolder, finished_runs


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path / "output", "t")


def written(run: RunFolder, mark: str = "new") -> None:
    with run.writing():
        for file in run.all_files:
            run.part(file).write_text(mark, encoding="utf-8")


def test_a_run_has_its_files_under_its_name(run: RunFolder) -> None:
    assert [file.name for file in run.all_files] == [
        "config__exp_id=t.json",
        "exp_name=data_preparation__exp_id=t.csv",
        "exp_name=single_error__exp_id=t.csv",
        "exp_name=construct_taxonomy_recursively__exp_id=t.csv",
        "exp_name=construct_taxonomy_recursively__exp_id=t.json",
        "records__exp_id=t.parquet",
        "failures__exp_id=t.parquet",
        "invalid_rows__exp_id=t.csv",
        "taxonomy__exp_id=t.yaml",
        "manifest__exp_id=t.json",
    ]
    assert run.report(".html").name == "report__exp_id=t.html"
    assert run.index.name == "index__exp_id=t.sqlite"
    assert (run.workshop.name, run.lock.name) == (".t.part", ".t.lock")
    assert run.part(run.records) == run.workshop / run.records.name
    assert {file.parent for file in (*run.all_files, run.workshop, run.lock)} == {run.output_dir}


def test_a_file_of_another_name_is_used_where_the_manifest_names_it(tmp_path: Path) -> None:
    run = RunFolder(tmp_path, "t", {"records": "records.2__exp_id=t.parquet"})

    assert run.records == tmp_path / "records.2__exp_id=t.parquet"
    assert run.failures == tmp_path / "failures__exp_id=t.parquet"
    assert run.named["records"] == run.records.name
    assert len(run.named) == 9
    assert run == RunFolder(tmp_path, "t")


def test_a_written_run_has_its_files_alone(run: RunFolder) -> None:
    written(run, "old")
    run.index.write_text("an index of the old files")
    written(run)

    assert sorted(run.output_dir.iterdir()) == sorted(run.all_files)
    assert {file.read_text() for file in run.all_files} == {"new"}


def test_an_error_while_writing_leaves_the_earlier_run(run: RunFolder) -> None:
    written(run, "old")

    def interrupted() -> None:
        with run.writing():
            run.part(run.config).write_text("new")
            raise KeyError

    with pytest.raises(KeyError):
        interrupted()

    assert sorted(run.output_dir.iterdir()) == sorted(run.all_files)
    assert {file.read_text() for file in run.all_files} == {"old"}


def test_the_remains_of_a_killed_run_are_removed(run: RunFolder) -> None:
    (run.workshop / "folder").mkdir(parents=True)
    (run.workshop / "records.arrow").touch()

    with run.writing(()):
        assert list(run.workshop.iterdir()) == []

    assert list(run.output_dir.iterdir()) == []


@pytest.mark.parametrize("folder", ["leaving", "left"])
def test_the_files_of_an_interrupted_replacement_are_put_back(run: RunFolder, folder: str) -> None:
    written(run, "old")
    moved = run.workshop / folder
    moved.mkdir(parents=True)
    for file in run.all_files:
        file.rename(moved / file.name)
    if folder == "left":  # then some of the new files may be in place
        run.records.write_text("new")
        run.index.write_text("new")

    with pytest.raises(StoreError, match="the run is being replaced") as refused:
        run.refuse_half_replaced()
    with pytest.raises(KeyError), run.writing():
        raise KeyError

    assert refused.value.where == str(run.workshop)
    assert sorted(run.output_dir.iterdir()) == sorted(run.all_files)
    assert {file.read_text() for file in run.all_files} == {"old"}
    run.refuse_half_replaced()


def test_a_folder_and_only_a_folder_in_the_place_of_a_file_is_refused(run: RunFolder) -> None:
    run.output_dir.mkdir()
    (run.output_dir / "elsewhere").mkdir()
    run.config.symlink_to(run.output_dir / "elsewhere")
    written(run)
    assert run.config.read_text() == "new"
    run.index.mkdir()

    with pytest.raises(StoreError, match="a folder has the name of a file") as refused:
        written(run, "newer")

    assert refused.value.where == str(run.index)
    assert run.config.read_text() == "new"


def test_a_file_in_the_place_of_the_folder_is_an_error_with_a_hint(run: RunFolder) -> None:
    run.output_dir.touch()

    with pytest.raises(InputError, match="cannot write: file exists") as refused:
        written(run)

    assert (refused.value.where, refused.value.hint) == (
        str(run.output_dir),
        "choose another --output-dir",
    )


@pytest.mark.parametrize(
    ("number", "hint"),
    [
        (errno.EINVAL, "delete it, or choose another --exp-id"),
        (errno.EACCES, "if no other run is at work, delete the file; or choose another --exp-id"),
        (errno.EPERM, "if no other run is at work, delete the file; or choose another --exp-id"),
        (errno.ENOLCK, "choose an --output-dir on a file system that has locks"),
    ],
)
def test_a_lock_file_that_cannot_be_locked_is_an_error_with_a_hint(
    *, run: RunFolder, monkeypatch: pytest.MonkeyPatch, number: int, hint: str
) -> None:
    def refused(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("error_map.store.lock.fcntl.flock", refused)

    with pytest.raises(InputError, match=f"cannot lock: {os.strerror(number).lower()}") as error:
        written(run)

    assert (error.value.where, error.value.hint) == (str(run.lock), hint)


def test_finished_runs_are_those_with_a_manifest_in_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b", "a=1", "a"):
        (tmp_path / f"manifest__exp_id={name}.json").touch()
    (tmp_path / "records__exp_id=c.parquet").touch()

    runs = finished_runs(tmp_path)

    assert sorted(run.exp_id for run in runs) == ["a", "a=1", "b"]
    assert [run.manifest for run in runs] == sorted(tmp_path.glob("manifest*"))


def test_json_is_written_as_utf8_and_never_with_nan(run: RunFolder) -> None:
    with run.writing(()):
        run.write_json(run.config, {"é": "\ud800", "list": [1]})
        text = run.part(run.config).read_text(encoding="utf-8")
        with pytest.raises(ValueError, match="not JSON compliant"):
            run.write_json(run.config, float("nan"))

    assert text == '{\n  "é": "\\ud800",\n  "list": [\n    1\n  ]\n}\n'
    assert json.loads(text)["list"] == [1]


def test_pipes_in_the_place_of_files_are_refused(run: RunFolder) -> None:
    written(run)
    run.refuse_irregular()
    os.mkfifo(run.index)

    with pytest.raises(StoreError, match="it is no regular file") as refused:
        run.refuse_irregular()

    assert refused.value.where == str(run.index)
