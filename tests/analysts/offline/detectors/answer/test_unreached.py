"""Detectors of answers that were not worked out: never reached, guessed, or ruled out."""

import time

import pytest

from error_map.analysts.offline.answers.extractors.routes import Answer
from error_map.analysts.offline.answers.final_answer import final_answer
from error_map.analysts.offline.answers.profiles import Profile
from error_map.analysts.offline.detector import Case, Detection, Detector
from error_map.analysts.offline.detectors.answer import (
    impossible_value,
    openly_guessed,
    unreached_answer,
)
from error_map.analysts.offline.detectors.choice import (
    bare_claim,
    bare_letter,
    contradicted,
    no_option_chosen,
    value_not_among_options,
)

FIELD = Profile(route="answer line", agreement=0.99, recall=0.99, found=0.95, rows=500)
LETTERS = Profile(route="first letter stated", agreement=0.99, recall=0.99, found=0.95, rows=500)
START = (
    "The bakery sells rolls in boxes, and each box is packed by hand in the early morning by one of"
    " the four bakers. A box holds 6 rolls, and the shelf has 9 boxes in the front. "
)
LONGEST_S = 0.25
WORKED = "6 * 4 = 24 and 24 + 3 = 27. The answer is (C)."


def seen(
    detector: Detector, output: str, prompt: str = "How many rolls are sold?"
) -> Detection | None:
    case = Case(prompt=prompt, output=output, answer=final_answer(output, FIELD), profile=FIELD)
    return detector.detect(case)


@pytest.mark.parametrize(
    "end",
    [
        "We can now count the rolls on all shelves to find the answer.\nAnswer: 131",
        "Multiplying the boxes by the rolls gives the number of rolls.\nAnswer: 2,040",
        "With x boxes, we need x^2 rolls, and we will add them up.\nAnswer: 131",
        "The front has 3^2 shelves and the back has 4. We can find the sum.\nAnswer: -131",
        "The shelves hold p^2 and q^2 rolls. We then add both.\nAnswer: 18",
    ],
)
def test_a_value_that_the_working_stops_short_of_is_never_reached(end: str) -> None:
    output = START + end

    detection = seen(unreached_answer.DETECTOR, output)

    assert detection is not None
    assert output[slice(*detection.spans[-1])] == end.rpartition(" ")[2]
    assert START[-20:].strip() not in output[slice(*detection.spans[-1])]


@pytest.mark.parametrize(
    "end",
    [
        "So there are 131 rolls.\nAnswer: 131",
        "So there are 1,031 rolls.\nAnswer: 1031",
        "So we have 14 * 9 + 5.\nAnswer: 131",
        "So we have m = 58 and n = 73.\nAnswer: 131",
        "So there are about 130.7 rolls.\nAnswer: 131",
        "That is 5! rolls and more.\nAnswer: 131",
        "That is C(8, 3) rolls.\nAnswer: 56",
        "So the number of rolls is \\(\\frac{\\binom{8}{3} \\times 4!}{2}\\).\nAnswer: 672",
        "So we subtract, which leaves 7! - (6! * 2!).\nAnswer: 3,601",
        "The number of rolls is 14 boxes times 9 rolls.\nAnswer: 126",
        "To find it, divide 1000 rolls by 8 boxes.\nAnswer: 125",
        "The boxes have 14, 25, 36, and 56 rolls. We add these up.\nAnswer: 131",
        "The pairs are (1, 8), (2, 7), (3, 6), (4, 5), and (5, 4). We count them.\nAnswer: 5",
        "That is eleven rolls.\nAnswer: 11",
        "That is one.\nAnswer: 1",
        "That is x.\nAnswer: 3x + 4",
        "Therefore the bakery sells 58 rolls in all, which is 9 * 60 = 540.\nAnswer: 131",
        "We count them now.\nAnswer: 131\nTaken together there are 14 * 9 + 5 = 131 rolls.",
        "The proportion is 44/N = 12/36. Solving it gives the number.\nAnswer: 132",
        "So the kinds sold are rye, oat, spelt, and corn.\nAnswer: 4",
        'Therefore, the kinds are (r), (o), (s), and (c).",\nAnswer: 4',
        "1. Front: 405 rolls.\n2. Back: 270 rolls, 90 buns.\nWe add these.\nAnswer: 770",
        "Then we count them all.",
        "So there are a hundred and thirty-one rolls, which is a lot.\nAnswer: 131",
        "So we have eighty buns and 51 rolls.\nAnswer: 131",
        "We have 80 buns and 51 rolls. To find the number, we add them.\nAnswer: 131",
        "We have 24 (boxes) * 6 (rolls per box) - 13 (sold rolls).\nAnswer: 131",
        "He has 58 buns and 73 rolls left. Therefore, the answer (arabic numerals) is 131.",
        "In all there are 131,313 rolls.\nThe answer is 131,3,13",
        "In all there are 30 rolls.\nThe answer is 13-0",
        "```output\n-180.5\n```\nThe answer is 131",
        "".join(f"One roll is sold. Now there are {n} rolls. " for n in (9, 8, 7, 6))
        + "\nAnswer: 4",
    ],
)
def test_a_value_that_stands_in_or_follows_from_the_working_is_reached(end: str) -> None:
    assert seen(unreached_answer.DETECTOR, START + end) is None


