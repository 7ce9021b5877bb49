"""The index as a file: written at once or not at all, and read page by page."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from error_map.errors import StoreError
from error_map.records import DatasetName, ExampleId, ModelName, RecordKey
from error_map.store import ALL, BY_EVIDENCE, Equals, Index, Says, Scored, Sort, Under
from error_map.store.index import Count, Neighbours
from error_map.store.index_file import INDEX_VERSION, Cell, Entry, writing_index

VERDICTS = (
    ("", ""),
    ("unexplained", ""),
    ("whole solution incorrect", ""),
    ("no error found", ""),
    ("located", "no"),
    ("error", "no"),
    ("error", ""),
    ("error", "yes"),
)


def an_entry(number: int, *, score: float | None = 0.0, repeat: int = 0) -> Entry:
    """A failure of example e0, e1, ...; the later, the more is known about it."""
    verdict, verified = VERDICTS[number % len(VERDICTS)]
    row: tuple[Cell, ...] = (
        *(number, "d", f"e{number}", "ant" if number % 2 else "bee", repeat, score),
        *("sum.slip" if number % 2 else "sum", "assigned", verdict, "", "", verified),
        *(f"Title {number}", "summary", "5", "4", "", None, number, 0.5, f"topic {number % 3}"),
    )
    return Entry(row, ["prompt", f"output of {number}", None, f"Title {number}", "summary"])


def written(path: Path, count: int = 8, *, fingerprint: str = "f") -> Index:
    with writing_index(path, ["topic"]) as file:
        file.add(an_entry(number, score=None if number == 3 else number) for number in range(count))
        file.add_categories(
            [("sum", "sum", True), ("sum", "sum.slip", False), ("sum.slip", "sum.slip", True)]
        )
        file.finish(fingerprint)
    index = Index.open(path, fingerprint)
    assert index is not None
    return index


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return written(tmp_path / "index.sqlite")


def test_a_line_has_the_cells_of_its_row(index: Index) -> None:
    line = index.line(5)

    assert line is not None
    assert (line.key.example, line.key.model, line.score) == ("e5", "ant", 5.0)
    assert (line.tokens_in, line.tokens_out, line.latency_s) == (None, 5, 0.5)
    assert (line.category, line.verdict, line.verified) == ("sum.slip", "error", "no")
    assert line.kept == ("topic 2",)
    assert index.line(8) is None
    assert [one.score for one in index.page()][3] is None
    assert (index.rows, index.kept) == (8, ("topic",))


def test_a_page_has_up_to_a_number_of_failures_from_an_offset(tmp_path: Path) -> None:
    index = written(tmp_path / "index.sqlite", 60)

    assert [line.number for line in index.page()] == list(range(50))
    assert [line.number for line in index.page(offset=50)] == list(range(50, 60))
    assert [line.number for line in index.page(offset=-5, limit=2)] == [0, 1]
    assert index.page(limit=-1) == index.page(limit=0) == index.page(offset=60) == ()


def test_orders_go_by_their_field_and_failures_without_a_score_come_last(index: Index) -> None:
    assert index.numbers(ALL, Sort("score")) == (0, 1, 2, 4, 5, 6, 7, 3)
    assert index.numbers(ALL, Sort("score", descending=True)) == (3, 7, 6, 5, 4, 2, 1, 0)
    assert index.numbers(ALL, Sort("model")) == (1, 3, 5, 7, 0, 2, 4, 6)
    assert index.numbers(ALL, BY_EVIDENCE) == (7, 6, 5, 4, 3, 2, 1, 0)


def test_filters_choose_by_score_category_and_words(index: Index) -> None:
    assert index.numbers(Scored(low=2, high=4)) == (2, 4)
    assert index.numbers(Under("sum")) == tuple(range(8))
    assert index.numbers(Under("sum", directly=True)) == (0, 2, 4, 6)
    assert index.numbers(Under("sum.slip")) == (1, 3, 5, 7)
    assert index.numbers(Says("output 6")) == (6,)
    assert index.count(Equals("kept:topic", "topic 0")) == 3


def test_a_failure_is_found_by_its_whole_key(index: Index) -> None:
    def key(repeat: int) -> RecordKey:
        return RecordKey(DatasetName("d"), ExampleId("e5"), ModelName("ant"), repeat)

    assert index.find(key(0)) == 5
    assert [index.find(key(repeat)) for repeat in (1, -1, 2**63 - 1, 2**63)] == [None] * 4


def test_a_facet_has_the_most_frequent_values_first(index: Index) -> None:
    assert index.facet("kept:topic") == (
        Count("topic 0", 3),
        Count("topic 1", 3),
        Count("topic 2", 2),
    )
    assert index.facet("kept:topic", limit=1) == (Count("topic 0", 3),)
    assert index.facet("verdict")[0] == Count("error", 3)


def test_neighbours_at_the_ends_of_a_selection_are_none(index: Index) -> None:
    where, sort = Equals("model", "ant"), Sort()

    assert index.neighbours(where, sort, 1) == Neighbours(place=1, of=4, previous=None, following=3)
    assert index.neighbours(where, sort, 7) == Neighbours(place=4, of=4, previous=5, following=None)
    assert index.neighbours(where, sort, 2) == Neighbours(
        place=0, of=4, previous=None, following=None
    )


def test_an_index_is_opened_only_with_its_fingerprint_and_version(tmp_path: Path) -> None:
    path = tmp_path / "index.sqlite"
    assert Index.open(path, "f") is None
    index = written(path)
    assert Index.open(path, "g") is None

    written(path, 3, fingerprint="g")

    with pytest.raises(StoreError, match="not that of the run that was opened"):
        index.count()
    assert Index.open(path, "f") is None
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {INDEX_VERSION + 1}")
    assert Index.open(path, "g") is None


def test_an_error_while_writing_leaves_the_earlier_index_alone(tmp_path: Path) -> None:
    path = tmp_path / "index.sqlite"
    index = written(path)
    (tmp_path / "index.sqlite.part").write_text("of a killed process")

    def interrupted() -> None:
        with writing_index(path, []):
            raise KeyError

    with pytest.raises(KeyError):
        interrupted()

    assert index.count() == 8
    assert list(tmp_path.iterdir()) == [path]
