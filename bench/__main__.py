"""`make bench`: a table of times and memory; for findings see `bench.offline`."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from . import faults, llm, logs, report, viewer
from .measurement import Cost, Line, cheapest, measure, shared

_REPEATS = 5
_DRY_FAILURES = 200
_DATASETS = 5_000


def main() -> None:
    """Prints the table line by line."""
    print(Line("what", "measured", "aim", "reference"))
    for line in lines():
        print(line, flush=True)


def lines() -> Iterator[Line]:
    """All figures; without the shared data those that need it are skipped with a remark."""
    yield from start_up()
    with tempfile.TemporaryDirectory() as folder:
        yield from demo(Path(folder))
        yield from dry_run(Path(folder))
        yield many_datasets(Path(folder))
        yield from logs.lines()
        if not (shared() / "data").is_dir():
            yield Line("figures on the shared data", "left out: the data are not there")
            return
        yield from one_dataset(Path(folder))
        yield from whole_benchmark(Path(folder))
        yield from million_rows(Path(folder))
        yield from report.lines(Path(folder))
        yield from viewer.both(Path(folder))
    for errors in llm.REFERENCE:
        yield from llm.lines(llm.Work(errors=errors))
    for flags in (("--no-hints", "--correct-answers-shown", "3"), ("--hints",)):
        yield from llm.lines(llm.Work(errors=min(llm.REFERENCE), flags=flags))
    yield from faults.lines()


def start_up() -> Iterator[Line]:
    """CPU time of the start-up."""
    python = _least_cpu(["-c", "pass"])
    imported = _least_cpu(["-c", "import error_map"]) - python
    yield Line("import error_map, over python itself", f"{imported:.3f} CPU s", "<= 0.05 CPU s")
    shown = _least_cpu(["-m", "error_map", "--help"])
    yield Line("error-map --help", f"{shown:.2f} CPU s", "<= 0.4 CPU s")


def _least_cpu(arguments: list[str]) -> float:
    return cheapest([measure(arguments) for _ in range(_REPEATS)]).cpu_s


def demo(folder: Path) -> Iterator[Line]:
    """The demo run on the bundled results."""
    cost = measure(["-m", "error_map", "demo", "--output-dir", folder])
    yield Line("error-map demo", cost.summary, "< 30 s wall")


def dry_run(folder: Path) -> Iterator[Line]:
    """A dry run with hints and a model of the price table."""
    rows = [
        {
            "example_id": f"e{number}",
            "model": "m",
            "input_text": f"A shop sells {number} boxes with 12 apples each. How many apples?",
            "output_text": f"It sells {number} * 12 = {number * 12 + 10} apples.",
            "score": 0,
            "correct_answer": number * 12,
        }
        for number in range(_DRY_FAILURES)
    ]
    data = folder / "dry.jsonl"
    data.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    options = ["--data-path", data, "--ratio", "1", "--judge", "openai/gpt-4o-mini", "--dry-run"]
    command = ["-m", "error_map", *options, "--output-dir", folder / "dry"]
    cost = cheapest([measure(command) for _ in range(_REPEATS)])
    yield Line(f"--dry-run, {_DRY_FAILURES} failures", f"{cost.cpu_s:.2f} CPU s", "< 3 CPU s")


def one_dataset(folder: Path) -> Iterator[Line]:
    """A run on one dataset, whose failures must all be in the final files."""
    path = shared() / "data/outputs/gsm8k_gpt3.csv"
    cost, summary = _run(path, folder)
    failures = summary["accounting"]["rows"] - summary["accounting"]["passed"]
    yield Line("GSM8K of GPT-3: failures in the final files", f"{failures:,}", "3,275")
    yield Line("GSM8K of GPT-3: the whole run", cost.summary)


def whole_benchmark(folder: Path) -> Iterator[Line]:
    """A run on all failures of a large benchmark."""
    path = shared() / "data/scale/mmlu_pro_full.parquet"
    cost, summary = _run(path, folder)
    yield Line(
        f"MMLU-Pro, {summary['accounting']['rows']:,} rows: all failures, all files",
        cost.summary,
        "<= 200 s, <= 1.5 GB",
    )
    explained = summary["overall"]["explained"]
    yield Line("MMLU-Pro: failures explained", f"{explained['hits']:,} of {explained['trials']:,}")


def many_datasets(folder: Path) -> Line:
    """A whole run over thousands of tiny datasets in one file."""
    path = folder / "many.csv"
    header = "dataset,example_id,model,input_text,output_text,score,correct_answer\n"
    rows = (
        f"d{number},{example},{answer},4\n"
        for number in range(_DATASETS)
        for example in range(2)
        for answer in ("a,2 + 2?,2 + 2 = 5,0", "b,2 + 2?,The answer is 4.,1")
    )
    path.write_text(header + "".join(rows), encoding="utf-8")
    cost, _ = _run(path, folder / "many")
    each = f"{1000 * cost.cpu_s / _DATASETS:.0f} ms each: {cost.summary}"
    return Line(f"{_DATASETS:,} datasets of four rows in one file", each, "<= 10 ms each")


def million_rows(folder: Path) -> Iterator[Line]:
    """Data preparation alone."""
    inputs = folder / "million"
    tool = shared() / "tools/make_inputs.py"
    measure([tool, "--big", "--files", "10", "--rows", "100000", "--out", inputs])
    cost = measure(["-m", "bench.prepare", inputs / "data", folder / "prepared"])
    aim, theirs = "<= 9 CPU s, <= 1.0 GB", "72.5 CPU s, 10.0 GB"
    yield Line("1,000,000 rows in ten CSV files, prepared", cost.summary, aim, theirs)
    floor = measure(["-m", "bench.polars_baseline", inputs / "data", folder / "bare.csv"])
    yield Line("- Polars alone reads, filters and writes the same", floor.summary)
    yield Line("- prepared against Polars alone", f"{cost.cpu_s / floor.cpu_s:.2f} x its CPU s")


def _run(path: Path, folder: Path) -> tuple[Cost, Any]:
    """Runs an analysis and parses its printed summary."""
    options = ["--data-path", path, "--ratio", "1", "--output-dir", folder, "--exp-id", "bench"]
    cost = measure(["-m", "error_map", *options, "--json"])
    return cost, json.loads(cost.printed)


if __name__ == "__main__":
    main()
