"""Fixtures and switches for all tests."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser

from error_map.inference.litellm import ENVIRONMENT
from tests.browser import chromium

os.environ.update(ENVIRONMENT)  # some tests import litellm before ErrorMap does
# How long an example takes says something of the machine's other load, and nothing of the code.
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
    """A folder for a run's files; not made yet."""
    return tmp_path / "output"


@pytest.fixture
def anyio_backend() -> str:
    """Asynchronous tests run on the standard loop."""
    return "asyncio"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real browser, started once a module: no other event loop can run meanwhile in its thread.

    What a page shows is made before: by a fixture that is listed before this one.
    """
    with chromium() as started:
        yield started
