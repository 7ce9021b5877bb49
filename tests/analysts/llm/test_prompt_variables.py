"""The variables of the prompts: complete, consistent and fenced."""

from collections.abc import Mapping
from typing import Final

import pytest

from error_map.analysts.base import TitleGroup
from error_map.analysts.llm.prompt_variables import (
    Division,
    SentText,
    diagnosis_variables,
    generation_variables,
    placement_variables,
    review_variables,
    update_variables,
)
from error_map.records import CategoryId
from error_map.taxonomy import Category
from error_map.templates import Fenced, fence
from error_map.templates.variables import VARIABLES

UNITS: Final = Category(CategoryId("units"), "Units", "Wrong units.")
SIGN: Final = TitleGroup("Sign lost", count=2, summaries=("The sign is lost.", "No minus."))
UNIT: Final = TitleGroup("Unit lost", count=1)
ROOT: Final = Division(parent=None, limit=5, name_words=5, description_words=30)
SENT: Final = [
    SentText("input", "The task", "2 - 3"),
    SentText("correct_answers", "A correct answer of another model", "-1"),
    SentText("output", "The model's wrong answer", "1"),
]


@pytest.mark.parametrize(
    ("name", "variables"),
    [
        ("single_error_analysis", diagnosis_variables(SENT, [])),
        ("taxonomy_generation", generation_variables(ROOT, [SIGN])),
        ("taxonomy_update", update_variables(ROOT, [[UNITS], [UNITS]], [SIGN, UNIT])),
        ("taxonomy_review", review_variables(ROOT, [UNITS])),
        ("classify_errors", placement_variables([(1, UNITS)], [(1, SIGN)])),
    ],
)
def test_a_prompt_has_all_variables_that_templates_may_use(
    name: str, variables: Mapping[str, object]
) -> None:
    assert VARIABLES[name].names <= variables.keys()


def test_texts_of_a_failure_are_fenced_and_unsent_fields_empty() -> None:
    variables = diagnosis_variables(SENT, ["a hint"])

    assert str(variables["input_text"]) == fence("2 - 3")
    assert variables["correct_answer"] == ""
    assert variables["correct_outputs"] == [Fenced("-1")]
    assert variables["hints"] == ["a hint"]


def test_the_merge_shows_an_even_sample_of_the_titles() -> None:
    groups = [TitleGroup(f"title {number}", count=1) for number in range(10)]

    sample = str(update_variables(ROOT, [[UNITS], [UNITS]], groups)["data"])

    assert [number for number in range(10) if f"title {number}" in sample] == [0, 2, 4, 6, 8]


def test_a_single_title_has_its_example_on_the_same_line() -> None:
    single = placement_variables([(1, UNITS)], [(7, SIGN)])["data"]
    both = placement_variables([(1, UNITS)], [(7, SIGN), (8, UNIT)])["data"]

    assert str(single) == fence("7. Sign lost: The sign is lost.")
    assert str(both) == fence(
        "7. Sign lost\n   for example: The sign is lost.\n   for example: No minus.\n8. Unit lost"
    )


def test_the_parents_name_is_empty_at_the_root() -> None:
    below = Division(parent=UNITS, limit=5, name_words=5, description_words=30)

    assert generation_variables(ROOT, [SIGN])["parent_category"] == ""
    assert generation_variables(below, [SIGN])["parent_category"] == "Units"
