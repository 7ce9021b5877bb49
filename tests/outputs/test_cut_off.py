"""The notice on outputs that were cut off: how many, and at which length."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from error_map.analysis import Tally
from error_map.outputs.cut_off import cut_off_notices


def notices(
    folder: Path, lengths: Sequence[int], tokens: Sequence[int | None], *, studied: int
) -> list[str]:
    frame = pl.DataFrame(
        {
            "dataset": "d",
            "detector": "truncated",
            "output_text": ["x" * length for length in lengths],
            "log_tokens_out": pl.Series(tokens, dtype=pl.Int64),
        }
    )
    path = folder / "failures.parquet"
    pl.concat([frame, frame.with_columns(detector=pl.lit("refusal"))]).write_parquet(path)
    return list(cut_off_notices(path, [Tally("d", "m", "assigned", "", studied)]))


def test_the_limit_of_tokens_is_told_where_the_log_has_it(tmp_path: Path) -> None:
    (notice,) = notices(tmp_path, [9] * 10, [1024] * 9 + [700], studied=20)

    assert notice.startswith("10 of the 20 studied failures of d (50.0 %) were cut off before a")
    assert "9 of them at 1,024 tokens" in notice


def test_without_one_limit_the_length_in_characters_is_told(tmp_path: Path) -> None:
    (notice,) = notices(tmp_path, [100, 100, 200, 200, 300, 300], [None] * 6, studied=20)

    assert "half of them at 100 to 300 characters" in notice


@pytest.mark.parametrize(("rows", "studied"), [(4, 4), (5, 51)])
def test_few_cut_outputs_are_no_notice(tmp_path: Path, rows: int, studied: int) -> None:
    assert notices(tmp_path, [9] * rows, [None] * rows, studied=studied) == []
