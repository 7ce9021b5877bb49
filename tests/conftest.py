"""Fixtures and switches for all tests."""

from pathlib import Path

import pytest


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
