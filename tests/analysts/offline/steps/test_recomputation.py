"""What a working would come to with one of its values corrected."""

import pytest

from error_map.analysts.offline.steps.recomputation import recomputed
from error_map.analysts.offline.steps.workings import steps


@pytest.mark.parametrize(
    ("text", "changes", "final"),
    [
        ("3 * 4 = 14, 14 + 5 = 19, 19 / 2 = 9.5", {14.0: 12.0}, 8.5),
        ("3 * 4 = 14, 14 - 5 = 8, 8 * 2 = 16", {14.0: 12.0}, 14.0),  # a false one after it
        ("3 * 4 = 14, 14 / 2 + 1 = 8", {14.0: 12.0}, 7.0),
        ("3 * 4 = 14, 5 + 6 = 11", {14.0: 12.0}, None),
        ("3 * 4 = 14, 20 / 14 = 1.43", {14.0: 0.0}, None),  # no division by zero
    ],
)
def test_later_steps_are_computed_again(
    text: str, changes: dict[float, float], final: float | None
) -> None:
    found = steps(text)

    assert recomputed(found, changes, after=5).get(found[-1].result) == final


def test_steps_before_the_place_stay() -> None:
    found = steps("14 + 5 = 19, 3 * 4 = 14")

    assert recomputed(found, {14.0: 12.0}, after=20) == {14.0: 12.0}
