"""The page Overview: sentences of the report, accounting, and suspected benchmark faults."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, expect
from streamlit.testing.v1 import AppTest

from error_map.app.server import SCRIPT
from error_map.outputs.report import summary_in_words
from error_map.outputs.summary import read_run
from error_map.store import RunFolder
from tests.report_runs import HOSTILE
from tests.support import a_row, analysed, write_csv
from tests.viewing import opened, viewer

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs, of four models that agree on wrong answers: `whole`, and `lossy` with a bad row."""
    root = tmp_path_factory.mktemp("overview")
    rows = [
        a_row(
            f"e{n}",
            f"{model} {HOSTILE}",
            score=1 - n % 2,
            output=f"The answer is {100 + n if n % 2 else 4}.",
        )
        for n in range(12)
        for model in "1234"
    ]
    rows[3] = {**rows[3], "score": 0, "output_text": "The answer is 5."}  # a mistake of its own
    for name, extra in (("whole", []), ("lossy", [a_row("", "1")])):
        (root / name).mkdir()
        write_csv(root / name / "sums.csv", [*rows, *extra])
        analysed(root / name, root / "output", exp_id=name)
    return root / "output"


@pytest.fixture(autouse=True)
def _served(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Starts the viewer for the folder of these runs."""
    monkeypatch.setattr(sys, "argv", [str(SCRIPT), str(output)])


def page_of(output: Path, run: str) -> AppTest:
    test = AppTest.from_file(str(SCRIPT), default_timeout=60)
    test.query_params["folder"] = str(output)
    test.query_params["run"] = run
    return test.run()


def unescaped(markdown: str) -> str:
    """The text of a Markdown list without escapes and emphasis."""
    return re.sub(r"\\(?=[!-/:-@\[-`{-~])", "", markdown).replace("**", "")


def test_the_overview_begins_with_the_sentences_of_the_report(output: Path) -> None:
    sentences = summary_in_words(read_run(RunFolder(output, "whole")))

    markdown = page_of(output, "whole").markdown[0].value

    lines = unescaped(markdown).split("\n")
    assert len(lines) == len(sentences) >= 4
    for line, sentence in zip(lines, sentences, strict=True):
        assert line.startswith("- ")
        assert line[2:20] == str(sentence)[:18]
    assert "\x1b" not in markdown


@pytest.mark.parametrize(
    ("run", "line", "opened"),
    [("whole", "48 rows, all accounted for", False), ("lossy", "49 rows: 1 invalid", True)],
)
def test_the_accounting_is_folded_if_no_row_was_lost(
    output: Path, *, run: str, line: str, opened: bool
) -> None:
    boxes = {box.label: box.proto.expanded for box in page_of(output, run).expander}

    assert boxes[line] == opened


def test_a_suspected_benchmark_fault_links_to_its_failures(output: Path) -> None:
    links = page_of(output, "whole").get("page_link")

    (link,) = [one.proto for one in links if "to check" in one.proto.label]
    assert parse_qs(link.query_string)["benchmark_fault"] == ["consensus"]


@pytest.fixture(scope="module")
def address(output: Path) -> Iterator[str]:
    with viewer(output) as served:
        yield served


@pytest.mark.browser
def test_the_link_lists_as_many_failures_as_it_announces(
    output: Path, address: str, browser: Browser
) -> None:
    summary = read_run(RunFolder(output, "whole")).summary
    suspect, examples = summary.faults["consensus"], summary.fault_examples["consensus"]
    seen = opened(browser, f"{address}?run=whole")

    label = f"{examples} examples ({suspect} failures) to check"
    seen.page.get_by_role("link", name=label).click()

    expect(seen.page.get_by_text(f"{suspect} of 25 failures")).to_be_visible(timeout=90_000)
    assert suspect == 24
    assert seen.troubles == []
