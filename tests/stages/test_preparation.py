"""Stage 1 over whole catalogs: grouping small datasets changes no result."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import anyio
import polars as pl
import pytest

from error_map.config import RunConfig
from error_map.errors import InputError
from error_map.progress import Event, StageMoved, silent
from error_map.readers import Catalog, ReadOptions, data_source, file_source, find_files
from error_map.stages.preparation import (
    GROUP_ROWS,
    SAMPLE_ROWS,
    Prepared,
    prepare,
    sample_rows,
)
from error_map.stages.selection import Selection, select
from error_map.store import KEY, Draft
from tests.support import Row, a_row, write_csv

pytestmark = pytest.mark.anyio


def dataset_rows(name: str, count: int) -> list[Row]:
    """Rows of one dataset, two models, every third right."""
    return [
        a_row(f"e{n // 2}", "ab"[n % 2], dataset=name, score=int(n % 3 == 0), output=f"{name} {n}")
        for n in range(count)
    ]


def interleaved(tables: Iterable[Sequence[Row]]) -> list[Row]:
    """All rows, as far as can be with another dataset's row between two of one."""
    placed = [(place / len(rows), row) for rows in tables for place, row in enumerate(rows)]
    return [row for _, row in sorted(placed, key=lambda pair: pair[0])]


def catalog_of(rows: Sequence[Row], *, requested: Sequence[str] | None = None) -> Catalog:
    return Catalog([data_source(list(rows), ReadOptions())], requested=requested)


def config_of(**options: object) -> RunConfig:
    return RunConfig.load({"exp_id": "t", "ratio": 1.0, **options})


async def prepared(
    catalog: Catalog, folder: Path, **options: object
) -> tuple[Prepared, list[Selection], Draft]:
    selections: list[Selection] = []
    draft = Draft(folder)
    done = await prepare(
        catalog, config_of(**options), draft, on_selected=selections.append, progress=silent
    )
    return done, selections, draft


SIZES = {
    "a": 3,
    "b": GROUP_ROWS - 3,
    "c": 1,
    "d": GROUP_ROWS - 1,
    "e": 5,
    "f": GROUP_ROWS + 50,
    "g": 2,
    "h": GROUP_ROWS,
    "i": 4,
}


async def test_small_neighbours_are_selected_together_and_large_datasets_alone(
    tmp_path: Path,
) -> None:
    rows = interleaved(dataset_rows(name, size) for name, size in SIZES.items())

    done, selections, draft = await prepared(catalog_of(rows), tmp_path)

    groups = ["".join(selection.thresholds) for selection in selections]
    assert groups == ["ab", "cd", "e", "f", "g", "h", "i"]
    assert list(done.thresholds) == list(done.samples) == list(SIZES)
    assert draft.record_parts == len(groups)


@pytest.mark.parametrize("ratio", [1.0, 0.3])
async def test_datasets_together_end_as_each_does_alone(tmp_path: Path, ratio: float) -> None:
    rows = interleaved(dataset_rows(name, size) for name, size in SIZES.items())
    catalog, config = catalog_of(rows), config_of(ratio=ratio)
    alone = [select(catalog.rows(name), config) for name in SIZES]

    done, _, draft = await prepared(catalog_of(rows), tmp_path, ratio=ratio)

    failures = pl.concat(one.failures for one in alone)
    assert draft.scan("failures").collect().equals(failures)
    records = draft.read("records", range(draft.record_parts))
    assert records.equals(pl.concat(one.records for one in alone).select(records.columns))
    assert done.thresholds == {name: rule for one in alone for name, rule in one.thresholds.items()}
    assert done.notices == tuple(notice for one in alone for notice in one.notices)


class Watched(Catalog):
    """A catalog that notes which datasets are read, in a list that others may write to."""

    def __init__(self, rows: Sequence[Row], happened: list[str]) -> None:
        super().__init__([data_source(list(rows), ReadOptions())])
        self._happened = happened
        self.on_read: Callable[[], None] | None = None
        """Called when a dataset is read."""

    def rows(self, dataset: str) -> pl.DataFrame:
        self._happened.append(f"read {dataset}")
        if self.on_read is not None:
            self.on_read()
        return super().rows(dataset)


