"""The viewer's figures and escaping: numbers with intervals and counts; names are never markup."""

import re
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from error_map.analysis import Flow, Signature, Tally, Transitions, folding, heatmap, signature
from error_map.app.escaping import for_markdown, for_plotly, one_line
from error_map.app.figures import (
    MAX_BARS,
    MAX_ROWS,
    counts_of,
    failure_rate_figure,
    heatmap_figure,
    signature_figure,
    taxonomy_figure,
    transition_figure,
)
from error_map.app.html_parts import table
from error_map.app.labels import short_names
from error_map.app.tables.heat_table import heat_table
from error_map.records import CategoryId
from error_map.taxonomy import Category, Taxonomy, reserved

HOSTILE: Final = "<b onclick=alert(1)>%{y} &amp; $x$ \u202e\x1b[31m \x00 \ud800"
SLIP: Final = Category(CategoryId("sum.slip"), f"{HOSTILE} slip", "A slip.")
TREE: Final = Taxonomy(
    (
        Category(CategoryId("sum"), HOSTILE, "Sums.", (SLIP,)),
        Category(CategoryId("form"), "Form", "Forms."),
        *reserved(),
    )
)
COUNTED: Final = (
    Tally("d", HOSTILE, "passed", "", 60),
    Tally("d", HOSTILE, "assigned", "sum.slip", 30),
    Tally("d", HOSTILE, "assigned", "form", 10),
    Tally("d", "other", "passed", "", 90),
    Tally("d", "other", "assigned", "form", 10),
)
PATHS: Final = folding(COUNTED, TREE, rare_below=0.0)


def a_signature(*models: str) -> Signature:
    name = models[0] if len(models) == 1 else ""
    found = signature(COUNTED, TREE, models=models, display_path=PATHS, name=name)
    assert found is not None
    return found


MODELS: Final = (a_signature(HOSTILE), a_signature("other"))
OVERALL: Final = a_signature(HOSTILE, "other")
HEAT: Final = heatmap(COUNTED, TREE, signatures=MODELS, overall=OVERALL, display_path=PATHS)


def harmless(figure: object) -> bool:
    """Whether a figure contains no tag, template or control character of a name."""
    text = str(figure)
    own = re.sub(
        r"</?b>|<br>|<extra></extra>|%\{hovertext\}|%\{customdata\}|%\{value:,\}", "", text
    )
    return not re.search(r"<b onclick|%\{y|\u202e|\x1b|\x00|\ud800", own)


def test_no_figure_interprets_a_name() -> None:
    moved = Transitions(
        before=HOSTILE, after="other", flows=(Flow("sum", "passed", 3),), unpaired=0
    )
    figures = (
        failure_rate_figure(MODELS),
        signature_figure(MODELS, [one.category for one in OVERALL.top], measure="share"),
        heatmap_figure(HEAT, measure="rate"),
        taxonomy_figure(OVERALL, shape="sunburst"),
        taxonomy_figure(OVERALL, shape="treemap"),
        transition_figure(moved, {path[-1].id: path[-1].name for path in TREE.walk()}),
    )

    assert all(harmless(figure) for figure in figures)


def test_hover_texts_contain_rate_interval_and_denominator() -> None:
    bars = failure_rate_figure(MODELS).data[0]
    cells = heatmap_figure(HEAT, measure="share").data[0]

    assert "40.0 % [30.9, 49.8]<br>40 of 100 failed" in bars.hovertext[0]
    assert "75.0 % [59.8, 85.8] of its failures (30 of 40)" in str(cells.hovertext)


def test_hover_texts_of_bars_name_what_the_rate_refers_to() -> None:
    categories = [one.category for one in OVERALL.top]

    share = signature_figure(MODELS, categories, measure="share")
    rate = signature_figure(MODELS, categories, measure="rate")

    assert any("share of the failures: 30 of 40" in text for text in share.data[0].hovertext)
    assert any("failures per 100 answers: 30 of 100" in text for text in rate.data[0].hovertext)
    titles = (one.layout.xaxis.title.text for one in (share, rate))
    assert list(titles) == ["share of the failures", "failures per 100 answers"]


def test_a_rate_per_attempt_of_sampled_failures_says_that_it_is_an_estimate() -> None:
    counted = (
        Tally("d", "m", "passed", "", 60),
        Tally("d", "m", "assigned", "form", 10),
        Tally("d", "m", "not_sampled", "", 30),
    )
    found = signature(counted, TREE, models=["m"], display_path=PATHS, name="m")
    assert found is not None

    assert counts_of(found.top[0], "rate") == "estimated from 10 of 10 studied failures"
    assert counts_of(found.top[0], "share") == "10 of 10, sampled from 40"


def test_bars_have_their_intervals() -> None:
    bars = failure_rate_figure(MODELS).data[0]
    rate = MODELS[0].failure_rate

    assert bars.x[0] + bars.error_x.array[0] == rate.high
    assert abs(bars.x[0] - bars.error_x.arrayminus[0] - rate.low) < 1e-12


def test_the_taxonomy_figure_contains_each_failure_once() -> None:
    trace = taxonomy_figure(OVERALL, shape="sunburst").data[0]

    assert abs(sum(trace.values) - 1) < 1e-9
    assert list(trace.parents[:2]) == ["", "root"]


def test_figures_are_limited_in_models_and_categories() -> None:
    counted = tuple(Tally("d", f"m{n}", "assigned", "form", n + 1) for n in range(50))
    every = [
        found
        for n in range(50)
        if (found := signature(counted, TREE, models=[f"m{n}"], display_path=PATHS, name=f"m{n}"))
    ]

    assert len(failure_rate_figure(every).data[0].x) == MAX_BARS
    assert MAX_ROWS < 50


def test_a_cell_of_the_table_links_to_its_failures() -> None:
    html = heat_table(HEAT, {"run": "r&1"}, measure="share")

    assert 'href="failures?run=r%261&amp;model=other&amp;category=form"' in html
    assert "100.0 %</a><small>[72.2, 100.0]</small><small>10 of 10</small>" in html
    assert "<b onclick" not in html


def test_the_common_prefix_of_names_is_omitted() -> None:
    assert short_names(["small-1/plain", "small-1/few-shot"]) == ["…plain", "…few-shot"]
    assert short_names(["a-b", "a-c"]) == ["a-b", "a-c"]
    assert short_names([]) == []


@given(st.text())
def test_any_text_is_one_visible_line(text: str) -> None:
    line = one_line(text)

    line.encode("utf-8")
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", line)


@given(st.text())
def test_any_text_is_inert_in_markdown_figures_and_tables(text: str) -> None:
    escaped = for_markdown(text, None)
    html = table(("a",), [(text,)], caption="c")

    assert not re.search(r"(?<!\\)(?:\\\\)*[*_`$:<\[\]]", escaped.replace("\\\\", ""))
    assert "<" not in for_plotly(text)
    assert html.count("<td") == 1
