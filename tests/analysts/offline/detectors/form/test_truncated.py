"""Truncated outputs, and finished ones that end abruptly."""

import pytest

from error_map.analysts.offline.answers.extractors.routes import Answer
from error_map.analysts.offline.answers.profiles import Profile
from error_map.analysts.offline.detector import Case
from error_map.analysts.offline.detectors.form.truncated import DETECTOR

START = "There are nine trays in the oven and each of them holds six rolls. "
EXPECTS = Profile(route="answer line", agreement=1.0, recall=1.0, found=0.95, rows=100)


@pytest.mark.parametrize(
    "end",
    [
        "To find the number of rolls we multiply the",
        "To find the number of rolls we multiply the number of trays by the number on ea",
        "So the total is 9 *",
        "Then we have the following,",
        r"The weight is $\frac{9}{6",
        r"This gives \( 9 \cdot 6",
        "Each weighs <<9*6",
        "The price is 9 * 6 = $",
        "\nStep 1: Count them.\nStep 2:",
        "\n1. Count the trays.\n2. Then count the rolls on",
    ],
)
def test_a_text_that_breaks_off_in_the_middle_is_cut_off(end: str) -> None:
    output = START + end

    detection = DETECTOR.detect(Case(prompt="How many rolls?", output=output))

    assert detection is not None
    assert detection.title == "Output cut off"
    assert output[slice(*detection.spans[0])].endswith(end[-20:])


@pytest.mark.parametrize("fence", ["", "```json\n", "Here you are:\n```json\n"])
def test_json_that_is_never_closed_is_cut_off(fence: str) -> None:
    output = fence + '{"name": "roll", "notes": "' + START + "It is round."

    detection = DETECTOR.detect(Case(prompt="Give me JSON.", output=output))

    assert detection is not None
    assert "JSON" in detection.summary


@pytest.mark.parametrize(
    "output",
    [
        START + "That makes fifty-four of them.",
        START + "What is needed:\n- flour\n- yeast\n- a pinch of salt",
        START + "\n\nKind regards,\nThe baker",
        START + "**Fifty-four rolls**",
        START + "The answer is 54",
        START + "\n#### 54",
        START + "Final answer: fifty-four rolls in all and",
        '{"name": "roll", "notes": "' + START + '"}',
        '```json\n{"name": "roll", "notes": "' + START + '"}\n```',
        "# Rolls\n\n" + START + "\n\n| tray | rolls |\n|---|---|\n| 1 | 6 |",
        START + "It cost $5, not \\$6.",
        "Fifty-four rolls of the",
        "54",
    ],
)
def test_a_finished_text_is_not_cut_off(output: str) -> None:
    assert DETECTOR.detect(Case(prompt="How many rolls?", output=output)) is None


def test_where_an_answer_is_expected_and_missing_any_open_ending_is_a_cut() -> None:
    output = START + "\nSo 9 * 6 = 5"

    assert DETECTOR.detect(Case(prompt="How many?", output=output, profile=EXPECTS))
    assert DETECTOR.detect(Case(prompt="How many?", output=output)) is None


def test_run_on_text_that_is_cut_after_the_answer_is_no_matter() -> None:
    output = "Answer: 54\n\nQuestion: " + START + "How many of them will be left when the"
    case = Case(prompt="How many?", output=output, profile=EXPECTS, answer=Answer("54", 8, 10))

    assert DETECTOR.detect(case) is None
    assert DETECTOR.detect(Case(prompt="How many?", output=output)) is None


def test_a_guessed_number_does_not_stand_for_a_final_answer() -> None:
    output = START + "To find the number of rolls in 9 trays we multiply the"
    guessed = Answer("9", output.index("9"), output.index("9") + 1, guessed=True)
    case = Case(prompt="How many?", output=output, profile=EXPECTS, answer=guessed)

    assert DETECTOR.detect(case)


@pytest.mark.parametrize(
    "end",
    [
        "Rolls are not bread.\nSolution: Choice_C, a warm bun",
        "Rolls are not bread.\n**Final answer:** Option B - the round one",
        "Rolls are not bread.\nResult: (D) all rolls of the day",
    ],
)
def test_a_last_line_that_names_its_option_is_a_final_answer(end: str) -> None:
    assert DETECTOR.detect(Case(prompt="Which is it?", output=START + end)) is None


@pytest.mark.parametrize(
    "mark",
    ["###STOP###", "## DONE ##", "<|im_end|>", "</s>", "[EOS]", "\nTERMINATE"],
)
def test_a_text_that_ends_with_a_stop_mark_was_not_cut(mark: str) -> None:
    output = START + "Thank you so much for all of your kind help with the " + mark

    assert DETECTOR.detect(Case(prompt="Order rolls.", output=output)) is None


@pytest.mark.parametrize(
    "last",
    [
        "[tool book_tray]: Error: the price of all trays together is 54",
        "[user]: And now I would like to have the rolls of the",
        "Observation: there are nine trays in the oven of the",
    ],
)
def test_what_a_tool_or_a_user_says_last_is_not_the_text_that_was_cut(last: str) -> None:
    asked = f"[assistant]: {START}\n\n{last}"
    own = f"{last}\n\n[assistant]: {START}So we now bake the rolls of the"

    assert DETECTOR.detect(Case(prompt="Order rolls.", output=asked)) is None
    assert DETECTOR.detect(Case(prompt="Order rolls.", output=own))


def test_a_blank_answer_is_no_cut_where_nothing_may_be_the_answer() -> None:
    output = START + "All trays are taken out, and none is left.\nStep 4: So the answer is"
    options = "How many are left?\nA. Six\nB. Nine\nAnswer:"

    assert DETECTOR.detect(Case(prompt="What is left?", output=output, gold="tray")) is None
    assert DETECTOR.detect(Case(prompt="What is left?", output=output, gold="9"))
    assert DETECTOR.detect(Case(prompt=options, output=output, gold="A"))


def test_a_shift_in_a_program_is_no_open_sum() -> None:
    output = "def rolls(trays):\n    total = 0\n" + "    total |= 1 << trays\n" * 4
    output += "    return total"

    assert DETECTOR.detect(Case(prompt="Write it.", output=output)) is None


def test_the_place_of_the_cut_is_told_by_its_words_and_not_by_a_length() -> None:
    output = START + "To find the number of rolls we multiply the"

    detection = DETECTOR.detect(Case(prompt="How many rolls?", output=output))

    assert detection is not None
    assert "'number of rolls we multiply the'" in detection.summary
    assert str(len(output)) not in detection.summary


WORKING = "Nobody knows how many rolls there were. Perhaps nine, perhaps none. "


@pytest.mark.parametrize("words", ["It Depends", "Unknown", "It's complicated", "unclear"])
def test_a_few_words_behind_the_answer_is_are_an_answer(words: str) -> None:
    output = f"{WORKING}\nTherefore, the answer (Yes or No) is: {words}"
    case = Case(prompt="Were there nine?", output=output, gold="yes", profile=EXPECTS)

    assert DETECTOR.detect(case) is None


@pytest.mark.parametrize(
    "words", ["It depends on", "The number of rolls that were", "Yes, because"]
)
def test_an_unfinished_answer_is_still_cut_off(words: str) -> None:
    output = f"{WORKING}\nTherefore, the answer (Yes or No) is: {words}"
    case = Case(prompt="Were there nine?", output=output, gold="yes", profile=EXPECTS)

    assert DETECTOR.detect(case)
