"""`python -m bench.llm`: a whole run with a model's latency but no model, beside the reference's.

The model is played by the shared `oracle_judge.py`, which knows the planted truth; the variable
`ERROR_MAP_SHARED` names the folder in whose `tools` it stands. The same
questions are then asked by bare `litellm.acompletion`, which is what no run can be cheaper than.
"""

import argparse
import csv
import json
import os
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import anyio

from error_map.analysts.answers import DiagnosisAnswer
from error_map.bounded import bounded_each
from error_map.inference.litellm import strict_schema
from error_map.store import RunFolder
from error_map.templates import Prompts

from .measured import Cost, measured, shared

WORKERS: Final = 100
LATENCY_MS: Final = 200
LOAD: Final = "from error_map.inference.litellm import is_provider; is_provider('openai')"
NAME: Final = "bench"
DIAGNOSIS: Final = "single"
"""What the judge calls it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """The reference's figures on the same work; its load was noisy."""

    rows: str
    calls: str
    tokens: str
    time: str
    memory: str


REFERENCE: Final = {
    2_000: Reference(
        rows="1,016", calls="2,187", tokens="3.11 M / 0.96 M", time="25.1 / 18.3", memory="490 MB"
    ),
    20_000: Reference(
        rows="4,032", calls="20,373", tokens="29.2 M / 8.9 M", time="328 / 159.5", memory="1,797 MB"
    ),
}
UNKNOWN: Final = Reference(rows="", calls="", tokens="", time="", memory="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one run and the bare calls cost."""

    run: Cost
    bare: Cost
    load: Cost
    """Of litellm's import, in both."""
    fidelity: Any
    stats: Any
    rounds: int


def main() -> None:
    """Prints the table, or, with `--bare`, asks a run's questions again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", type=int, default=2_000)
    parser.add_argument("--title-mode", choices=["zipf", "unique"], default="zipf")
    parser.add_argument("--paraphrases", type=int, default=1)
    parser.add_argument("--nested", choices=["split", "same"], default="split")
    parser.add_argument("--bare", nargs=2, metavar=("CSV", "API_BASE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.bare:
        anyio.run(_ask_bare, Path(options.bare[0]), options.bare[1])
        return
    if not (shared() / "tools").is_dir():
        print("left out: the shared tools are not there")
        return
    with tempfile.TemporaryDirectory() as folder:
        found = _measure(options, Path(folder))
    print(f"{'what':<44} {'measured':<26} {'aim':<20} reference")
    for what, figure, aim, theirs in _lines(found, options.errors):
        print(f"{what:<44} {figure:<26} {aim:<20} {theirs}")


def _measure(options: argparse.Namespace, folder: Path) -> Measured:
    """The run, then the bare calls, each against a server that has seen nothing."""
    tools, inputs, output = shared() / "tools", folder / "in", folder / "out"
    planted = ["--errors", options.errors, "--title-mode", options.title_mode, "--out", inputs]
    measured([tools / "make_inputs.py", *planted])
    log = folder / "calls.jsonl"
    judge = ["--paraphrases", options.paraphrases, "--nested", options.nested, "--log", log]
    load = measured(["-c", LOAD])
    with _judge(judge) as base:
        run = measured(["-m", "error_map", *_flags(inputs / "data", output, base)])
        stats = _call(base, "/stats")
        rounds = _rounds(log)
        _call(base, "/reset", "{}")
        single = RunFolder(output, NAME).single_error
        bare = measured(["-m", "bench.llm", "--bare", single, base])
    score = [tools / "fidelity.py", "--truth", inputs / "truth.csv", "--out", output, "--exp", NAME]
    fidelity = json.loads(measured(score).printed)
    return Measured(run=run, bare=bare, load=load, fidelity=fidelity, stats=stats, rounds=rounds)


def _flags(data: Path, output: Path, base: str) -> list[object]:
    model = ["--judge", "oracle", "--api-base", base, "--max-workers", WORKERS, "--no-hints"]
    files = ["--data-path", data, "--output-dir", output, "--exp-id", NAME]
    return [*model, "--correct-answers-shown", 1, *files, "--ratio", 1, "--quiet"]


def _lines(found: Measured, errors: int) -> Iterator[tuple[str, str, str, str]]:
    theirs = REFERENCE.get(errors, UNKNOWN)
    stats, right = found.stats, found.fidelity
    yield "rows in the final files", f"{right['final_rows']:,}", f"{errors:,}", theirs.rows
    yield "in the planted class", f"{right['right_class_of_final']:,}", f"{errors:,}", theirs.rows
    yield "calls", f"{stats['requests']:,}", "", theirs.calls
    yield "answered more than once", f"{stats['repeat_answers']:,}", "0", ""
    tokens = f"{stats['prompt_tokens'] / 1e6:.2f} M / {stats['completion_tokens'] / 1e6:.2f} M"
    yield "tokens in / out", tokens, "", theirs.tokens
    yield "wall s / CPU s, all in", _times(found.run), "", theirs.time
    run, bare, load = found.run, found.bare, found.load
    yield "  litellm's import alone", _times(load), "", ""
    yield "  bare litellm, all in", _times(bare), "", ""
    cpu = (run.cpu_s - load.cpu_s) / (bare.cpu_s - load.cpu_s)
    yield "CPU against bare litellm, import apart", f"{cpu:.2f} x", "<= 1.35 x", "about 1.8 x"
    ours, least = run.wall_s - load.wall_s, bare.wall_s - load.wall_s
    most = 1.5 * least + 0.25 * found.rounds
    yield "wall s, import apart; bare", f"{ours:.1f}; {least:.1f}", f"<= {most:.1f}", ""
    yield "peak RSS", f"{run.peak_mb:.0f} MB", "<= 400 MB", theirs.memory
    yield "dependent rounds of the taxonomy, at most", str(found.rounds), "<= 12", "25+"


def _times(cost: Cost) -> str:
    return f"{cost.wall_s:.1f} / {cost.cpu_s:.1f}"


# ---- the judge


@contextmanager
def _judge(options: Sequence[object]) -> Iterator[str]:
    """The address of a judge that runs until the end of the block."""
    port = _free_port()
    timing = ["--port", port, "--latency-ms", LATENCY_MS, "--jitter", 0.3]
    command = [sys.executable, shared() / "tools/oracle_judge.py", *timing, *options]
    with subprocess.Popen(  # noqa: S603 - our own command
        list(map(str, command)), stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            if not (process.stdout and process.stdout.readline()):
                raise RuntimeError("the judge did not start: it needs aiohttp")
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _call(base: str, path: str, body: str | None = None) -> Any:  # noqa: ANN401 - JSON
    content = None if body is None else body.encode()
    address = base.removesuffix("/v1") + path
    request = urllib.request.Request(address, content)  # noqa: S310 - loopback
    with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310 - loopback
        return json.load(response)


def _rounds(log: Path) -> int:
    """The longest chain of taxonomy calls of which each began after the one before had ended.

    Calls that merely waited for a free worker count too, so it is a bound from above.
    """
    calls = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    spans = [(c["t"] + c["dt"], c["t"]) for c in calls if c["task"] != DIAGNOSIS]
    rounds, free_at = 0, 0.0
    for end, start in sorted(spans):
        if start >= free_at:
            rounds, free_at = rounds + 1, end
    return rounds


# ---- nothing but litellm


async def _ask_bare(single_errors: Path, base: str) -> None:
    """Asks what a run has asked about its failures, with the same concurrency."""
    os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
    import litellm  # noqa: PLC0415 - takes seconds, and only this needs it

    litellm.suppress_debug_info = True
    schema = {"name": "DiagnosisAnswer", "strict": True, "schema": strict_schema(DiagnosisAnswer)}
    call = partial(
        litellm.acompletion,
        model="openai/oracle",
        api_base=base,
        api_key="none",
        temperature=0,
        max_tokens=2_000,
        timeout=120,
        response_format={"type": "json_schema", "json_schema": schema},
    )

    async def ask(messages: list[dict[str, str]]) -> object:
        return await call(messages=messages)

    def drop(*_: object) -> None:
        """The reply is not looked at."""

    await bounded_each(ask, _questions(single_errors), limit=WORKERS, on_done=drop)


def _questions(single_errors: Path) -> Iterator[list[dict[str, str]]]:
    csv.field_size_limit(sys.maxsize)
    system = Prompts().fill("single_error_analysis", sections=(), hints=())[0].content
    with single_errors.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            user = row["prompt"].removeprefix(system).lstrip("\n")
            yield [{"role": "system", "content": system}, {"role": "user", "content": user}]


if __name__ == "__main__":
    main()
