"""Outputs that a model shows below its programs, true and false ones."""

import pytest

from error_map.analysts.offline.answers.extractors.routes import Answer
from error_map.analysts.offline.detector import Case
from error_map.analysts.offline.detectors.arithmetic.shown_output import DETECTOR

PROGRAM = "```python\nbase = 600 + 300\npremium = base * 0.3\nprint(base + premium)\n```\n"


@pytest.mark.parametrize(
    "shown",
    [
        "```output\n1260.0\n```\nThe answer is 1260.",
        "Output:\n```\n1260\n```\nIt is 1,260 dollars.",
        "**Output:** 1260.00\n\nSo the premium is 1260",
        "The output is:\n1260\nHence 1260.",
    ],
)
def test_an_output_that_the_program_does_not_give_is_false(shown: str) -> None:
    output = PROGRAM + shown

    detection = DETECTOR.detect(Case(prompt="What is it?", output=output, gold="1170"))

    assert detection is not None
    assert "gives 1170.0" in detection.summary
    assert output[slice(*detection.spans[0])].startswith("1260")


@pytest.mark.parametrize(
    ("output", "gold"),
    [
        (PROGRAM + "```output\n1170.0\n```\nThe answer is 1170.", "1200"),  # true
        (PROGRAM + "```output\n1170\n```\nThe answer is 1170.", "1170"),  # rounded
        (PROGRAM + "```output\n1260.0\n```\nThe answer is 1260.", "900"),  # not the cause
        (PROGRAM + "```output\n1260.0\n```\nThe answer is 1300.", "1170"),  # not the answer
        (PROGRAM + "```output\nnine hundred\n```\nIt is 900.", "1170"),
        (PROGRAM + "The answer is 1260.", "1170"),  # no output is shown
        ("```python\nimport math\nprint(9)\n```\n```output\n8\n```\nIt is 8.", "9"),  # not read
        ("```python\nx = rolls * 6\nprint(x)\n```\n```output\n8\n```\nIt is 8.", "9"),
    ],
)
def test_nothing_is_said_of_a_true_an_unknown_or_an_unimportant_output(
    output: str, gold: str
) -> None:
    assert DETECTOR.detect(Case(prompt="What is it?", output=output, gold=gold)) is None


def test_the_answer_route_decides_what_the_answer_is() -> None:
    output = PROGRAM + "```output\n1260.0\n```\nThe answer is 1300. No 1260."
    start = output.index("1300")
    answer = Answer("1300", start, start + 4)

    case = Case(prompt="What is it?", output=output, gold="1170", answer=answer)

    assert DETECTOR.detect(case) is None
