"""The pages say what the code does: their blocks run, and nothing that exists is left out."""

import contextlib
import doctest
import inspect
import io
import json
import re
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

import pytest
import yaml

import error_map
from docs.house import page_with_map
from error_map.analysts.offline.answers.profiles import Profile
from error_map.analysts.offline.detector import Case, Detector
from error_map.analysts.offline.examine import examine
from error_map.analysts.offline.registry import GROUP
from error_map.analysts.offline.registry import own_detectors as detectors
from error_map.cli.flags import analyse
from error_map.cli.report import report
from error_map.config import RunConfig
from error_map.readers import Log
from error_map.readers.logs.formats import GROUP as READERS
from error_map.store import OUTCOME_SCHEMA, Manifest, RunFolder
from error_map.store.ledger import FILE_NAME
from error_map.taxonomy import atlas, reserved
from error_map.taxonomy.atlas import published_shares
from error_map.templates import NAMES
from tests.plugins import error_map_with, install
from tests.support import ROOT, a_failure, a_row, write_csv

pytestmark = pytest.mark.slow

DOCS: Final = ROOT / "docs"
RUNNABLE: Final = (
    "index.md",
    "inputs.md",
    "outputs.md",
    "plots.md",
    "offline-analyst.md",
    "llm-analyst.md",
    "judges.md",
    "cost-and-limits.md",
    "privacy-and-security.md",
    "atlas.md",
    "coming-from-the-reference.md",
    "contributing.md",
)
"""Pages whose `python` and `pycon` blocks are run."""
OPTION_PAGES: Final = (
    "inputs.md",
    "outputs.md",
    "offline-analyst.md",
    "writing-a-detector.md",
    "llm-analyst.md",
    "judges.md",
    "cost-and-limits.md",
    "privacy-and-security.md",
    "coming-from-the-reference.md",
)
SETTINGS_PAGE: Final = "llm-analyst.md"
_TOLD: Final[dict[str, object]] = {"none": None, "on": True, "off": False}
_COMMAND: Final = re.compile(r"^(?:\$ )?(?:error-map\b.*(?:\\\n.*)*)", re.MULTILINE)
OWN_SECTION: Final = "offline-analyst.md"
PLUGIN_PAGE: Final = "writing-a-detector.md"
READER_PAGE: Final = "writing-a-reader.md"
COMPLETE_LINES: Final = 30
"""A detector or a reader is no more work than this."""
LONGEST_LINE: Final = 120
_FENCE: Final = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FIGURES: Final = re.compile(r"<!-- figures: .*?<!-- end of figures -->", re.DOTALL)
"""What a program puts in."""
_MACHINE_PATH: Final = re.compile(r"(?<![\w.:/])/(?:home|work|tmp|root|Users|mnt|opt|var|data)\b/?")
_NAMED_DETECTOR: Final = re.compile(r"^### `(\w+)`$", re.MULTILINE)
_ROWS: Final = (
    a_row("e1", "model-a", output="First, 12 * 3 = 38. So the answer is 38."),
    a_row("e1", "model-b", score=1, output="The answer is 4."),
    a_row("e2", "model-a", output="NA"),
    a_row("e3", "model-a", output="The answer is 7."),
    a_row("e4", "model-b", output=""),
    a_row("", "model-a"),
    a_row("e5", "model-b", score="abc"),
)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a page."""

    page: str
    kind: str
    text: str
    line: int


def read(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


def blocks(page: str, *kinds: str) -> list[Block]:
    text = read(page)
    return [
        Block(page, found[1], found[2], text.count("\n", 0, found.start()) + 1)
        for found in _FENCE.finditer(text)
        if found[1] in kinds
    ]


def sections() -> dict[str, str]:
    """The text under each detector's heading."""
    parts = _NAMED_DETECTOR.split(read(OWN_SECTION))
    return {
        name: text.split("\n## ")[0] for name, text in zip(parts[1::2], parts[2::2], strict=True)
    }


