"""Measures reading logs and looking for them: `python -m bench.logs --megabytes 1000`."""

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from error_map.readers import ReadOptions, choose, log_formats, log_source, search

from .measurement import Line, measure

MEGABYTES: Final = 200
FILES: Final = 10_000
_KILOBYTES: Final = 100
"""Of each file that is only looked at."""
_TASK: Final = "sums"
_TIME: Final = "2026-11-21T19-12-12.560614"
_WORDS: Final = ("the", "sum", "of", "all", "twelve", "boxes", 'is "half"', "as many", "apples\nso")


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=MEGABYTES, help="size of the log")
    parser.add_argument("--files", type=int, default=FILES, help="files of 100 kB to look at")
    parser.add_argument("--read", type=Path, help="reads this folder in the way of a run")
    options = parser.parse_args()
    if options.read:
        print(rows_in(options.read))
        return
    for line in lines(options.megabytes, options.files):
        print(line, flush=True)


def lines(megabytes: int = MEGABYTES, files: int = FILES) -> Iterator[Line]:
    """Costs of reading one large log, and of looking through many files."""
    with tempfile.TemporaryDirectory() as folder:
        path = write_log(Path(folder), megabytes * 1_000_000)
        what = f"a log of lm-evaluation-harness of {megabytes:,} MB"
        parsed, read = parsed_and_read(path)
        yield Line(f"{what}: json.loads of its lines", f"{parsed:.1f} CPU s")
        yield Line(f"{what}: samples", f"{read:.1f} CPU s, {read / parsed:.2f} times", "<= 2 times")
        cost = measure(["-m", "bench.logs", "--read", folder])
        yield Line(f"{what}: rows, as in a run", cost.summary, "<= 1 GB")
    with tempfile.TemporaryDirectory() as folder:
        write_files(Path(folder), files)
        cost = measure(["-m", "error_map", "scan", folder])
        yield Line(f"error-map scan of {files:,} files of 100 kB", cost.summary, "<= 20 CPU s")


def parsed_and_read(path: Path) -> tuple[float, float]:
    """CPU seconds of json.loads on all lines of a log, and of reading all its samples."""

    def parse() -> None:
        with path.open("rb") as file:
            for line in file:
                json.loads(line)

    def read() -> None:
        (log,) = search(path, log_formats()).logs
        for _ in log.read(choose(log, {})):
            pass

    return _cpu(parse), _cpu(read)


def rows_in(folder: Path) -> int:
    """The number of rows in all logs of a folder, read as a run reads them, table after table."""
    logs = search(folder, log_formats()).logs
    sources = (log_source(log, choose(log, {}), ReadOptions()) for log in logs)
    return sum(table.frame.height for source in sources for table in source.tables())


def _cpu(work: Callable[[], None]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def write_log(folder: Path, size: int) -> Path:
    """A log of lm-evaluation-harness with answers of some hundred words.

    Args:
        folder: Where it is written, with its results file.
        size: Bytes, at least.
    """
    rng = random.Random(7)
    path = folder / f"samples_{_TASK}_{_TIME}.jsonl"
    written = 0
    with path.open("w", encoding="utf-8") as file:
        for number in range(size):  # one line has more than one byte
            written += file.write(f"{json.dumps(_sample(number, rng))}\n")
            if written >= size:
                break
    config = {"filter_list": [{"name": "strict"}], "fewshot_delimiter": "\n\n"}
    results = {"model_name": folder.name, "n-shot": {_TASK: 0}, "configs": {_TASK: config}}
    (folder / f"results_{_TIME}.json").write_text(json.dumps(results), encoding="utf-8")
    return path


def _sample(number: int, rng: random.Random) -> dict[str, object]:
    question, answer = _text(rng, 60), _text(rng, 250)
    return {
        "doc_id": number,
        "doc": {"question": question, "answer": str(number), "subject": "sums"},
        "target": str(number),
        "arguments": {"gen_args_0": {"arg_0": f"Q: {question}\nA:", "arg_1": {"until": ["\n\n"]}}},
        "resps": [[answer]],
        "filtered_resps": [str(number + rng.randrange(2))],
        "filter": "strict",
        "metrics": ["exact_match"],
        "doc_hash": f"{number:064x}",
        "exact_match": float(rng.randrange(2)),
    }


def _text(rng: random.Random, words: int) -> str:
    return " ".join(rng.choices(_WORDS, k=words))


def write_files(folder: Path, number: int) -> None:
    """JSON and JSON-lines files of 100 kB; one in a hundred is a log."""
    rng = random.Random(7)
    text = _text(rng, 40 * _KILOBYTES)[: 1000 * _KILOBYTES]
    other = json.dumps({"settings": {"steps": [1, 2]}, "note": text})
    lines = "\n".join(json.dumps({"id": n, "text": text[:900]}) for n in range(_KILOBYTES))
    for count in range(number):
        place = folder / f"{count // 500}"
        place.mkdir(exist_ok=True)
        if count % 100 == 0:
            write_log(_made(place / f"model-{count}"), 1000 * _KILOBYTES)
        else:
            name, content = (f"{count}.json", other) if count % 2 else (f"{count}.jsonl", lines)
            (place / name).write_text(content, encoding="utf-8")


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


if __name__ == "__main__":
    main()
