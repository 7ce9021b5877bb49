"""Logs of every known tool that are damaged somewhere: they are read or refused, and never fail.

Formats that are added are covered as soon as the shared folder has files of them.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from error_map.readers import Log, log_formats, search
from tests.support import shared_path

from . import test_bfcl, test_evalscope, test_opencompass, test_tau2
from .mutations import damaged, read_or_refused

pytestmark = pytest.mark.slow

MAX_BYTES: Final = 100_000
"""Of a file that is damaged: enough for one of each tool, and quick."""
PER_TOOL: Final = 2
"""Logs of each tool."""
BYTES: Final = st.binary(min_size=1, max_size=8)
Files = Mapping[Path, bytes]
"""Contents by relative path."""


def bfcl(folder: Path) -> None:
    test_bfcl.a_run(
        folder, [test_bfcl.a_result(0, "a"), test_bfcl.a_result(1, [])], [test_bfcl.a_failure(0)]
    )


def evalscope(folder: Path) -> None:
    predictions = [test_evalscope.a_prediction(number) for number in range(2)]
    test_evalscope.a_run(folder, predictions, [test_evalscope.a_review(0)])


def opencompass(folder: Path) -> None:
    details = [test_opencompass.a_detail(), test_opencompass.a_detail(correct=[True])]
    answers = [test_opencompass.an_answer(0), test_opencompass.an_answer(1)]
    test_opencompass.a_run(folder, answers, {"accuracy": 50.0, "details": details})


def tau2(folder: Path) -> None:
    test_tau2.a_run(folder, [test_tau2.a_simulation(0), test_tau2.a_simulation(1)])


def tau2_apart(folder: Path) -> None:
    test_tau2.a_run(folder, [test_tau2.a_simulation(0)], apart=True)


MADE: Final[tuple[Callable[[Path], None], ...]] = (bfcl, evalscope, opencompass, tau2, tau2_apart)


def contents(folder: Path) -> Files:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder): path.read_bytes() for path in files}


def made_logs() -> Iterator[Files]:
    for make in MADE:
        with tempfile.TemporaryDirectory() as folder:
            make(Path(folder))
            yield contents(Path(folder))


@cache
def real_logs() -> Sequence[Files]:
    """The files of some logs of each tool in the shared folder, the smallest ones first."""
    by_tool: dict[str, list[Log]] = {}
    for folder in sorted(shared_path("native").iterdir()):
        if folder.is_dir():
            for log in search(folder, log_formats()).logs:
                by_tool.setdefault(log.tool, []).append(log)
    chosen: list[Files] = []
    for logs in by_tool.values():
        sized = sorted(logs, key=size)
        chosen += [log_files(log) for log in sized[:PER_TOOL] if size(log) <= MAX_BYTES]
    return chosen


def size(log: Log) -> int:
    return sum(path.stat().st_size for path in log.files or (log.path,))


def log_files(log: Log) -> Files:
    """The files with the two folders above them, whose names may matter."""
    return {Path(*path.parts[-3:]): path.read_bytes() for path in log.files or (log.path,)}


def a_damaged_copy(files: Files, folder: Path, data: st.DataObject) -> None:
    """Writes the files, of which one is damaged, missing, or has another name."""
    hurt = data.draw(st.sampled_from(sorted(files)))
    kind = data.draw(st.sampled_from(["values"] * 6 + ["bytes", "missing", "renamed", "empty"]))
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if name != hurt else changed(content, kind, data))
        if name == hurt and kind == "missing":
            path.unlink()
        if name == hurt and kind == "renamed":
            path.rename(path.with_name(f"renamed{path.suffix}"))


def changed(content: bytes, kind: str, data: st.DataObject) -> bytes:
    if kind == "empty":
        return b""
    if kind == "bytes":
        place = data.draw(st.integers(0, len(content)))
        return content[:place] + data.draw(BYTES) + content[place + 1 :]
    if kind == "values" and content[:1] in {b"{", b"["}:
        return data.draw(damaged(content.decode()))
    return content


def check(files: Files, data: st.DataObject) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        a_damaged_copy(files, folder, data)
        read_or_refused(folder)
    finally:
        shutil.rmtree(folder)


@pytest.mark.parametrize("files", list(made_logs()), ids=[make.__name__ for make in MADE])
@settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_damaged_logs_that_we_make_are_read_or_refused(files: Files, data: st.DataObject) -> None:
    check(files, data)


@settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_damaged_logs_of_real_tools_are_read_or_refused(data: st.DataObject) -> None:
    check(data.draw(st.sampled_from(real_logs())), data)


def test_undamaged_logs_are_read_whole(tmp_path: Path) -> None:
    """So that what damage does is seen at all."""
    for number, files in enumerate(made_logs()):
        folder = tmp_path / str(number)
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)

        assert read_or_refused(folder)
