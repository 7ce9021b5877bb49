"""How often findings of a detector are right, in words."""

import pytest

from error_map.presentation.reliability import reliability

READ = "how often findings of this detector were right when people read them: "


@pytest.mark.parametrize(
    ("detector", "words"),
    [
        ("unused_quantity", f"{READ}10 of 13"),
        ("went_on", f"{READ}8 of 9"),  # a former name, as in an old run folder
        (
            "first_departure",
            "how often findings of this detector are right has not been measured",
        ),
        ("other", "its detector states that 80 % of such findings are right"),
    ],
)
def test_reliability_is_counts_of_findings_that_were_read(detector: str, words: str) -> None:
    assert reliability(detector, 0.8) == words
