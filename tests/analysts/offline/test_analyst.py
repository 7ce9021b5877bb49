"""The offline analyst: what findings add up to, and what happens when its workers fail."""

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import anyio
import pytest

from error_map.analysts.base import TitleGroup
from error_map.analysts.offline.analyst import OfflineAnalyst
from error_map.analysts.offline.answers.profiles import Profile
from error_map.analysts.offline.detector import Detector
from error_map.analysts.offline.examine import examine
from error_map.analysts.offline.registry import detectors
from error_map.analysts.offline.workers.pool import Pool, running
from error_map.errors import WorkersUnusable
from error_map.records import CategoryId, Diagnosed, Failure, Outcome, Undiagnosed
from error_map.taxonomy import Category, atlas, reserved
from tests.support import a_failure, a_key

FAILING = (sys.executable, "-P", str(Path(__file__).parents[2] / "failing_worker.py"))
pytestmark = [pytest.mark.anyio, pytest.mark.slow]


def failures_saying(*outputs: str) -> list[Failure]:
    return [a_failure(output, key=a_key(f"e{n}")) for n, output in enumerate(outputs)]


async def diagnosed(outputs: Sequence[str], *, deadline_s: float = 60.0) -> Sequence[Outcome]:
    pool = Pool(1, {}, command=FAILING, deadline_s=deadline_s)
    async with running(pool):
        return await OfflineAnalyst(pool).diagnose(failures_saying(*outputs))


async def test_a_failure_that_kills_its_worker_does_not_cost_the_others() -> None:
    outcomes = await diagnosed(["", "die", "fine", ""])

    assert [type(outcome) for outcome in outcomes] == [
        Diagnosed,
        Undiagnosed,
        Diagnosed,
        Diagnosed,
    ]
    assert outcomes[1] == Undiagnosed(a_key("e1"), "a worker process died")


async def test_a_failure_that_stalls_its_worker_is_undiagnosed_with_the_reason() -> None:
    outcomes = await diagnosed(["hang"], deadline_s=1.0)

    assert outcomes == [Undiagnosed(a_key("e0"), "no answer from a worker in 1 s")]


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (["sh", "-c", "exit 3"], "it ended with exit code 3"),
        (["sh", "-c", "kill -KILL $$"], "it was killed by SIGKILL"),
        (["sh", "-c", "cat >/dev/null"], "no answer from a worker in 1 s"),
        (["/no/such/python"], "no such file or directory"),
    ],
)
async def test_workers_that_do_not_start_stop_the_run_with_the_reason(
    command: Sequence[str], reason: str
) -> None:
    pool = Pool(1, {}, command=command, start_s=1.0)

    with pytest.raises(WorkersUnusable, match=f"cannot start a worker process: {reason}"):
        async with running(pool):
            await OfflineAnalyst(pool).diagnose(failures_saying("a"))


async def test_a_worker_that_dies_while_it_starts_is_started_again(tmp_path: Path) -> None:
    code = f"mkdir {tmp_path / 'tried'} 2>/dev/null && exit 9; exec {shlex.join(FAILING)}"

    async with running(Pool(1, {}, command=("sh", "-c", code))) as pool:
        (outcome,) = await OfflineAnalyst(pool).diagnose(failures_saying("fine"))

    assert isinstance(outcome, Diagnosed)


async def test_a_pool_whose_workers_do_not_start_tries_no_more(tmp_path: Path) -> None:
    pool = Pool(1, {}, command=("sh", "-c", f"echo >>{tmp_path / 'tries'}; exit 3"))

    async with running(pool):
        for _ in range(5):
            with pytest.raises(WorkersUnusable, match="exit code 3"):
                await pool.examine(failures_saying("a"))

    assert (tmp_path / "tries").read_text(encoding="utf-8") == "\n" * 2


@contextmanager
def one_busy_core() -> Iterator[None]:
    """This process and its children on one core, with four others that want it all."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(4)]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()
        os.sched_setaffinity(0, cores)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="cores cannot be chosen here")
async def test_workers_that_end_just_when_they_are_killed_are_waited_for_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Popen.kill looks whether the process has ended, and so takes its end from the watcher."""
    # Answers at once, and ends when the pool's patience with it does.
    answers = r'printf "\0\0\0\0\0\0\0\5ready\0\0\0\0\0\0\0\5[\"x\"]"'
    command = ("sh", "-c", f"{answers}; cat >/dev/null; exec sleep 0.5")

    async def start_and_end() -> None:
        async with running(Pool(1, {}, command=command)) as pool:
            assert await pool.examine(failures_saying("a")) == ["x"]

    async def many_at_once() -> None:
        async with anyio.create_task_group() as group:
            for _ in range(20):
                group.start_soon(start_and_end)

    with one_busy_core():
        for _ in range(8):
            await many_at_once()

    assert caplog.text == ""


