"""Heatmaps of viewer, report and plots leave categories without a cause out of the colour scale."""

import re
from pathlib import Path

import pytest
from matplotlib.colors import to_hex

from error_map import plot
from error_map.app.figures import heatmap_figure
from error_map.app.tables.heat_table import heat_table
from error_map.outputs.summary import FinishedRun, read_run
from error_map.presentation.charts import (
    UNSCALED,
    UNSCALED_COLOUR,
    most_of_heat,
    most_of_tree,
    scale_end,
)
from tests.pictured import category, finished
from tests.report_runs import report_text
from tests.support import a_row, analysed, write_csv

pytestmark = pytest.mark.slow

WRONG, PLAIN = "2 + 2 = 5. The answer is 5.", "It is so."


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> FinishedRun:
    """Nine of ten failures of each of two models are without a known cause."""
    place = tmp_path_factory.mktemp("heat")
    rows = [
        a_row(f"e{n}", model, output=PLAIN if n else WRONG) for n in range(10) for model in "ab"
    ]
    (place / "data").mkdir()
    write_csv(place / "data" / "d.csv", rows)
    return read_run(analysed(place / "data", place / "output").folder)


@pytest.mark.parametrize("depth", [1, 2])
def test_the_scale_ends_at_the_largest_cause(run: FinishedRun, depth: int) -> None:
    heat = run.heatmap(depth=depth)

    assert heat is not None
    assert scale_end(heat, per_attempt=False) == pytest.approx(0.1)


def test_the_viewer_draws_them_in_one_grey_with_their_numbers(run: FinishedRun) -> None:
    heat = run.heatmap()
    assert heat is not None

    scaled, unscaled, *numbers = heatmap_figure(heat, measure="share").data

    hard = [category.id in heat.unexplained for category in heat.categories]
    assert scaled.zmax == pytest.approx(0.1)
    for row, grey in enumerate(hard):
        assert [value is None for value in scaled.z[row]] == [grey] * 2
        assert [value is None for value in unscaled.z[row]] == [not grey] * 2
    assert {colour for _, colour in unscaled.colorscale} == {"rgba(128,128,128,0.25)"}
    assert sorted(text for one in numbers for text in one.text) == ["10.0"] * 2 + ["90.0"] * 2


def test_the_report_shades_them_grey_and_says_so(run: FinishedRun) -> None:
    page = report_text(run.folder)

    (table, *_) = re.findall(r'<table class="heat.*?</table>', page, re.DOTALL)
    cells = re.findall(r'class="cell ([^"]+)" data-v="([^"]+)"', table)
    assert sorted(set(cells)) == [("c9", "0.100000"), ("unscaled", "0.900000")]
    assert UNSCALED in table


def test_the_plot_draws_them_grey_and_says_so(run: FinishedRun) -> None:
    axes = plot(run, "heatmap").axes[0]

    fills = [to_hex(patch.get_facecolor()) for patch in axes.patches]
    assert fills.count(UNSCALED_COLOUR.lower()) == 2
    assert UNSCALED in {text.get_text() for text in axes.texts}
    assert {"10.0", "90.0"} <= {text.get_text() for text in axes.texts}


# ---- what is left out for want of room


@pytest.fixture
def many(tmp_path: Path) -> FinishedRun:
    """A model with sixty kinds of failures, and one that is hard to analyze."""
    kinds = [category(f"Kind {n}", n, ["Deep"]) for n in range(60)]
    return finished(tmp_path, {"a": [*(f"c{n}.0" for n in range(60)), "hard_to_analyze"]}, kinds)


def test_what_has_no_known_cause_is_never_left_out_for_want_of_room(many: FinishedRun) -> None:
    heat = many.heatmap()
    assert heat is not None
    figure = heatmap_figure(heat, measure="rate")

    assert [one.name for one in most_of_heat(heat, models=1, categories=3).categories] == [
        *("Kind 0", "Kind 1"),
        "Hard to Analyze",
    ]
    assert "Hard to Analyze" in figure.layout.yaxis.ticktext
    assert "Hard to Analyze" in heat_table(heat, {}, measure="rate")


def test_a_tree_without_room_keeps_what_has_no_known_cause(many: FinishedRun) -> None:
    overall = many.summary.overall
    assert overall is not None

    names = [rate.category.name for rate in most_of_tree(overall.categories, 5)]

    assert names == ["Kind 0", "Deep", "Kind 1", "Deep", "Hard to Analyze"]
    assert most_of_tree(overall.categories, 1_000) == overall.categories


def test_a_comment_with_many_categories_keeps_what_has_no_known_cause(
    data: Path, output: Path
) -> None:
    outputs = ["2 + 2 = 5. The answer is 5.", "", "word " * 200, "I cannot help with that.", PLAIN]
    rows = [a_row(f"e{n}", m, output=text) for n, text in enumerate(outputs) for m in "ab"]
    write_csv(data / "d.csv", rows)

    text = report_text(analysed(data, output).folder, "md")

    heat = text.partition("### Categories of each model: failures per 100 answers")[2]
    assert "Hard to Analyze" in heat.partition("##")[0]
