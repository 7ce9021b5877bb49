"""Kinds of endings, in both directions: what is cut off, and what is whole without a full stop."""

import pytest

from error_map.analysts.offline.answers.extractors.routes import Answer
from error_map.analysts.offline.answers.profiles import Profile
from error_map.analysts.offline.detector import Case
from error_map.analysts.offline.detectors.form.truncated import DETECTOR

START = "There are nine trays in the oven and each of them holds six rolls. "
LONGER = (
    START + "All of them are warm. Nobody of the house has eaten any of them so far."
    " The master of the oven has seen to it that they are kept. "
)
RUSSIAN = (
    "К сожалению, доставку на этот день выбрать нельзя."  # noqa: RUF001 - Russian
    " Мы можем сохранить заказ на две недели"
)
EXPECTS = Profile(route="stated answer", agreement=1.0, recall=1.0, found=0.95, rows=100)
HASHES = Profile(route="####", agreement=1.0, recall=1.0, found=1.0, rows=100)


@pytest.mark.parametrize(
    "output",
    [
        # Programs and queries that parse are whole, wherever they end.
        "def pick(n):\n    half = n // 2\n    rest = n - half\n    return rest if rest > 3 else n",
        "    trays = sorted(trays)\n    if not trays:\n        return None\n    return trays[0]",
        "for tray in trays:\n    print(tray)\n    total += len(tray.rolls)  # count all of the",
        "SELECT t.name, COUNT(r.id) AS rolls\nFROM tray t JOIN roll r ON r.tray = t.id;",
        "SELECT t.name\nFROM tray AS t\nWHERE t.oven = 'left'\nGROUP BY t.name\nLIMIT 10",
        "Here it is:\n```js\nconst rolls = trays.map((tray) => {\n  return tray.rolls;\n});\n```",
        # The fence is left open, but the program in it is whole.
        "Here you are. This counts them.\n```python\nrolls = sum(tray.rolls for tray in trays)",
        "def total(trays):\n    print 'old syntax is an error of another kind'\n    print 9",
        # Posts, verse, titles, signatures, lists.
        "nothing but the sea and the wind tonight. come and sit with us. #harbour #quietnight",
        "Six warm rolls are left. Come quickly before they are gone, all of you \U0001f956",
        "The recipe is on our page. You may read it there. https://rolls.example/recipes/rye/",
        "We bake from five to nine. Ask for the master of the house. Yours,\nMartha Rollins",
        "Dear Sir. The rolls were fine. We shall come again.\n\nWith our warmest regards,",
        START + "\n\n- nine trays of dough\n- six rolls on each of them\n- a pinch of salt on top",
        "the oven glows\nand all the street awakes\nfor bread that never lasts\nbeyond the morning",
        RUSSIAN,
        # Values, rules, and marks of style.
        LONGER + "\n\nWith love from all of us",
        "The money paid is the value of both payments.\n\nMoney paid = Rs. 120 + Rs. 90 = Rs. 210",
        LONGER + "The price of all trays is the price of one times nine = 54 rolls of rye bread",
        START + "The shop has a grade of A+\n\n---",
        START + "The dinner costs $$ to $$$ a head, says the guide.\n\nIt is a fair price.",
        START + "The closing mark is missing in \\(9 \\cdot 6 = 54.\n\nSo there are 54 of them.",
        START + "**The rolls are for Martha, and nobody else may touch them.**",
        START + "*We thank the baker of the year for all that was baked.*",
    ],
)
def test_a_text_that_is_whole_in_its_style_is_not_cut_off(output: str) -> None:
    assert DETECTOR.detect(Case(prompt="Write it.", output=output)) is None


@pytest.mark.parametrize(
    ("end", "inside"),
    [
        (
            "They are sold on the market of the town, where most of the people come before",
            "sentence",
        ),
        ("The master of the oven says that they are", "sentence"),
        ("Six of them are for the master, three are for the", "sentence"),
        ("The rest of the rolls is sold to the pe", "sentence"),
        ("\n\n1. Count the trays.\n2. Count the rolls.\n3.", "step"),
        ("So we get \\(9 \\cdot 6", "formula"),
        ("\\begin{aligned} 9 \\cdot 6 &= 54 \\\\ 54", "formula"),
        ("So it is 9 x 6 =", "formula"),
        ("So we have 9 trays = 9 trays *", "formula"),
        ("\nThe rest of the rolls is what the people of the town have not yet bought", "sentence"),
        ("\n\nSo, the", "sentence"),
        ("\n```python\ndef rolls(trays):\n    return sum(", "program"),
        ("\n```js\nfunction rolls(trays) {\n  return trays", "program"),
        ("\n```sql\nSELECT name, rolls FROM tray WHERE", "program"),
        ("<think>Let me count them, tray by tray. The first has six.", "reasoning"),
    ],
)
def test_the_place_of_a_cut_is_named(end: str, inside: str) -> None:
    detection = DETECTOR.detect(Case(prompt="Tell me about people.", output=LONGER + end))

    assert detection is not None
    assert inside in detection.summary


@pytest.mark.parametrize(
    "code",
    [
        "def rolls(trays):\n    n = 0\n    for tray in trays:\n        n += tray.rolls\n    if",
        "import json\n\nrecipe = {\n    'flour': 500,\n    'water': 320,\n    'salt':",
        'class Oven:\n    def bake(self, rolls):\n        """Bake the rolls that are in the',
        "SELECT tray.name, COUNT(roll.id)\nFROM tray JOIN roll ON roll.tray = tray.id AND",
    ],
)
def test_a_program_that_stops_in_the_middle_is_cut_off(code: str) -> None:
    detection = DETECTOR.detect(Case(prompt="Write the program.", output=code))

    assert detection is not None
    assert "a program" in detection.summary


