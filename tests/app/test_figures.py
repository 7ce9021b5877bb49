"""The viewer's pictures and words: numbers with what they rest on, and nothing of a name obeyed."""

import re
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from error_map.analysis import Flow, Signature, Tally, Transitions, folding, heatmap, signature
from error_map.app import escaping as words
from error_map.app.figures import (
    MOST_BARS,
    MOST_ROWS,
    failure_rates,
    flow_picture,
    heat_picture,
    signature_bars,
    tree_picture,
)
from error_map.app.heat_table import heat_table
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
    """Whether no tag, template or direction mark of a name is left in a figure."""
    told = str(figure)
    own = re.sub(
        r"</?b>|<br>|<extra></extra>|%\{hovertext\}|%\{customdata\}|%\{value:,\}", "", told
    )
    return not re.search(r"<b onclick|%\{y|\u202e|\x1b|\x00|\ud800", own)


def test_no_picture_obeys_a_name() -> None:
    moved = Transitions(
        before=HOSTILE, after="other", flows=(Flow("sum", "passed", 3),), unpaired=0
    )
    pictures = (
        failure_rates(MODELS),
        signature_bars(MODELS, [one.category for one in OVERALL.top], measure="share"),
        heat_picture(HEAT, measure="rate"),
        tree_picture(OVERALL, shape="sunburst"),
        tree_picture(OVERALL, shape="treemap"),
        flow_picture(moved, {path[-1].id: path[-1].name for path in TREE.walk()}),
    )

    assert all(harmless(picture) for picture in pictures)


def test_hovers_tell_rate_interval_and_denominator() -> None:
    bars = failure_rates(MODELS).data[0]
    cells = heat_picture(HEAT, measure="share").data[0]

    assert "40.0 % [30.9, 49.8]<br>40 of 100 failed" in bars.hovertext[0]
    assert "75.0 % [59.8, 85.8] of its failures (30 of 40)" in str(cells.hovertext)


def test_bars_carry_their_intervals() -> None:
    bars = failure_rates(MODELS).data[0]
    rate = MODELS[0].failure_rate

    assert bars.x[0] + bars.error_x.array[0] == rate.high
    assert abs(bars.x[0] - bars.error_x.arrayminus[0] - rate.low) < 1e-12


def test_a_tree_picture_holds_all_failures_once() -> None:
    picture = tree_picture(OVERALL, shape="sunburst").data[0]

    assert abs(sum(picture.values) - 1) < 1e-9
    assert list(picture.parents[:2]) == ["", "root"]


def test_many_models_and_categories_are_cut() -> None:
    counted = tuple(Tally("d", f"m{n}", "assigned", "form", n + 1) for n in range(50))
    every = [
        found
        for n in range(50)
        if (found := signature(counted, TREE, models=[f"m{n}"], display_path=PATHS, name=f"m{n}"))
    ]

    assert len(failure_rates(every).data[0].x) == MOST_BARS
    assert MOST_ROWS < 50


def test_a_cell_of_the_table_leads_to_its_failures() -> None:
    table = heat_table(HEAT, {"run": "r&1"}, measure="share")

    assert 'href="failures?run=r%261&amp;model=other&amp;category=form"' in table
    assert "100.0 %</a><small>[72.2, 100.0]</small><small>10 of 10</small>" in table
    assert "<b onclick" not in table


def test_what_models_share_of_their_names_is_left_out() -> None:
    assert words.short_names(["small-1/plain", "small-1/few-shot"]) == ["…plain", "…few-shot"]
    assert words.short_names(["a-b", "a-c"]) == ["a-b", "a-c"]
    assert words.short_names([]) == []


@given(st.text())
def test_any_text_is_one_visible_line(text: str) -> None:
    shown = words.plain(text)

    shown.encode("utf-8")
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)


@given(st.text())
def test_any_text_is_inert_in_markdown_pictures_and_tables(text: str) -> None:
    escaped = words.markdown(text, None)
    cell = words.table(("a",), [(text,)], caption="c")

    assert not re.search(r"(?<!\\)(?:\\\\)*[*_`$:<\[\]]", escaped.replace("\\\\", ""))
    assert "<" not in words.label(text)
    assert cell.count("<td") == 1
