"""Compressed files and Arrow files give the table that the plain file gives."""

import gzip
import json
import sys
from pathlib import Path

import polars as pl
import pytest

from error_map.errors import InputError
from error_map.readers import Catalog, ReadOptions, Table, compressed, file_source, find_files
from error_map.readers.file_names import stem_of
from tests.support import a_row, write_csv

ROWS = [a_row("e1", score=1), a_row("e2", output="two\nlines", score=0)]


def read(path: Path) -> Table:
    return file_source(path, ReadOptions()).read()


def lines() -> bytes:
    return "".join(f"{json.dumps(row)}\n" for row in ROWS).encode()


def test_gzip_gives_what_the_plain_file_gives(tmp_path: Path) -> None:
    plain = write_csv(tmp_path / "d.csv", ROWS)
    (tmp_path / "c.csv.gz").write_bytes(gzip.compress(plain.read_bytes()))
    (tmp_path / "j.jsonl.gz").write_bytes(gzip.compress(lines()))

    for name in ("c.csv.gz", "j.jsonl.gz"):
        given = read(tmp_path / name).frame
        assert given.drop("dataset").equals(read(plain).frame.drop("dataset"))
    files, notices = find_files(tmp_path)
    catalog = Catalog([file_source(file, ReadOptions()) for file in files])
    assert catalog.datasets == ("c", "d", "j")
    assert notices == []


def test_zstd_gives_what_the_plain_file_gives(tmp_path: Path) -> None:
    zstandard = pytest.importorskip("zstandard")
    plain = write_csv(tmp_path / "d.csv", ROWS)
    (tmp_path / "c.csv.zst").write_bytes(zstandard.compress(plain.read_bytes()))

    given = read(tmp_path / "c.csv.zst").frame

    assert given.drop("dataset").equals(read(plain).frame.drop("dataset"))


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_a_damaged_file_is_refused_by_name(tmp_path: Path, suffix: str) -> None:
    packed = gzip.compress(lines() * 100)
    if suffix == ".zst":
        packed = pytest.importorskip("zstandard").compress(lines() * 100)
    for number, data in enumerate((packed[: len(packed) // 2], b"example_id,model\n", packed[9:])):
        path = tmp_path / f"d{number}.jsonl{suffix}"
        path.write_bytes(data)
        with pytest.raises(InputError, match=r"damaged|rows are invalid"):
            read(path)


def test_a_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compressed, "FREE_BYTES", 1_000_000)
    path = tmp_path / "d.csv.gz"
    path.write_bytes(gzip.compress(b"a" * 10_000_000))

    with pytest.raises(InputError, match="unpacks to more than"):
        read(path)


def test_without_the_package_the_message_names_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "zstandard", None)
    (tmp_path / "d.csv.zst").write_bytes(b"\x28\xb5\x2f\xfd")

    with pytest.raises(InputError, match=r"error-map\[zst\]"):
        read(tmp_path / "d.csv.zst")


def test_arrow_files_and_streams_give_the_same_table(tmp_path: Path) -> None:
    frame = pl.DataFrame(ROWS)
    frame.write_ipc(tmp_path / "file.arrow")
    frame.write_ipc(tmp_path / "file.feather")
    frame.write_ipc_stream(tmp_path / "[stream].arrow")

    for name in ("file.arrow", "file.feather", "[stream].arrow"):
        table = read(tmp_path / name)
        assert table.frame["output_text"].to_list() == [row["output_text"] for row in ROWS]
        assert table.frame["score"].to_list() == [1, 0]


def test_something_else_is_no_arrow_file(tmp_path: Path) -> None:
    for number, data in enumerate((b"ARROW1\0\0 garbage", b"text", b"\xff" * 64)):
        path = tmp_path / f"d{number}.arrow"
        path.write_bytes(data)
        with pytest.raises(InputError, match="not an Arrow file"):
            read(path)


def test_the_shards_of_a_saved_dataset_are_one_dataset(tmp_path: Path) -> None:
    folder = tmp_path / "sums"
    folder.mkdir()
    for number, row in enumerate(ROWS):
        shard = folder / f"data-0000{number}-of-00002.arrow"
        pl.DataFrame([row]).write_ipc_stream(shard)
    for name in ("dataset_info.json", "state.json"):
        (folder / name).write_text("{}", encoding="utf-8")

    files, _ = find_files(folder)
    catalog = Catalog([file_source(file, ReadOptions()) for file in files])

    assert catalog.datasets == ("sums",)
    assert sorted(catalog.rows("sums")["example_id"].to_list()) == ["e1", "e2"]


def test_names_of_datasets_lose_the_suffixes_of_their_format_alone() -> None:
    names = {"a.csv": "a", "a.csv.gz": "a", "v1.2.jsonl.zst": "v1.2", "v1.2.parquet": "v1.2"}

    assert {name: stem_of(Path(name)) for name in names} == names
