"""The intermediate tables of a run: their parts, batches, groups, and failures without outcome."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from error_map.records import Diagnosed, Diagnosis, Failure, Outcome, Undiagnosed
from error_map.store import FAILURE_SCHEMA, KEY, PART_ROWS, Draft
from tests.support import a_key

COLUMNS = (*KEY, "input_text", "output_text", "score", "correct_answer")
SCHEMA = {
    name: FAILURE_SCHEMA[name] for name in (*COLUMNS, "threshold", "weight", "correct_outputs")
}


def failures(count: int, dataset: str = "d") -> pl.DataFrame:
    """Selected failures of examples 0, 1, 2, ... of one dataset."""
    rows: list[tuple[object, ...]] = [
        (dataset, str(number), "m", 0, "prompt", f"output {number}", 0.0, "4", 1.0, 1.0, [])
        for number in range(count)
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def a_draft(folder: Path, *counts: int) -> Draft:
    """A draft with as many failures per dataset."""
    draft = Draft(folder)
    for number, count in enumerate(counts):
        frame = failures(count, f"d{number}")
        draft.put_datasets(frame.select(KEY), frame)
    return draft


def examples(part: Sequence[Failure]) -> list[str]:
    return [failure.record.key.example for failure in part]


def diagnosis_of(failure: Failure) -> Diagnosis:
    return Diagnosis(verdict="error", title=f"Title {failure.record.key.example}", summary="")


def fine(part: Sequence[Failure]) -> list[Outcome]:
    return [Diagnosed(failure.record.key, diagnosis_of(failure)) for failure in part]


def test_failures_are_split_into_parts_of_a_limited_number_of_rows(tmp_path: Path) -> None:
    draft = a_draft(tmp_path, PART_ROWS, 0, PART_ROWS + 1)

    assert (draft.failures, draft.record_parts) == (2 * PART_ROWS + 1, 3)
    assert [draft.read("failures", part).height for part in range(3)] == [PART_ROWS, PART_ROWS, 1]
    assert [list(draft.parts_of(range(n, n + 1))) for n in range(3)] == [[0], [], [1, 2]]
    assert list(draft.parts_of(range(3))) == [0, 1, 2]
    assert draft.scan("failures").collect()["example_id"].to_list()[-2:] == ["199", "200"]
    assert list(draft.failure_schema) == list(SCHEMA)


@pytest.mark.parametrize("size", [1, 7, 150, 256, 300])
def test_batches_have_every_failure_once_in_order(tmp_path: Path, size: int) -> None:
    draft = a_draft(tmp_path, PART_ROWS + 50, 3)

    batches = list(draft.batches(size))

    for part, count in enumerate((PART_ROWS, 50, 3)):
        own = [batch for batch in batches if batch.part == part]
        assert [batch.start for batch in own] == list(range(0, count, size))
        assert [len(batch.failures) for batch in own[:-1]] == [size] * (len(own) - 1)
        assert [one for batch in own for one in examples(batch.failures)] == [
            str(number + (PART_ROWS if part == 1 else 0)) for number in range(count)
        ]


def test_outcomes_are_written_in_order_once_a_part_is_complete(tmp_path: Path) -> None:
    draft = a_draft(tmp_path, 5, 2)
    first, second, third, other = draft.batches(2)

    for batch, diagnosed in ((third, 1), (first, 3), (other, 5)):
        draft.put_outcomes(batch, fine(batch.failures))
        assert draft.diagnosed == diagnosed
    assert not (tmp_path / "outcomes-000000.arrow").exists()
    draft.put_outcomes(second, fine(second.failures))

    assert draft.diagnosed == draft.failures == 7
    titles = draft.scan("outcomes").collect()["error_title"].to_list()
    assert titles == ["Title 0", "Title 1", "Title 2", "Title 3", "Title 4", "Title 0", "Title 1"]


@pytest.mark.parametrize("done", [(), (0,), (1,), (2,), (0, 2), (0, 1, 2), (3,), (0, 1, 2, 3)])
def test_failures_without_an_outcome_are_given_up_with_the_reason(
    tmp_path: Path, done: Sequence[int]
) -> None:
    draft = a_draft(tmp_path, 5, 2)
    batches = list(draft.batches(2))
    for number in done:
        draft.put_outcomes(batches[number], fine(batches[number].failures))
    before = draft.diagnosed

    draft.give_up("stopped")

    outcomes = draft.scan("outcomes").collect()
    expected = [
        (f"Title {example}", "") if number in done else ("", "stopped")
        for number, batch in enumerate(batches)
        for example in examples(batch.failures)
    ]
    assert outcomes.select("error_title", "reason").rows() == expected
    assert before == sum(len(batches[number].failures) for number in done)
    assert draft.diagnosed == 7


def test_an_undiagnosed_outcome_is_an_outcome(tmp_path: Path) -> None:
    draft = a_draft(tmp_path, 1)
    [batch] = draft.batches(1)

    draft.put_outcomes(batch, [Undiagnosed(a_key("0", dataset="d0"), "timeout")])
    draft.give_up("stopped")

    assert draft.scan("outcomes").collect()["reason"].to_list() == ["timeout"]


def size_of(folder: Path, *names: str) -> int:
    return sum((folder / f"{name}.arrow").stat().st_size for name in names)


def test_neighbouring_parts_are_grouped_up_to_a_size(tmp_path: Path) -> None:
    draft = a_draft(tmp_path, 5, 5, 5, 5)
    one = size_of(tmp_path, "failures-000000")
    both = one + size_of(tmp_path, "records-000000")

    assert list(draft.stretches(range(4), 2 * one)) == [range(2), range(2, 4)]
    assert list(draft.stretches(range(1, 4), 3 * one - 1)) == [range(1, 3), range(3, 4)]
    assert list(draft.stretches(range(4), 1)) == [range(n, n + 1) for n in range(4)]
    assert list(draft.stretches(range(0), 1)) == []
    assert list(draft.groups(3 * both)) == [range(3), range(3, 4)]
    assert list(draft.groups(4 * both - 1)) == [range(3), range(3, 4)]
    assert list(draft.groups(4 * both)) == [range(4)]


def test_a_table_that_matches_the_failures_is_split_like_them(tmp_path: Path) -> None:
    draft = a_draft(tmp_path, PART_ROWS + 1, 2)
    numbers = pl.DataFrame({"number": range(PART_ROWS + 3), "other": 0})

    draft.put_matching("places", [range(1), range(1, 3)], numbers)

    assert draft.read("places", 0)["number"].to_list() == list(range(PART_ROWS))
    rest = draft.read("places", 1, ["number"])
    assert rest.columns == ["number"]
    assert rest["number"].to_list() == [PART_ROWS, PART_ROWS + 1, PART_ROWS + 2]
    assert draft.read("places", [0, 1]).equals(numbers)
