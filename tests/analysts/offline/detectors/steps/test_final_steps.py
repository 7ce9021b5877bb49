"""Final steps and lists compared with those of right answers."""

import pytest

from error_map.analysts.offline.answers.extractors.routes import Answer
from error_map.analysts.offline.answers.profiles import Profile
from error_map.analysts.offline.detector import Case, Detection, Detector
from error_map.analysts.offline.detectors.steps import (
    list_mismatch,
    partial_answer,
    term_count_mismatch,
    wrong_operand,
)
from error_map.analysts.offline.steps.calculations import reaching
from error_map.analysts.offline.text.number_lists import lists

TRUSTED = Profile(route="last number", agreement=1.0, recall=1.0, found=1.0, rows=100)
TASK = "Find the value of $f(x) + 1$ at the given place."
HOSTILE = 200_000


def case(
    output: str,
    *correct: str,
    gold: str,
    prompt: str = TASK,
    profile: Profile = TRUSTED,
) -> Case:
    number = output.rsplit(maxsplit=1)[-1].strip(".")
    place = output.rfind(number)
    return Case(
        prompt=prompt,
        output=output,
        correct_outputs=correct,
        answer=Answer(number, place, place + len(number)),
        gold=gold,
        profile=profile,
    )


def seen(detector: Detector, one: Case) -> Detection:
    detection = detector.detect(one)
    assert detection is not None
    return detection


def quote(one: Case, detection: Detection) -> str:
    start, end = detection.spans[0]
    return one.output[start:end]


def test_the_number_that_stands_in_place_of_another_is_quoted_where_it_is_reached() -> None:
    one = case(
        "The side is $7 + 6 = 13$. So $20 \\cdot 13 = 260$. It is 260.",
        "So $20 \\cdot 15 = 300$. It is 300.",
        "The area is $20 \\cdot 15 = 300$. It is 300.",
        gold="300",
    )

    detection = seen(wrong_operand.DETECTOR, one)

    assert "right answers have 20 \\cdot 15 = 300" in detection.summary
    assert detection.summary.endswith("It uses 13 instead of 15.")
    assert quote(one, detection) == "7 + 6 = 13"


def test_the_number_is_followed_back_to_the_step_that_parts() -> None:
    one = case(
        "First $12 \\cdot 3 = 36$. So $50 - 36 = 14$. It is 14.",
        "First $12 \\cdot 2 = 24$. So $50 - 24 = 26$. It is 26.",
        "Now $12 \\cdot 2 = 24$, then $50 - 24 = 26$. It is 26.",
        gold="26",
    )

    detection = seen(wrong_operand.DETECTOR, one)

    assert (
        "Before that, the working has 12 \\cdot 3 = 36 instead of 12 \\cdot 2 = 24."
        in detection.summary
    )
    assert quote(one, detection) == "12 \\cdot 3 = 36"


def test_another_sign_is_another_number() -> None:
    one = case(
        "We add $49 + 41 = 90$. It is 90.",
        "Here $49 - 41 = 8$. It is 8.",
        "So $49 - 41 = 8$. It is 8.",
        gold="8",
    )

    assert seen(wrong_operand.DETECTOR, one).title == "Wrong number in the final step"


@pytest.mark.parametrize(
    ("output", "correct", "gold"),
    [
        ("So $20 \\cdot 15 = 300$. It is 300.", "So $20 \\cdot 15 = 300$. It is 300.", "300"),
        ("So $6 + 5 = 11$. It is 11.", "So $3 + 5 = 8$. It is 8.", "8"),
        ("So $31 + 13 = 44$. It is 44.", "So $25 \\cdot 12 = 300$. It is 300.", "300"),
        ("So it is 260.", "So $20 \\cdot 15 = 300$. It is 300.", "300"),
        ("So $20 \\cdot 13 = 260$. It is 260.", "So it is 300.", "300"),
        ("So $60 / 5 = 12$. It is 12.", "So $60 / 4 = 15$. It is 15.", "15"),
    ],
)
def test_right_chance_and_foreign_steps_are_passed_over(
    output: str, correct: str, gold: str
) -> None:
    one = case(output, correct, gold=gold)

    assert wrong_operand.DETECTOR.detect(one) is None
    assert term_count_mismatch.DETECTOR.detect(one) is None


def test_a_number_that_other_right_answers_have_too_is_not_told_for_wrong() -> None:
    output = "So $19 - 11 = 8$. It is 8."
    odd = "So $20 - 11 = 9$. It is 9."
    clean = "Of these 19 numbers 10 are out. It is 9."

    assert wrong_operand.DETECTOR.detect(case(output, odd, gold="9"))
    assert wrong_operand.DETECTOR.detect(case(output, odd, clean, gold="9")) is None


def test_a_profile_that_is_not_trusted_compares_nothing() -> None:
    right = "So $20 \\cdot 15 = 300$. It is 300."
    one = case(
        "So $20 \\cdot 13 = 260$. It is 260.",
        right,
        gold="300",
        profile=Profile(route="last number"),
    )

    assert wrong_operand.DETECTOR.detect(one) is None