def test_a_value_of_the_question_needs_no_working_but_an_example_of_form_is_none() -> None:
    output = START + "The rest was sold.\nAnswer: 42"

    assert seen(unreached_answer.DETECTOR, output, "Of 42 rolls, how many are left?") is None
    assert seen(unreached_answer.DETECTOR, output, 'How many? Write, e.g., "answer": 42.')


@pytest.mark.parametrize("prompt", ["How many divide 42!?", "What is left of -42?", "Is it 2^42?"])
def test_a_number_of_the_question_with_another_sign_or_a_factorial_is_another(prompt: str) -> None:
    output = START + "The rest was sold.\nAnswer: 42"

    assert (seen(unreached_answer.DETECTOR, output, prompt) is None) == (prompt == "Is it 2^42?")


def test_who_only_plans_has_not_reached_a_number_of_the_question_either() -> None:
    output = START + "We can now count them.\nAnswer: 42"

    assert seen(unreached_answer.DETECTOR, output, "Of 42 rolls, how many are left?")


def test_a_working_behind_the_answer_reaches_it_and_a_mere_repetition_does_not() -> None:
    output = START + "We can now count them.\nAnswer: 131\n"
    note = "The answer is 131 rolls, as said. "

    assert seen(unreached_answer.DETECTOR, output + note) is not None
    assert seen(unreached_answer.DETECTOR, output + 15 * note) is not None
    assert seen(unreached_answer.DETECTOR, output + 15 * "We count on: that makes 131. ") is None


def test_a_short_working_and_a_guessed_number_are_left_alone() -> None:
    case = Case(
        prompt="", output=START + "9", answer=Answer("9", len(START), len(START) + 1, guessed=True)
    )

    assert seen(unreached_answer.DETECTOR, "We count them.\nAnswer: 131") is None
    assert unreached_answer.DETECTOR.detect(case) is None


def test_an_option_is_picked_before_any_value_is_found() -> None:
    prompt = "How much are 6 rolls of $4 and a bag?\nA. $20\nB. $24\nC. $27\nD. $31\nAnswer:"
    output = (
        "The price is the number of rolls times the price of one roll, and the bag on top."
        " The answer is (D)."
    )
    case = Case(
        prompt=prompt,
        output=output,
        answer=final_answer(output, LETTERS),
        correct_outputs=(WORKED, WORKED),
        profile=LETTERS,
    )

    detection = unreached_answer.DETECTOR.detect(case)

    assert detection is not None
    assert "'$31'" in detection.summary


def test_an_option_that_is_not_what_the_working_came_to_is_another_matter() -> None:
    prompt = "How much are 6 rolls of $4 and a bag?\nA. $20\nB. $24\nC. $27\nD. $31\nAnswer:"
    output = (
        "The price is the number of rolls times the price of one roll, and the bag on top."
        " Therefore she had $28.55 left after it. The answer is (D)."
    )
    case = Case(
        prompt=prompt,
        output=output,
        answer=final_answer(output, LETTERS),
        correct_outputs=(WORKED, WORKED),
        profile=LETTERS,
    )

    assert unreached_answer.DETECTOR.detect(case) is None


@pytest.mark.parametrize(
    "words",
    [
        "I will guess that it is a lot.",
        "My best guess follows.",
        "It is difficult to determine the number.",
        "Let's assume we have found the number.",
        "The number cannot be determined without the price.",
        "The rest is beyond the scope of this answer.",
        "There is not enough information.",
    ],
)
def test_who_says_that_he_guesses_is_believed(words: str) -> None:
    detection = seen(openly_guessed.DETECTOR, f"{START}{words}\nAnswer: 54")

    assert detection is not None
    assert detection.title == "Answer openly guessed"