async def test_a_large_dataset_is_selected_before_the_next_is_read(tmp_path: Path) -> None:
    happened: list[str] = []
    rows = [row for name in "ab" for row in dataset_rows(name, GROUP_ROWS)]

    await prepare(
        Watched(rows, happened),
        config_of(),
        Draft(tmp_path),
        on_selected=lambda one: happened.append(f"selected {' '.join(one.thresholds)}"),
        progress=silent,
    )

    assert happened == ["read a", "selected a", "read b", "selected b"]


async def test_a_run_may_be_cancelled_between_two_small_datasets(tmp_path: Path) -> None:
    happened: list[str] = []
    catalog = Watched([row for name in "abc" for row in dataset_rows(name, 2)], happened)

    with anyio.CancelScope() as scope:
        catalog.on_read = scope.cancel
        await prepare(
            catalog,
            config_of(),
            Draft(tmp_path),
            on_selected=lambda _: happened.append("selected"),
            progress=silent,
        )

    assert scope.cancelled_caught
    assert happened == ["read a"]


async def test_only_requested_datasets_are_selected(tmp_path: Path) -> None:
    rows = interleaved(dataset_rows(name, size) for name, size in SIZES.items())

    done, selections, _ = await prepared(catalog_of(rows, requested=["a", "f", "i"]), tmp_path)

    assert ["".join(selection.thresholds) for selection in selections] == ["a", "f", "i"]
    assert list(done.thresholds) == ["a", "f", "i"]


async def test_files_without_rows_are_between_files_with_rows(data: Path, tmp_path: Path) -> None:
    for name in ("a", "c"):
        write_csv(data / f"{name}.csv", dataset_rows(name, 4))
    write_csv(data / "b.csv", [], columns=list(a_row()))
    files, _ = find_files(data)
    catalog = Catalog([file_source(path, ReadOptions()) for path in files])

    done, selections, _ = await prepared(catalog, tmp_path)

    assert [error.where for error in catalog.empty] == [str(data / "b.csv")]
    assert list(done.thresholds) == ["a", "c"]
    assert len(selections) == 1


async def test_files_with_other_extra_columns_are_selected_together(
    data: Path, tmp_path: Path
) -> None:
    write_csv(data / "1.csv", [a_row(dataset="z", subject="art")])
    write_csv(data / "2.csv", [a_row(dataset="a", level="hard", subject="law")])
    write_csv(data / "3.csv", [a_row(dataset="m")])
    files, _ = find_files(data)
    catalog = Catalog([file_source(path, ReadOptions()) for path in files])

    _, [selection], draft = await prepared(catalog, tmp_path)

    kept = selection.records.select("dataset", *catalog.extras).rows(named=True)
    assert kept == [
        {"dataset": "a", "subject": "law", "level": "hard"},
        {"dataset": "m", "subject": None, "level": None},
        {"dataset": "z", "subject": "art", "level": None},
    ]
    assert draft.failures == 3


async def test_datasets_without_studied_failures_may_be_next_to_others(tmp_path: Path) -> None:
    """One passes everything, one has only a model that nobody asks for."""
    rows = [
        *dataset_rows("a", 4),
        *(a_row(f"e{n}", "a", dataset="b", score=1) for n in range(3)),
        *(a_row(f"e{n}", "b", dataset="c") for n in range(3)),
        *dataset_rows("d", 4),
    ]

    done, [selection], draft = await prepared(catalog_of(rows), tmp_path, models=["a"])

    assert set(selection.failures["dataset"]) == {"a", "d"}
    assert list(done.thresholds) == ["a", "b", "c", "d"]
    keys = draft.scan("failures").select("dataset", "model").unique().sort("dataset").collect()
    assert keys.rows() == [("a", "a"), ("d", "a")]


async def test_where_nothing_fails_there_are_records_and_no_failures(tmp_path: Path) -> None:
    rows = [a_row("e1", dataset=name, score=1) for name in "abc"]

    _, [selection], draft = await prepared(catalog_of(rows), tmp_path)

    assert (draft.failures, draft.record_parts) == (0, 1)
    assert draft.failure_schema == selection.failures.schema
    assert list(draft.parts_of(range(1))) == []


