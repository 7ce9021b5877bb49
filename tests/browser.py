"""A real browser for page tests: Debian's Chromium, driven by playwright."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pytest
from playwright.sync_api import Browser, sync_playwright

QUIET: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""Switches that run Chromium in a container and keep it from connecting to the internet."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running browser; without one the test is skipped, or fails with `ERROR_MAP_BROWSER`."""
    path = shutil.which("chromium")
    if path is None:
        message = "no chromium: install Debian's package of that name"
        (pytest.fail if os.environ.get("ERROR_MAP_BROWSER") else pytest.skip)(message)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(QUIET))
        try:
            yield browser
        finally:
            browser.close()
