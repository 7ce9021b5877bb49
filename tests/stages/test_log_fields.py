"""Optional fields of records on their way from a source to the failures file and the index."""

from collections.abc import Iterable
from pathlib import Path

import anyio
import polars as pl

from error_map.config import RunConfig
from error_map.outputs.failure_page import read_failure
from error_map.outputs.index_builder import open_index
from error_map.outputs.publish import Publisher
from error_map.progress import silent
from error_map.readers import Catalog, ReadOptions, Source, Table, data_source
from error_map.records import Turn
from error_map.stages.induction import without_categories
from error_map.stages.preparation import prepare
from error_map.store import LOG_SCHEMA, Draft, Equals, RunFolder
from error_map.store.codec import turns_cell
from tests.report_runs import rewrite_failures
from tests.support import a_row, analysed, write_csv

TURNS = (Turn(role="user", text="Hi"), Turn(role="assistant", tool="add", arguments="{}"))
CELLS: dict[str, object] = {
    "log_turns": turns_cell(TURNS),
    "log_composed": [[0, 4]],
    "log_question_start": 3,
    "log_stop_reason": "length",
    "log_tokens_in": 12,
    "log_tokens_out": 7,
    "log_latency_s": 0.5,
    "log_cost_usd": 0.02,
}


def with_fields(frame: pl.DataFrame, *names: str) -> pl.DataFrame:
    return frame.with_columns(
        pl.lit(CELLS[name], LOG_SCHEMA[name]).alias(name) for name in names or LOG_SCHEMA
    )


def a_log(dataset: str, *examples: str, fields: Iterable[str] = LOG_SCHEMA) -> Source:
    """A source that yields a chunk per example, with optional fields."""
    options = ReadOptions(dataset_name=dataset)
    tables = [data_source([a_row(one)], options).read() for one in examples]
    chunks = [
        Table(source=f"{dataset}.log", frame=with_fields(table.frame, *fields)) for table in tables
    ]
    return Source(f"{dataset}.log", dataset, lambda: None, lambda: chunks)


def published(catalog: Catalog, output: Path) -> RunFolder:
    """The failures of a catalog, as undiagnosed ones, in a folder of results."""
    folder = RunFolder(output, "t")
    config = RunConfig(exp_id="t", output_dir=output, ratio=1.0)

    async def publish() -> None:
        draft = Draft(folder.workshop)
        await prepare(catalog, config, draft, on_selected=lambda _: None, progress=silent)
        draft.give_up("not asked")
        publisher = Publisher(
            folder=folder,
            config=config,
            draft=draft,
            induced=without_categories("none"),
            judge_model="",
            template="",
            extras=catalog.extras,
            repeats=False,
        )
        await publisher.publish(())

    with folder.writing([folder.records, folder.failures, folder.manifest]):
        anyio.run(publish)
        folder.write_json(folder.manifest, {})  # files stay only if there is a manifest
    return folder


def test_optional_fields_reach_the_failures_file_and_no_other(output: Path) -> None:
    folder = published(Catalog([a_log("d", "e1", "e2")]), output)

    row = read_failure(folder, 1)

    assert (row.key.example, row.turns, row.question_start) == ("e2", TURNS, 3)
    assert (row.stop_reason, row.tokens_in, row.tokens_out, row.latency_s) == ("length", 12, 7, 0.5)
    assert LOG_SCHEMA.keys().isdisjoint(pl.read_parquet_schema(folder.records))


def test_a_run_has_the_columns_that_any_of_its_sources_has(output: Path) -> None:
    sources = [
        a_log("a", "e1", fields=["log_tokens_in"]),
        data_source([a_row("e2", log_tokens_in="many", topic="sums")], ReadOptions()),
    ]

    folder = published(Catalog(sources), output)

    columns = pl.read_parquet_schema(folder.failures)
    assert [name for name in columns if name in LOG_SCHEMA] == ["log_tokens_in"]
    first, second = (read_failure(folder, number) for number in range(2))
    assert (first.tokens_in, second.tokens_in) == (12, None)
    assert second.kept == {"log_tokens_in_in_file": "many", "topic": "sums"}


def test_a_run_without_optional_fields_has_none_of_their_columns(output: Path) -> None:
    source = data_source([a_row("e1", tokens_in="12")], ReadOptions())

    folder = published(Catalog([source]), output)

    assert LOG_SCHEMA.keys().isdisjoint(pl.read_parquet_schema(folder.failures))
    assert read_failure(folder, 0).kept == {"tokens_in": "12"}


def test_the_index_has_the_optional_fields_of_a_line(data: Path, output: Path) -> None:
    write_csv(data / "d.csv", [a_row("e1", "a", output=""), a_row("e2", "a", output="")])
    folder = analysed(data, output).folder
    rewrite_failures(folder, with_fields)

    index = open_index(folder)

    (first, second) = index.page(Equals("stop_reason", "length"))
    assert (first.tokens_in, first.tokens_out, first.latency_s) == (12, 7, 0.5)
    assert second.stop_reason == "length"


def test_the_index_of_a_run_without_optional_fields_has_nothing_for_them(
    data: Path, output: Path
) -> None:
    write_csv(data / "d.csv", [a_row("e1", "a", output="")])

    (line,) = open_index(analysed(data, output).folder).page()

    assert (line.stop_reason, line.tokens_in, line.tokens_out, line.latency_s) == (
        "",
        None,
        None,
        None,
    )
