"""The README's commands and code do what they say."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest
import yaml

from error_map._version import __version__
from error_map.cli import exit_code
from tests.readers.logs.test_lm_eval import RESULTS, a_line, a_log
from tests.support import ROOT, a_row, write_csv

pytestmark = pytest.mark.slow

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = [
    commands
    for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    if (commands := re.findall(r"^error-map (.+)$", block, re.MULTILINE))
]
"""What is typed one after another."""
PYTHON = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as the README takes it to be: results, and a run called `my_run`."""
    monkeypatch.chdir(tmp_path)
    results = tmp_path / "results"
    results.mkdir()
    for dataset in ("gsm8k", "mmlu_pro"):
        rows = [
            a_row("e1", f"model-{name}", output=output, prompt="q", response=output)
            for name in "ab"
            for output in ("", "2 + 2 = 5")
        ]
        write_csv(results / f"{dataset}.csv", rows)
    a_log(tmp_path / "logs", [a_line(1, 0), a_line(2, 1)], RESULTS)
    versions = tmp_path / "versions"
    versions.mkdir()
    for name in ("v1", "v2"):
        write_csv(versions / f"{name}.csv", [a_row(f"e{n}", "a") for n in range(12)])
    assert exit_code(["--data-path", "results", "--exp-id", "my_run", "--quiet"]) == 0
    return tmp_path


@pytest.mark.parametrize("commands", BLOCKS)
@pytest.mark.usefixtures("at_home")
def test_the_commands_of_the_readme_work_in_their_order(commands: list[str]) -> None:
    for command in commands:
        assert exit_code(shlex.split(command)) == 0, command


@pytest.mark.parametrize("code", PYTHON)
def test_the_readmes_code_runs(code: str, at_home: Path) -> None:
    exec(compile(code, "README.md", "exec"), {})  # noqa: S102 - our own README

    assert (at_home / "output" / "manifest__exp_id=my_run.json").exists()


def test_the_readme_has_commands_and_code() -> None:
    assert sum(map(len, BLOCKS)) >= 4
    assert any("--compare" in command for command in BLOCKS[-1])
    assert len(PYTHON) == 1


def test_the_readme_shows_what_the_demo_prints() -> None:
    golden = (ROOT / "tests" / "golden" / "summary.txt").read_text(encoding="utf-8")
    shown = README.partition("```text\n")[2].partition("```")[0]

    parts = [part.strip("\n") for part in shown.split("…\n") if part.strip()]
    assert len(parts) == 2
    assert [part for part in parts if part not in golden] == []


def test_every_extra_that_the_readme_names_is_one() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = re.findall(r"(?:error-map|\.)\[(\w+)\]", README)

    assert {"all", "dev"} <= set(named) <= set(project["optional-dependencies"])


def test_the_citation_names_the_paper_and_this_version() -> None:
    """The keys are those that version 1.2.0 of the format requires."""
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    paper = cited["preferred-citation"]

    assert {"cff-version", "message", "title", "authors"} <= set(cited)
    assert (cited["cff-version"], str(cited["version"])) == ("1.2.0", __version__)
    assert {"type", "title", "authors"} <= set(paper)
    assert "arXiv:2601.15812" in {one["value"] for one in paper["identifiers"]}
    bibtex = README.partition("```bibtex\n")[2]
    assert paper["title"] in bibtex
    assert all(f"{one['family-names']}, {one['given-names']}" in bibtex for one in paper["authors"])


def test_the_two_commands_of_the_readme_are_targets() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    assert all(f"\n{target}: " in makefile for target in ("demo", "test"))
    assert all(f"make {target}" in README for target in ("demo", "test"))