@pytest.fixture
def page_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder of a page's blocks, with one file of results."""
    (tmp_path / "data").mkdir()
    write_csv(tmp_path / "data" / "sums.csv", _ROWS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run_block(block: Block, names: dict[str, object]) -> None:
    """Runs a block as the page marks it; its doctests must give what the page shows."""
    where = f"docs/{block.page}"
    if block.kind == "python":
        shifted = "\n" * block.line + block.text
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(shifted, where, "exec"), names)  # noqa: S102 - our own pages
        return
    options = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    test = doctest.DocTestParser().get_doctest(block.text, {}, where, where, block.line)
    test.globs = names
    report = io.StringIO()
    runner = doctest.DocTestRunner(optionflags=options, verbose=False)
    runner.run(test, out=report.write, clear_globs=False)
    assert not runner.summarize(verbose=False).failed, report.getvalue()


@pytest.mark.parametrize("page", RUNNABLE)
def test_the_python_of_a_page_runs_as_it_stands(page: str, page_folder: Path) -> None:
    names: dict[str, object] = {}

    for block in blocks(page, "python", "pycon"):
        run_block(block, names)

    assert page_folder.is_dir()


def test_outputs_and_the_tour_show_python() -> None:
    assert blocks("index.md", "python")
    assert blocks("outputs.md", "python")
    assert blocks("outputs.md", "pycon")


def test_every_detector_has_a_section_with_an_example() -> None:
    described = sections()

    assert sorted(described) == sorted(detector.name for detector in detectors())
    assert all("```yaml\n" in text for text in described.values())


@pytest.mark.parametrize("detector", detectors(), ids=lambda detector: detector.name)
def test_a_detectors_section_tells_its_rank_kind_and_category(detector: Detector) -> None:
    text = " ".join(sections()[detector.name].split())
    names: dict[str, str] = {category.id: category.name for category in (*atlas(), *reserved())}

    assert f"Rank {detector.rank}, a {detector.kind}." in text
    assert f"Category: {names[detector.category]}." in text


@pytest.mark.parametrize("detector", detectors(), ids=lambda detector: detector.name)
def test_the_example_of_a_section_is_what_the_detector_finds(detector: Detector) -> None:
    example = yaml.safe_load(_FENCE.findall(sections()[detector.name])[0][1])
    route = example.get("route")
    sure = 1.0 if route else 0.0
    profile = Profile(
        route=route,
        agreement=sure,
        recall=sure,
        found=sure,
        rows=100,
        strict=example.get("strict", False),
        rejected_call_forms=(example.get("rejected_form", ""),),
    )
    failure = a_failure(
        example["output"],
        prompt=example["prompt"],
        reference=example.get("reference"),
        correct=example.get("correct", ()),
    )

    finding = examine(failure, profile).findings[0]

    assert (finding.detector, finding.title) == (detector.name, example["title"])
    quotes = [evidence.quote for evidence in finding.evidence]
    assert quotes == [example["quote"]] if "quote" in example else True
    assert f"Confidence {finding.confidence:g}" in sections()[detector.name]


def test_the_detector_that_the_page_shows_is_short_and_runs_once_it_is_installed(
    page_folder: Path,
) -> None:
    code, project = blocks(PLUGIN_PAGE, "py")[0], tomllib.loads(blocks(PLUGIN_PAGE, "toml")[0].text)
    (entry,) = (entries := project["project"]["entry-points"][GROUP])
    module = entries[entry].partition(":")[0]
    site = install(page_folder / "site", "", entries, name=project["project"]["name"])
    (site / f"{module}.py").write_text(code.text, encoding="utf-8")
    question = "Which of the two towns has more people: Aaltown or Beeville?"
    rows = [
        a_row("e1", input_text=f"{question} Say why.", output=f" {question}\n"),
        a_row("e2", input_text=question, output="Aaltown, by some thousands."),
    ]
    write_csv(page_folder / "data" / "sums.csv", rows)

    shown = error_map_with(site, ["--ratio", 1, "--exp-id", "t", "--json"], cwd=page_folder)

    assert len(code.text.splitlines()) <= COMPLETE_LINES
    found = {
        one["category"]["id"]: one for one in json.loads(shown.stdout)["overall"]["categories"]
    }
    assert found[f"degenerate_output.{entry}"]["share"]["hits"] == 1


