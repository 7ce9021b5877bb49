"""The manifest as the pointer to the current files of a run."""

import platform
import shutil
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from error_map import __version__
from error_map.errors import InputError, StoreError
from error_map.outputs.failure_page import read_failure
from error_map.outputs.index_builder import fingerprint_of
from error_map.outputs.summary import open_run
from error_map.store import RunFolder, current_files, read_manifest
from error_map.store import open_run as open_folder
from error_map.store.manifest import versions
from tests.report_runs import rewrite_manifest
from tests.support import a_row, analysed, write_csv


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    place = tmp_path_factory.mktemp("finished")
    (place / "data").mkdir()
    write_csv(place / "data" / "d.csv", [a_row("e1", "a", output="")])
    return analysed(place / "data", place / "output").folder


@pytest.fixture
def run(finished: RunFolder, output: Path) -> RunFolder:
    """A copy of the run that a test may change."""
    shutil.copytree(finished.output_dir, output)
    return RunFolder(output, finished.exp_id)


def test_the_manifest_names_every_file_of_the_run_but_itself(run: RunFolder) -> None:
    names = read_manifest(run).files.values()

    assert sorted([*names, run.manifest.name]) == sorted(file.name for file in run.all_files)


def test_a_run_is_read_from_the_files_that_its_manifest_names(run: RunFolder) -> None:
    before = fingerprint_of(run)
    for kind, file in (("taxonomy", run.taxonomy), ("failures", run.failures)):
        second = file.with_name(file.name.replace("__", ".2__"))
        file.rename(second)
        files: dict[str, str] = {str(name): file for name, file in read_manifest(run).files.items()}
        rewrite_manifest(run, files={**files, kind: second.name})

    opened = open_run(run.output_dir, run.exp_id)

    assert opened.folder.taxonomy.name == "taxonomy.2__exp_id=t.yaml"
    assert read_failure(opened.folder, 0).key.example == "e1"
    assert fingerprint_of(run) != before


def test_a_run_without_the_mapping_has_the_names_that_runs_give_their_files(
    run: RunFolder,
) -> None:
    rewrite_manifest(run, files={})

    assert current_files(run) == replace(run, files={})
    assert open_run(run.output_dir, run.exp_id).folder.failures == run.failures


@pytest.mark.parametrize("name", ["../taxonomy.yaml", "/etc/hostname", "a\\b", "", "a\0b"])
def test_a_manifest_that_names_a_file_elsewhere_is_refused(run: RunFolder, name: str) -> None:
    rewrite_manifest(run, files={"taxonomy": name})

    with pytest.raises(StoreError, match="the manifest is damaged"):
        open_run(run.output_dir, run.exp_id)


@pytest.mark.parametrize(
    ("faults", "whole"), [({"consensus": 1}, True), ({"consensus": 2}, False), ({"a": -1}, False)]
)
def test_a_manifest_cannot_have_more_faults_than_rows(
    run: RunFolder, *, faults: dict[str, int], whole: bool
) -> None:
    rewrite_manifest(run, faults=faults)

    if whole:
        assert read_manifest(run).faults == faults
    else:
        with pytest.raises(StoreError, match="the manifest is damaged"):
            read_manifest(run)


def test_a_manifest_with_an_unknown_field_is_refused(run: RunFolder) -> None:
    rewrite_manifest(run, invented=1)

    with pytest.raises(StoreError, match="the manifest is damaged"):
        read_manifest(run)


@pytest.mark.parametrize("kind", ["records", "taxonomy"])
def test_a_run_without_a_file_of_its_summary_is_refused(run: RunFolder, kind: str) -> None:
    file = {"records": run.records, "taxonomy": run.taxonomy}[kind]
    file.unlink()

    with pytest.raises(StoreError, match="a file of the run is gone") as refused:
        open_folder(run.output_dir, run.exp_id)

    assert refused.value.where == str(file)


def test_an_unknown_run_and_an_unknown_folder_are_refused_with_a_hint(run: RunFolder) -> None:
    with pytest.raises(InputError, match="no run 'tt'") as name:
        open_folder(run.output_dir, "tt")
    with pytest.raises(InputError, match="no such folder") as folder:
        open_folder(run.output_dir / "missing", "t")

    assert "t" in name.value.hint
    assert folder.value.hint == "--output-dir names the folder of a run's files"
    assert open_folder(run.output_dir, "t") == run


def test_the_versions_are_those_of_this_process() -> None:
    named = versions()

    assert (named["error-map"], named["polars"]) == (__version__, pl.__version__)
    assert platform.python_version().startswith(named["python"])
    assert len(named) == 3
