"""The heatmap: shares of each model's failures by category."""

import pytest

from error_map.analysis import Heatmap, Tally, folding, heatmap, signature
from error_map.records import CategoryId
from error_map.taxonomy import Category, Taxonomy
from tests.analysis.small_taxonomy import TREE

COUNTED = [
    Tally("d", "a", "passed", "", 60),
    Tally("d", "a", "assigned", "sum", 10),
    Tally("d", "a", "assigned", "sum.slip", 22),
    Tally("d", "a", "assigned", "form", 8),
    Tally("d", "b", "passed", "", 80),
    Tally("d", "b", "not_sampled", "", 15),
    Tally("d", "b", "assigned", "form", 5),
    Tally("d", "c", "not_sampled", "", 7),
]


def drawn(depth: int = 1, *, rare_below: float = 0.0) -> Heatmap:
    display_path = folding(COUNTED, TREE, rare_below=rare_below)
    overall = signature(COUNTED, TREE, models="abc", display_path=display_path)
    each = [signature(COUNTED, TREE, models=[m], display_path=display_path, name=m) for m in "abc"]
    assert overall is not None
    return heatmap(
        COUNTED,
        TREE,
        signatures=[one for one in each if one],
        overall=overall,
        display_path=display_path,
        depth=depth,
    )


def test_a_cell_is_the_share_of_the_models_failures_with_its_denominator() -> None:
    found = drawn()

    assert [one.id for one in found.categories] == ["sum", "form"]
    slip = found.cells[0][0]
    assert slip is not None
    assert slip.share.value == pytest.approx(0.8)
    assert slip.share.trials == 40
    assert slip.per_attempt.value == pytest.approx(0.32)


def test_top_categories_are_compared_unless_a_depth_is_requested() -> None:
    display_path = folding(COUNTED, TREE, rare_below=0.0)
    one = signature(COUNTED, TREE, models=["a"], display_path=display_path, name="a")
    assert one is not None

    found = heatmap(COUNTED, TREE, signatures=[one], overall=one, display_path=display_path)

    assert [column.id for column in found.categories] == ["sum", "form"]


def test_hard_to_analyze_and_the_categories_below_it_are_unexplained() -> None:
    place = Category(CategoryId("hard_to_analyze.step"), "Step", "A step.")
    hard = Category(CategoryId("hard_to_analyze"), "Hard to Analyze", "", (place,))
    tree = Taxonomy((*TREE.categories[:2], hard))
    counted = [
        Tally("d", "a", "assigned", "form", 8),
        Tally("d", "a", "assigned", "hard_to_analyze", 2),
        Tally("d", "a", "assigned", "hard_to_analyze.step", 1),
    ]
    display_path = folding(counted, tree, rare_below=0.0)
    one = signature(counted, tree, models=["a"], display_path=display_path, name="a")
    assert one is not None

    found = heatmap(
        counted, tree, signatures=[one], overall=one, display_path=display_path, depth=2
    )

    assert found.unexplained == {"hard_to_analyze", "hard_to_analyze.step"}
    assert [column.id for column in found.categories] == [
        "form",
        "hard_to_analyze",
        "hard_to_analyze.step",
    ]


def test_a_category_that_a_model_never_shows_is_a_zero_with_an_interval() -> None:
    cell = drawn().cells[1][0]

    assert cell is not None
    assert (cell.share.value, cell.share.hits) == (0.0, 0)
    assert 0.0 < cell.share.high < 1.0


def test_a_model_without_studied_failures_has_empty_cells() -> None:
    found = drawn()

    assert found.models == ("a", "b", "c")
    assert found.cells[2] == (None, None)


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_the_shares_of_a_row_add_up_to_one_at_every_depth(depth: int) -> None:
    rows = drawn(depth).cells[:2]

    assert len(rows) == 2
    for row in rows:
        assert sum(cell.share.value for cell in row if cell) == pytest.approx(1.0)


def test_failures_of_a_parent_itself_are_distinguished_from_those_of_its_children() -> None:
    found = drawn(2)

    values = dict(zip([one.id for one in found.categories], found.cells[0], strict=True))
    assert {name: cell and cell.share.hits for name, cell in values.items()} == {
        "sum": 10,
        "sum.slip": 22,
        "form": 8,
    }


def test_thin_categories_are_one_column() -> None:
    names = [one.id for one in drawn(rare_below=0.9).categories]

    assert names == ["other"]
