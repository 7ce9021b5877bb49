"""Several files as datasets: names, keys across files, and what is read and freed when."""

import json
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from error_map.errors import InputError
from error_map.readers import Catalog, ReadOptions, data_source, file_source, find_files
from tests.support import Row, a_row, write_csv


def catalog_of(folder: Path, *, requested: Sequence[str] | None = None) -> Catalog:
    files, _ = find_files(folder)
    return Catalog([file_source(path, ReadOptions()) for path in files], requested=requested)


def write_lines(path: Path, *lines: str | Row) -> Path:
    texts = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    path.write_text("\n".join(texts), encoding="utf-8")
    return path


def examples(catalog: Catalog, dataset: str) -> list[str]:
    return sorted(catalog.rows(dataset)["example_id"].to_list())


def test_a_dataset_is_named_by_its_file_up_to_the_last_dot(data: Path) -> None:
    write_csv(data / "gpqa.v2.csv", [a_row()])
    pl.DataFrame([a_row()]).write_csv(data / "mmlu.TSV", separator="\t")
    write_lines(data / "aime-24.jsonl", a_row())

    assert catalog_of(data).datasets == ("aime-24", "gpqa.v2", "mmlu")


def test_a_dataset_column_wins_over_the_files_name_where_it_says_something(data: Path) -> None:
    rows = [a_row(f"e{n}", dataset=name) for n, name in enumerate(["math", "law", "", " ", "math"])]
    write_csv(data / "all.csv", rows)

    catalog = catalog_of(data)

    found = {dataset: examples(catalog, dataset) for dataset in catalog.datasets}
    assert found == {"all": ["e2", "e3"], "law": ["e1"], "math": ["e0", "e4"]}


def test_the_order_of_sources_changes_nothing(data: Path) -> None:
    paths = [
        write_csv(data / "a.csv", [a_row("e1", subject="art")]),
        write_csv(data / "b.csv", [a_row("e2", dataset="a", level="hard")]),
        write_csv(data / "c.csv", [a_row("e3")]),
    ]
    sources = [file_source(path, ReadOptions()) for path in paths]

    forward, backward = Catalog(sources), Catalog(sources[::-1])

    assert (forward.datasets, forward.extras) == (backward.datasets, backward.extras)
    assert forward.rows("a").equals(backward.rows("a"))


def test_one_dataset_from_two_files_is_joined_where_their_keys_are_disjoint(data: Path) -> None:
    write_csv(data / "sums.csv", [a_row("e1", "a"), a_row("e1", "b")])
    write_lines(data / "sums.jsonl", a_row("e2", "a"), a_row("e1", "c"))

    catalog = catalog_of(data)

    assert catalog.datasets == ("sums",)
    assert examples(catalog, "sums") == ["e1", "e1", "e1", "e2"]


def test_one_dataset_from_two_files_is_refused_where_they_share_a_key(data: Path) -> None:
    write_csv(data / "sums.csv", [a_row("e1", "a"), a_row("e2", "a")])
    write_csv(data / "more.csv", [a_row("e2", "a", dataset="sums")])
    catalog = catalog_of(data)

    with pytest.raises(InputError) as refused:
        catalog.rows("sums")

    message = "dataset 'sums' is in two files, and both have example 'e2' of model 'a'"
    assert refused.value.message == message
    assert refused.value.where == f"{data / 'more.csv'} and {data / 'sums.csv'}"


@pytest.mark.parametrize(("other", "shared"), [("1", False), ("0", True), ("", True)])
def test_attempts_tell_the_rows_of_two_files_apart(data: Path, other: str, *, shared: bool) -> None:
    write_csv(data / "sums.csv", [a_row()])
    write_csv(data / "more.csv", [a_row(dataset="sums", repeat=other)])
    catalog = catalog_of(data)

    if shared:
        with pytest.raises(InputError, match="is in two files"):
            catalog.rows("sums")
    else:
        assert catalog.rows("sums")["attempt"].sort().to_list() == [None, "1"]


def test_keys_that_repeat_within_one_file_are_no_conflict(data: Path) -> None:
    write_csv(data / "sums.csv", [a_row("e1"), a_row("e1")])
    write_csv(data / "more.csv", [a_row("e2", dataset="sums")])

    assert examples(catalog_of(data), "sums") == ["e1", "e1", "e2"]


def test_usual_names_of_optional_fields_are_read_where_the_columns_are_known_before(
    data: Path,
) -> None:
    write_csv(data / "a.csv", [a_row(finish_reason="length")])

    rows = catalog_of(data).rows("a")

    assert rows["log_stop_reason"].to_list() == ["length"]


def test_every_dataset_has_every_extra_column(data: Path) -> None:
    write_csv(data / "a.csv", [a_row(subject="art", repeat=0, epoch=3)])
    write_lines(data / "b.jsonl", a_row(level="hard"))

    catalog = catalog_of(data)

    assert catalog.extras == ("subject", "epoch", "level")
    assert catalog.rows("a").select(catalog.extras).row(0) == ("art", "3", None)
    assert catalog.rows("b").select(catalog.extras).row(0) == (None, None, "hard")


