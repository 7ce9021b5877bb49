"""Detectors of multiple-choice answers: hits, near misses, and answers on which they are silent."""

import pytest

from error_map.analysts.offline.answers.final_answer import final_answer
from error_map.analysts.offline.answers.profiles import Profile
from error_map.analysts.offline.detector import Case, Detection, Detector
from error_map.analysts.offline.detectors.choice import (
    bare_claim,
    bare_letter,
    contradicted,
    no_option_chosen,
    value_not_among_options,
)

LETTERS = Profile(route="first letter stated", agreement=0.99, recall=0.99, found=0.95, rows=500)
ROLLS = "Rolls cost $4. How much are 6 rolls and a $3 bag?\nA. $20\nB. $24\nC. $27\nD. $31\nAnswer:"
BIRDS = (
    "Which bird dives for fish?\nA. The marsh lark\nB. The crested grebe\nC. The alpine swift"
    "\nAnswer: Let's think step by step."
)
WORKED = "6 * 4 = 24 and 24 + 3 = 27. The answer is (C)."


def seen(
    detector: Detector,
    output: str,
    *,
    prompt: str = BIRDS,
    gold: str = "B",
    right: tuple[str, ...] = (),
) -> Detection | None:
    case = Case(
        prompt=prompt,
        output=output,
        answer=final_answer(output, LETTERS),
        gold=gold,
        correct_outputs=right,
        profile=LETTERS,
    )
    return detector.detect(case)


def test_a_value_that_no_option_has_is_quoted() -> None:
    output = "Rolls: 6 * 4 = 24. So with the bag we pay 24 + 5 = 29. The answer is (D)."

    detection = seen(value_not_among_options.DETECTOR, output, prompt=ROLLS, gold="C")

    assert detection is not None
    assert "29" in detection.summary
    assert "29" in output[slice(*detection.spans[0])]


@pytest.mark.parametrize(
    "words",
    [
        "This is not among the options.",
        "None of the given options match.",
        "That does not match any of the choices.",
    ],
)
def test_a_working_that_says_itself_that_no_option_fits_is_believed(words: str) -> None:
    detection = seen(
        value_not_among_options.DETECTOR,
        f"We count the rolls. {words} The answer is (D).",
        prompt=ROLLS,
    )

    assert detection is not None
    assert detection.title == "Computed value is not among the options"


@pytest.mark.parametrize(
    "output",
    [
        'It could be "grebes". However, this is not one of the given choices. The answer is (D).',
        "If the number is 7, we pay 29. This isn't one of the choices. The answer is (D).",
        "We try 5 rolls. That is not among the options, so we go on. The answer is (D).",
        "The options given don't match all needs, so we eliminate (A) and (B). The answer is (D).",
    ],
)
def test_a_value_that_is_only_tried_is_not_the_result(output: str) -> None:
    assert seen(value_not_among_options.DETECTOR, output, prompt=ROLLS) is None


def test_a_result_after_a_trial_is_compared() -> None:
    output = (
        "It could be 25. This is not one of the options. So we count the rolls and the bags anew."
        " There are six of them. The total we get is not among the options. The answer is (D)."
    )

    detection = seen(value_not_among_options.DETECTOR, output, prompt=ROLLS)

    assert detection is not None
    assert "'is not among the options'" in detection.summary


def test_numbers_plugged_into_a_formula_are_no_trial() -> None:
    output = "Plugging in the values, we pay 29. This is not among the options. The answer is (D)."

    assert seen(value_not_among_options.DETECTOR, output, prompt=ROLLS)


def test_words_of_the_task_are_no_admission() -> None:
    prompt = "Translate: the birds are not listed.\nA. The marsh lark\nB. The grebe\nAnswer:"
    output = "The sentence says that they are not listed, which is wrong. The answer is (A)."

    assert seen(value_not_among_options.DETECTOR, output, prompt=prompt) is None


@pytest.mark.parametrize(
    "output",
    [
        "So we pay 6 * 4 + 3 = $27. The answer is (C).",
        "So we pay 6 * 4 = 24. The answer is (C).",
        "So we pay about 27.1. The answer is (C).",
        "So in cents it is 24 * 100 + 300 = 2700. The answer is (C).",
        "A bag is 3. The answer is (D).",
        "So we pay 29.",
        "So it is 6 rolls = 4 times 6. The answer is (D).",
        "The answer is (D).\n\nQuestion: So what is 5 + 6 = 11. The answer is (A).",
    ],
)
def test_a_value_of_an_option_or_of_the_question_is_no_stray_value(output: str) -> None:
    assert seen(value_not_among_options.DETECTOR, output, prompt=ROLLS, gold="C") is None


def test_options_that_are_formulas_are_not_compared() -> None:
    prompt = "Find x.\nA. 2\\pi/3\nB. \\sqrt{5}\nC. x + 4\nAnswer:"

    assert (
        seen(value_not_among_options.DETECTOR, "So 8 - 1 = 7. The answer is (A).", prompt=prompt)
        is None
    )


