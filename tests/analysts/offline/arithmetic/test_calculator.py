"""The calculator: which equations of a text hold, which are false, and which are left alone."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from error_map.analysts.offline.arithmetic.calculator import FalseEquation, false_equations
from error_map.analysts.offline.arithmetic.equations import MAX_EQUATIONS, equations
from error_map.analysts.offline.arithmetic.expressions import evaluate
from error_map.analysts.offline.arithmetic.quantities import quantities, spelt, values
from error_map.analysts.offline.arithmetic.tokens import decimals, number, tokens

SIGNS = {"+": int.__add__, "-": int.__sub__, "*": int.__mul__}
WHOLE = st.integers(min_value=1, max_value=9_999)


def found(text: str) -> list[FalseEquation]:
    return list(false_equations(text))


def quoted(text: str) -> list[str]:
    return [text[each.start : each.end] for each in found(text)]


def value_of(text: str) -> object:
    result = evaluate(text, tokens(text, 0, len(text)))
    return result and result.value


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("2 + 3 * 4", 14),
        ("(2 + 3) * 4", 20),
        ("2(3 + 4)", 14),
        ("12 - -3", 15),
        ("2^10", 1024),
        ("2^-1", Fraction(1, 2)),
        ("3² + 4²", 25),
        (r"\frac{1}{2} \times 6", 3),
        (r"\\frac{3}{4} \\cdot 8", 6),
        (r"\sqrt{49} + 1", 8),
        ("sqrt(49) + 1", 8),
        ("$1,250.50 \u00d7 2", 2501),
        (r"1{,}000 + 1", 1001),
        ("10 \u2212 4", 6),
        ("9 ÷ 3", 3),
        ("25% of 80", 20),
        ("1/4 of 80", 20),
        ("5 boxes x 12 pens", 60),
        ("3 times 4", 12),
    ],
)
def test_arithmetic_is_worked_out_exactly_however_it_is_written(
    written: str, value: object
) -> None:
    assert value_of(written) == value


@pytest.mark.parametrize(
    "written",
    [
        "1 / 0",
        "0^-1",
        "2x + 3",
        "5 +",
        "9^9^9^9",
        "7^(10^9)",
        "(" * 60 + "1" + ")" * 60,
        "√(0 - 4)",
    ],
)
def test_what_is_no_arithmetic_or_too_much_of_it_is_refused(written: str) -> None:
    assert value_of(written) is None


@pytest.mark.parametrize(
    ("text", "quote", "operation", "value"),
    [
        ("Left are 16 - 3 - 4 = 8 eggs.", "16 - 3 - 4 = 8", "subtraction", 9),
        ("Total: 17 + 25 = 32.", "17 + 25 = 32", "addition", 42),
        ("It costs $80 x 0.75 = $65 in all.", "$80 x 0.75 = $65", "multiplication", 60),
        ("Each gets 96 / 4 = 26 stickers", "96 / 4 = 26", "division", 24),
        ("The rise is 25% of 80 = 25 francs", "25% of 80 = 25", "percentage", 20),
        ("So 3 * (4 + 5) = 29, done", "3 * (4 + 5) = 29", "mixed calculation", 27),
        (r"\[ \frac{1}{2} \times 6 = 4 \]", r"\frac{1}{2} \times 6 = 4", "mixed calculation", 3),
        ("has 14 \u2212 5 = 8 left", "14 \u2212 5 = 8", "subtraction", 9),
        ("cost 1,200 + 350 = 1,650 francs", "1,200 + 350 = 1,650", "addition", 1550),
        ("an area of 5² = 35 tiles", "5² = 35", "mixed calculation", 25),
    ],
)
def test_a_false_equation_is_quoted_and_put_right(
    text: str, quote: str, *, operation: str, value: int
) -> None:
    (only,) = found(text)

    assert text[only.start : only.end] == quote
    assert (only.operation, only.value) == (operation, value)


@pytest.mark.parametrize(
    "text",
    [
        "16 - 3 = 13",
        "$80 x 0.75 = $60",
        "25% of 80 = 20",
        r"\frac{1}{2} \times 6 = 3",
        "10 / 3 = 3.33",
        "2 / 3 = 0.66",
        "2 / 3 = 0.67",
        "100 / 7 = 14",
        "1 / 3 = 0.3333333333333333",
        "3.33 * 3 = 10",
        r"\sqrt{2} = 1.41",
        "5 apples + 4 pears = 9 pieces of fruit",
        "2 * 3 * 4 = 6 * 4 = 24",
    ],
)
def test_a_true_equation_is_left_alone_up_to_the_digits_shown(text: str) -> None:
    assert found(text) == []


def test_a_chain_that_goes_on_from_its_result_is_style_and_no_error() -> None:
    assert found("3 + 4 = 7 + 2 = 9") == []


def test_a_chain_that_goes_on_wrongly_is_caught_at_its_wrong_link() -> None:
    assert quoted("She adds 3 + 4 = 7 + 2 = 10.") == ["7 + 2 = 10"]


def test_a_bullet_is_not_a_minus() -> None:
    assert found("We need:\n- 80 classrooms * 15 = 1200\n- 10901 ÷ 11 = 991") == []


def test_a_bulleted_equation_that_is_false_either_way_is_found() -> None:
    assert quoted("We need:\n- 80 classrooms * 15 = 1350") == ["- 80 classrooms * 15 = 1350"]


def test_a_difference_may_be_stated_without_its_sign() -> None:
    assert found("That is 20 \u2212 50 = 30 less than before.") == []


@pytest.mark.parametrize(
    "text",
    [
        "She ran the 400-meter hurdles in 38 + 2 = 40 seconds.",
        "It lasts 3 hours (180 minutes) + 20 = 200 minutes.",
        "The temperature of 3 cities is -48 + 21 = -27 degrees.",
    ],
)
def test_a_word_right_before_a_number_or_bracket_ends_the_expression(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "He is 6 feet 2 inches + 4 inches = 6 feet 6 inches tall.",
        "It takes 2 hours + 30 minutes = 150 minutes.",
        "She pays 3 dollars + 50 cents = 350 cents.",
        "She pays 40 cents + $2 = $3.40.",
        "She pays $2 + 40 cents = $3.40.",
        "She pays $2 + 3 quarters = $2.80.",
        "The wall is 9 feet * 6 inches = 4.5 square feet.",
        "We wait 90 + 30 = 2 hours.",
    ],
)
def test_mixed_units_are_left_alone(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "He buys 3 dozen * 2 = 72 eggs.",
        "Sales rise by 2 million + 500,000 = 2.5 million.",
        "It costs 1500 * 2 = 3 thousand.",
    ],
)
def test_dozens_and_millions_are_left_alone(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "We find 7 + 5 = 2 (mod 10).",
        r"Here 3 \cdot 5 = 1 \pmod{7}.",
        "In base 7 we have 5 + 4 = 12.",
        r"It holds that 5 + 4 = 12_7.",
        "The inverse: 3 * 5 = 1 in that field.",
        "The remainder of 17 / 5 = 2.",
        "There are 7 choose 2 = 21 and (5 - 1) choose (3 - 1) = 6 ways.",
    ],
)
def test_other_kinds_of_arithmetic_are_left_alone(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "E = 1/4Mv^2 = 12",
        "Solving 2x + 3 = 7 gives x.",
        "Then 5a + 2 = 3 holds.",
        "x_1 + 1 = 3",
        "f(3) + 2 = 9",
        "cos(60) + 1 = 1.5",
        "V = (4/3)π(3)^3 = 36π",
        r"a\sqrt{2} = 8\sqrt{2}",
        r"\binom{4}{2} = 6",
        r"\sqrt[3]{27} + 1 = 4",
        "5! + 1 = 121",
        "|3 - 5| + 1 = 3",
        "(1, 2) + (3, 4) = (4, 6)",
        "1 + 2 + ... + 10 = 55",
        "4 + 4 = 2y",
    ],
)
def test_variables_functions_and_notation_glued_to_numbers_are_left_alone(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text", ["The cube has 2 cm^3 * 5 = 10 cm^3.", "An area of 3 cm * 4 cm = 12 cm^2."]
)
def test_a_power_of_a_unit_is_no_power_of_the_number(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "This gives 1 + 4 = 7 + 2, which simplifies to 5 = 9, a contradiction.",
        "Then 2 * 5 + 1 = 12, which is not true.",
        "We check whether 3 * 3 = 10 could hold.",
        "But 3 + 3 = 7 is impossible.",
    ],
)
def test_an_equation_that_its_author_tries_or_rejects_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_a_division_chain_with_units_may_mean_a_rate() -> None:
    assert found("He needs 100 pages / 2 pages/1.5 minutes = 75 minutes.") == []


@pytest.mark.parametrize("text", ["1/2(3)(4)^2 = 24", "100 / 5 * 2 = 10", "5 + 3 * 2 = 16"])
def test_an_equation_is_only_false_when_every_order_of_its_operations_fails(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    ["20% * 50 = 10", "20 / 50 * 100 = 40%", "20 / 50 = 40%", "50 - 20% = 40", "100% - 20% = 80%"],
)
def test_percent_is_false_only_when_all_three_readings_fail(text: str) -> None:
    assert found(text) == []


def test_the_inside_of_an_annotation_is_never_checked() -> None:
    assert found("She has 16 - 3 = <<16-3=99>>13 eggs") == []


def test_the_text_beside_an_annotation_is_checked_and_offsets_stay_those_of_the_original() -> None:
    text = "He made 16 - 3 = $<<16-3=13>>14\nA: 14"

    (only,) = found(text)

    assert text[only.start : only.end] == "16 - 3 = $<<16-3=13>>14"
    assert (only.expression, only.claimed, only.value) == ("16 - 3", "$ 14", 13)


def test_text_that_runs_on_into_another_question_is_not_the_answer() -> None:
    assert found("6 + 6 = 12. The answer is 12.\n\nQuestion: Is 2 + 2 = 5?\n2 + 2 = 5") == []


@pytest.mark.parametrize(
    "text",
    [
        "1 bar = 0.549 \u00d7 10^-10 m = 0.0549 nm",
        "8 hours 30 = 510",
        "at 3:30 + 2 = 5",
        "$400 000 x 3/100 = 12000",
        "1978 * 383 * 13 = 9, 848, 462",
        "3,5 + 2,5 = 6,0",
        "about 48 * 52 = 2500",
        "12 1/2 + 1 = 13.5",
    ],
)
def test_numbers_that_may_be_read_in_part_or_roughly_are_left_alone(text: str) -> None:
    assert found(text) == []


def test_an_amount_of_something_is_no_multiplication() -> None:
    assert quoted("That is a total of 3 * 24 = 82 cards") == ["3 * 24 = 82"]


def test_an_output_that_is_cut_off_within_a_number_is_left_alone() -> None:
    assert found("D2 = $15.82 * (1 + 0.13) = $1") == []
    assert quoted("D2 = $15.82 * (1 + 0.13) = $2") == ["$15.82 * (1 + 0.13) = $2"]


def test_numerals_padded_with_zeros_are_of_another_base() -> None:
    assert found("Adding 1111 + 0001 = 0000 with a carry, and 1111 + 0001 = 16") == []


def test_half_of_a_sum_is_not_the_sum() -> None:
    assert found("Take half of 6 + 2 = 4 and a third of 9 + 3 = 4.") == []


def test_a_list_number_is_no_part_of_the_equation() -> None:
    assert quoted("1. 3 + 4 = 8\n2) 5 + 5 = 11") == ["3 + 4 = 8", "5 + 5 = 11"]


def test_bold_marks_and_quotes_round_an_equation_do_not_hide_it() -> None:
    assert quoted('{"reasoning": "so 3 + 4 = **8**"}') == ["3 + 4 = **8"]


@given(st.lists(WHOLE, min_size=2, max_size=4), st.data())
def test_true_equations_composed_at_random_are_never_reported(
    terms: list[int], data: st.DataObject
) -> None:
    sign = data.draw(st.sampled_from(sorted(SIGNS)))
    total = terms[0]
    for term in terms[1:]:
        total = SIGNS[sign](total, term)

    assert found(f"It comes to {f' {sign} '.join(map(str, terms))} = {total} pieces.") == []


@given(
    one=WHOLE,
    other=WHOLE,
    sign=st.sampled_from("+*"),
    off=st.integers(1, 50),
    lead=st.text("abc .,\n", max_size=30),
)
def test_a_planted_wrong_result_is_found_where_it_stands(
    one: int, other: int, *, sign: str, off: int, lead: str
) -> None:
    wrong = SIGNS[sign](one, other) + off
    planted = f"{one} {sign} {other} = {wrong}"
    text = f"{lead}\nWe get {planted} pieces."

    assert quoted(text) == [planted]


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_any_text_is_read_without_an_error(text: str) -> None:
    for each in found(text):
        assert 0 <= each.start < each.end <= len(text)


@given(st.text("0123456789=+-*/^(){}.,%$<> \\xfracsqrt\n\x00²√", max_size=200))
def test_any_heap_of_signs_is_read_without_an_error(text: str) -> None:
    for each in found(text):
        assert "=" in text[each.start : each.end]


@pytest.mark.parametrize(
    "unit",
    ["(", "7", "=", "1=", "1+1=", "((((=", "<<", "<<1=", "\n", " ", "- ", "1,234,", "9^99*", "√"],
)
def test_a_megabyte_of_one_thing_costs_bounded_work(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))

    assert found(text + " = 3") == []
    assert len(list(quantities(text))) <= len(text)


def test_no_more_equations_are_looked_at_than_the_bound() -> None:
    assert len(list(equations("1 + 1 = 2\n" * 2_000))) <= MAX_EQUATIONS + 1


def test_numerals_are_read_exactly_and_long_ones_not_at_all() -> None:
    assert (number("1,250"), number("0.10"), number(".5")) == (
        1250,
        Fraction(1, 10),
        Fraction(1, 2),
    )
    assert number("9" * 5_000) is None
    assert (decimals("0.10"), decimals("7")) == (2, 0)


def test_the_numbers_of_a_text_are_known_in_digits_and_in_words() -> None:
    assert values("1,200 of 3.50 and 3.5") == {1200, Fraction(7, 2)}
    assert spelt("Twice a WEEK for three dozens") == {2, 7, 3, 12}


@pytest.mark.parametrize(
    "text",
    [
        r"\[2\frac{1}{2} = 2 + \frac{1}{2} = \frac{5}{2}\] The answer is \boxed{9}",
        r"It takes $5 \frac{1}{2} - 3 = 2\frac{1}{2}$ hours.",
        r"$6\frac{2}{3}\% = \frac{1}{15}$",
        "2 1/2 * 4 = 10 cups of flour",
        "That leaves 5 3/4 - 2 1/4 = 3 1/2 metres.",
        "She needs 4 * 1 1/2 = 6 metres.",
        "1 1/2 + 1/3 = 5/6",  # the number of an item
        "Half of it: 12 1/2 = 6",  # a product after all
        r"$3\frac{1}{3} = 1$",
        "1-1/2 = 1.5",
    ],
)
def test_mixed_numbers_are_whole_parts_with_fractions(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r"So $2\frac{1}{2} \times 4 = 12$ cups.", 10),
        ("So 2 1/2 * 4 = 12 cups.", 10),
        ("So 3 3/4 - 1 1/2 = 5 cups.", Fraction(9, 4)),
    ],
)
def test_false_equations_of_mixed_numbers_are_still_found(text: str, value: Fraction) -> None:
    assert [each.value for each in found(text)] == [value]
