"""Refusals, and polite or quoted words that are none."""

import pytest

from error_map.analysts.offline.detector import Case
from error_map.analysts.offline.detectors.form.refusal import DETECTOR


@pytest.mark.parametrize(
    "output",
    [
        "I'm sorry, but I can't help with that request.",
        "I\u2019m sorry, but I cannot assist with writing this letter.",
        "As an AI language model, I don't have opinions on bakeries.",
        "I am unable to view images, so the drawing is unknown to me.",
        "Unfortunately, I cannot answer this question.",
        "I must respectfully decline. Please ask a baker.",
        "I don't have access to the file that you mention.",
        "Thank you for asking. We cannot comply with this.",
    ],
)
def test_an_output_that_declines_is_a_refusal(output: str) -> None:
    detection = DETECTOR.detect(Case(prompt="Describe a bakery.", output=output))

    assert detection is not None
    start, end = detection.spans[0]
    assert output[start:end]
    assert detection.title == "Task refused"


@pytest.mark.parametrize(
    "output",
    [
        "I cannot use the formula for circles here, so I count squares: 4 + 5 = 9.",
        "The baker cannot help the miller, who is unable to pay. Both lose.",
        "I'm sorry, but I can't be sure of the shape. Still, the answer is (B).",
        "I am unable to see the drawing, but going by the text there are 3 * 4 = 12 tiles.",
        "She said: sorry that the oven broke. It was mended in June.",
        "We cannot divide by zero, which rules out the first case and leaves 7 as the value.",
        "I can answer that: a bakery sells bread.",
        "It cannot be determined from the picture who won.",
        "The clerk was sorry. "
        + "Then he told a long story about the town. " * 30
        + "I cannot help you, he said.",
    ],
)
def test_an_answer_that_merely_has_such_words_is_no_refusal(output: str) -> None:
    assert DETECTOR.detect(Case(prompt="Describe a bakery.", output=output)) is None


def test_a_refusal_after_long_work_is_not_the_gist() -> None:
    output = "A bakery has ovens and a shop window. " * 50 + "I cannot help with the rest."

    assert DETECTOR.detect(Case(prompt="Describe a bakery.", output=output)) is None