@pytest.mark.parametrize(
    ("output", "gold", "title"),
    [
        ("Diving needs lobed feet. The answer is (A) or (C).", "C", "More than one option chosen"),
        (
            "Diving needs lobed feet. The answer is (A): the alpine swift",
            "C",
            "Working and answer contradict each other",
        ),
        (
            "So the bird is the alpine swift. The answer is (A).",
            "C",
            "Working and answer contradict each other",
        ),
        (
            "It nests low. The answer is (A). However, larks sink. The correct answer is (C).",
            "C",
            "Answer corrected after it was given",
        ),
    ],
)
def test_two_readings_of_one_answer_contradict_each_other(
    output: str, gold: str, title: str
) -> None:
    detection = seen(contradicted.DETECTOR, output, gold=gold)

    assert detection is not None
    assert detection.title == title
    assert all(output[start:end] for start, end in detection.spans)


@pytest.mark.parametrize(
    "output",
    [
        "Diving needs lobed feet. The answer is (A) or (C).",
        "It nests low. The answer is (A). However, larks sink. The correct answer is (C).",
    ],
)
def test_two_wrong_options_do_not_make_the_answer_wrong_by_being_two(output: str) -> None:
    assert seen(contradicted.DETECTOR, output, gold="D") is None


def test_a_value_of_one_option_under_the_letter_of_another_contradicts_it() -> None:
    output = "So we pay 6 * 4 + 3 = $27. The answer is (A)."

    detection = seen(contradicted.DETECTOR, output, prompt=ROLLS, gold="C")

    assert detection is not None
    assert "'$27'" in detection.summary


@pytest.mark.parametrize(
    "output",
    [
        "So the bird is the marsh lark. The answer is (A): The marsh lark",
        "It is not the alpine swift. The answer is (A).",
        "It is the marsh lark rather than the alpine swift. The answer is (A).",
        "The swifts, larks and others fly. The answer is (A).",
        "So the bird is the alpine swift. The answer is (B).",
        "Larks dive. The answer is (A).\n\nQuestion: Which fish flies? The correct answer is (C).",
        "Larks dive. The answer is (A). Again, the correct answer is (A).",
        "Dives the alpine swift?",
    ],
)
def test_agreeing_or_denying_words_are_no_contradiction(output: str) -> None:
    assert seen(contradicted.DETECTOR, output) is None


def test_the_sum_that_leads_to_a_value_is_not_the_value() -> None:
    output = "So we pay 24 + 3 + 4 = 31, that is $31. The answer is (D)."

    assert seen(contradicted.DETECTOR, output, prompt=ROLLS, gold="C") is None


def test_a_wrong_option_that_is_only_asserted_is_a_bare_claim() -> None:
    output = "The bird that dives for fish is the alpine swift. The answer is (C)."

    detection = seen(bare_claim.DETECTOR, output)

    assert detection is not None
    assert "'The crested grebe'" in detection.summary
    assert output[slice(*detection.spans[0])] == "The bird that dives for fish is the alpine swift."


@pytest.mark.parametrize(
    "output",
    [
        "The bird that dives for fish is the crested grebe. The answer is (B).",
        "The bird is not the alpine swift. The answer is (C).",
        "It is fast. It is small. It has long wings. It is the alpine swift. The answer is (C).",
        "Birds are warm. The answer is (C).",
        "The answer is (C).",
        "The bird that dives for fish is the alpine swift.",
    ],
)
def test_an_argument_or_a_right_option_is_no_bare_claim(output: str) -> None:
    assert seen(bare_claim.DETECTOR, output) is None


def test_a_claim_that_says_another_option_as_well_is_not_told_of_this_one() -> None:
    prompt = (
        "What has the inn?\nA. one large room and one small room"
        "\nB. one large room and two small rooms\nC. four small rooms\nAnswer:"
    )
    output = "The inn has one large room and two small rooms. The answer is (A)."

    assert seen(bare_claim.DETECTOR, output, prompt=prompt, gold="C") is None


def test_options_of_numbers_alone_are_not_recognised_by_their_numbers() -> None:
    prompt = "Write four times t.\nA. 4t\nB. t + 4\nC. t - 4\nAnswer:"

    assert (
        seen(bare_claim.DETECTOR, "It is 4 times t. The answer is (B).", prompt=prompt, gold="A")
        is None
    )


def test_a_question_for_what_is_not_so_contradicts_nobody() -> None:
    prompt = BIRDS.replace("Which bird dives", "Which bird does not dive")

    assert (
        seen(
            contradicted.DETECTOR,
            "So it dives, the alpine swift. The answer is (A).",
            prompt=prompt,
        )
        is None
    )


def test_one_word_must_be_said_of_what_is_asked() -> None:
    prompt = "Which country has the largest tulip market?\nA. Japan\nB. Chile\nC. Peru\nAnswer:"

    assert (
        seen(bare_claim.DETECTOR, "Tea came from Japan. The answer is (A).", prompt=prompt) is None
    )
    assert seen(
        bare_claim.DETECTOR,
        "The largest tulip market is in Japan. The answer is (A).",
        prompt=prompt,
    )


