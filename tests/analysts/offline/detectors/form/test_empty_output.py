"""Empty outputs."""

import pytest

from error_map.analysts.offline.detector import Case
from error_map.analysts.offline.detectors.form.empty_output import DETECTOR


@pytest.mark.parametrize("output", ["", " ", "\n\t \n", "\u00a0\u2003"])
def test_an_output_without_text_is_empty(output: str) -> None:
    detection = DETECTOR.detect(Case(prompt="Name a colour.", output=output))

    assert detection is not None
    assert detection.title == "Empty output"
    assert detection.spans == ()


@pytest.mark.parametrize("output", ["0", ".", "\n\nNo.\n", "\u200b."])
def test_any_visible_character_is_an_answer(output: str) -> None:
    assert DETECTOR.detect(Case(prompt="Name a colour.", output=output)) is None


@pytest.mark.parametrize(
    "output",
    [
        "<think>Let me see: 40 and 32 make 72.</think>",
        "So 40 and 32 make 72.\n</think>\n\n",
        "[THINK]40 and 32 make 72.[/THINK]",
        "<reasoning>\nIt is 72.\n</reasoning><|im_end|>",
    ],
)
def test_nothing_after_the_reasoning_is_no_answer(output: str) -> None:
    detection = DETECTOR.detect(Case(prompt="How many?", output=output))

    assert detection is not None
    assert detection.title == "Nothing after the reasoning"


@pytest.mark.parametrize("output", ["<|im_end|>", "</s>", "\u200b", "```python\n```", "<pad>" * 9])
def test_marks_of_a_model_are_no_text(output: str) -> None:
    detection = DETECTOR.detect(Case(prompt="How many?", output=output))

    assert detection is not None
    assert detection.title == "Empty output"


@pytest.mark.parametrize(
    "output",
    [
        "<think>40 and 32.</think>72",
        "<think>40 and 32",  # cut off
        "0",
        "None",
        "{}",
        "The tag </think> ends the reasoning, and I end here",
    ],
)
def test_any_text_after_the_reasoning_is_an_output(output: str) -> None:
    assert DETECTOR.detect(Case(prompt="How many?", output=output)) is None


def test_a_model_that_used_all_its_tokens_for_nothing_is_said_to_have_been_stopped() -> None:
    detection = DETECTOR.detect(Case(prompt="How many?", output="", stop_reason="length"))

    assert detection is not None
    assert "stopped at its limit" in detection.summary
