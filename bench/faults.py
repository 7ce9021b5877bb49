"""`python -m bench.faults`: measures what a run loses if the judge fails."""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Final

from error_map.inference.limited import DOWN_AFTER
from error_map.store import RunFolder, read_manifest

from .measurement import ROOT, Line, shared
from .oracle import DIAGNOSIS, NAME, Judge, fidelity, judge, planted, run_flags

ERRORS: Final = 2_000
LIMIT_PER_S: Final = 60
# The rate limiter needs a few seconds to find the judge's limit.
SETTLED_S: Final = 5.0
HALF_WAY: Final = 0.5
_LOOK_S: Final = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One kind of fault of the judge, and what the reference implementation loses to it."""

    name: str
    options: tuple[object, ...]
    flags: tuple[str, ...] = ()
    reference: str


TRIALS: Final = (
    Trial(name="bad JSON 5 %", options=("--bad-json-rate", 0.05), reference="115 lost"),
    Trial(name="HTTP 500 5 %", options=("--error-rate", 0.05), reference="0 lost"),
    Trial(
        name=f"429 at {LIMIT_PER_S} requests/s",
        options=("--rate-limit", LIMIT_PER_S),
        reference="171 lost",
    ),
    Trial(
        name="hangs 2 %",
        options=("--timeout-rate", 0.02),
        flags=("--timeout", "3"),
        reference="0 lost",
    ),
    Trial(name="placement drops 5 %", options=("--drop-rate", 0.05), reference="44 to Other"),
)


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", type=int, default=ERRORS)
    for line in lines(parser.parse_args().errors):
        print(line, flush=True)


def lines(errors: int = ERRORS) -> Iterator[Line]:
    """One or two lines per trial."""
    if not (shared() / "tools").is_dir():
        yield Line("runs with faults", "left out: the shared tools are not there")
        return
    with tempfile.TemporaryDirectory() as folder:
        inputs = planted(Path(folder), errors)
        for trial in TRIALS:
            yield from _trial_lines(trial, inputs, Path(folder), errors=errors)
        yield _down(inputs, Path(folder))
        yield from _down_half_way(inputs, Path(folder), errors=errors)


def _trial_lines(trial: Trial, inputs: Path, folder: Path, *, errors: int) -> Iterator[Line]:
    output = folder / trial.name.replace("/", " ")
    with judge(folder, trial.options) as at:
        code = _run(inputs, output, at, *trial.flags)
        at.stats()
        rate = _settled_rate(at)
    result = fidelity(inputs, output)
    lost = errors - result["right_class_of_final"]
    other = result["other_rows"]
    figure = f"{lost} lost, {other} to Other, exit {code}"
    yield Line(f"{trial.name}, {errors:,} errors", figure, "0 lost, exit 0", trial.reference)
    if "--rate-limit" in trial.options:
        share = f"{100 * rate / LIMIT_PER_S:.0f} % of the allowed rate"
        yield Line("- diagnosis, after the first 5 s", share, ">= 90 %")


def _settled_rate(at: Judge) -> float:
    """Diagnoses per second after the first `SETTLED_S` seconds."""
    ended = sorted(
        call["t"] + call["dt"]
        for call in at.calls()
        if call["task"] == DIAGNOSIS and call["status"] == 200  # noqa: PLR2004 - HTTP
    )
    begin = ended[0] + SETTLED_S
    late = [end for end in ended if end >= begin]
    return len(late) / (late[-1] - begin) if len(late) > 1 else 0.0


def _down(inputs: Path, folder: Path) -> Line:
    output = folder / "down"
    with judge(folder, ("--error-rate", 1)) as at:
        code = _run(inputs, output, at)
        calls = at.stats()["requests"]
    left = len(list(output.glob("*__exp_id*")))
    figure = f"{calls} calls, exit {code}, {left} files"
    aim = f"<= {DOWN_AFTER} calls, exit 4, none"
    return Line("endpoint down", figure, aim, "6,006 calls, exit 0")


def _down_half_way(inputs: Path, folder: Path, *, errors: int) -> Iterator[Line]:
    output = folder / "half"
    failed: list[int] = []

    def fail(at: Judge) -> None:
        failed.append(at.stats()["requests"])
        at.configure(error_rate=1.0)

    with judge(folder) as at:
        code = _run(inputs, output, at, at_half=(errors, fail))
        stats = at.stats()
        after = stats["requests"] - failed[0]
        rows = read_manifest(RunFolder(output, NAME)).rows
        kept = fidelity(inputs, output)["single_with_title"]
        answered = stats["by_status"].get("200", 0)
        yield Line(
            "500 from half way on",
            f"{after} calls then, exit {code}, {kept:,} of {answered:,} kept, {rows:,} rows",
            "<= 150 calls, exit 4",
            "7,112 calls, exit 0",
        )
        at.configure(error_rate=0.0)
        code = _run(inputs, output, at)
        repeats = at.stats()["repeat_answers"]
    placed = fidelity(inputs, output)["right_class_of_final"]
    figure = f"{placed:,} placed, {repeats} sent twice, exit {code}"
    yield Line("- healthy again, the same command", figure, f"{errors:,}, 0, exit 0", "0 placed")


def _run(
    inputs: Path,
    output: Path,
    at: Judge,
    *flags: str,
    at_half: tuple[int, Callable[[Judge], None]] | None = None,
) -> int:
    """Runs the analysis and returns its exit code; `at_half` is called when half is diagnosed."""
    command = [*run_flags(inputs, output, at), "--no-hints", *flags]
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, *map(str, command)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    ended = Event()

    def watch(errors: int, act: Callable[[Judge], None]) -> None:
        while not ended.wait(_LOOK_S):
            if at.stats()["ok_by_task"].get(DIAGNOSIS, 0) >= HALF_WAY * errors:
                act(at)
                return

    if at_half:
        Thread(target=watch, args=at_half, daemon=True).start()
    code = process.wait()
    ended.set()
    return code


if __name__ == "__main__":
    main()
