"""Transitions have one name, one order and one colour in the viewer, the report and the plots."""

import csv
import io
import re
from pathlib import Path
from typing import get_args
from urllib.parse import quote_plus

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from error_map import plot
from error_map.analysis import Flow, Transition, Transitions
from error_map.app.figures import transition_figure
from error_map.app.tables.failure_table import encode_key
from error_map.app.tables.transition_examples import (
    transition_csv,
    transition_csv_name,
    transition_table,
)
from error_map.outputs.report import ReportOptions
from error_map.outputs.summary import FinishedRun, read_run
from error_map.outputs.transition_examples import transition_examples
from error_map.presentation.charts import COLOURS, LABELS, axis_end, axis_ticks, streams
from tests.report_runs import report_text
from tests.support import a_row, analysed, write_csv

FALSE, REFUSED, PLAIN = "2 + 2 = 5. The answer is 5.", "I cannot help with that.", "It is so."
PAIRS = {
    "fixed": (FALSE, None),
    "broken": (None, FALSE),
    "same": (FALSE, FALSE),
    "other": (FALSE, REFUSED),
    "unknown": (PLAIN, PLAIN),
    "passed": (None, None),
}
"""Outputs of two models to one example; None for a right one."""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> FinishedRun:
    """One example of every transition from model `a` to model `b`."""
    place = tmp_path_factory.mktemp("pair")
    rows = [
        a_row(name, model, output=output or "4", score=int(output is None))
        for name, outputs in PAIRS.items()
        for model, output in zip("ab", outputs, strict=True)
    ]
    (place / "data").mkdir()
    write_csv(place / "data" / "d.csv", rows)
    return read_run(analysed(place / "data", place / "output").folder)


def test_the_run_has_one_example_of_every_transition(run: FinishedRun) -> None:
    assert run.transitions("a", "b").counts == dict.fromkeys(get_args(Transition), 1)


def test_the_viewer_draws_flows_in_the_common_colours(run: FinishedRun) -> None:
    links = transition_figure(run.transitions("a", "b"), run.category_names).data[0].link

    for change, colour in COLOURS.items():
        red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
        drawn = sum(f"rgba({red},{green},{blue}," in one for one in links.color)
        named = sum(LABELS[change] in one for one in links.customdata)
        assert drawn == named == int(change != "passed")


def test_the_viewer_draws_every_category_or_counts_it() -> None:
    flows = tuple(Flow(f"c{n:02}", f"c{n + 1:02}", 40 - n) for n in range(30))
    moved = Transitions(before="a", after="b", flows=flows, unpaired=0)
    names = {f"c{n:02}": f"Category {n}" for n in range(31)}

    node = transition_figure(moved, names).data[0].node

    sizes = [int(label.rpartition(" ")[2]) for label in node.label]
    sides = [size for size, x in zip(sizes, node.x, strict=True) if x < 0.5]
    assert sum(sides) == sum(sizes) - sum(sides) == sum(flow.examples for flow in flows)
    assert sum("20 more categories" in label for label in node.label) == 2


def test_both_sides_of_the_picture_have_one_order() -> None:
    flows = (Flow("x", "y", 9), Flow("y", "x", 2), Flow("y", "passed", 1), Flow("passed", "x", 1))
    moved = Transitions(before="a", after="b", flows=flows, unpaired=0)

    node = transition_figure(moved, {"x": "X", "y": "Y"}).data[0].node

    assert list(node.label) == ["passed 1", "X 9", "Y 3", "passed 1", "X 3", "Y 9"]
    assert list(node.y[:3]) == sorted(node.y[:3])
    assert list(node.y[3:]) == sorted(node.y[3:])


def test_moved_examples_are_told_with_both_models_and_lead_to_their_failures(
    run: FinishedRun,
) -> None:
    moved = run.transitions("a", "b")
    (flow,) = (flow for flow in moved.flows if moved.transition(flow) == "fixed")

    found = transition_examples(run, moved, flow, depth=1)

    table = transition_table(run, found, {"run": "t"}, caption="all")
    (row,) = csv.DictReader(io.StringIO(transition_csv(run, found).decode("utf-8-sig")))
    assert (row["example_id"], row["attempt"]) == ("fixed", "1")
    assert (row["before_model"], row["before_state"]) == ("a", "assigned")
    assert row["before_category"].startswith("Computation Error")
    assert (row["after_model"], row["after_state"], row["after_category"]) == ("b", "passed", "")
    assert table.count("<a ") == 1
    assert quote_plus(encode_key(found[0].before.key)) in table
    assert "<td>passed</td>" in table


def test_sheets_of_two_flows_have_two_names(run: FinishedRun) -> None:
    moved = run.transitions("a", "b")

    names = {transition_csv_name(run, moved, flow) for flow in moved.flows}

    assert len(names) == len(moved.flows)


def test_the_report_names_and_colours_every_transition(run: FinishedRun) -> None:
    page = report_text(run.folder, options=ReportOptions(compare=("a", "b")))

    legend = page[page.index("<figcaption>") : page.index("</figcaption>")]
    assert re.findall(r'<span class="lg [^>]*>([^<]+)<', legend) == list(LABELS.values())[:-1]
    for change, colour in COLOURS.items():
        assert f"--r-{change}: {colour}" in page
        assert f"<td>{LABELS[change]}</td>" in page


def test_the_plot_has_the_same_legend(run: FinishedRun, tmp_path: Path) -> None:
    figure = plot(run, "transitions", models=["a", "b"])
    file = tmp_path / "t.svg"
    figure.savefig(file)

    drawn = [text.get_text() for text in figure.axes[0].texts]
    legend = [text for text in drawn if ": 16.7 %" in text]
    svg = file.read_text(encoding="utf-8")
    assert [text.partition(" 1: ")[0] for text in legend] == list(LABELS.values())
    assert all(colour.lower() in svg for colour in COLOURS.values())


@given(st.floats(0, 1))
@example(0.0)
@example(0.15)
def test_an_axis_ends_at_a_round_fraction_that_holds_its_values(top: float) -> None:
    end = axis_end(top)

    assert top <= end + 1e-9
    assert end <= max(0.001, 2 * top)
    assert len(axis_ticks(end)) <= 6


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(1, 99)), max_size=60))
def test_streams_keep_every_example_and_bound_the_categories(
    triples: list[tuple[int, int, int]],
) -> None:
    sizes = {(before, after): size for before, after, size in triples}
    flows = tuple(Flow(f"c{before}", f"c{after}", n) for (before, after), n in sizes.items())
    pair = Transitions(before="a", after="b", flows=flows, unpaired=0)

    found, folded = streams(pair, max_categories=9)

    ends = {end for one in found for end in (one.before, one.after)}
    every = {end for flow in flows for end in (flow.before, flow.after)}
    assert sum(one.examples for one in found) == pair.examples
    assert len(ends) <= 9
    assert folded == len(every - ends)
    assert streams(pair, max_categories=9) == (found, folded)
