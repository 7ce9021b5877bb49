"""Notebook view: escaped, well-formed, bounded in size, and complete or counted."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from error_map.outputs.notebook import MAX_CATEGORIES, MAX_MODELS, name_html
from error_map.presentation.sanitize import visible
from tests.pictured import category, finished, hostile_run
from tests.support import a_row, analysed, write_csv

pytestmark = pytest.mark.slow

ELEMENTS: Final = frozenset(
    [
        "div",
        "p",
        "b",
        "br",
        "span",
        "bdi",
        "details",
        "summary",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    ]
)
VOID: Final = frozenset({"br"})
MOST_BYTES: Final = 200_000


class Parsed(HTMLParser):
    """The elements, attributes and text of a fragment; fails where they do not nest."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_accounting_tree_and_signatures_are_shown(tmp_path: Path) -> None:
    kinds = [category("Sums", 0, ["Slip"]), category("Forms", 1)]
    run = finished(tmp_path, {"a": ["c0.0", "c1", "passed"], "b": ["passed"]}, kinds)

    told = Parsed(run._repr_html_()).text

    assert "4 rows: 2 passed, 2 assigned" in told
    assert (
        "2 failures of 4 attempts: 50.0 % [15.0, 85.0]; "
        "of those studied, cause known: 100.0 % [34.2, 100.0], 2 of 2; "
        "place known: 0.0 % [0.0, 65.8], 0 of 2; nothing known: 0.0 % [0.0, 65.8], 0 of 2" in told
    )
    assert "Sums 1 · 50.0 % [9.5, 90.5]Slip 1 · 50.0 % [9.5, 90.5]" in told
    assert "a66.7 % [20.8, 93.9]2 of 3Sums33.3 % [6.1, 79.2], 1 of 3" in told
    assert "b0.0 % [0.0, 79.3]0 of 1no failures" in told


def test_result_run_and_summary_show_the_same(data: Path, output: Path) -> None:
    write_csv(data / "d.csv", [a_row("e1", "a", output=""), a_row("e1", "b", score=1)])

    result = analysed(data, output)

    assert result._repr_html_() == result.summary._repr_html_()
    assert "1 failure of 2 attempts: " in result._repr_html_()


@pytest.mark.parametrize("standings", [{}, {"a": ["passed"]}, {"a": ["not_sampled"]}])
def test_a_run_without_studied_failures_says_so(
    tmp_path: Path, standings: dict[str, list[str]]
) -> None:
    html = finished(tmp_path, standings)._repr_html_()

    assert Parsed(html).text.endswith("No failures were studied in this run.")


def test_reserved_categories_stand_behind_the_most_frequent(tmp_path: Path) -> None:
    kinds = [category(f"Kind {n}", n) for n in range(9)]
    run = finished(tmp_path, {"a": [*(f"c{n}" for n in range(9)), "hard_to_analyze"]}, kinds)

    table = Parsed(run._repr_html_()).text.partition("top categories")[2]

    assert re.findall(r"Kind \d|Hard to Analyze", table) == [
        *(f"Kind {n}" for n in range(5)),
        "Hard to Analyze",
    ]


@pytest.mark.parametrize("name", ["Slip", "<&\"'> " * 10, "$\\" * 50])
def test_a_large_run_is_cut_and_says_so(tmp_path: Path, name: str) -> None:
    kinds = [category(f"{n} {name}", n) for n in range(200)]
    standings = {f"{m} {name}": [f"c{5 * m + n}" for n in range(5)] for m in range(40)}
    run = finished(tmp_path, standings, kinds)

    html = run._repr_html_()

    told = Parsed(html).text
    assert len(html.encode()) <= MOST_BYTES
    left_out = [int(count) for count in re.findall(r"and (\d+) more (?:categories|models)", told)]
    assert (left_out[0] >= 200 - MAX_CATEGORIES, left_out[1] >= 40 - MAX_MODELS) == (True, True)
    assert told.count("[0.1, 2.8]") == 200 - left_out[0]
    assert told.count("5 of 5") == 40 - left_out[1]


def test_hostile_names_are_text(tmp_path: Path) -> None:
    parsed = Parsed(hostile_run(tmp_path)._repr_html_())

    assert parsed.elements <= ELEMENTS
    assert parsed.attributes <= {
        "style",
        "class",
        "scope",
        "rowspan",
        "colspan",
        "open",
        "aria-hidden",
    }
    assert "</svg><img src=x onerror=document.title='run'>" in parsed.text


@given(st.text())
def test_any_name_is_shown_as_one_line_that_can_be_encoded(name: str) -> None:
    told = Parsed(name_html(name)).text

    assert told == visible(name, most=60)
    assert told.encode()
    assert told.isprintable()
    assert 0 < len(told) <= 60
