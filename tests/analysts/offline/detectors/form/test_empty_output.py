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
