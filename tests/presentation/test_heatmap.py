"""Heatmaps of viewer, report and plots leave categories without a cause out of the colour scale."""

import re

import pytest
from matplotlib.colors import to_hex

from error_map import plot
from error_map.app.figures import heatmap_figure
from error_map.outputs.summary import FinishedRun, read_run
from error_map.presentation.charts import UNSCALED, UNSCALED_COLOUR, scale_end
from tests.report_runs import report_text
from tests.support import a_row, analysed, write_csv

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
