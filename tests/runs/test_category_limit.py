"""Whole runs with few unique titles: every kind of error that a judge names gets a category."""

from pathlib import Path

import polars as pl
import pytest

from error_map import run_sync
from tests.llm_server import LlmServer
from tests.support import a_row, write_csv

pytest.importorskip("litellm")
pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("titles", "classes"), [(10, 10), (14, 9), (14, 14), (30, 12), (60, 7), (60, 14), (120, 14)]
)
def test_no_failure_with_a_right_title_is_left_without_a_category(
    server: LlmServer,
    data: Path,
    output: Path,
    *,
    titles: int,
    classes: int,
) -> None:
    planted = [(f"Class {number % classes}", number) for number in range(titles)]
    write_csv(
        data / "d.csv",
        [
            a_row(f"e{number}", output=f"So. [[gold:{own}|{own}: part: variant {number}]]")
            for own, number in planted
        ],
    )

    result = run_sync(
        data_path=data,
        output_dir=output,
        ratio=1.0,
        judge="judge-1",
        api_base=server.api_base,
        hints=False,
    )

    states = pl.read_parquet(result.folder.records, columns=["state"])["state"]
    assert dict(states.value_counts().iter_rows()) == {"assigned": titles}