async def test_each_dataset_has_its_own_rule_direction_and_notices(tmp_path: Path) -> None:
    scores = {"a": (0, 1), "b": (10, 90), "c": (1, 5), "gpqa": (40, 60)}
    rows = [
        a_row(f"e{score}", dataset=name, score=score)
        for name, both in scores.items()
        for score in both
    ]
    given = {"b": {"score_direction": "low", "success_threshold": 50}}

    done, [selection], _ = await prepared(catalog_of(rows), tmp_path, dataset_params=given)

    assert {name: str(rule) for name, rule in done.thresholds.items()} == {
        "a": "score < 1",
        "b": "score > 50",
        "c": "score < 2.1",
        "gpqa": "score < 35",
    }
    failed = selection.failures.select("dataset", "score").rows()
    assert failed == [("a", 0), ("b", 90), ("c", 1)]
    assert [notice.split(":")[0] for notice in done.notices] == ["c", "gpqa", "gpqa"]


async def test_attempts_are_numbered_by_each_datasets_own_labels(tmp_path: Path) -> None:
    rows = [
        *(a_row("e1", dataset="numbers", output=label, trial=label) for label in ("7", "3")),
        *(a_row("e1", dataset="words", output=label, trial=label) for label in ("7", "late")),
        *(a_row("e1", dataset="none", output=text) for text in ("x", "y")),
    ]

    done, [selection], _ = await prepared(catalog_of(rows), tmp_path)

    assert selection.records.select("dataset", "repeat", "output_text").rows() == [
        ("none", 0, "x"),
        ("none", 1, "y"),
        ("numbers", 3, "3"),
        ("numbers", 7, "7"),
        ("words", 0, "7"),
        ("words", 1, "late"),
    ]
    [notice] = done.notices
    assert notice.startswith("none: 2 rows share their example and model")


async def test_progress_counts_datasets_and_ends_with_all(tmp_path: Path) -> None:
    events: list[Event] = []
    rows = interleaved(dataset_rows(name, size) for name, size in SIZES.items())

    await prepare(
        catalog_of(rows),
        config_of(),
        Draft(tmp_path),
        on_selected=lambda _: None,
        progress=events.append,
    )

    moved = [event.done for event in events if isinstance(event, StageMoved)]
    assert moved == [2, 4, 5, 6, 7, 8, 9]


async def test_a_model_that_no_dataset_has_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no model 'x'"):
        await prepared(catalog_of(dataset_rows("a", 4)), tmp_path, models=["a", "x"])


async def test_nothing_is_taught_where_no_detector_examines(tmp_path: Path) -> None:
    options = {"inference_type": "litellm-mock", "hints": False}

    done, _, _ = await prepared(catalog_of(dataset_rows("a", 4)), tmp_path, **options)

    assert done.samples == {"a": ()}


def test_of_each_dataset_a_sample_of_its_own_rows_is_taught() -> None:
    large, small = (dataset_rows(name, size) for name, size in (("l", SAMPLE_ROWS + 9), ("s", 5)))
    config = config_of()

    alone = sample_rows(select(catalog_of(large).rows("l"), config), config.seed)
    catalog = catalog_of([*large, *small])
    both = select(pl.concat([catalog.rows("s"), catalog.rows("l")]), config)
    taught = sample_rows(both, config.seed)

    assert taught["l"] == alone["l"]
    assert len({row.output for row in taught["l"]}) == SAMPLE_ROWS
    assert [row.output for row in taught["s"]] == [f"s {n}" for n in range(5)]
    assert [row.passed for row in taught["s"]] == [True, False, False, True, False]


async def test_a_sampled_failure_says_whether_another_model_answered_right() -> None:
    rows = [
        a_row("e1", "a", score=0),
        a_row("e1", "b", score=1),
        a_row("e2", "a", score=0, repeat=0),
        a_row("e2", "a", score=1, repeat=1),
        a_row("e3", "b", score=0),
    ]
    config = config_of(ratio=1.0)
    catalog = catalog_of(rows)
    selection = select(catalog.rows(catalog.datasets[0]), config)

    [taught] = sample_rows(selection, config.seed).values()

    assert [row.has_peers for row in taught] == [True, None, False, None, False]


async def test_failures_of_several_datasets_are_one_batch(tmp_path: Path) -> None:
    rows = interleaved(dataset_rows(name, 6) for name in "abc")

    _, [selection], draft = await prepared(catalog_of(rows), tmp_path)

    [batch] = draft.batches(200)
    keys = [failure.record.key for failure in batch.failures]
    named = [(key.dataset, key.example, key.model, key.repeat) for key in keys]
    assert named == selection.failures.select(KEY).rows()
