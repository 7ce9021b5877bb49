"""Fixtures and switches for all tests."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser

from error_map.inference.litellm import ENVIRONMENT
from tests.browser import chromium
from tests.judged_runs import FAILURES, Place, planted
from tests.llm_server import LlmServer, running_server
from tests.support import write_csv

KEY_VARIABLES: Final = (
    "OPENAI_API_KEY",
    "AZURE_API_KEY",
    "AZURE_API_BASE",
    "RITS_API_KEY",
    "RITS_API_BASE",
)

os.environ.update(ENVIRONMENT)  # some tests import litellm before ErrorMap does
# The duration of an example depends on the load of the machine, so it is no health check.
settings.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """An empty folder for input files."""
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """A folder for a run's files, which does not exist yet."""
    return tmp_path / "output"


@pytest.fixture
def anyio_backend() -> str:
    """Asynchronous tests run on the standard loop."""
    return "asyncio"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real browser, started once per module; no other event loop can run in its thread.

    Runs whose results are to be displayed must be made by a fixture that is listed before this one.
    """
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def llm_process() -> Iterator[LlmServer]:
    """The fake LLM server in a process of its own, started once per module."""
    pytest.importorskip("litellm")
    with running_server() as started:
        yield started


@pytest.fixture
def server(llm_process: LlmServer, monkeypatch: pytest.MonkeyPatch) -> LlmServer:
    """The fake LLM server without faults or memory, and an environment without keys."""
    for name in KEY_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    llm_process.reset()
    return llm_process


@pytest.fixture
def place(server: LlmServer, data: Path, output: Path) -> Place:
    """Planted failures, and the server that a run uses."""
    write_csv(data / "d.csv", planted(range(FAILURES)))
    return Place(server, data, output)
