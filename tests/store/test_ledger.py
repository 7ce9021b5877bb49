"""The ledger: replies survive processes, crashes and concurrent writers."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from error_map.errors import StoreError
from error_map.store.ledger import Ledger, StoredReply

pytestmark = pytest.mark.slow

WRITER = """
import sys
from pathlib import Path
from error_map.store.ledger import Ledger, StoredReply
with Ledger.open(Path(sys.argv[1])) as ledger:
    for number in range(int(sys.argv[3])):
        reply = StoredReply(text="x" * 3000, finish="stop", mode="text", model="m")
        ledger.put(f"{sys.argv[2]}{number}", reply)
        print(number, flush=True)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with Ledger.open(path) as opened:
        yield opened


def stored(text: str = "yes") -> StoredReply:
    return StoredReply(text=text, finish="stop", mode="text", model="m")


def writer(path: Path, prefix: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(path), prefix, str(count)]
    source = Path(__file__).resolve().parents[2] / "src"
    environment = {**os.environ, "PYTHONPATH": str(source)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


def test_a_key_that_was_never_put_has_no_reply(ledger: Ledger) -> None:
    assert ledger.get("k") is None
    assert len(ledger) == 0


@settings(deadline=None)  # a file each, on whatever disk there is
@given(
    st.builds(
        StoredReply,
        text=st.text(st.characters()),
        finish=st.sampled_from(["stop", "length", ""]),
        mode=st.sampled_from(["json_schema", "text"]),
        model=st.text(max_size=9),
        tokens_in=st.integers(0, 2**40),
        tokens_cached=st.integers(0, 2**40),
        tokens_out=st.integers(0, 2**40),
        cost=st.none() | st.floats(0, 1e9),
        stage=st.sampled_from(["", "diagnosis"]),
        refusal=st.text(st.characters(), max_size=9),
        thought=st.booleans(),
    )
)
def test_what_comes_out_is_what_went_in(reply: StoredReply) -> None:
    with TemporaryDirectory() as folder, Ledger.open(Path(folder) / "l.sqlite") as ledger:
        ledger.put("k", reply)

        assert ledger.get("k") == reply


def test_half_a_surrogate_pair_survives(ledger: Ledger) -> None:
    ledger.put("k", stored("a\ud83d\x00b"))

    assert ledger.get("k") == stored("a\ud83d\x00b")


def test_the_first_reply_is_kept_and_put_reports_it(ledger: Ledger) -> None:
    assert ledger.put("k", stored("first"))
    assert not ledger.put("k", stored("second"))

    assert ledger.get("k") == stored("first")
    assert len(ledger) == 1


def test_a_reply_is_replaced_on_request(ledger: Ledger) -> None:
    ledger.put("k", stored("first"))

    assert ledger.put("k", stored("second"), replace=True)
    assert ledger.get("k") == stored("second")


def test_forgotten_replies_are_gone_and_the_others_stay(ledger: Ledger) -> None:
    for key in ("a", "b", "c"):
        ledger.put(key, stored())

    ledger.forget(["a", "c", "never there"])

    assert [ledger.get(key) for key in ("a", "b", "c")] == [None, stored(), None]


def test_it_is_there_when_it_is_opened_again(path: Path) -> None:
    with Ledger.open(path) as ledger:
        ledger.put("k", stored())

    with Ledger.open(path) as again:
        assert again.get("k") == stored()


def test_two_that_are_open_see_each_other(path: Path) -> None:
    with Ledger.open(path) as one, Ledger.open(path) as other:
        one.put("k", stored("mine"))

        assert not other.put("k", stored("yours"))
        assert other.get("k") == stored("mine")


def test_processes_that_start_and_write_at_once_lose_nothing(path: Path) -> None:
    processes = [writer(path, prefix, 50) for prefix in "abcd"]
    for process in processes:
        process.communicate(timeout=60)

    assert [process.returncode for process in processes] == [0] * 4
    with Ledger.open(path) as ledger:
        assert len(ledger) == 200


@pytest.mark.parametrize("after", [1, 40, 200])
def test_a_process_that_is_killed_loses_nothing_that_it_had_put(path: Path, after: int) -> None:
    process = writer(path, "k", 100_000)
    assert process.stdout is not None
    for line in process.stdout:
        if int(line) >= after:
            break
    process.send_signal(signal.SIGKILL)
    reported = [int(line) for line in process.stdout if line.strip().isdigit()]
    process.stdout.close()
    process.wait()

    with Ledger.open(path) as ledger:
        last = max([after, *reported])
        assert len(ledger) - (last + 1) in {0, 1}
        assert all(ledger.get(f"k{number}") for number in range(last + 1))


def test_a_file_that_is_no_database_is_refused_with_its_name(path: Path) -> None:
    path.write_bytes(b"not a database, but long enough to be looked at " * 50)

    with pytest.raises(
        StoreError, match=r"ledger\.sqlite: the ledger is no SQLite database"
    ) as caught:
        Ledger.open(path)
    assert "move it away" in str(caught.value)


def test_damage_further_on_in_the_file_is_reported_when_it_is_read(path: Path) -> None:
    with Ledger.open(path) as ledger:
        for number in range(200):
            ledger.put(f"k{number}", stored("x" * 500))
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)

    with pytest.raises(StoreError, match="is damaged"), Ledger.open(path) as ledger:
        ledger.get("k7")