@pytest.mark.parametrize("empty", ["", "\n", ",".join(a_row()) + "\n", ",".join(a_row())])
def test_an_empty_file_among_good_ones_is_noted_and_the_others_are_read(
    data: Path, empty: str
) -> None:
    write_csv(data / "good.csv", [a_row()])
    (data / "blank.csv").write_text(empty, encoding="utf-8")
    pl.DataFrame([a_row()]).clear().write_parquet(data / "none.parquet")
    (data / "void.jsonl").touch()

    catalog = catalog_of(data)

    assert examples(catalog, "good") == ["e1"]
    assert catalog.datasets == ("good",)
    noted = [Path(error.where).name for error in catalog.empty]
    assert noted == ["blank.csv", "none.parquet", "void.jsonl"]


def test_nothing_but_empty_files_is_refused_with_the_paths(data: Path) -> None:
    (data / "a.csv").write_text(",".join(a_row()), encoding="utf-8")
    (data / "b.jsonl").touch()

    with pytest.raises(InputError, match=r"there are no rows .*a\.csv: .*; .*b\.jsonl: the file"):
        catalog_of(data)


def test_a_dataset_that_is_nowhere_is_refused_with_the_closest_name(data: Path) -> None:
    write_csv(data / "gsm8k.csv", [a_row()])
    write_csv(data / "mmlu.csv", [a_row()])

    with pytest.raises(InputError) as refused:
        catalog_of(data, requested=["mmlu", "gsmk"])

    assert refused.value.message == "no dataset 'gsmk'"
    assert refused.value.hint == "did you mean 'gsm8k'? there are: 'gsm8k', 'mmlu'"


def test_a_dataset_whose_file_is_empty_is_refused_with_that_reason(data: Path) -> None:
    write_csv(data / "gsm8k.csv", [a_row()])
    (data / "mmlu.csv").touch()

    with pytest.raises(InputError, match=r"no dataset 'mmlu' .*mmlu\.csv: the file is empty"):
        catalog_of(data, requested=["mmlu"])


@pytest.mark.parametrize(
    "name", ["../up", "a/b", "a b", "a\\b", "..", ".", "x" * 101, "名" * 100, "a\nb", "a:b"]
)
def test_a_name_that_no_file_can_have_is_refused_as_a_datasets_name(data: Path, name: str) -> None:
    write_csv(data / "all.csv", [a_row(dataset=name)])

    with pytest.raises(InputError, match=r"cannot name a dataset .up to 100 letters, digits, dots"):
        catalog_of(data)


@pytest.mark.parametrize("name", ["x" * 100, "gpqa.v2", "a-b_c", "Größe", "数学"])
def test_letters_digits_dots_dashes_and_underscores_name_a_dataset(data: Path, name: str) -> None:
    write_csv(data / "all.csv", [a_row(dataset=name)])

    assert catalog_of(data).datasets == (name,)


def test_a_file_that_was_not_requested_is_not_read_if_its_columns_say_so(data: Path) -> None:
    write_csv(data / "good.csv", [a_row()])
    write_csv(data / "bad.csv", [a_row(score="x")])

    catalog = catalog_of(data, requested=["good"])

    assert (catalog.datasets, examples(catalog, "good")) == (("good",), ["e1"])
    assert set(catalog.read) == {str(data / "good.csv")}


def test_invalid_rows_of_datasets_that_were_not_requested_are_not_counted(data: Path) -> None:
    write_csv(data / "good.csv", [a_row()])
    write_lines(data / "other.jsonl", a_row("e1"), a_row("e2"), "{")

    catalog = catalog_of(data, requested=["good"])
    catalog.rows("good")

    assert [table.invalid for table in catalog.read.values()] == [()]


def test_invalid_rows_stay_known_after_the_rows_are_let_go(data: Path) -> None:
    write_csv(data / "a.csv", [a_row("e1"), a_row("e2", score="x")])
    write_csv(data / "b.csv", [a_row()])
    catalog = catalog_of(data)

    catalog.rows("a")
    catalog.release("a")

    table = catalog.read[str(data / "a.csv")]
    assert (table.frame.height, [row.line for row in table.invalid]) == (0, [3])
    assert len(table.fingerprint) == 64


def test_rows_that_were_let_go_can_be_read_again(data: Path) -> None:
    write_csv(data / "all.csv", [a_row("e1", dataset="a"), a_row("e2", dataset="b")])
    catalog = catalog_of(data)

    for dataset in catalog.datasets:
        catalog.rows(dataset)
        catalog.release(dataset)

    assert examples(catalog, "a") == ["e1"]


def test_rows_in_memory_are_one_source_with_datasets_of_its_own() -> None:
    rows = (a_row(f"e{n}", dataset=name) for n, name in enumerate(["a", None, "b"]))

    catalog = Catalog([data_source(rows, ReadOptions())])

    assert catalog.datasets == ("a", "b", "data")
    assert examples(catalog, "data") == ["e1"]
