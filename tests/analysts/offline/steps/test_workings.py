"""The steps that are read from a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from error_map.analysts.offline.steps.workings import key, steps


def read(text: str) -> list[tuple[str, tuple[float, ...], tuple[float, ...], float]]:
    return [(step.kind, step.direct, step.inverse, step.result) for step in steps(text)]


def test_a_sum_has_terms_to_add_and_to_take_off() -> None:
    assert read("He has 20 - 3 + 4 = 21 left.") == [("sum", (4, 20), (3,), 21)]


def test_a_product_has_factors_and_divisors() -> None:
    assert read("12 * 5 / 4 = 15") == [("product", (5, 12), (4,), 15)]


def test_the_parts_of_a_longer_calculation_come_before_it() -> None:
    found = steps("3 * 4 + 2(5 + 1) = 24")

    assert [step.result for step in found] == [12, 6, 12, 24]
    assert [step.inner for step in found] == [True, True, True, False]


@pytest.mark.parametrize(
    "text",
    [
        r"\(7 \times \$1.50 = \$10.50\)",
        "7 × $1.50 = $10.50",  # noqa: RUF001 - as models write
        "7 boxes * 1.50 francs = 10.50 francs",
        "7*1.5=<<7*1.5=10.5>>10.5",
        "7(1.5) = 10.5",
    ],
)
def test_every_usual_way_of_writing_gives_the_same_step(text: str) -> None:
    assert read(text) == [("product", (1.5, 7), (), 10.5)]


def test_a_percentage_is_a_factor() -> None:
    assert read("20% of 60 = 12") == [("product", (0.2, 60), (), 12)]


def test_a_step_has_the_result_that_the_text_claims() -> None:
    (step,) = steps("4 + 4 = 9")

    assert (step.result, step.true) == (9, False)


def test_brackets_round_the_whole_and_round_a_part_are_told_apart() -> None:
    assert read("(2 + 3) = 5") == [("sum", (2, 3), (), 5)]
    assert read("(2 + 3) * (4 + 1) = 25")[-1] == ("product", (5, 5), (), 25)


def test_a_chain_is_one_step_a_sign() -> None:
    assert [step.result for step in steps("3 + 4 = 7 + 2 = 9")] == [9, 9]


@pytest.mark.parametrize("text", ["", "no numbers", "x = 4", "7 = 7", "2x + 3 = 9", "20 eggs"])
def test_what_is_no_operation_on_numbers_is_no_step(text: str) -> None:
    assert steps(text) == ()


def test_numbers_compare_as_far_as_people_write_them_out() -> None:
    assert key(33) != key(34)
    assert steps("100 / 3 = 33.33")[0].result == steps("100 / 3 = 33.333333")[0].result


@given(st.text("0123456789=+-*/.,()%$ \nab", max_size=200))
def test_any_text_gives_steps_inside_it(text: str) -> None:
    for step in steps(text):
        assert 0 <= step.start < step.end <= len(text)