FIRST: Final = """
CREATE TABLE replies (
    key TEXT PRIMARY KEY, text BLOB NOT NULL, finish TEXT NOT NULL, mode TEXT NOT NULL,
    model TEXT NOT NULL, tokens_in INTEGER NOT NULL, tokens_cached INTEGER NOT NULL,
    tokens_out INTEGER NOT NULL, cost REAL, stage TEXT NOT NULL
);
INSERT INTO replies VALUES ('k', x'796573', 'stop', 'text', 'm', 0, 0, 0, NULL, '');
PRAGMA user_version = 1;
"""
"""A ledger of 0.1.0 with one reply."""


def test_a_ledger_of_the_first_version_goes_on(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.executescript(FIRST)
    connection.close()

    with Ledger.open(path) as ledger:
        refused = StoredReply(text="", finish="stop", mode="text", model="m", refusal="no")
        ledger.put("new", refused)

        assert ledger.get("k") == stored("yes")
        assert ledger.get("new") == refused
    with Ledger.open(path) as again:
        assert len(again) == 2


def test_another_database_is_left_alone(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE mine (a)")
    connection.close()

    before = path.read_bytes()

    with pytest.raises(StoreError, match="not a ledger of version 1"):
        Ledger.open(path)

    assert path.read_bytes() == before


def test_a_missing_folder_is_reported(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"cannot be opened \(check that its folder is there"):
        Ledger.open(tmp_path / "nowhere" / "ledger.sqlite")


def test_what_is_noted_of_a_model_is_there_once_and_for_that_model_alone(path: Path) -> None:
    with Ledger.open(path) as ledger:
        for text in ("b", "a", "b"):
            ledger.note("m", text)

    with Ledger.open(path) as ledger:
        assert ledger.notes("m") == ("b", "a")
        assert ledger.notes("n") == ()
        assert len(ledger) == 0


def test_a_ledger_that_was_made_before_there_were_notes_takes_them(path: Path) -> None:
    with Ledger.open(path) as ledger:
        ledger.put("k", stored())
    connection = sqlite3.connect(path)
    connection.execute("DROP TABLE notes")
    connection.close()

    with Ledger.open(path) as ledger:
        ledger.note("m", "a")

        assert ledger.notes("m") == ("a",)
        assert ledger.get("k") == stored()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("text", b"\xff\xfe"),
        ("text", "a text where bytes belong"),
        ("text", 5),
        ("finish", b"stop"),
        ("model", b"\xff"),
        ("tokens_in", "many"),
        ("tokens_out", 1.5),
        ("cost", "free"),
        ("stage", b""),
        ("refusal", "a text where bytes belong"),
        ("thought", "yes"),
    ],
)
def test_a_reply_with_cells_of_another_type_is_an_error_with_a_hint(
    path: Path, column: str, value: object
) -> None:
    with Ledger.open(path) as ledger:
        ledger.put("k", stored())
    with sqlite3.connect(path) as connection:
        connection.execute(f"UPDATE replies SET {column} = ?", (value,))  # noqa: S608
    connection.close()

    with Ledger.open(path) as again, pytest.raises(StoreError) as caught:
        again.get("k")

    assert str(caught.value).startswith(f"{path}: the ledger is damaged")
    assert "move it away and run again" in caught.value.hint


