"""Finished outputs without a final answer, and answers in another form."""

import pytest

from error_map.analysts.offline.answers.extractors.routes import Answer
from error_map.analysts.offline.answers.profiles import Profile
from error_map.analysts.offline.detector import Case
from error_map.analysts.offline.detectors.answer.no_answer import DETECTOR

LETTERS = Profile(route="first letter stated", agreement=0.99, recall=0.99, found=0.9, rows=500)
SOLD = "The baker sells rolls in the morning and cakes in the afternoon."


def test_a_finished_text_without_the_usual_answer_has_none() -> None:
    detection = DETECTOR.detect(Case(prompt="Pick one.", output=SOLD, profile=LETTERS))

    assert detection is not None
    assert detection.title == "No final answer"
    assert SOLD[slice(*detection.spans[0])] == SOLD


@pytest.mark.parametrize(
    "output",
    [
        SOLD + " The closest option is (C).",
        SOLD + " That is what option D says.",
        SOLD + " So it is B. Rolls first.",
        SOLD + " The answer is the morning.",
        SOLD + " Hence we pick \\boxed{3}.",
        SOLD + " And then he goes to the",
        SOLD + " = 0.",
        SOLD * 30,
        "",
    ],
)
def test_an_answer_in_another_form_or_an_unfinished_text_is_another_matter(output: str) -> None:
    assert DETECTOR.detect(Case(prompt="Pick one.", output=output, profile=LETTERS)) is None


def test_an_option_named_by_its_words_is_an_answer_without_its_letter() -> None:
    prompt = "When are rolls sold?\nA. At night\nB. In the morning\nC. Never"
    answered = "As the sign says, it is in the morning."

    assert DETECTOR.detect(Case(prompt=prompt, output=answered, profile=LETTERS)) is None
    assert DETECTOR.detect(Case(prompt=prompt, output="The sign is new.", profile=LETTERS))


def test_where_the_reference_is_no_number_a_missing_number_means_nothing() -> None:
    numbers = Profile(route="last number", agreement=1.0, recall=1.0, found=0.96, rows=300)
    friday = Case(prompt="Which day?", output="It is Friday.", gold="Monday", profile=numbers)
    seven = Case(prompt="How many?", output="It is a full week.", gold="7", profile=numbers)

    assert DETECTOR.detect(friday) is None
    assert DETECTOR.detect(seven)


def test_where_no_answer_is_normally_found_a_missing_one_means_nothing() -> None:
    rarely = Profile(route="boxed", agreement=0.9, recall=0.8, found=0.3, rows=500)

    assert DETECTOR.detect(Case(prompt="Write a tale.", output=SOLD)) is None
    assert DETECTOR.detect(Case(prompt="Write a tale.", output=SOLD, profile=rarely)) is None


def test_an_answer_that_was_read_is_there() -> None:
    case = Case(prompt="Pick.", output=SOLD, profile=LETTERS, answer=Answer("T", 0, 1))

    assert DETECTOR.detect(case) is None


STATED = Profile(route="stated answer", agreement=1.0, recall=1.0, found=1.0, rows=500)


@pytest.mark.parametrize(
    ("output", "gold"),
    [
        pytest.param(
            "40 + 32 = 72. The total is 72 pens, altogether.", "72", id="answer-comma-behind"
        ),
        pytest.param(
            "def solve():\n    flowers = 30 * 2\n    print(flowers)\nsolve()",
            "60",
            id="answer-program",
        ),
        ("```python\nbase = 3\nrest = base * 4\nprint(rest)\n```", "7"),
        ("A spider walks on eight legs.", "8"),
        ("And so it comes to Lisbon in the end.", "Lisbon"),
        ("\u56e0\u6b64\u662f\u5df4\u9ece\u3002", "\u5df4\u9ece"),
        ("The river ends in the Republic of Niger.", '["Niger", "Republic of Niger"]'),
    ],
)
def test_a_text_that_ends_in_the_reference_or_prints_it_has_an_answer(
    output: str, gold: str
) -> None:
    assert DETECTOR.detect(Case(prompt="?", output=output, gold=gold, profile=STATED)) is None


@pytest.mark.parametrize(
    ("output", "gold"),
    [
        ("We print the pages twice.\nThat is all there is to say.", "7"),
        ("A spider walks on eight legs.", "6"),
        ("And so it comes to Lisbon in the end.", "Porto"),
    ],
)
def test_a_text_that_ends_in_something_else_has_none(output: str, gold: str) -> None:
    assert DETECTOR.detect(Case(prompt="?", output=output, gold=gold, profile=STATED))


STATED = Profile(route="stated answer", agreement=0.9, recall=0.95, found=0.95, rows=500)
YES_OR_NO = Profile(route="last yes or no", agreement=0.99, recall=0.99, found=0.9, rows=500)


@pytest.mark.parametrize(
    "output",
    [
        "The optimum motion vector is (1, 1).",
        "We divide by 1024^2. Therefore, the required memory in MiB for one frame is 0.0183 MiB.",
        "They are in parallel. Therefore, the total reactance in the figure is 1.18 kOhm.",
        "Therefore, the coefficient is \\(21\\).",
        "It is the residue there, $= 2\\pi i$\n\nTherefore, A = 2\u03c0i.",
        "Therefore, (6^83 + 8^83) mod 49 = 1.",
        "The likeliest sequence is [1, 0, 1], which means rain, sunny, rain.",
        "The smallest such n is 9. In any graph with so many vertices, there must be either.",
    ],
)
def test_a_value_given_in_a_sentence_is_an_answer(output: str) -> None:
    case = Case(prompt="Determine it.", output=output, gold="3.25", profile=STATED)

    assert DETECTOR.detect(case) is None


@pytest.mark.parametrize(
    "output",
    [
        "Without the images, we cannot provide a specific answer.",
        "This is the derivative of z with respect to x.",
        "We halve both sides again and again:\n\n\\[\n2^{n-36} = 2^{220}\n\\]",
        "In a right triangle, we can use the theorem to find the length of the hypotenuse.",
    ],
)
def test_a_text_that_ends_within_its_working_has_no_answer(output: str) -> None:
    assert DETECTOR.detect(Case(prompt="Find it.", output=output, gold="3.25", profile=STATED))


@pytest.mark.parametrize(
    "output",
    [
        "It repeats itself. Therefore, there are no solutions for any positive integer k.",
        "Since the frequency is greater than the limit, aliasing will occur.",
        "The answer (Yes or No) is not known for certain, but it is believed that he was.",
        "The answer is not known for sure, but it is very unlikely.",
    ],
)
def test_a_question_of_yes_or_no_can_be_decided_without_the_words(output: str) -> None:
    case = Case(prompt="Is it so?", output=output, gold="True", profile=YES_OR_NO)

    assert DETECTOR.detect(case) is None


@pytest.mark.parametrize(
    "output",
    [
        "The answer (Yes or No) is the same for all people.",
        "Therefore, the answer (Yes or No) is based on the person.",
        "So, a deacon might be a fan of it.",
        "In conclusion, we cannot definitively say whether it is a circle.",
    ],
)
def test_an_undecided_text_has_no_answer(output: str) -> None:
    assert DETECTOR.detect(Case(prompt="Is it so?", output=output, gold="no", profile=YES_OR_NO))
