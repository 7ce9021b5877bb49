"""The manifest as the pointer to the current files of a run."""

from dataclasses import replace
from pathlib import Path

import pytest

from error_map.errors import StoreError
from error_map.outputs.failure_page import read_failure
from error_map.outputs.index_builder import fingerprint_of
from error_map.outputs.summary import open_run
from error_map.store import RunFolder, current_files, read_manifest
from tests.report_runs import rewrite_manifest
from tests.support import a_row, analysed, write_csv


@pytest.fixture
def run(data: Path, output: Path) -> RunFolder:
    write_csv(data / "d.csv", [a_row("e1", "a", output="")])
    return analysed(data, output).folder


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
