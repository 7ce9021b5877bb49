"""Exact evaluation of expressions: notation, precedence, units and bounds."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from error_map.analysts.offline.arithmetic.calculator import MAX_UNTRUE, false_equations, judged
from error_map.analysts.offline.arithmetic.expressions import evaluate
from error_map.analysts.offline.arithmetic.tokens import tokens

AMOUNT = st.integers(min_value=13, max_value=999)


def verdicts(text: str) -> list[str]:
    return [each.verdict for each in judged(text)]


def reasons(text: str) -> list[str | None]:
    return [each.reason for each in judged(text)]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("So 6 * 14 = 84 pens.", "true"),
        ("So 6 * 14 = 94 pens.", "false"),
        ("So 20 - 50 = 30 less.", "difference"),
        ("So 7 + 8 = 5 (mod 10).", "not arithmetic"),
        ("In base 8, 7 + 2 = 11.", "not arithmetic"),
        ("So a_1 + 4 = 9.", "not arithmetic"),
        ("So sin(30) + 1 = 2.", "not arithmetic"),
        ("The inverse: 3 * 7 = 1.", "not arithmetic"),
        ("So 6 ft 2 in + 4 in = 80 in.", "not arithmetic"),
        ("He sold 2 dozen + 3 = 27.", "not arithmetic"),
        ("That is about 31 * 3 = 90.", "doubtful"),
        ("Then 3 * 3 = 10, which is not true.", "doubtful"),
        ("Half: 7.45 / 2 = 3.71.", "doubtful"),
    ],
)
def test_every_equation_has_one_verdict(text: str, verdict: str) -> None:
    assert verdicts(text) == [verdict]


def test_an_equation_is_given_with_its_place_and_its_exact_value() -> None:
    text = "Each gets 10 / 3 = 3.5 kg."

    (only,) = judged(text)

    assert text[only.start : only.end] == "10 / 3 = 3.5"
    assert only.value == Fraction(10, 3)
    assert only.reason is None


def test_each_link_of_a_chain_has_its_own_verdict() -> None:
    assert verdicts("2 * 3 * 4 = 6 * 4 = 25 = 20 + 5") == ["true", "false"]
    assert verdicts("3 + 4 = 7 + 2 = 9") == ["true", "true"]


@pytest.mark.parametrize(
    "text", ["25% of 80 = 20", "50 - 20% = 40", "20 / 50 * 100 = 40%", "100% - 20% = 80%"]
)
def test_percent_holds_in_any_of_its_three_readings(text: str) -> None:
    assert verdicts(text) == ["true"]


def test_the_inside_of_an_annotation_is_always_right_and_the_text_outside_is_judged() -> None:
    assert verdicts("She has 16 - 3 = <<16-3=99>>13 eggs.") == ["true"]
    assert verdicts("She has 16 - 3 = <<16-3=13>>14 eggs.") == ["false"]


@pytest.mark.parametrize(
    "text",
    [
        "12 kg + 30 kg = 42 kg",
        "12 km/h * 3 = 36 km/h",
        "$20/hour * 8 hours = $160",
        "30 apples/tree * 2 trees = 60 apples",
        "1,200 \u00d7 3 = 3,600",
        "$1,250.50 + $9.50 = $1,260",
        "50 \u2212 8 = 42",
        r"\frac{1}{2} \times 6 = 3",
        r"15 \left( 1 + 1 + 4 \right) = 15 \times 6 = 90",
        r"\frac{49}{2} (3 + 199) = 49 \times 101 = 4949",
        r"\frac{1}{2} \left(4 + 6\right) = 5",
        r"3 \sqrt{4} = 6",
        r"18 \sqrt{25} = 90",
        r"\frac{1}{2} \frac{2}{3} = \frac{1}{3}",
        r"2^{3} (4 + 1) = 40",
    ],
)
def test_working_is_read_however_it_is_written(text: str) -> None:
    assert set(verdicts(text)) == {"true"}


def test_a_blank_between_number_and_bracket_is_no_product_outside_latex() -> None:
    assert verdicts("It lasts 3 hours (180 minutes) + 20 = 200 minutes.") != ["false"]
    assert verdicts("Of the 3 (12 / 4) = 3.") != ["false"]


def test_a_mixed_number_is_no_product() -> None:
    assert "false" not in verdicts(r"2 \frac{1}{2} + 1 = 3.5")
    assert "false" not in verdicts("2 1/2 + 1 = 3.5")


def test_roots_of_tiny_and_of_huge_numbers_are_exact_to_their_first_digits() -> None:
    for exponent in (-38, -20, 0, 20):
        written = rf"\sqrt{{2 \cdot 10^{{{exponent}}}}}"
        result = evaluate(written, tokens(written, 0, len(written)))

        assert result is not None
        assert abs(float(result.value) / (2**0.5 * 10 ** (exponent / 2)) - 1) < 1e-9


@pytest.mark.parametrize(
    "text",
    [
        "So 1 GeV - 1 MeV = 0.999 GeV",
        "So 5 kPa + 200 Pa = 5.2 kPa",
        "So 3 mF + 500 nF = 3.0005 mF",
        "So 16x2 = 405, and with x2 = 25 the side is 5",
    ],
)
def test_prefixes_of_units_and_an_indexed_variable_are_no_plain_numbers(text: str) -> None:
    assert verdicts(text) == ["not arithmetic"]


def test_a_letter_on_the_next_line_is_no_unit_and_no_million() -> None:
    assert verdicts("So 6 * 14 = 94\nb) Next") == ["false"]
    assert verdicts("It made $200 * 3 / 4 = $15\nIn May it made more") == ["false"]
    assert verdicts("It made 200 * 3 = 0.6 M") == ["not arithmetic"]


def test_counting_whole_parts_gives_whole_numbers() -> None:
    assert reasons("That is 25/2 + 25/4 = 12 + 6") == ["whole parts"]
    assert verdicts(r"That is \frac{3}{4} + \frac{3}{8} = \frac{6}{8}") == ["false"]


def test_a_modulus_far_off_excuses_only_what_it_explains() -> None:
    far = "We work modulo 10." + " So it goes on." * 40 + " "

    assert reasons(f"{far}Then 7 + 8 = 5.") == ["other arithmetic"]
    assert verdicts(f"{far}Then 7 + 8 = 16.") == ["false"]


def test_a_base_far_off_excuses_only_digits_that_it_has() -> None:
    far = "Convert to base 8." + " So it goes on." * 40 + " "

    assert reasons(f"{far}Then 7 + 2 = 11.") == ["other arithmetic"]
    assert verdicts(f"{far}Then 9 + 2 = 13.") == ["false"]


@pytest.mark.parametrize(
    "text",
    [
        "The base of the triangle is 5. Its area is 5 * 4 / 2 = 12.",
        "There are ways to choose a card, 3 * 4 = 15 ways.",
        "With R1 = 5 and R2 = 7 the sum is 5 + 7 = 13.",
        "He lives on the third floor. He climbs 3 * 16 = 58 steps.",
    ],
)
def test_usual_words_do_not_make_another_arithmetic(text: str) -> None:
    assert verdicts(text)[-1] == "false"


def test_the_work_on_equations_that_do_not_hold_is_bounded() -> None:
    assert len(verdicts("1 + 1 = 3\n" * 5_000)) == MAX_UNTRUE
    assert len(verdicts("\nQuestion: " + "1 + 1 = 3\n" * 5_000)) == MAX_UNTRUE


def test_what_is_false_is_what_is_reported() -> None:
    text = "6 * 14 = 94. 2 - 5 = 3. 1 + 1 = 2. 8 + 8 = 17."

    reported = [(each.start, each.end) for each in false_equations(text)]

    assert reported == [(each.start, each.end) for each in judged(text) if each.verdict == "false"]
    assert len(reported) == 2


@given(AMOUNT, AMOUNT)
def test_any_two_amounts_taken_from_each_other_the_wrong_way_round(one: int, more: int) -> None:
    text = f"That leaves {one} - {one + more} = {more} pens."

    assert verdicts(text) == ["difference"]
