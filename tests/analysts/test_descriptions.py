"""What analysts say of themselves, and what is known of their detectors outside the package."""

import pytest

from error_map._version import __version__
from error_map.analysts.base import Analyst
from error_map.analysts.builtin_detectors import BUILT_IN, builtin_detectors, list_detectors
from error_map.analysts.expected_answer import expected_answer
from error_map.analysts.factory import open_analyst, open_dry_run
from error_map.analysts.studied_row import StudiedRow
from error_map.config import RunConfig

pytestmark = pytest.mark.anyio
ROWS = [
    StudiedRow("How many?", f"The answer is {n}.", str(n if passed else n + 1), passed)
    for n, passed in enumerate([True, False] * 20)
]


def config(**options: object) -> RunConfig:
    return RunConfig.load({"exp_id": "t", "processes": 1, **options})


def prepared(analyst: Analyst) -> Analyst:
    analyst.prepare({"d": ROWS, "empty": []})
    return analyst


async def test_the_offline_analyst_names_itself_its_detectors_and_the_learned_routes() -> None:
    async with open_analyst(config(detectors=["no_answer", "truncated"])) as analyst:
        described = prepared(analyst).describe()

    assert described.name == f"offline/{__version__}"
    assert described.detectors == {"no_answer": BUILT_IN, "truncated": BUILT_IN}
    assert described.routes["d"].agreement == 1.0
    assert described.routes["d"].distrust == ""
    assert described.routes["empty"].route is None
    assert (described.fingerprint, described.template, dict(described.cost)) == ("", "", {})


async def test_a_judge_names_its_model_prompts_and_the_detectors_of_its_hints() -> None:
    options = {"inference_type": "litellm-mock", "detectors": ["truncated"]}
    async with open_dry_run(config(**options), failures=1) as dry_run:
        described = prepared(dry_run.analyst).describe()

    assert described.is_mock
    assert described.detectors == {"truncated": BUILT_IN}
    assert described.routes["d"].agreement == 1.0
    assert len(described.fingerprint) == 64
    assert described.template.startswith("single_error_analysis/")
    assert described.from_ledger == 0


async def test_a_dry_run_of_the_offline_analyst_calls_no_model() -> None:
    async with open_dry_run(config(), failures=7) as dry_run:
        estimate = dry_run.estimate(failures=7, titles=0)

    assert dry_run.unsent is None
    assert (estimate.answered, dict(estimate.stages)) == (7, {})


def test_built_in_detectors_are_listed_with_their_measured_precision() -> None:
    facts = builtin_detectors()

    assert {one.origin for one in facts.values()} == {BUILT_IN}
    assert any(one.read for one in facts.values())
    assert all(0 <= one.correct <= one.read for one in facts.values())


def test_a_detector_can_be_left_out_of_the_list() -> None:
    listed = {one.name for one in list_detectors(without=["truncated"])}

    described = {one.name for one in builtin_detectors().values()}
    assert described - listed == {"truncated", "format_broken"}  # old results have the second


@pytest.mark.parametrize(
    ("reference", "route", "expected"),
    [("3 + 4 = 7\n#### 7", "last number", "7"), ("", "last number", ""), ("Paris", None, "Paris")],
)
def test_the_expected_answer_is_the_final_answer_of_the_reference(
    reference: str, route: str | None, expected: str
) -> None:
    assert expected_answer(reference, route) == expected
