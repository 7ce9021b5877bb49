"""The selection of exemplars of a category."""

import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from error_map.presentation.exemplars import CARRIED, PER_CATEGORY, WHOLE, Chosen, chosen
from error_map.records import CategoryId

pytestmark = pytest.mark.slow


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "failures.parquet"


def a_failure(
    number: int, *, model: str = "a", title: str = "t", sure: float = 0.5
) -> dict[str, object]:
    return {
        "dataset": "d",
        "example_id": f"e{number}",
        "model": model,
        "repeat": 0,
        "category_id": "slip",
        "error_title": title,
        "detector": "seen",
        "findings": json.dumps(
            [{"quote": '"confidence":1', "confidence": sure}], separators=(",", ":")
        ),
        "criteria": "[]",
    }


def picked(
    file: Path, rows: list[dict[str, object]], *, examples: int = 3, seed: int = 1
) -> tuple[Chosen, ...]:
    pl.DataFrame(rows).write_parquet(file)
    return chosen(file, lambda one: (CategoryId(one),), seed=seed, examples=examples)


def test_the_best_proved_come_first(file: Path) -> None:
    rows = [a_failure(n, sure=sure) for n, sure in enumerate((0.2, 0.9, 0.5, 0.7))]

    (slip,) = picked(file, rows)

    assert slip.examples == (1, 3, 2)
    assert slip.others == (0,)


def test_a_kept_column_of_any_name_changes_nothing(file: Path) -> None:
    rows = [{**a_failure(n), "row": "7", "number": "8"} for n in range(3)]

    (slip,) = picked(file, rows, examples=1)

    assert sorted([*slip.examples, *slip.others]) == [0, 1, 2]


def test_examples_are_of_different_models_where_there_are(file: Path) -> None:
    rows = [a_failure(n, sure=0.9) for n in range(10)]
    rows += [a_failure(10, model="b", sure=0.1), a_failure(11, model="c", sure=0.1)]

    (slip,) = picked(file, rows)

    assert {rows[row]["model"] for row in slip.examples} == {"a", "b", "c"}


def test_examples_of_one_model_are_of_different_titles_where_there_are(file: Path) -> None:
    rows = [a_failure(n, model="ab"[n % 2], title="xyz"[n % 3]) for n in range(12)]

    (slip,) = picked(file, rows, examples=2)

    assert len({rows[row]["error_title"] for row in slip.examples}) == 2


def test_a_verified_quotation_counts_and_a_lost_one_counts_against(file: Path) -> None:
    rows = [
        {**a_failure(n, sure=0.5), "criteria": f'[{{"verified":{verified}}}]'}
        for n, verified in enumerate(("null", "false", "true"))
    ]

    (slip,) = picked(file, rows)

    assert slip.examples == (2, 0, 1)


def test_all_of_a_small_run_are_carried(file: Path) -> None:
    (slip,) = picked(file, [a_failure(n) for n in range(60)])

    assert sorted((*slip.examples, *slip.others)) == list(range(60))


def test_of_a_large_run_every_category_has_a_sample(file: Path) -> None:
    rows = [{**a_failure(n), "category_id": f"c{n % 7}"} for n in range(WHOLE + 1)]

    found = picked(file, rows)

    assert [len(one.examples) + len(one.others) for one in found] == [PER_CATEGORY] * 7
    assert sum(one.of for one in found) == WHOLE + 1


def test_of_very_many_categories_no_more_is_carried(file: Path) -> None:
    rows = [{**a_failure(n), "category_id": f"c{n % 900}"} for n in range(WHOLE + 800)]

    found = picked(file, rows)

    assert sum(len(one.examples) + len(one.others) for one in found) <= CARRIED
    assert len(found) == 900


def test_another_seed_draws_others(file: Path) -> None:
    rows = [a_failure(n) for n in range(WHOLE + 1)]

    assert picked(file, rows, seed=1) != picked(file, rows, seed=2)


def test_without_examples_nothing_is_carried(file: Path) -> None:
    (slip,) = picked(file, [a_failure(1)], examples=0)

    assert (slip.examples, slip.others, slip.of) == ((), (), 1)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"), st.sampled_from((0.1, 0.9))),
        min_size=1,
        max_size=30,
    ),
    st.integers(1, 5),
)
def test_every_choice_is_of_distinct_rows_and_repeats_itself(
    file: Path, kinds: list[tuple[str, str, float]], examples: int
) -> None:
    rows = [a_failure(n, model=m, title=t, sure=s) for n, (m, t, s) in enumerate(kinds)]

    first, second = (picked(file, rows, examples=examples) for _ in range(2))

    (slip,) = first
    every = (*slip.examples, *slip.others)
    assert first == second
    assert sorted(every) == list(range(len(rows)))
    assert len(slip.examples) == min(examples, len(rows))