async def test_a_worker_that_is_interrupted_while_it_starts_is_ended(tmp_path: Path) -> None:
    born = tmp_path / "born"
    code = f"import os, pathlib, sys; pathlib.Path({str(born)!r}).write_text(str(os.getpid()))"
    pool = Pool(
        1, {}, command=(sys.executable, "-c", f"{code}; sys.stdin.read(); sys.stdin.read()")
    )

    async with running(pool):
        with anyio.move_on_after(1.0):
            await pool.examine(failures_saying("a"))

    with pytest.raises(ProcessLookupError):
        os.kill(int(born.read_text(encoding="utf-8")), 0)


async def test_a_detector_that_fails_costs_its_failure_alone() -> None:
    outcomes = await diagnosed(["", "raise"])

    assert isinstance(outcomes[0], Diagnosed)
    assert outcomes[1] == Undiagnosed(a_key("e1"), "a detector failed: ValueError: as asked")


async def test_nothing_in_the_users_folder_is_taken_for_a_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('hijacked')", encoding="utf-8")
    (tmp_path / "error_map").mkdir()
    monkeypatch.chdir(tmp_path)

    async with running(Pool(1, {})) as pool:
        (outcome,) = await OfflineAnalyst(pool).diagnose(failures_saying(""))

    assert isinstance(outcome, Diagnosed)


async def test_one_and_two_processes_give_the_same_outcomes_in_order() -> None:
    failures = failures_saying("", "2 + 2 = 5", "I cannot help with that.", "The answer is 7.")
    outcomes = []
    for processes in (1, 2):
        async with running(Pool(processes, {})) as pool:
            outcomes.append([*await OfflineAnalyst(pool).diagnose(failures)])

    assert outcomes[0] == outcomes[1]
    assert [outcome.key for outcome in outcomes[0]] == [f.record.key for f in failures]


async def test_its_taxonomy_has_the_atlas_above_and_the_detectors_below() -> None:
    groups = [TitleGroup("False addition", "false_equation"), TitleGroup("Unexplained failure")]
    analyst = OfflineAnalyst(Pool(1, {}))
    tops = await analyst.propose(groups, parent=None)
    below = await analyst.propose(groups[:1], parent=tops[0])
    placed = await analyst.place(dict(enumerate(groups)), dict(enumerate(tops)))

    assert [top.id for top in tops] == ["computation_error", "hard_to_analyze"]
    assert [category.id for category in below] == ["computation_error.false_equation"]
    assert placed == {0: 0, 1: 1}


async def test_an_older_taxonomy_takes_findings_of_a_part_where_the_whole_was() -> None:
    group = TitleGroup("Wrong number of sentences", "format_sentences")
    top = Category(CategoryId("output_format_error"), "Output Format Error", "")
    whole = Category(CategoryId("output_format_error.format_broken"), "Format broken", "")
    part = Category(CategoryId("output_format_error.format_sentences"), "Sentences", "")
    place = OfflineAnalyst(Pool(1, {})).place

    assert await place({0: group}, {0: top, 1: whole, 2: part}) == {0: 2}
    assert await place({0: group}, {0: top, 1: whole}) == {0: 1}
    assert await place({0: group}, {0: top}) == {0: 0}


@pytest.mark.parametrize("detector", detectors(), ids=lambda detector: detector.name)
def test_every_detector_belongs_to_a_category_that_exists(detector: Detector) -> None:
    assert detector.category in {category.id for category in (*atlas(), *reserved())}
    assert detector.description.endswith(".")


def test_detectors_have_unique_names_and_findings() -> None:
    assert len({detector.name for detector in detectors()}) == len(detectors())
    assert len({detector.finding for detector in detectors()}) == len(detectors())


def test_what_nothing_explains_is_said_to_be_unexplained() -> None:
    diagnosis = examine(a_failure("Paris is lovely in spring.", reference=None), Profile())

    assert (diagnosis.verdict, diagnosis.title) == ("unexplained", "Unexplained failure")
    assert diagnosis.rests_on == ""


def test_evidence_is_a_quotation_of_the_output_at_its_offsets() -> None:
    output = "First, 12 * 3 = 38. So the answer is 38."

    diagnosis = examine(a_failure(output, reference="36"), Profile())

    assert diagnosis.rests_on == "false_equation"
    evidence = diagnosis.findings[0].evidence[0]
    assert output[evidence.start : evidence.end] == evidence.quote == "12 * 3 = 38"


def test_a_long_place_is_quoted_by_its_beginning() -> None:
    diagnosis = examine(a_failure("and so on and so on, " * 400, reference=None), Profile())

    assert diagnosis.rests_on == "repetition_loop"
    assert all(len(evidence.quote) <= 500 for evidence in diagnosis.findings[0].evidence)