def test_the_reader_of_its_page_is_installed_and_reads_its_logs(page_folder: Path) -> None:
    code, project = blocks(READER_PAGE, "py")[0], tomllib.loads(blocks(READER_PAGE, "toml")[0].text)
    entries = project["project"]["entry-points"][READERS]
    site = install(
        page_folder / "site", "", entries, name=project["project"]["name"], group=READERS
    )
    (site / "acme_logs.py").write_text(code.text, encoding="utf-8")
    lines = [
        {"tool": "acme", "task": "sums", "model": "m"},
        {"id": "e1", "question": "2 + 2?", "answer": "5", "score": 0},
        {"id": "e2", "question": "3 + 3?", "answer": "", "score": None},
    ]
    (page_folder / "logs").mkdir()
    log = page_folder / "logs" / "run.jsonl"
    log.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")

    shown = error_map_with(
        site, ["--data-path", "logs", "--ratio", 1, "--exp-id", "t", "--json"], cwd=page_folder
    )

    assert len(code.text.splitlines()) <= COMPLETE_LINES
    counts = json.loads(shown.stdout)["accounting"]
    assert (counts["assigned"], counts["errored"]) == (1, 1)


def test_the_page_on_readers_names_every_field_of_a_log() -> None:
    named = set(re.findall(r"`(\w+)`", read(READER_PAGE)))

    assert {field.name for field in fields(Log)} <= named


def test_the_page_on_detectors_names_every_field_of_a_case() -> None:
    named = set(re.findall(r"`(\w+)`", read(PLUGIN_PAGE)))

    assert {field.name for field in fields(Case)} <= named


def test_every_flag_is_named_on_a_page() -> None:
    pages = "".join(map(read, OPTION_PAGES))
    flags = ["--" + name.replace("_", "-") for name in inspect.signature(analyse).parameters]

    named = set(re.findall(r"--[a-z-]+", pages))

    assert [flag for flag in flags if flag not in named] == []


def test_every_file_of_a_run_is_named_on_the_outputs_page() -> None:
    names = [FILE_NAME, *(file.name for file in RunFolder(Path(), "<id>").all_files)]

    assert [name for name in names if f"`{name}`" not in read("outputs.md")] == []


@pytest.mark.parametrize("page", OPTION_PAGES)
def test_flags_that_the_commands_of_a_page_have_exist(page: str) -> None:
    flags = {
        "--" + name.replace("_", "-")
        for command in (analyse, report)
        for name in inspect.signature(command).parameters
    }
    flags |= {"--no-hints", "--no-use-correct-predictions", "--help", "--version"}
    commands = " ".join(
        _COMMAND.findall("".join(one.text for one in blocks(page, "sh", "console")))
    )

    assert set(re.findall(r"--[a-z-]+", commands)) <= flags


def settings() -> dict[str, str]:
    """Defaults as the table of settings tells them, by keyword."""
    text = read(SETTINGS_PAGE).split("## Settings")[1].split("\n## ")[0]
    lines = [line for line in text.split("\n") if line.startswith(("| `", "| none"))]
    rows = [line.strip("| ").split(" | ") for line in lines]
    return {name: told for _, names, told, _ in rows for name in re.findall(r"`(\w+)`", names)}


def test_the_settings_of_the_llm_analyst_stand_with_their_defaults() -> None:
    told = {name: text for name, text in settings().items() if text not in {"all", "one a core"}}
    defaults = {name: RunConfig.model_fields[name].default for name in told}

    assert {name: _TOLD.get(text, text) for name, text in told.items()} == {
        name: default if isinstance(default, bool | None) else f"{default:g}"
        for name, default in defaults.items()
    }