def test_a_text_that_is_not_utf8_is_an_error_with_a_hint(path: Path) -> None:
    with Ledger.open(path) as ledger:
        ledger.put("k", stored())
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE replies SET finish = CAST(x'fffe' AS TEXT)")
    connection.close()

    with Ledger.open(path) as again, pytest.raises(StoreError, match="move it away"):
        again.get("k")


def test_a_ledger_that_another_holds_is_not_to_be_moved_away(path: Path) -> None:
    with Ledger.open(path) as ledger:
        ledger.put("k", stored())
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("PRAGMA locking_mode = EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")

    with pytest.raises(StoreError) as caught:
        Ledger.open(path, timeout_s=0.01)
    holder.close()

    assert caught.value.message == "another process holds the ledger"
    assert caught.value.hint == "wait for it to end, or use another --output-dir"


def test_a_truncated_ledger_is_an_error_with_a_hint(path: Path) -> None:
    with Ledger.open(path) as ledger:
        for number in range(200):
            ledger.put(f"k{number}", stored("x" * 500))
    path.write_bytes(path.read_bytes()[:10_000])

    with pytest.raises(StoreError, match="move it away"), Ledger.open(path) as again:
        again.get("k7")


def test_a_ledger_of_another_version_is_kept(path: Path) -> None:
    with Ledger.open(path) as ledger:
        ledger.put("k", stored())
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()

    with pytest.raises(StoreError, match=r"not a ledger of version 1 \(move it away"):
        Ledger.open(path)


@pytest.mark.parametrize(
    ("before", "after"), [(None, 0o600), (0o644, 0o600), (0o664, 0o660), (0o600, 0o600)]
)
def test_others_cannot_read_it(path: Path, before: int | None, after: int) -> None:
    if before is not None:
        with Ledger.open(path):
            pass
        path.chmod(before)

    with Ledger.open(path) as ledger:
        ledger.put("k", stored())
        modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}

    assert modes == dict.fromkeys((f"{path.name}{end}" for end in ("", "-wal", "-shm")), after)


def test_costs_and_tokens_come_back_with_their_types(ledger: Ledger) -> None:
    reply = StoredReply(
        text="yes",
        finish="length",
        mode="json",
        model="m",
        tokens_in=1,
        tokens_cached=2,
        tokens_out=3,
        cost=0.0,
        stage="diagnosis",
        refusal="no",
        thought=True,
    )

    ledger.put("free", reply)
    ledger.put("unpriced", replace(reply, cost=None, thought=False))

    assert ledger.get("free") == reply
    assert ledger.get("unpriced") == replace(reply, cost=None, thought=False)
    free = ledger.get("free")
    assert free is not None
    assert (free.cost, free.thought) == (0.0, True)


def test_an_error_while_forgetting_forgets_nothing(ledger: Ledger) -> None:
    ledger.put("a", stored())

    def keys() -> Iterator[str]:
        yield "a"
        raise KeyError

    with pytest.raises(KeyError):
        ledger.forget(keys())

    assert ledger.get("a") == stored()
    assert len(ledger) == 1


def test_a_ledger_in_memory_creates_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    with Ledger.open(Path(":memory:")) as ledger:
        assert ledger.put("k", stored())
        assert not ledger.put("k", stored("other"))
        assert ledger.get("k") == stored()

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("statements", range(4))
def test_another_process_may_create_the_ledger_while_it_is_opened(
    path: Path, monkeypatch: pytest.MonkeyPatch, statements: int
) -> None:
    """The other one writes the whole ledger between two of the first statements of this one."""

    class Overtaken(sqlite3.Connection):
        executed = 0

        def execute(self, *arguments: Any) -> sqlite3.Cursor:  # noqa: ANN401 - as sqlite3's
            if self.executed == statements:
                monkeypatch.undo()
                with Ledger.open(path) as other:
                    other.put("k", stored())
            self.executed += 1
            return super().execute(*arguments)

    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Overtaken))

    with Ledger.open(path) as ledger:
        assert ledger.get("k") == stored()
