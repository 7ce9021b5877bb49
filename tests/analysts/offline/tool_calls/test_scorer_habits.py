"""Which forms of calls and which differences a scorer accepts, learned from its scores."""

import json
from dataclasses import replace

import pytest

from error_map.analysts.offline.analyst import profiles_of
from error_map.analysts.offline.examine import examine
from error_map.analysts.offline.tool_calls.faults import CallScoring
from error_map.analysts.offline.tool_calls.scorer_habits import MIN_REJECTED, call_scoring
from error_map.analysts.studied_row import StudiedRow
from tests.support import a_failure

WEIGH = {
    "name": "weigh",
    "parameters": {"type": "dict", "properties": {"kilos": {"type": "integer"}}},
}
PROMPT = json.dumps([WEIGH])
IN_LIST = "[weigh(kilos={})]"
AS_DATA = '[{{"name": "weigh", "parameters": {{"kilos": {}}}}}]'
DATA_FORM = '[{"name": "f", "parameters": {…}}]'


def rows(template: str, count: int, *, passed: bool, wrong: bool = False) -> list[StudiedRow]:
    """Answers in one form, with the expected calls or with wrong ones."""
    return [
        StudiedRow(
            prompt=PROMPT,
            output=template.format(kilos + wrong),
            reference=json.dumps({"weigh": {"kilos": [kilos]}}),
            passed=passed,
        )
        for kilos in range(count)
    ]


def test_a_form_is_rejected_if_right_calls_in_it_fail_and_others_pass() -> None:
    scoring = call_scoring(
        rows(IN_LIST, 20, passed=True) + rows(AS_DATA, MIN_REJECTED, passed=False)
    )

    assert scoring == CallScoring((), (DATA_FORM,), "[f(…)]")


@pytest.mark.parametrize(
    "others",
    [
        rows(AS_DATA, MIN_REJECTED - 1, passed=False),
        rows(AS_DATA, 40, passed=False) + rows(AS_DATA, 1, passed=True),
        rows(AS_DATA, 40, passed=False, wrong=True),
        rows(AS_DATA, 40, passed=False) + rows(IN_LIST, 40, passed=False),
    ],
    ids=["few", "one passed", "wrong calls", "right calls fail in every form"],
)
def test_a_form_is_not_rejected_without_evidence(others: list[StudiedRow]) -> None:
    assert call_scoring(rows(IN_LIST, 20, passed=True) + others).rejected_forms == ()


def test_a_difference_with_which_answers_pass_is_accepted() -> None:
    as_text = "[weigh(kilos='{}')]"
    right = rows(IN_LIST, 20, passed=True)

    assert call_scoring(right + rows(as_text, 5, passed=True)).leniencies == ("text",)
    assert call_scoring(right + rows(as_text, 5, passed=False)).leniencies == ()
    assert call_scoring(right + rows(as_text, 1, passed=True)).leniencies == ()


def test_the_order_of_rows_does_not_matter_and_other_tasks_teach_nothing() -> None:
    mixed = rows(IN_LIST, 20, passed=True) + rows(AS_DATA, 9, passed=False)

    assert call_scoring(mixed) == call_scoring(mixed[::-1])
    assert call_scoring([StudiedRow("2 + 2?", "4", "4", passed=True)] * 30) == CallScoring()


def test_no_answer_route_is_learned_from_calls_so_that_an_empty_list_is_a_missing_call() -> None:
    prompt = f"Respond with a JSON list of function calls.\n{PROMPT}"
    studied = [
        replace(row, prompt=prompt)
        for row in rows('[{{"name": "weigh", "arguments": {{"kilos": {}}}}}]', 40, passed=True)
        + rows('[{{"name": "weigh", "arguments": {{"kilos": {}}}}}]', 9, passed=False, wrong=True)
    ]
    profile = profiles_of(studied).common

    diagnosis = examine(
        a_failure("[]", prompt=prompt, reference='{"weigh": {"kilos": [3]}}'), profile
    )

    assert profile.route is None
    assert [finding.detector for finding in diagnosis.findings] == ["tool_call_none"]
    assert examine(a_failure("[]", prompt=prompt, reference=None), profile).findings == ()


def test_a_list_is_an_answer_where_references_are_lists() -> None:
    program = "def light(kilos: list) -> list:\n    return [k for k in kilos if k < {}]\n"
    studied = [
        StudiedRow(program.format(n) + "What does light([1, 2, 2]) return?", out, "[2, 2]", passed)
        for n in range(20)
        for out, passed in (("[2, 2]", True), ("[1]", False))
    ]
    profile = profiles_of(studied).common

    diagnosis = examine(
        a_failure("[1, 2, 2]", prompt=program.format(1) + "What is it?", reference="[]"), profile
    )

    assert profile.route == "whole output"
    assert not any(one.detector.startswith("tool_call") for one in diagnosis.findings)