@pytest.mark.parametrize(
    "output",
    [
        START + "By guess and check we find 54.\nAnswer: 54",
        START + "We guess and check.\nAnswer: 54",
        START + "So 6 * 9 = 54.\nAnswer: 54",
        START + "Answer: 54\n\nQuestion: I will guess?",
        START + "I will guess.",
        START + "We add them up without explicitly solving for x.\nAnswer: 54",
        START + "This expression is complex, but we can use a rule.\nAnswer: 54",
    ],
)
def test_a_worked_answer_is_not_guessed(output: str) -> None:
    assert seen(openly_guessed.DETECTOR, output) is None


@pytest.mark.parametrize(
    ("prompt", "answer"),
    [
        ("How many students are in the hall?", "22.5"),
        ("How many different ways are there?", "7/2"),
        ("How many boys are left?", "-4"),
        ("What is the probability that both are red?", "1.5"),
        ("Here m and n are relatively prime integers. Find m + n.", "12.5"),
    ],
)
def test_a_value_that_cannot_be_is_ruled_out(prompt: str, answer: str) -> None:
    detection = seen(impossible_value.DETECTOR, f"We count.\nAnswer: {answer}", prompt)

    assert detection is not None
    assert repr(answer) in detection.summary


@pytest.mark.parametrize(
    ("prompt", "answer"),
    [
        ("How many students are in the hall?", "22"),
        ("How many kilograms of rolls are left?", "22.5"),
        ("What is the average number of students in a hall?", "22.5"),
        ("What is the probability that both are red?", "0.5"),
        ("What is the probability, in percent, that both are red?", "50"),
        ("How many students are in the hall?", "twenty"),
        ("By how much does it change?", "-4"),
    ],
)
def test_a_value_that_can_be_is_not_ruled_out(prompt: str, answer: str) -> None:
    assert seen(impossible_value.DETECTOR, f"We count.\nAnswer: {answer}", prompt) is None


HOSTILE = (
    "=" * 1_000_000,
    "So " + "1+" * 100_000 + "= ",
    "(" * 200_000,
    "9" * 300_000,
    "is approximately " * 50_000,
    "the answer answer: " * 50_000,
    " \n" * 300_000,
    "I cannot be determined " * 40_000,
    "(A) " * 100_000,
    "how many the the the " * 20_000,
    ", the final, so" * 60_000,
)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    "detector",
    [
        bare_claim.DETECTOR,
        bare_letter.DETECTOR,
        contradicted.DETECTOR,
        impossible_value.DETECTOR,
        no_option_chosen.DETECTOR,
        openly_guessed.DETECTOR,
        unreached_answer.DETECTOR,
        value_not_among_options.DETECTOR,
    ],
)
def test_no_text_takes_long(detector: Detector, text: str) -> None:
    output = f"{text}\nThe answer is (D). "
    place = len(output) - 4
    options = "\nA. $20\nB. $24\nC. $27\nD. $31\nAnswer:"
    for prompt, answer in ((options, "D"), (text + options, "D"), (text, "7")):
        case = Case(
            prompt=prompt,
            output=output,
            answer=Answer(answer, place, place + 1),
            gold="C",
            correct_outputs=(WORKED, WORKED),
            profile=LETTERS,
        )
        begun = time.process_time()

        detector.detect(case)

        assert time.process_time() - begun < LONGEST_S


def test_a_task_of_one_operation_needs_no_working() -> None:
    output = START + "We subtract the sold rolls from all rolls to find what is left of\nAnswer: 82"

    one = "Of 133 rolls, 51 are sold. How many are left?"
    more = "Of 133 rolls in 4 boxes and 6 bags, 51 are sold. How many are left?"

    assert seen(unreached_answer.DETECTOR, output, one) is None
    assert seen(unreached_answer.DETECTOR, output, more)
    assert seen(unreached_answer.DETECTOR, output, "Find $\\sqrt{133 x}$ for $x = 51$.")


def test_a_program_that_failed_has_no_result() -> None:
    assert seen(unreached_answer.DETECTOR, START + "```output\nSyntaxError\n```\nAnswer: 131")