@pytest.mark.parametrize(
    "output", ["The answer is (A).", "The answer is (A).\n\nThe answer is (A)."]
)
def test_a_wrong_letter_alone_is_seen_where_steps_were_asked_for(output: str) -> None:
    detection = seen(bare_letter.DETECTOR, output)

    assert detection is not None
    assert detection.title == "Answer letter without reasoning"


@pytest.mark.parametrize(
    "output", ["The answer is (B).", "Larks are brown and dive well. The answer is (A)."]
)
def test_a_right_letter_or_any_reasoning_is_not_bare(output: str) -> None:
    assert seen(bare_letter.DETECTOR, output) is None


def test_a_letter_is_enough_where_nobody_reasons() -> None:
    prompt = BIRDS.removesuffix(" Let's think step by step.")

    assert seen(bare_letter.DETECTOR, "The answer is (A).", prompt=prompt, right=("(B)",)) is None
    assert seen(bare_letter.DETECTOR, "The answer is (A).", prompt=prompt, right=(WORKED * 2,))


def test_a_value_that_others_calculate_and_this_one_asserts_is_bare() -> None:
    asserted = "We pay $31 for the rolls and the bag. The answer is (D)."

    detection = seen(bare_letter.DETECTOR, asserted, prompt=ROLLS, gold="C", right=(WORKED, WORKED))

    assert detection is not None
    assert detection.title == "Value asserted without calculation"
    assert seen(bare_letter.DETECTOR, asserted, prompt=ROLLS, gold="C") is None
    assert (
        seen(bare_letter.DETECTOR, WORKED, prompt=ROLLS, gold="A", right=(WORKED, WORKED)) is None
    )


@pytest.mark.parametrize(
    "output", ["The lark is small. The answer is none of the above.", "Thus it is \\boxed{40 cm}."]
)
def test_an_answer_that_names_no_option_is_told(output: str) -> None:
    detection = seen(no_option_chosen.DETECTOR, output)

    assert detection is not None
    assert detection.title == "No option chosen"


@pytest.mark.parametrize(
    "output",
    [
        "The answer is (A).",
        "Thus it is \\boxed{A}.",
        "Thus we choose option (A).",
        "The answer is the marsh lark.",
        "Birds are warm.",
        "The answer is, as one sees from the",
        "",
    ],
)
def test_an_option_named_in_any_way_is_chosen(output: str) -> None:
    assert seen(no_option_chosen.DETECTOR, output) is None


def test_without_options_in_the_prompt_none_can_be_missed() -> None:
    assert (
        seen(no_option_chosen.DETECTOR, "The answer is none of the above.", prompt="How many?")
        is None
    )


@pytest.mark.parametrize(
    "output",
    [
        "The bird that dives for fish is the alpine swift. It has strong legs. The answer is (C).",
        "The bird that dives for fish is the alpine swift. The answer is (C). It has webbed feet.",
    ],
)
def test_a_claim_for_which_a_reason_is_given_is_not_the_whole_working(output: str) -> None:
    assert seen(bare_claim.DETECTOR, output) is None


def test_an_option_that_only_says_where_another_place_lies_is_not_what_is_claimed() -> None:
    prompt = "Which city had the first tulip market?\nA. Ohio\nB. Leeds\nC. Peru\nAnswer:"
    beside = "The first tulip market of a city was in Akron, Ohio. The answer is (A)."
    itself = "The first tulip market of a city was in Ohio. The answer is (A)."

    assert seen(bare_claim.DETECTOR, beside, prompt=prompt) is None
    assert seen(bare_claim.DETECTOR, itself, prompt=prompt)


@pytest.mark.parametrize("working", ["So P = 1 / 3. ", "It is 27. "])
def test_a_short_sum_before_a_letter_is_working(working: str) -> None:
    assert seen(bare_letter.DETECTOR, working + "The answer is (A).") is None


GAS = "Which gas? A) oxygen B) carbon dioxide C) neon"


@pytest.mark.parametrize(
    "output",
    [
        pytest.param("ANSWER: None of the above", id="answer-none-of-above"),
        "It is not listed.\nFinal Answer: None of the options.",
        "I cannot decide. The answer is neither of the above.",
        "**Answer:** The answer cannot be determined.",
    ],
)
def test_an_answer_that_declines_every_option_chooses_none(output: str) -> None:
    found = seen(no_option_chosen.DETECTOR, output, prompt=GAS)

    assert found is not None
    assert found.title == "No option chosen"


@pytest.mark.parametrize(
    ("prompt", "output"),
    [
        (GAS + " D) none of the above", "ANSWER: None of the above"),
        (GAS, "ANSWER: carbon dioxide"),
        (GAS, "The answer is B, none of the others."),
        ("Which gas?", "ANSWER: None of the above"),
    ],
)
def test_an_option_that_is_named_by_its_words_is_chosen(prompt: str, output: str) -> None:
    assert seen(no_option_chosen.DETECTOR, output, prompt=prompt) is None
