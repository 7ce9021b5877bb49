"""The quantities of a task."""

import pytest

from error_map.analysts.offline.steps.task_quantities import forms, phrase, task_quantities


def stated(task: str) -> list[float]:
    return [each.value for each in task_quantities(task)]


def test_digits_and_number_words_are_quantities_in_the_order_of_the_task() -> None:
    assert stated("Three crates hold 40 pears each, a dozen are bad.") == [3, 40, 12]


def test_half_and_twice_are_the_number_that_one_calculates_with() -> None:
    assert stated("twice as many, then half of them") == [2, 2]


@pytest.mark.parametrize("task", ["the 4th train at 9:30", "on the third day", "1 pear and 0 figs"])
def test_ordinals_hours_and_ones_are_no_quantities(task: str) -> None:
    assert set(stated(task)) <= {30}


def test_a_quantity_is_quoted_with_its_currency_and_the_words_behind_it() -> None:
    task = "A ticket costs $12 for a child. Then 30 red chairs of oak were sold."

    quoted = [phrase(task, each) for each in task_quantities(task)]

    assert quoted == ["$12 for a child", "30 red chairs"]


def test_a_percentage_may_be_used_as_what_is_left_of_it() -> None:
    assert {0.2, 0.8, 1.2, 80} <= forms(20)
