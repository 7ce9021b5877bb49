"""Programs of assignments: their numbers, and what is not evaluated."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from error_map.analysts.offline.arithmetic.straight_line import printed


@pytest.mark.parametrize(
    ("code", "numbers"),
    [
        ("print(6 * 9)", [54]),
        ("trays = 9\nrolls = 6\ntotal = trays * rolls\ntotal", [54]),
        ("x = 7\nx += 2\nx **= 2\nprint(x)\nprint(-x // 2)", [81, -41]),
        ("# nine trays\n'''all'''\nx = 54 / 4  # four people\nprint(x)", [13.5]),
        ("print(10 % 4)\nprint(2 - -1)", [2, 3]),
    ],
)
def test_the_printed_numbers_are_calculated(code: str, numbers: list[float]) -> None:
    assert printed(code) == numbers


@pytest.mark.parametrize(
    "code",
    [
        "",
        "x = 54",  # prints nothing
        "import os\nprint(1)",
        "print(open('x'))",
        "print(rolls)",
        "print(1, 2)",
        "print('54')",
        "x = [1, 2]\nprint(x)",
        "for n in range(3):\n    print(n)",
        "print(1 / 0)",
        "print(9 ** 9 ** 9)",
        "print(10 ** 31)",
        "print((-8) ** 0.5)",
        "print(1e308 * 10)",
        "print(True)",
        "x = y = 3\nprint(x)",
        "print(" + "(" * 400 + "1" + ")" * 400 + ")",
        "print(" + "-" * 3_000 + "1)",
        "print(1)\n" * 300,
        "print(1" * 1_000,
    ],
)
def test_anything_else_is_left_alone(code: str) -> None:
    assert printed(code) is None


@given(st.text(max_size=80))
def test_no_text_raises(code: str) -> None:
    printed(code)