@pytest.mark.parametrize(
    ("output", "title", "says"),
    [
        ("So $30 + 45 = 75$. It is 75.", "Part left out of the final step", "Missing: 17."),
        (
            "So $30 + 45 + 17 + 8 = 100$. It is 100.",
            "Extra part in the final step",
            "Extra: 8.",
        ),
        ("So $92 - 2 = 90$. It is 90.", "Extra part in the final step", "Extra: -2."),
    ],
)
def test_parts_that_are_missing_or_too_many_are_told(output: str, title: str, says: str) -> None:
    right = "So $30 + 45 + 17 = 92$. It is 92."
    first = "So $92 = 92$, it is 92." if title.endswith("x") else right
    one = case(output, first, right + " ", gold="92")
    if "92 - 2" in output:
        one = case("We have $30 + 45 + 17 = 92$. " + output, right, gold="92")

    detection = seen(term_count_mismatch.DETECTOR, one)

    assert detection.title == title
    assert says in detection.summary


def test_parts_that_were_put_together_before_are_not_missing() -> None:
    one = case(
        "So $30 + 62 + 5 = 97$. It is 97.",
        "So $30 + 45 + 17 = 92$. It is 92.",
        gold="92",
    )

    assert seen(term_count_mismatch.DETECTOR, one).summary.endswith("Extra: 5.")


@pytest.mark.parametrize(
    ("output", "title", "says"),
    [
        (
            "They are 12 and 45. The sum is 57.",
            "Members missing from a list",
            ": -22 and 11 missing.",
        ),
        (
            "They are 12, 11, 45, and -20. Together 48.",
            "Wrong members in a list",
            ": -22 missing, -20 too many.",
        ),
        (
            "They are 12, 11, 45, 3 and -22. Their number is 5.",
            "Extra members in a list",
            ": 3 too many.",
        ),
    ],
)
def test_members_of_a_list_are_compared(output: str, title: str, says: str) -> None:
    gold = "4" if "number" in output else "46"
    right = f"The values are 12, 11, 45 and -22. It is {gold}."

    detection = seen(list_mismatch.DETECTOR, case(output, right, gold=gold))

    assert detection.title == title
    assert detection.summary.endswith(says)


@pytest.mark.parametrize(
    "output",
    [
        "They are 12, 11, 45 and -22, and two count, 12 and 45. It is 57.",
        "They are 7 and 50. It is 57.",
        "They lie between 12 and 45. It is 57.",
        "They are 12, 45, ... and more. It is 57.",
    ],
)
def test_other_lists_ranges_and_lists_that_go_on_are_passed_over(output: str) -> None:
    right = "The values are 12, 11, 45 and -22. It is 46."

    assert list_mismatch.DETECTOR.detect(case(output, right, gold="46")) is None


def test_numbers_in_a_row_need_two_right_answers() -> None:
    output, right = "We try 1, 2, 3, 4 and 5. It is 5.", "We try 1, 2, 3 and 4. It is 4."

    assert list_mismatch.DETECTOR.detect(case(output, right, gold="4")) is None
    assert list_mismatch.DETECTOR.detect(case(output, right, right + " ", gold="4"))


def test_pairs_are_members_and_brackets_round_three_numbers_are_one() -> None:
    found = lists("We have (1, 2), (2, 1) and not (3, 4, 5).")

    assert [one.members for one in found] == [{(1, 2), (2, 1)}]


def test_a_part_of_the_right_sum_is_not_the_answer() -> None:
    right = "There are $40 + 8 + 1 = 49$. It is 49."
    one = case("There are $200 / 5 = 40$. It is 40.", right, right + " ", gold="49")

    detection = seen(partial_answer.DETECTOR, one)

    assert detection.summary == "The answer is 40; right answers continue with 40 + 8 + 1 = 49."
    assert quote(one, detection) == "200 / 5 = 40"


@pytest.mark.parametrize(
    ("output", "prompt"),
    [
        ("There are $200 / 5 = 40$. It is 40.", "Of 40 balls, find $f(x) + 1$."),
        ("There are $200 / 5 = 41$. It is 41.", TASK),
        ("It is 40.", TASK),
        ("There are $5 + 3 = 8$. It is 8.", TASK),
    ],
)
def test_given_unreached_and_common_numbers_are_no_part(output: str, prompt: str) -> None:
    right = "There are $40 + 8 + 1 = 49$. It is 49."
    one = case(output, right, right + " ", gold="49", prompt=prompt)

    assert partial_answer.DETECTOR.detect(one) is None


@pytest.mark.parametrize(
    ("text", "operands"),
    [
        (r"So \frac{91 \cdot 4}{2} = 182.", [(91.0, False), (4.0, False), (2.0, True)]),
        (r"So (7)(26) = 182.", [(7.0, False), (26.0, False)]),
        (r"So 200 - 10 + (-8) = 182.", [(200.0, False), (10.0, True), (8.0, True)]),
        ("So 7 boxes * 26 pens = 182 pens.", [(7.0, False), (26.0, False)]),
    ],
)
def test_calculations_are_read_in_many_notations(
    text: str, operands: list[tuple[float, bool]]
) -> None:
    (found,) = reaching(text, 182.0, formulas=True)

    assert sorted(found.operands) == sorted(operands)


@pytest.mark.parametrize("piece", ["1, ", "(1, ", "= 40 ", "1 + ", "$", "1 and "])
def test_a_text_without_end_costs_little(piece: str) -> None:
    text = piece * (HOSTILE // len(piece))
    one = case(f"{text[:40_000]} It is 40.", text[:12_000] + " It is 49.", gold="49")

    for module in (wrong_operand, term_count_mismatch, list_mismatch, partial_answer):
        assert module.DETECTOR.detect(one) is None
