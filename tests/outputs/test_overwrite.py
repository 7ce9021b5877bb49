"""Files that `--out` may replace: earlier reports and plots, and nothing else."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from error_map.cli import exit_code
from error_map.outputs.report import RENDERINGS
from error_map.store import RunFolder
from error_map.store.ledger import Ledger
from tests.support import a_row, analysed, write_csv

pytestmark = pytest.mark.slow

PICTURES = ("svg", "pdf", "png")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """A run of an output folder that has another run, `other`, and a ledger."""
    place = tmp_path_factory.mktemp("replacing")
    data = place / "data"
    data.mkdir()
    write_csv(data / "d.csv", [a_row("e1", "a", output=""), a_row("e2", "a", score=1)])
    analysed(data, place / "output", exp_id="other")
    with Ledger.open(place / "output" / "ledger.sqlite"):
        pass
    return analysed(data, place / "output").folder


def written(run: RunFolder, form: str, out: Path) -> int:
    """The exit code of `report` or `plot`, by the form."""
    folder = ["--output-dir", str(run.output_dir), "--out", str(out)]
    if form in RENDERINGS:
        return exit_code(["report", "t", "--format", form, *folder])
    return exit_code(["plot", "t", "--kind", "tree", *folder])


def contents(folder: Path) -> Mapping[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize("form", [*RENDERINGS, *PICTURES])
def test_an_earlier_one_of_any_form_is_replaced(run: RunFolder, tmp_path: Path, form: str) -> None:
    out = tmp_path / f"x.{form}"
    assert written(run, form, out) == 0
    first = out.read_bytes()
    assert written(run, form, out) == 0

    assert out.read_bytes() == first
    assert list(tmp_path.iterdir()) == [out]


def test_a_report_replaces_one_in_another_form(run: RunFolder, tmp_path: Path) -> None:
    for form in (*RENDERINGS, *RENDERINGS):
        assert written(run, form, tmp_path / "report") == 0


def test_no_file_of_the_output_folder_is_replaced(
    run: RunFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(run.output_dir)

    for name in before:
        assert written(run, "html", run.output_dir / name) == 2, name
    assert "ledger.sqlite: " in (shown := capsys.readouterr().err)
    assert "not a report or picture of ErrorMap" in shown
    assert contents(run.output_dir) == before


@pytest.mark.parametrize("form", [*RENDERINGS, *PICTURES])
@pytest.mark.parametrize(
    "content",
    [
        b"thesis",
        b"<!DOCTYPE html>\n<html><head><title>Mine</title>",
        b"# Mine\n\nRun fast\n",
        b'{\n "schema_version": 1,\n "mine": true}',
        b'<svg xmlns="http://www.w3.org/2000/svg"><!-- not by ErrorMap --></svg>',
        b"\x89PNG\r\n\x1a\n" + bytes(64),
        b"%PDF-1.4\n%%EOF",
    ],
)
def test_a_file_of_somebody_else_is_kept(
    run: RunFolder, tmp_path: Path, *, form: str, content: bytes
) -> None:
    out = tmp_path / f"x.{form}"
    out.write_bytes(content)

    assert written(run, form, out) == 2

    assert contents(tmp_path) == {out.name: content}


@pytest.mark.parametrize("form", ["html", "svg"])
def test_an_empty_file_is_replaced(run: RunFolder, tmp_path: Path, form: str) -> None:
    out = tmp_path / f"x.{form}"
    out.touch()

    assert written(run, form, out) == 0


@pytest.mark.parametrize("form", ["html", "svg"])
def test_a_link_is_never_followed_nor_replaced(
    run: RunFolder, tmp_path: Path, *, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "target"
    target.write_bytes(b"thesis")
    for name, to in (("to a file", target), ("dangling", tmp_path / "gone")):
        link = tmp_path / f"{name}.{form}"
        link.symlink_to(to)

        assert written(run, form, link) == 2

        assert "it is a link" in capsys.readouterr().err
        assert link.is_symlink()
    assert target.read_bytes() == b"thesis"
    assert not (tmp_path / "gone").exists()


@pytest.mark.parametrize("form", ["html", "svg"])
@pytest.mark.parametrize("name", ["{}.part", ".{}.part"])
def test_a_link_in_the_place_of_the_half_written_file_is_not_followed(
    run: RunFolder, tmp_path: Path, *, form: str, name: str
) -> None:
    out, target = tmp_path / f"x.{form}", tmp_path / "target"
    target.write_bytes(b"thesis")
    (tmp_path / name.format(out.name)).symlink_to(target)

    assert written(run, form, out) == 0

    assert target.read_bytes() == b"thesis"
    assert out.is_file()
    assert not out.is_symlink()


def test_a_default_place_that_holds_something_else_is_kept(
    run: RunFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    out = run.report(".md")
    out.write_text("my notes", encoding="utf-8")
    try:
        assert exit_code(["report", "t", "--format", "md", "--output-dir", str(out.parent)]) == 2

        assert "name another file with --out" in capsys.readouterr().err
        assert out.read_text(encoding="utf-8") == "my notes"
    finally:
        out.unlink()


@pytest.mark.parametrize("form", ["html", "svg"])
def test_a_device_is_no_place(run: RunFolder, tmp_path: Path, form: str) -> None:
    pipe = tmp_path / f"pipe.{form}"
    os.mkfifo(pipe)

    assert written(run, form, pipe) == 2

    assert pipe.is_fifo()