def test_every_setting_of_the_llm_analyst_is_in_the_table() -> None:
    others = {
        *("exp_id", "data_path", "output_dir", "datasets", "dataset_params", "models", "ratio"),
        *("seed", "rare_freq", "cols_to_keep", "score_direction", "columns", "encoding", "strict"),
        *("detectors", "no_detector", "dataset_name", "model_name"),
        *("score_map", "decimal", "percent", "sheet", "question_only"),
        *("format", "metric", "filter", "scorer", "split"),
    }

    assert set(settings()) == set(RunConfig.model_fields) - others


def test_every_key_of_the_manifest_and_column_of_a_diagnosis_is_told() -> None:
    named = set(re.findall(r"`(\w+)`", read("outputs.md")))

    assert set(Manifest.model_fields) <= named
    assert set(OUTCOME_SCHEMA) <= named


def test_every_prompt_stands_with_its_file() -> None:
    assert [name for name in NAMES if f"| `{name}.j2`" not in read(SETTINGS_PAGE)] == []


@pytest.mark.parametrize("page", RUNNABLE)
def test_options_files_that_a_page_shows_are_taken(page: str, tmp_path: Path) -> None:
    for block in blocks(page, "toml"):
        assert tomllib.loads(block.text)
        (tmp_path / "error-map.toml").write_text(block.text, encoding="utf-8")

        assert RunConfig.load({}, file=tmp_path / "error-map.toml").exp_id


def test_the_atlas_page_has_every_category_with_its_name_and_share() -> None:
    lines = {line.split("`")[1]: line for line in read("atlas.md").split("\n") if "| `" in line}
    shares = published_shares()

    assert list(lines) == [category.id for category in (*atlas(), *reserved())]
    assert all(f"| {category.name} |" in lines[category.id] for category in atlas())
    assert all(f"{100 * share:.2f} %" in lines[one] for one, share in shares.items())


def test_the_map_of_the_house_is_up_to_date() -> None:
    page = read("contributing.md")

    assert page_with_map(page) == page


def test_commands_that_the_contributing_page_names_are_in_the_makefile() -> None:
    targets = re.findall(
        r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE
    )
    commands = re.findall(r"(?:`|^)make ([\w-]+)", read("contributing.md"), re.MULTILINE)

    assert "test" in commands
    assert set(commands) <= set(targets)


def every_page() -> list[Path]:
    return sorted(DOCS.rglob("*.md"))


@pytest.mark.parametrize("page", every_page(), ids=lambda page: page.stem)
def test_no_page_has_the_path_of_a_machine(page: Path) -> None:
    assert _MACHINE_PATH.findall(page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("page", [*RUNNABLE, PLUGIN_PAGE, READER_PAGE])
def test_lines_of_a_page_are_not_too_long(page: str) -> None:
    written = _FIGURES.sub("", read(page))

    assert [line for line in written.split("\n") if len(line) > LONGEST_LINE] == []


def test_every_page_is_in_the_navigation() -> None:
    navigation = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    pages = [page.relative_to(DOCS).as_posix() for page in every_page()]

    assert [page for page in pages if page not in navigation] == []


def test_the_front_page_links_every_page() -> None:
    pages = [page.name for page in every_page() if page.parent == DOCS and page.name != "index.md"]

    assert [page for page in pages if f"({page})" not in read("index.md")] == []


def test_public_names_that_the_pages_import_are_public() -> None:
    text = "".join(map(read, RUNNABLE))
    imported = re.findall(r"^(?:>>> )?from error_map import ([\w, ]+)$", text, re.MULTILINE)

    names = {name.strip() for line in imported for name in line.split(",")}

    assert names <= set(error_map.__all__)


def test_the_tour_shows_what_the_demo_prints() -> None:
    golden = (ROOT / "tests" / "golden" / "summary.txt").read_text(encoding="utf-8").splitlines()
    page = (DOCS / "index.md").read_text(encoding="utf-8")
    tour = page.partition("$ error-map demo\n")[2].partition("files: ")[0].splitlines()

    assert len(tour) > 15
    parts = "\n".join(tour).strip().split("\n…\n")
    assert [part for part in parts if part.strip("…\n") not in "\n".join(golden)] == []
