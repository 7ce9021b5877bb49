"""`python -m bench.llm`: measures a run against a simulated model with realistic latency.

Afterwards bare `litellm.acompletion` sends as many requests, as a lower bound of the cost. The
start-up of both, mostly imports, is reported separately.
"""

import argparse
import csv
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Any, Final

import anyio

from error_map.analysts.llm.answer_schemas import DiagnosisAnswer
from error_map.bounded import bounded_each
from error_map.inference.json_schema import strict_schema
from error_map.store import RunFolder, read_manifest
from error_map.templates import Prompts

from .measurement import Cost, Line, cheapest, measure, shared
from .oracle import DIAGNOSIS, NAME, WORKERS, Judge, fidelity, judge, planted, run_flags

LOAD: Final = (
    "import error_map.cli.analyse, error_map.pipeline, openai.resources.chat;"
    "from error_map.inference.litellm import provider_names; provider_names()"
)
# A little more than the judge's mean latency of 200 ms.
_ROUND_S: Final = 0.25
_CHARS_PER_TOKEN: Final = 4
"""As the simulated model counts them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Figures of the reference implementation on the same input, measured on a busy machine."""

    rows: str = ""
    calls: str = ""
    tokens: str = ""
    time: str = ""
    memory: str = ""


REFERENCE: Final = {
    2_000: Reference(
        rows="1,016", calls="2,187", tokens="3.11 M / 0.96 M", time="25.1 / 18.3", memory="490 MB"
    ),
    20_000: Reference(
        rows="4,032", calls="20,373", tokens="29.2 M / 8.9 M", time="328 / 159.5", memory="1,797 MB"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """The input and options of one measurement."""

    errors: int
    title_mode: str = "zipf"
    paraphrases: int = 1
    nested: str = "split"
    flags: tuple[str, ...] = ("--no-hints", "--correct-answers-shown", "1")
    repeats: int = 1
    """Repetitions of the run and of the bare calls; the one with the least CPU time counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """Costs and results of one run and of the bare calls."""

    run: Cost
    load: Cost
    """Cost of the run's imports."""
    bare: Cost
    bare_load: Cost
    fidelity: Any
    stats: Any
    rounds: int
    cacheable: float


def main() -> None:
    """Prints the table or, with `--bare`, sends the requests of a run again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", type=int, default=2_000)
    parser.add_argument("--title-mode", choices=["zipf", "unique"], default="zipf")
    parser.add_argument("--paraphrases", type=int, default=1)
    parser.add_argument("--nested", choices=["split", "same"], default="split")
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--flags", nargs="*", default=Work(errors=0).flags)
    parser.add_argument("--bare", nargs=3, metavar=("CSV", "API_BASE", "N"), help=argparse.SUPPRESS)
    options = vars(parser.parse_args())
    if bare := options.pop("bare"):
        anyio.run(_send_bare, Path(bare[0]), bare[1], int(bare[2]))
        return
    flags = tuple(options.pop("flags"))
    for line in lines(Work(**options, flags=flags)):
        print(line, flush=True)


def lines(work: Work) -> Iterator[Line]:
    """All figures of one run."""
    if not (shared() / "tools").is_dir():
        yield Line("an LLM analyst's run", "left out: the shared tools are not there")
        return
    with tempfile.TemporaryDirectory() as folder:
        measurement = _measure(work, Path(folder))
    yield from _result_lines(work, measurement)


def _measure(work: Work, folder: Path) -> Measurement:
    """Measures the run and the bare calls alternately, each against a judge without history."""
    inputs = planted(folder, work.errors, title_mode=work.title_mode)
    options = ["--paraphrases", work.paraphrases, "--nested", work.nested]
    runs, bares = [], []
    for turn in range(work.repeats):
        output = folder / f"out-{turn}"
        with judge(folder, options) as at:
            runs.append(measure([*run_flags(inputs, output, at), *work.flags]))
            stats, rounds = at.stats(), _rounds(at)
            at.reset()
            single = RunFolder(output, NAME).single_error
            bares.append(_bare(single, at, stats["requests"]))
            bare_load = _bare(single, at, 0)
    return Measurement(
        run=cheapest(runs),
        load=measure(["-c", LOAD]),
        bare=cheapest(bares),
        bare_load=bare_load,
        fidelity=fidelity(inputs, output),
        stats=stats,
        rounds=rounds,
        cacheable=read_manifest(RunFolder(output, NAME)).cacheable_share or 0.0,
    )


def _bare(single: Path, at: Judge, requests: int) -> Cost:
    return measure(["-m", "bench.llm", "--bare", single, at.api_base, requests])


def _result_lines(work: Work, measurement: Measurement) -> Iterator[Line]:
    theirs = REFERENCE.get(work.errors, Reference())
    stats, fidelity_stats = measurement.stats, measurement.fidelity
    expected = f"{work.errors:,}"
    yield Line(f"LLM analyst, {expected} errors", " ".join(work.flags))
    yield Line(
        "- rows in the final files", f"{fidelity_stats['final_rows']:,}", expected, theirs.rows
    )
    placed = f"{fidelity_stats['right_class_of_final']:,}"
    yield Line("- of these in the planted class", placed, expected, theirs.rows)
    yield Line("- calls", f"{stats['requests']:,}", "", theirs.calls)
    yield Line("- answered more than once", f"{stats['repeat_answers']:,}", "0")
    tokens = f"{stats['prompt_tokens'] / 1e6:.2f} M / {stats['completion_tokens'] / 1e6:.2f} M"
    aim = "<= 24 M / 9 M" if expected == "20,000" else ""
    yield Line("- tokens in / out", tokens, aim, theirs.tokens)
    instructions = len(Prompts().fill("single_error_analysis", sections=(), hints=())[0].content)
    diagnosis_tokens, *_ = stats["tokens_by_task"][DIAGNOSIS]
    static = instructions / _CHARS_PER_TOKEN * work.errors / max(1, diagnosis_tokens)
    yield Line(
        "- of these at most served by a prefix cache", f"{100 * measurement.cacheable:.0f} %"
    )
    yield Line("- - the instructions alone are of a diagnosis prompt", f"{100 * static:.0f} %")
    yield from _time_lines(measurement, theirs)
    yield Line("- peak RSS", f"{measurement.run.peak_mb:.0f} MB", "<= 400 MB", theirs.memory)
    yield Line(
        "- dependent rounds of the taxonomy, at most", str(measurement.rounds), "<= 12", "25+"
    )


def _time_lines(measurement: Measurement, theirs: Reference) -> Iterator[Line]:
    run, load, bare, bare_load = (
        measurement.run,
        measurement.load,
        measurement.bare,
        measurement.bare_load,
    )
    yield Line("- wall s / CPU s, all in", _times(run), "", theirs.time)
    yield Line("- - imports alone", _times(load))
    yield Line("- - bare litellm, as many calls", _times(bare))
    yield Line("- - its imports alone", _times(bare_load))
    cpu = (run.cpu_s - load.cpu_s) / (bare.cpu_s - bare_load.cpu_s)
    yield Line("- CPU against bare litellm, imports apart", f"{cpu:.2f} x", "<= 1.35 x", "1.8 x")
    ours, floor = run.wall_s - load.wall_s, bare.wall_s - bare_load.wall_s
    limit = 1.5 * floor + _ROUND_S * measurement.rounds
    yield Line("- wall, imports apart; bare", f"{ours:.1f} s; {floor:.1f} s", f"<= {limit:.1f} s")


def _times(cost: Cost) -> str:
    return f"{cost.wall_s:.1f} / {cost.cpu_s:.1f}"


def _rounds(at: Judge) -> int:
    """The longest chain of taxonomy calls, each of which began after the previous one had ended.

    An upper bound, as calls that only waited for a free worker or a slower sibling count too.
    """
    spans = [(c["t"] + c["dt"], c["t"]) for c in at.calls() if c["task"] != DIAGNOSIS]
    rounds, free_at = 0, 0.0
    for end, start in sorted(spans):
        if start >= free_at:
            rounds, free_at = rounds + 1, end
    return rounds


async def _send_bare(single_errors: Path, base: str, count: int) -> None:
    """Sends `count` diagnosis requests of a run with bare litellm, repeating them cyclically."""
    os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
    import litellm  # noqa: PLC0415 - takes seconds, and only this needs it
    import openai.resources.chat  # noqa: F401, PLC0415 - else the first call loads it

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

    async def send(messages: list[dict[str, str]]) -> object:
        return await call(messages=messages)

    def drop(*_: object) -> None:
        """Ignores the reply."""

    requests = list(_requests(single_errors)) if count else []
    await bounded_each(send, islice(cycle(requests), count), limit=WORKERS, on_done=drop)


def _requests(single_errors: Path) -> Iterator[list[dict[str, str]]]:
    csv.field_size_limit(sys.maxsize)
    system = Prompts().fill("single_error_analysis", sections=(), hints=())[0].content
    with single_errors.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            user = row["prompt"].removeprefix(system).lstrip("\n")
            yield [{"role": "system", "content": system}, {"role": "user", "content": user}]


if __name__ == "__main__":
    main()
