"""Failure signatures of models."""

from collections.abc import Sequence

import pytest

from error_map.analysis import Signature, Tally, accounting, folding, signature
from error_map.records import CategoryId
from error_map.taxonomy import Category, Taxonomy
from tests.analysis.small_taxonomy import TREE

COUNTED = [
    Tally("d", "a", "passed", "", 60),
    Tally("d", "a", "assigned", "sum.slip", 24),
    Tally("d", "a", "assigned", "form", 4),
    Tally("d", "a", "assigned", "hard_to_analyze", 12),
    Tally("d", "b", "passed", "", 90),
    Tally("d", "b", "not_selected", "", 10),
]


def signed(counted: Sequence[Tally], *models: str, rare_below: float = 0.0) -> Signature | None:
    display_path = folding(counted, TREE, rare_below=rare_below)
    return signature(counted, TREE, models=models, display_path=display_path)


def test_shares_are_of_the_failures_and_per_attempt_of_all_rows() -> None:
    one = signed(COUNTED, "a")

    assert one is not None
    top = {rate.category.id: rate for rate in one.top}
    assert top[CategoryId("sum")].share.value == pytest.approx(0.6)
    assert top[CategoryId("sum")].per_attempt.value == pytest.approx(0.24)
    assert (one.failure_rate.hits, one.failure_rate.trials) == (40, 100)
    assert (one.model, one.attempts_known, one.mock) == ("", True, False)


def test_hard_to_analyze_is_not_explained_and_comes_last() -> None:
    one = signed(COUNTED, "a")

    assert one is not None
    assert one.explained is not None
    assert one.explained.value == pytest.approx(28 / 40)
    names = [rate.category.id for rate in one.categories]
    assert names == ["sum", "sum.slip", "form", "hard_to_analyze"]


def test_failures_with_only_a_place_are_located_and_not_explained() -> None:
    names = ("step", "unexplained")
    below = tuple(Category(CategoryId(f"hard_to_analyze.{name}"), name, "") for name in names)
    hard = Category(CategoryId("hard_to_analyze"), "Hard to Analyze", "", below)
    tree = Taxonomy((*TREE.categories[:2], hard))
    counted = [
        Tally("d", "a", "assigned", "form", 1),
        Tally("d", "a", "assigned", "hard_to_analyze", 2),
        Tally("d", "a", "assigned", "hard_to_analyze.unexplained", 4),
        Tally("d", "a", "assigned", "hard_to_analyze.step", 8),
        Tally("d", "a", "unassigned", "form", 16),
    ]

    one = signature(
        counted, tree, models=["a"], display_path=folding(counted, tree, rare_below=0.0), name="a"
    )

    assert one is not None
    assert one.model == "a"
    assert one.explained is not None
    assert one.located is not None
    assert (one.explained.hits, one.located.hits, one.unexplained) == (1, 8, 6)
    assert one.explained.trials == 31


def test_a_category_whose_share_is_the_limit_is_not_rare() -> None:
    counted = [Tally("d", "a", "assigned", "form", 1), Tally("d", "a", "assigned", "sum", 3)]

    assert folding(counted, TREE, rare_below=0.25)("form") == ("form",)
    assert folding(counted, TREE, rare_below=0.26)("form") == ("other",)


def test_models_without_analysed_failures_do_not_affect_what_is_rare() -> None:
    counted = [
        Tally("d", "a", "assigned", "form", 1),
        Tally("d", "a", "assigned", "sum", 3),
        Tally("d", "b", "not_sampled", "", 96),
    ]

    assert folding(counted, TREE, rare_below=0.2)("form") == ("form",)


def test_categories_of_the_same_share_are_ordered_by_id() -> None:
    one = signed(
        [Tally("d", "a", "assigned", "sum", 5), Tally("d", "a", "assigned", "form", 5)], "a"
    )

    assert one is not None
    assert [(rate.category.id, rate.depth) for rate in one.categories] == [("form", 1), ("sum", 1)]


def test_sampled_rates_per_attempt_are_the_share_times_the_failure_rate() -> None:
    counted = [
        Tally("d", "a", "passed", "", 60),
        Tally("d", "a", "assigned", "form", 10),
        Tally("d", "a", "assigned", "sum", 10),
        Tally("d", "a", "not_sampled", "", 20),
    ]

    one = signed(counted, "a")

    assert one is not None
    form = one.top[0]
    assert form.share.value == pytest.approx(0.5)
    assert form.per_attempt.value == pytest.approx(0.2)
    assert form.per_attempt.low == pytest.approx(0.4 * form.share.low)
    assert form.per_attempt.high == pytest.approx(0.4 * form.share.high)
    assert (form.per_attempt.hits, form.per_attempt.trials, form.per_attempt.of) == (10, 20, 40)


def test_a_model_that_never_fails_counts_in_the_whole() -> None:
    counted = [
        Tally("d", "bad", "assigned", "form", 5),
        Tally("d", "bad", "passed", "", 5),
        Tally("d", "perfect", "passed", "", 10),
    ]

    whole = signed(counted, "bad", "perfect")

    assert whole is not None
    assert (whole.failure_rate.hits, whole.failure_rate.trials) == (5, 20)


def test_folding_goes_by_the_weighted_shares_of_all_models() -> None:
    counted = [
        Tally("d1", "a", "assigned", "form", 10),
        Tally("d1", "a", "not_sampled", "", 190),
        Tally("d2", "b", "assigned", "sum", 10),
    ]

    display_path = folding(counted, TREE, rare_below=0.1)

    assert display_path("form") == ("form",)
    assert display_path("sum") == ("other",)


def test_a_model_without_scored_rows_has_no_signature() -> None:
    assert signed(COUNTED, "nobody") is None


def test_sampled_failures_are_weighted_by_their_stratum() -> None:
    counted = [
        Tally("d1", "a", "assigned", "form", 10),
        Tally("d1", "a", "not_sampled", "", 90),
        Tally("d2", "a", "assigned", "sum", 10),
    ]

    one = signed(counted, "a")

    assert one is not None
    assert one.top[0].category.id == "form"
    assert one.top[0].share.value == pytest.approx(100 / 110)


def test_thin_top_categories_are_folded_into_other_where_shown() -> None:
    display_path = folding(COUNTED, TREE, rare_below=0.4)

    assert display_path("form") == ("other",)
    assert display_path("hard_to_analyze") == ("hard_to_analyze",)
    assert display_path("sum.slip") == ("sum", "sum.slip")


def test_folding_keeps_the_totals() -> None:
    one = signed(COUNTED, "a", rare_below=0.2)

    assert one is not None
    assert sum(rate.share.hits for rate in one.top) == 40


def test_the_accounting_lists_all_nine_states() -> None:
    accounted = accounting(COUNTED)

    assert len(dict(accounted)) == 9
    assert (accounted.rows, accounted.studied) == (200, 40)
