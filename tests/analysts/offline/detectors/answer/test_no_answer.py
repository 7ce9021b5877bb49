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
