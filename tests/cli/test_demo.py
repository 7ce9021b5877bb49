"""The demo run reproduces its golden files byte for byte."""

import io
from pathlib import Path
from typing import Final

import polars as pl
import pytest

from docs.picture import PICTURE, drawn
from error_map import RunResult, run_sync
from error_map.cli.demo import bundled_results
from error_map.outputs.first_examples import first_examples
from error_map.outputs.summary import read_run
from error_map.outputs.terminal import print_summary
from error_map.store import RunFolder

pytestmark = pytest.mark.slow

GOLDEN: Final = Path(__file__).parents[1] / "golden"
_DIAGNOSES: Final = ("dataset", "example_id", "model", "state", "category_id", "error_title")


def demo_run(output_dir: Path) -> RunResult:
    """The demo's run."""
    return run_sync(data_path=bundled_results(), output_dir=output_dir, exp_id="demo", ratio=1.0)


def golden_files(result: RunResult) -> dict[str, str]:
    """The golden files: the summary, every diagnosis, the taxonomy."""
    stream = io.StringIO()
    print_summary(result.summary, stream, first_examples(read_run(result.folder)))
    diagnoses = pl.read_parquet(result.folder.failures, columns=list(_DIAGNOSES))
    return {
        "summary.txt": "\n".join(line.rstrip() for line in stream.getvalue().splitlines()) + "\n",
        "diagnoses.csv": diagnoses.write_csv(),
        "taxonomy.yaml": result.folder.taxonomy.read_text(encoding="utf-8"),
    }


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    return demo_run(tmp_path_factory.mktemp("demo"))


@pytest.mark.parametrize("name", ["summary.txt", "diagnoses.csv", "taxonomy.yaml"])
def test_the_demo_gives_what_it_gave(demo: RunResult, name: str) -> None:
    """If the difference is meant, `make golden` writes it."""
    assert golden_files(demo)[name] == (GOLDEN / name).read_text(encoding="utf-8")


def test_the_demo_shows_several_kinds_of_failure(demo: RunResult) -> None:
    overall = demo.summary.overall

    assert overall is not None
    assert len(overall.top) >= 4
    assert demo.total_records == 732
    assert demo.folder == RunFolder(demo.folder.output_dir, "demo")


def test_the_readmes_picture_is_the_demos_summary() -> None:
    """If the difference is meant, `make picture` draws it."""
    assert drawn() == PICTURE.read_text(encoding="utf-8")
