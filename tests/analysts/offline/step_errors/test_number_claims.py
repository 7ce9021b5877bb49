"""False claims about whole numbers, and true or unclaimed ones that must not be reported."""

from math import gcd

import pytest
from hypothesis import given
from hypothesis import strategies as st

from error_map.analysts.offline.step_errors.number_claims import false_number_claims

from .cases import answered


@pytest.mark.parametrize(
    ("claim", "title", "end"),
    [
        ("The gcd of 12 and 18 is 4.", "False greatest common divisor", "but it is 6."),
        ("The lcm of 4 and 6 is 24.", "False least common multiple", "but it is 12."),
        ("17 divided by 5 leaves a remainder of 3.", "False remainder", "but it leaves 2."),
        ("So 7^2 ≡ 3 (mod 5).", "False congruence", "but 7^2 ≡ 4."),
        ("The inverse of 3 modulo 7 is 4.", "False modular inverse", "but it is 5."),
        ("The factors of 12 are 1, 2, 3, 4, 12.", "Incomplete list of divisors", "lacks 6."),
        ("The factors of 12 are 1, 2, 5, 12.", "False divisor in a list", "the factors of 12."),
        ("Now 91 is divisible by 9.", "False claim of divisibility", "a remainder of 1."),
    ],
)
def test_a_false_claim_is_reported_with_the_true_value(claim: str, title: str, end: str) -> None:
    (found,) = false_number_claims(answered(claim, "91"))

    assert found.title == title
    assert found.summary.endswith(end)


@pytest.mark.parametrize(
    "text",
    [
        "The gcd of 12 and 18 is 6.",
        "If the gcd of 12 and 18 is 4, we stop.",
        "We check whether 91 is divisible by 9.",
        "Is it true that 91 is divisible by 9?",
        "The gcd of 12 and 18 is 4 + 2.",
        "17 divided by 5 leaves a remainder of 2.",
        "So 7^2 ≡ 4 (mod 5).",
        "The factors of 12 are 1, 2, 3, 4, 6, 12.",
        "Some factors of 12 are 2, 3, 4.",
    ],
)
def test_true_or_unclaimed_statements_are_not_reported(text: str) -> None:
    assert false_number_claims(answered(text, "91")) == []


def test_claims_after_the_answer_are_not_reported() -> None:
    case = answered("We add them.", "4\nThe gcd of 12 and 18 is 4.")

    assert false_number_claims(case) == []


@given(st.integers(2, 9_999), st.integers(2, 9_999), st.integers(1, 9_999))
def test_a_greatest_common_divisor_is_reported_exactly_if_it_is_false(
    one: int, other: int, claimed: int
) -> None:
    found = false_number_claims(answered(f"The gcd of {one} and {other} is {claimed}.", "1"))

    assert bool(found) == (gcd(one, other) != claimed)
    assert all(each.right == gcd(one, other) for each in found)


@given(st.integers(1, 99_999), st.integers(2, 999), st.integers(0, 999))
def test_a_remainder_is_reported_exactly_if_it_is_false(one: int, by: int, left: int) -> None:
    text = f"Here {one} divided by {by} leaves a remainder of {left}."

    assert bool(false_number_claims(answered(text, "1"))) == (one % by != left)
