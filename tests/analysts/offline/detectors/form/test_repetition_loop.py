"""Repetition loops, and repetition that the task asks for."""

import pytest

from error_map.analysts.offline.answers.extractors.routes import Answer
from error_map.analysts.offline.answers.profiles import Profile
from error_map.analysts.offline.detector import Case
from error_map.analysts.offline.detectors.form.repetition_loop import DETECTOR

SENTENCE = "The kettle stands on the stove. "


@pytest.mark.parametrize(
    "loop",
    [
        SENTENCE * 20,
        "so we add 4 and get 8, " * 30 + "so we ad",
        "yes no " * 60,
        "- a red tile\n- a blue tile\n" * 15,
        "0" * 600,
        SENTENCE * 20 + "\n\n\n",
    ],
)
def test_words_that_come_again_and_again_to_the_end_are_a_loop(loop: str) -> None:
    output = "First I look at the kitchen. " + loop

    detection = DETECTOR.detect(Case(prompt="Where is the kettle?", output=output))

    assert detection is not None
    start, end = detection.spans[0]
    assert output[start:end] in output
    assert start >= len("First I look at the kitchen. ") - 1


def test_a_loop_that_only_changes_its_numbers_is_a_loop_where_it_is_cut_off() -> None:
    output = "Let me try.\n" + "".join(
        f"If there are {n} trays, then {n * 7} is too few, so I go on with the next number\n"
        for n in range(80)
    )

    assert DETECTOR.detect(Case(prompt="How many trays?", output=output + "If there are 80 tr"))


@pytest.mark.parametrize(
    "output",
    [
        SENTENCE * 2,
        "| a | b |\n|---|---|\n|---|---|\n" + "-" * 150,
        "Day 1: 3 loaves.\nDay 2: 6 loaves.\nDay 3: 9 loaves.\nDay 4: 12 loaves.",
        SENTENCE * 20 + "It was sold in the end, and the stove too.",
        "0, 0, 0, 0, 0, 0, 0, 0",
        "ha " * 10,
    ],
)
def test_lists_rules_and_short_echoes_are_no_loop(output: str) -> None:
    assert DETECTOR.detect(Case(prompt="Where is the kettle?", output=output)) is None


def test_a_loop_after_the_final_answer_is_only_run_on_text() -> None:
    output = "The answer is (C). " + SENTENCE * 30

    assert DETECTOR.detect(Case(prompt="Pick one.", output=output)) is None


def test_a_loop_of_the_final_answer_itself_was_read_by_the_scorer() -> None:
    output = "The answer is (C).\n" * 30
    profile = Profile(route="first letter stated", agreement=1, recall=1, found=1, rows=99)
    case = Case(prompt="Pick.", output=output, profile=profile, answer=Answer("C", 15, 16))

    assert DETECTOR.detect(case) is None


def test_repeating_on_request_is_no_loop() -> None:
    case = Case(prompt="Repeat the line about the kettle 20 times.", output=SENTENCE * 20)

    assert DETECTOR.detect(case) is None
