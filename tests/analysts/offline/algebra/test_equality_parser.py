"""Chains of equalities in free text: which formulas are set equal, and their values."""

from fractions import Fraction

import pytest

from error_map.analysts.offline.algebra.equality_parser import equalities
from error_map.analysts.offline.algebra.formulas import formula
from error_map.analysts.offline.algebra.polynomials import constant, unknowns


def sides(text: str) -> list[str]:
    return [
        f"{text[each.left.start : each.left.end]} | {text[each.right.start : each.right.end]}"
        for each in equalities(text)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("So a = 3 + 4 = 7.", ["a | 3 + 4", "3 + 4 | 7"]),
        (r"Thus \(r = 2\pi\) and $k = 3$", [r"r | 2\pi", "k | 3"]),
        ("- 3 + 4 = 7 apples", ["3 + 4 | 7"]),
        ("1. Hence x + y = 5, z = 2", ["x + y | 5", "z | 2"]),
        (r"\\[ \\frac{1}{2} = 0.5 \\]", [r"\\frac{1}{2} | 0.5"]),
        (r"0.33 \approx \frac13", [r"0.33 | \frac13"]),
    ],
)
def test_formulas_that_are_set_equal_are_found(text: str, expected: list[str]) -> None:
    assert sides(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "a >= 3, b <= 4, c != 5, d == 6",
        "5 choose 2 = 10",
        "half of 3 + 4 = 7",
        "1 + 2 + ... + 20 = 210",
        "x = 2 or y",
        "x = 2 \u00b1 3",
        "x < 3 = y",
        "7 = 3 million",
        "it is = 7",
        "=",
        "",
    ],
)
def test_relations_words_and_torn_formulas_are_left_alone(text: str) -> None:
    assert sides(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2^{10}", 1024),
        ("-3^2", -9),
        (r"\sqrt[3]{27}", 3),
        ("√(16)", 4),
        (r"\binom{5}{2}", 10),
        ("4!/2!", 12),
        ("1,000 + 1", 1001),
        ("3²", 9),
        (r"\frac12", Fraction(1, 2)),
        (r"\left(\dfrac{3}{4}\right)^{-1}", Fraction(4, 3)),
        ("2 * -3", -6),
    ],
)
def test_numbers_are_worked_out_exactly(text: str, value: Fraction) -> None:
    found = formula(text)

    assert found is not None
    assert found.closed == value


@pytest.mark.parametrize(
    "text",
    [
        "1/0",
        "0^{-1}",
        "(-8)^{1/3}",
        "100!",
        "2^{1000}",
        "9" * 40,
        "(" * 50,
        r"\log(0)",
        "f(x + 1)",
        "1/2x",
        "8 \\frac{1}{2}",
        "x!",
        "2^x",
        "(a+b+c+d)^5",
        "\\sqrt{x}",
        "[3]",
        "3]",
        "+",
        "x" * 300,
    ],
)
def test_what_is_undefined_ambiguous_or_too_large_is_refused(text: str) -> None:
    assert formula(text) is None


def test_unknowns_are_added_up_and_multiplied_out() -> None:
    left, right = formula("(2x + y_1)^2"), formula("4x^2 + 4xy_1 + y_{1}^2")

    assert left is not None
    assert right is not None
    assert left.value == right.value
    assert unknowns(left.value) == {"x", "y_1"}
    assert constant(left.value) is None
