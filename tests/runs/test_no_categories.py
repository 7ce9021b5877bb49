"""Whole runs whose judge proposes no category, or places no title in its categories."""

import pytest

from error_map.store import read_manifest
from error_map.taxonomy import load_taxonomy
from tests.judged_runs import FAILURES, Place, truth

pytest.importorskip("litellm")
pytestmark = pytest.mark.slow

NEEDED = "at least one category with a name is needed"


@pytest.mark.parametrize("reply", ["none", "nameless"])
def test_a_judge_that_names_no_category_ends_the_run_with_4_its_files_and_the_reason(
    place: Place, capfd: pytest.CaptureFixture[str], reply: str
) -> None:
    place.server.configure(reply=reply, stage="proposal")

    code = place.typed()

    error = " ".join(capfd.readouterr().err.split())
    reason = f"there is no taxonomy: clusters: {NEEDED}"
    assert code == 4
    assert f"error: {reason}" in error
    assert set(place.states().values()) == {f"unassigned: the run was stopped: {reason}"}
    assert read_manifest(place.folder).whole is False
    assert place.folder.final_csv.exists()
    assert place.calls() == FAILURES + 2


def test_a_judge_that_names_no_category_once_is_reported_and_loses_nothing(place: Place) -> None:
    place.server.configure(reply="none", stage="proposal", times=1)

    place.run()

    repairs = [body for body in place.server.bodies() if len(body["messages"]) > 2]
    assert [NEEDED in body["messages"][-1]["content"] for body in repairs] == [True]
    assert place.places() == truth()


def test_where_no_category_was_named_it_is_requested_again_on_demand(place: Place) -> None:
    place.server.configure(reply="none", stage="proposal")
    place.stopped()
    place.server.reset()

    again = place.stopped()
    requests = place.calls()
    place.run(retry_undiagnosed=True)

    assert NEEDED in str(again)
    assert requests == 0
    assert place.places() == truth()


def test_a_judge_that_places_no_title_ends_the_run_with_4_and_its_files(
    place: Place, capfd: pytest.CaptureFixture[str]
) -> None:
    place.server.configure(reply="none", stage="placement")

    code = place.typed()

    error = " ".join(capfd.readouterr().err.split())
    assert code == 4
    assert "no error title was placed in a category: 24 failures are unassigned" in error
    assert len(load_taxonomy(place.folder.taxonomy).categories) > 0
    assert read_manifest(place.folder).whole is False


def test_a_share_of_1_that_may_be_lost_ends_such_a_run_as_done(place: Place) -> None:
    place.server.configure(reply="none", stage="placement")

    assert place.run(max_lost=1).error_records == FAILURES
