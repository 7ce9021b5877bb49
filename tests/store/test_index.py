"""The index of a run: search, order, counts, and rebuilding it when files have changed."""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from error_map import InputError, StoreError
from error_map.outputs.failure_page import other_attempts, read_failure
from error_map.outputs.index_builder import fingerprint_of, open_index
from error_map.progress import Event, StageEnded, StageMoved, StageStarted
from error_map.store import (
    ALL,
    BY_EVIDENCE,
    SORTS,
    Either,
    Equals,
    Every,
    Index,
    Named,
    RunFolder,
    Says,
    Scored,
    Sort,
    Under,
    Where,
    Without,
)
from tests.report_runs import rewrite_failures
from tests.support import a_key, a_row, analysed, write_csv

pytestmark = pytest.mark.slow

MODELS: Final = ("ant", "bee", "cat")
OUTPUTS: Final = (
    "Adding both gives 2 + 2 = 5. The answer is 5.",
    "I cannot help with that request.",
    "Café 東京タワー stands; the answer is 7.",
    "",
    "the the the the the the",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """A run of 75 rows of three models, a fifth of them right."""
    place = tmp_path_factory.mktemp("run")
    (place / "data").mkdir()
    rows = [
        a_row(
            f"e{n:02}", model, output=OUTPUTS[(n + k) % 5], score=int((n + k) % 5 == 2), topic=topic
        )
        for n in range(25)
        for k, model in enumerate(MODELS)
        for topic in ("sums" if n % 2 else None,)
    ]
    write_csv(place / "data" / "d.csv", rows)
    return analysed(place / "data", place / "output").folder


@pytest.fixture(scope="module")
def index(folder: RunFolder) -> Index:
    return open_index(folder)


@pytest.fixture
def own(folder: RunFolder, tmp_path: Path) -> RunFolder:
    """A copy of the run, without its index."""
    place = RunFolder(tmp_path / "own", folder.exp_id)
    shutil.copytree(folder.output_dir, place.output_dir)
    place.index.unlink(missing_ok=True)
    return place


@pytest.fixture(scope="module")
def frame(folder: RunFolder) -> pl.DataFrame:
    return pl.read_parquet(folder.failures).with_row_index("number")


def numbers(index: Index, where: Where) -> list[int]:
    return list(index.numbers(where))


def where_rows(frame: pl.DataFrame, condition: pl.Expr) -> list[int]:
    return frame.filter(condition)["number"].to_list()


def test_every_failure_is_a_line_with_what_its_row_says(index: Index, frame: pl.DataFrame) -> None:
    lines = index.page(limit=1_000)

    assert index.rows == len(lines) == frame.height == index.count() == 60
    for line, row in zip(lines, frame.iter_rows(named=True), strict=True):
        key = (line.key.dataset, line.key.example, line.key.model, line.key.repeat)
        assert key == (row["dataset"], row["example_id"], row["model"], row["repeat"])
        assert (line.number, line.score, line.state) == (row["number"], row["score"], row["state"])
        assert (line.title, line.summary) == (row["error_title"], row["error_summary"])
        assert (line.category, line.verdict) == (row["category_id"], row["verdict"])
        assert line.kept == (row["topic"] or "",)
        assert index.find(line.key) == line.number


@pytest.mark.parametrize(
    ("where", "met"),
    [
        (Equals("model", "bee"), pl.col("model") == "bee"),
        (Equals("kept:topic", "sums"), pl.col("topic") == "sums"),
        (Equals("kept:topic", ""), pl.col("topic").is_null()),
        (Without(Equals("model", "bee")), pl.col("model") != "bee"),
        (Scored(low=0.5), pl.lit(value=False)),
        (Scored(low=0.0, high=0.0), pl.lit(value=True)),
        (Either(()), pl.lit(value=False)),
        (
            Every((Equals("model", "ant"), Either((Equals("detector", ""), Says("café"))))),
            (pl.col("model") == "ant") & (pl.col("detector") == ""),
        ),
        (Says("request CANNOT"), pl.col("output_text").str.contains("cannot")),
        (Says('"cannot help"'), pl.col("output_text").str.contains("cannot")),
        (Says('"help cannot"'), pl.lit(value=False)),
        (Says("reque*"), pl.col("output_text").str.contains("request")),
        (Says("タワー"), pl.col("output_text").str.contains("Café")),
        (Says("cafe"), pl.col("output_text").str.contains("Café")),
        (
            Without(Says("answer")),
            ~pl.concat_str("output_text", "error_title", "error_summary").str.contains(
                "(?i)answer\\b"
            ),
        ),
        (Says("  "), pl.lit(value=True)),
        (Says("+ = !"), pl.lit(value=False)),
    ],
)
def test_a_question_finds_the_rows_that_it_describes(
    index: Index, frame: pl.DataFrame, *, where: Where, met: pl.Expr
) -> None:
    assert numbers(index, where) == where_rows(frame, met)


def test_a_category_matches_failures_in_it_and_below_it(index: Index, frame: pl.DataFrame) -> None:
    for category in frame["category_id"].unique():
        top = category.partition(".")[0]
        below = pl.col("category_id").str.starts_with(top)

        assert numbers(index, Under(category, directly=True)) == where_rows(
            frame, pl.col("category_id") == category
        )
        assert numbers(index, Under(top)) == where_rows(frame, below)
        titles = index.facet("title", Under(category))
        assert sum(title.failures for title in titles) == index.count(Under(category))


def test_pages_of_every_order_together_hold_each_failure_once(index: Index) -> None:
    for by in SORTS:
        up, down = Sort(by), Sort(by, descending=True)
        pages = [
            line for start in range(0, 60, 7) for line in index.page(ALL, up, offset=start, limit=7)
        ]

        assert sorted(line.number for line in pages) == list(range(60))
        assert [line.number for line in pages] == list(index.numbers(ALL, up))
        assert index.numbers(ALL, down) == index.numbers(ALL, up)[::-1]
    titles = [line.title for line in index.page(ALL, Sort("title"), limit=60)]
    assert titles == sorted(titles)


def test_failures_about_which_most_is_known_come_first(data: Path, output: Path) -> None:
    verdicts = ("", "unexplained", "whole solution incorrect", "no error found", "located", "error")
    write_csv(data / "d.csv", [a_row(f"e{n}", output="2 + 2 = 5") for n in range(8)])
    folder = analysed(data, output).folder
    quoted = pl.read_parquet(folder.failures)["findings"][0]
    cases = [(verdict, "[]") for verdict in verdicts]
    cases += [("error", quoted), ("error", quoted.replace('"quote":"2 + 2', '"quote":"2 + 3'))]

    def rewritten(failures: pl.DataFrame) -> pl.DataFrame:
        return failures.with_columns(
            pl.Series("verdict", [verdict for verdict, _ in cases]),
            pl.Series("findings", [findings for _, findings in cases]),
            criteria=pl.lit("[]"),
        )

    rewrite_failures(folder, rewritten)

    lines = open_index(folder).page(ALL, BY_EVIDENCE)

    assert [(line.verdict, line.verified) for line in lines] == [
        *(("error", "yes"), ("error", ""), ("error", "no"), ("located", "")),
        *((verdict, "") for verdict in ("no error found", "whole solution incorrect")),
        *(("unexplained", ""), ("", "")),
    ]


def test_failures_of_which_as_much_is_known_are_in_the_runs_order(index: Index) -> None:
    for verdict, verified in (("error", "yes"), ("unexplained", "")):
        where = Every((Equals("verdict", verdict), Equals("verified", verified)))
        numbers = index.numbers(where, BY_EVIDENCE)

        assert len(numbers) > 1
        assert list(numbers) == sorted(numbers)


def test_a_line_has_the_answer_that_was_read_else_the_ends_of_the_texts(
    data: Path, output: Path
) -> None:
    long = "Worked at length. " * 30
    rows = [
        a_row("e1", output="2 + 2 = 5. The answer is 5.", correct_answer=f"{long}It is 4"),
        a_row("e2", output=f"{long} I see no way on\n", correct_answer=""),
    ]
    write_csv(data / "d.csv", rows)
    folder = analysed(data, output).folder
    rewrite_failures(folder, lambda failures: failures.with_columns(answer=pl.Series(["5", ""])))

    first, second = open_index(folder).page(limit=2)

    assert (first.answer, first.reference[0], first.reference[-4:]) == ("5", "…", "is 4")
    assert (second.answer[0], second.answer[-15:]) == ("…", " I see no way on"[-15:])
    assert (len(first.reference), second.reference) == (101, "")


@pytest.mark.parametrize(
    ("reference", "read"),
    [
        ("15=24>>24 pages to read.\n#### 6", "6"),
        ("So it is \\boxed{\\frac{1}{2}} as told.", "\\frac{1}{2}"),
        ("Well.\nAnswer: 12", "12"),
        ("y" * 30_000 + "\n#### 7", "7"),
    ],
)
def test_the_answer_is_read_out_of_a_worked_reference(
    data: Path, output: Path, *, reference: str, read: str
) -> None:
    write_csv(data / "d.csv", [a_row("e1", output="It is so.", correct_answer=reference)])

    (line,) = open_index(analysed(data, output).folder).page()

    assert line.reference == read


def test_neighbours_are_the_failures_before_and_after_it_in_the_order(index: Index) -> None:
    where, sort = Equals("model", "cat"), Sort("title", descending=True)
    ordered = index.numbers(where, sort)

    for place, number in enumerate(ordered):
        neighbours = index.neighbours(where, sort, number)

        assert (neighbours.place, neighbours.of) == (place + 1, len(ordered))
        assert neighbours.previous == (ordered[place - 1] if place else None)
        assert neighbours.following == (ordered[place + 1] if place + 1 < len(ordered) else None)
    assert index.neighbours(Either(()), sort, 0).place == 0


def test_a_facet_counts_the_values_of_a_field(index: Index, frame: pl.DataFrame) -> None:
    counted = {one.value: one.failures for one in index.facet("model", Without(Says("café")))}

    rest = frame.filter(~pl.col("output_text").str.contains("Café"))
    assert counted == dict(rest.group_by("model").len().iter_rows())


def test_siblings_are_the_failures_and_the_other_attempts_of_an_example(
    index: Index, folder: RunFolder
) -> None:
    key = index.page()[0].key

    failed = [line.key.model for line in index.siblings(key.dataset, key.example)]
    others = other_attempts(folder, key)

    assert sorted([*failed, *(one.model for one in others)]) == list(MODELS)
    assert {one.state for one in others} <= {"passed"}


def test_a_failure_is_read_whole_from_its_row(folder: RunFolder, index: Index) -> None:
    (line,) = index.page(
        Every((Equals("detector", "false_equation"), Equals("model", "ant"))), limit=1
    )

    page = read_failure(folder, line.number)

    assert (page.key, page.title, page.reference) == (line.key, line.title, "4")
    assert page.findings[0].detector == "false_equation"
    for finding in page.findings:
        for evidence in finding.evidence:
            assert page.output[evidence.start : evidence.end] == evidence.quote
    assert line.verified == "yes"
    with pytest.raises(StoreError, match="no failure 60"):
        read_failure(folder, 60)
    with pytest.raises(StoreError, match="no failure -1"):
        read_failure(folder, -1)


def test_unknown_fields_and_orders_are_refused_with_what_there_is(index: Index) -> None:
    with pytest.raises(InputError, match=r"no field 'modle' .did you mean 'model'"):
        index.count(Equals("modle", "ant"))
    with pytest.raises(InputError, match="no order 'x'"):
        index.page(ALL, Sort("x"))
    assert index.find(a_key("nobody")) is None
    assert index.line(1_000) is None


@settings(deadline=None)  # the machine may be busy
@given(text=st.text())
def test_any_text_can_be_searched(index: Index, text: str) -> None:
    found = index.count(Says(text))

    assert 0 <= found <= index.rows
    assert index.count(Without(Says(text))) == index.rows - found


@settings(deadline=None)
@given(text=st.text(alphabet='"*()^:-+ANDORNEAR{} \0\ud800\u202ea1'))
def test_no_sign_of_the_query_language_gets_through(index: Index, text: str) -> None:
    assert 0 <= index.count(Says(text)) <= index.rows


_SIMPLE: Final = st.one_of(
    st.builds(Equals, st.sampled_from(["model", "kept:topic", "title", "verified"]), st.text()),
    st.builds(Equals, st.just("model"), st.sampled_from(MODELS)),
    st.builds(Under, st.text(), st.booleans()),
    st.builds(Scored, st.none() | st.floats(), st.none() | st.floats()),
    st.builds(Says, st.text()),
    st.builds(Named, st.text() | st.sampled_from(["e1", "e1*"])),
)
_WHERE: Final = st.recursive(
    _SIMPLE,
    lambda parts: st.one_of(
        st.builds(Without, parts),
        st.builds(Every, st.lists(parts, max_size=3).map(tuple)),
        st.builds(Either, st.lists(parts, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)


@settings(deadline=None)
@given(one=_WHERE, other=_WHERE)
def test_and_or_and_not_mean_what_they_say(index: Index, one: Where, other: Where) -> None:
    ones, others = set(index.numbers(one)), set(index.numbers(other))

    assert set(index.numbers(Every((one, other)))) == ones & others
    assert set(index.numbers(Either((one, other)))) == ones | others
    assert set(index.numbers(Without(one))) == set(range(index.rows)) - ones


def test_building_tells_how_far_it_is(own: RunFolder) -> None:
    events: list[Event] = []

    open_index(own, events.append)
    again: list[Event] = []
    open_index(own, again.append)

    assert events == [
        StageStarted("indexing", 60),
        StageMoved("indexing", 60),
        StageEnded("indexing", 60),
    ]
    assert again == []


def test_an_index_of_other_files_is_rebuilt(own: RunFolder) -> None:
    old = open_index(own)
    failures = pl.read_parquet(own.failures)
    failures.filter(pl.col("model") == "ant").write_parquet(own.failures)

    fresh = open_index(own)

    assert (old.rows, fresh.rows) == (60, 20)
    assert fresh.fingerprint == fingerprint_of(own) != old.fingerprint
    with pytest.raises(StoreError, match="open it again"):
        old.page()


def test_a_run_that_is_written_again_takes_its_old_index_away(data: Path, output: Path) -> None:
    write_csv(data / "d.csv", [a_row("e1"), a_row("e2", score=1)])
    folder = analysed(data, output).folder
    open_index(folder)

    analysed(data, output)

    assert not folder.index.exists()
    assert folder.index not in folder.all_files


@pytest.mark.parametrize("damage", [b"", b"not a database", b"SQLite format 3\0" + b"x" * 5_000])
def test_a_damaged_index_is_rebuilt(own: RunFolder, damage: bytes) -> None:
    own.index.write_bytes(damage)

    assert open_index(own).count() == 60


@pytest.mark.parametrize("version", [1, 99])
def test_an_index_of_another_version_is_rebuilt(own: RunFolder, version: int) -> None:
    open_index(own)
    connection = sqlite3.connect(own.index)
    connection.execute(f"PRAGMA user_version = {version}")
    connection.close()

    assert open_index(own).count() == 60


def test_what_stops_building_leaves_no_index(own: RunFolder) -> None:
    def stop(event: Event) -> None:
        if isinstance(event, StageMoved):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_index(own, stop)

    assert not list(own.output_dir.glob("index__*"))


_DIES: Final = """
import os, sys
from pathlib import Path
from error_map.outputs.index_builder import open_index
from error_map.progress import StageMoved
from error_map.store import RunFolder

def die(event):
    if isinstance(event, StageMoved):
        os._exit(9)

open_index(RunFolder(Path(sys.argv[1]), "t"), die)
"""


def test_a_process_that_is_killed_half_way_leaves_nothing_that_is_taken_for_an_index(
    own: RunFolder,
) -> None:
    killed = subprocess.run([sys.executable, "-c", _DIES, own.output_dir], check=False)

    assert killed.returncode == 9
    assert not own.index.exists()
    assert open_index(own).count() == 60
    assert [path.name for path in own.output_dir.glob("index__*")] == [own.index.name]


def test_several_who_open_at_once_get_the_same_index(own: RunFolder) -> None:
    found: list[int] = []
    made: list[Event] = []
    threads = [
        threading.Thread(target=lambda: found.append(open_index(own, made.append).count()))
        for _ in range(4)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [60] * 4
    assert sum(isinstance(event, StageEnded) for event in made) == 1


def test_threads_read_one_index_together(index: Index) -> None:
    words = ("answer", "the", "request")
    alone = {word: len(index.numbers(Says(word))) for word in words}
    found: list[tuple[str, int]] = []
    ask: Callable[[], None] = lambda: found.extend(  # noqa: E731 - one thing, many times
        (word, index.count(Every((Says(word),)))) for word in random.choices(words, k=20)
    )
    threads = [threading.Thread(target=ask) for _ in range(4)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 80
    assert alone["the"] > alone["answer"] > 0
    assert set(found) <= set(alone.items())


def test_where_the_folder_takes_no_file_the_index_goes_to_the_cache(
    own: RunFolder, tmp_path: Path
) -> None:
    (own.index.with_name(f"{own.index.name}.part") / "in the way").mkdir(parents=True)
    cache = tmp_path / "cache"

    first = open_index(own, cache=cache)
    again = open_index(own, cache=cache)

    assert first.path.parent == cache
    assert (first.count(), again.path) == (60, first.path)
    assert cache.stat().st_mode & 0o077 == 0


def test_an_index_that_can_be_written_nowhere_is_an_error_with_a_hint(
    own: RunFolder, tmp_path: Path
) -> None:
    (own.index.with_name(f"{own.index.name}.part") / "in the way").mkdir(parents=True)
    cache = tmp_path / "cache"
    cache.write_text("a file")

    with pytest.raises(InputError, match=r"no place for the index .*TMPDIR") as refused:
        open_index(own, cache=cache)

    assert str(own.output_dir) in str(refused.value)


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root gives away")
def test_a_cache_that_another_user_owns_is_not_used(own: RunFolder, tmp_path: Path) -> None:
    (own.index.with_name(f"{own.index.name}.part") / "in the way").mkdir(parents=True)
    cache = tmp_path / "cache"
    cache.mkdir()
    os.chown(cache, 12345, 12345)

    with pytest.raises(InputError, match="belongs to another user"):
        open_index(own, cache=cache)


def test_a_run_without_failures_has_an_empty_index(data: Path, output: Path) -> None:
    write_csv(data / "d.csv", [a_row("e1", score=1), a_row("e2", score=1)])

    index = open_index(analysed(data, output).folder)

    assert (index.rows, index.page(), index.count(Says("answer"))) == (0, (), 0)


def test_a_run_with_missing_or_damaged_files_is_refused(own: RunFolder) -> None:
    own.failures.write_bytes(b"PAR1 no more")
    with pytest.raises(StoreError, match="the run is damaged"):
        open_index(own)
    own.failures.unlink()
    with pytest.raises(StoreError, match="a file of the run is gone"):
        open_index(own)


def test_folded_categories_are_found_where_the_run_shows_them(data: Path, output: Path) -> None:
    rows = [
        a_row(f"e{n}", output="2 + 2 = 5" if n else "I cannot help with that.") for n in range(30)
    ]
    write_csv(data / "d.csv", rows)

    index = open_index(analysed(data, output, rare_freq=0.1).folder)

    shown = numbers(index, Under("other"))
    assert len(shown) == 1
    assert numbers(index, Under("other", directly=True)) == shown
    assert numbers(index, Under(index.page(Under("other"))[0].category)) == shown


def test_hostile_texts_are_found_and_come_back_as_they_were(data: Path, output: Path) -> None:
    hostile = "<script>alert(1)</script> \x00\x1b[31m \u202edlrow =cmd|'!A0 \U0001f600 needle"
    rows = [a_row("e1", 'we"ird\\model', output=hostile), a_row("e2", output="x" * 5_000_000)]
    write_csv(data / "d.csv", rows)
    folder = analysed(data, output).folder

    index = open_index(folder)

    (number,) = numbers(index, Says('needle "script alert"'))
    assert read_failure(folder, number).output == hostile
    assert numbers(index, Equals("model", 'we"ird\\model')) == [number]
    assert max(len(line.summary) for line in index.page()) <= 300
