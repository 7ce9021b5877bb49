"""Markdown report: escaped for GitHub and short enough for a comment."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from error_map.outputs.report.markdown import MAX_CHARS, code, name
from error_map.store import RunFolder
from tests.report_runs import HOSTILE, hostile_run, report_text, small_run
from tests.support import a_row, analysed, write_csv

pytestmark = pytest.mark.slow

PARSER = MarkdownIt("commonmark").enable("table")
OURS = re.compile(r"</?details>|<summary>\d+ examples?</summary>")
ACTS = ("@all", "#1", "://", "GH-7", "deadbeef1", "www.x", "a@b.c", ":smile:", "$x$", "<b>", "_x_")


def kinds(text: str) -> set[str]:
    """Kinds of everything that the text is parsed into."""
    blocks = PARSER.parse(text)
    return {one.type for block in blocks for one in (block, *(block.children or ()))}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    base = tmp_path_factory.mktemp("hostile")
    (base / "data").mkdir()
    return hostile_run(base / "data", base / "output")


def test_hostile_text_is_neither_html_nor_link_nor_picture(hostile: RunFolder) -> None:
    text = report_text(hostile, "md")

    blocks = PARSER.parse(text)
    html = [block.content for block in blocks if block.type == "html_block"]
    assert OURS.sub("", "".join(html)).split() == []
    assert kinds(text) & {"html_inline", "link_open", "image"} == set()


def test_hostile_text_stands_in_code_alone(hostile: RunFolder) -> None:
    inline = [
        child.content
        for block in PARSER.parse(report_text(hostile, "md"))
        for child in block.children or ()
        if child.type == "text"
    ]

    assert [text for text in inline if "@all" in text or "#1" in text or "$x" in text] == []


def test_hostile_names_do_not_break_a_table(hostile: RunFolder) -> None:
    lines = report_text(hostile, "md").split("\n")
    tables = [line for line in lines if line.startswith("|")]

    assert len(tables) > 20
    for block in re.split(r"\n(?!\|)", "\n".join(lines)):
        rows = [line for line in block.split("\n") if line.startswith("|")]
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in rows}) <= 1


def test_no_character_of_a_comment_is_a_control_or_changes_direction(hostile: RunFolder) -> None:
    assert re.findall("[\x00-\x08\x0b-\x1f\u202a-\u202e]", report_text(hostile, "md")) == []


def test_a_comment_is_never_too_long(data: Path, output: Path) -> None:
    rows = [
        a_row(f"e{n}", f"model {m} {HOSTILE}", output=f"{HOSTILE} {n} " * 30, input_text="`" * 999)
        for n in range(20)
        for m in range(30)
    ]
    write_csv(data / "sums.csv", rows)
    folder = analysed(data, output).folder

    text = report_text(folder, "md")

    assert len(text) <= MAX_CHARS
    assert "and 10 more models" in text


def test_what_was_left_out_for_length_is_counted(data: Path, output: Path) -> None:
    folder = small_run(data, output)

    text = report_text(folder, "md")

    assert "examples</summary>" in text
    assert "left out to limit the length" not in text


@given(st.text(max_size=40) | st.sampled_from(ACTS))
def test_any_name_is_text_or_code_and_stays_on_its_line(text: str) -> None:
    for shown in (name(text), code(text)):
        assert "\n" not in shown
        assert kinds(f"- x {shown} y") <= {
            *("bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close"),
            *("paragraph_open", "paragraph_close", "inline", "text", "code_inline"),
        }


@pytest.mark.parametrize("text", ACTS)
def test_what_github_makes_links_of_stands_in_code(text: str) -> None:
    assert name(text) == f"`{text}`"


def test_a_plain_name_stays_plain() -> None:
    assert name("Unit & scale") == "`Unit & scale`"
    assert name("Wrong unit, or scale (again)") == "Wrong unit, or scale (again)"