def test_a_program_with_an_error_in_the_middle_is_not_said_to_be_cut_off() -> None:
    code = (
        "def rolls(trays):\n    total = count(trays\n    return total\n\n\nprint(rolls([1, 2, 3]))"
    )

    assert DETECTOR.detect(Case(prompt="Write the program.", output=code)) is None


@pytest.mark.parametrize(
    ("end", "cut"),
    [
        ('"price": ', True),
        ('"rolls": [', True),
        ('"rolls": ["rye", "wh', True),
        ('"note": "He said \\"no\\" and', True),
        ('"price": 2', False),  # only a bracket is missing
        ('"rolls": ["rye", "wheat"]', False),
    ],
)
def test_json_that_only_lacks_its_last_bracket_is_not_said_to_be_cut_off(
    end: str,
    cut: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    output = f'{{"name": "bakery", "street": "of the mill", "open": true, {end}'

    detection = DETECTOR.detect(Case(prompt="Give me JSON.", output=output))

    assert (detection is not None) is cut


def test_placeholders_in_brackets_are_no_json() -> None:
    output = "[Name]\n[Street and number]\n[Town]\n\nDear [Name of the baker],\n\nthe rolls [were"

    detection = DETECTOR.detect(Case(prompt="Write a letter.", output=output))

    assert detection is None or "JSON" not in detection.summary


def test_where_the_task_asks_for_a_style_the_last_full_stop_may_be_missing() -> None:
    output = (
        LONGER + "We keep them warm until the evening and then the poor come to the house for them"
    )

    assert DETECTOR.detect(Case(prompt="What of the rolls?", output=output))
    assert DETECTOR.detect(Case(prompt="Translate it into English: ...", output=output)) is None
    assert DETECTOR.detect(Case(prompt="Write a tweet on rolls.", output=output)) is None


def test_where_right_answers_leave_out_the_last_full_stop_it_is_style() -> None:
    output = (
        LONGER + "We keep them warm until the evening and then the poor come to the house for them"
    )
    right = LONGER + "They are kept until the evening and then the poor may come for them"

    case = Case(prompt="What of the rolls?", output=output, correct_outputs=(right,))

    assert DETECTOR.detect(case) is None


def test_a_quoted_word_at_the_end_finishes_no_sentence_where_an_answer_is_expected() -> None:
    output = START + 'First comes the word "old", then "new". Now let us look at "red" and "rim"'

    assert DETECTOR.detect(Case(prompt="How many?", output=output, profile=EXPECTS))
    assert DETECTOR.detect(Case(prompt="How many?", output=output)) is None


MARKED = "9 * 6 = 54. One could also read this as the rolls of a street, but it more likely means"


@pytest.mark.parametrize(
    ("own", "value", "cut"),
    [
        (MARKED + " that the number is", "6", True),
        (MARKED + " that all of the", "54", True),
        (MARKED + " that the number is", "54", False),  # completes the sentence
        (MARKED + " nine trays.", "54", False),
        (MARKED + " that the number is", "7", False),  # a number of the model's own
        (LONGER + "It has 6 trays in all, as the master of the house says. One could", "6", True),
        (LONGER + "So the baker has 6 trays left", "6", False),  # ends without a full stop
        (LONGER + "That makes = 6 trays. They are all warm", "6", False),
        ("It has 6 trays. One could read it otherwise", "6", False),  # too short to tell
    ],
)
def test_a_marker_that_was_put_behind_a_cut_text_is_no_answer(
    own: str,
    value: str,
    cut: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    output = f"{own}\n#### {value}"
    answer = Answer(value, len(output) - len(value), len(output))
    case = Case(prompt="How many?", output=output, answer=answer, gold="54", profile=HASHES)

    detection = DETECTOR.detect(case)

    assert (detection is not None) is cut
    if detection:
        assert f"'#### {value}'" in detection.summary
        assert "####" not in output[slice(*detection.spans[0])]


@pytest.mark.parametrize("reason", ["length", "max_tokens", "FinishReason.MAX_TOKENS"])
def test_a_stop_reason_is_the_best_evidence_of_a_cut(reason: str) -> None:
    case = Case(
        prompt="How many?", output="First, nine trays.", stop_reason=reason, tokens_out=2_048
    )

    detection = DETECTOR.detect(case)

    assert detection is not None
    assert "its limit of 2,048 tokens" in detection.summary


@pytest.mark.parametrize("output", ["The answer is 54. Question: How", START + "\n#### 54"])
def test_what_runs_on_to_the_limit_after_its_answer_is_not_cut_off(output: str) -> None:
    assert DETECTOR.detect(Case(prompt="?", output=output, stop_reason="length")) is None


def test_a_marker_behind_a_text_that_hit_the_limit_is_no_answer() -> None:
    output = START + "That makes 9 rows, and we now take\n#### 9"

    assert DETECTOR.detect(Case(prompt="?", output=output, stop_reason="length", profile=HASHES))


@pytest.mark.parametrize("reason", ["stop", "end_turn", "eos"])
def test_a_model_that_ended_by_itself_was_not_cut_off(reason: str) -> None:
    output = START + "To find the number of rolls we multiply the"

    assert DETECTOR.detect(Case(prompt="How many?", output=output, stop_reason=reason)) is None
