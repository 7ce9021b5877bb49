"""Starts the viewer as users do, and opens its pages in a browser."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize

from tests.support import ROOT

ENVIRONMENT: Final = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
WIDE: Final[ViewportSize] = {"width": 1280, "height": 900}
NARROW: Final[ViewportSize] = {"width": 390, "height": 844}
SETTLED: Final = ".stApp[data-test-script-state='notRunning'] .block-container h1"
PATIENCE_MS: Final = 90_000
"""Pages load in seconds, but take much longer on a busy machine."""


def started(arguments: list[str]) -> "subprocess.Popen[str]":
    """`error-map view` in a process of its own, without a browser."""
    return subprocess.Popen(
        [sys.executable, "-m", "error_map", "view", *arguments, "--no-browser"],
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@contextmanager
def viewer(folder: Path) -> Iterator[str]:
    """Starts a viewer of a folder's runs and yields its address without query."""
    process = started([str(folder)])
    try:
        assert process.stdout is not None
        address = process.stdout.readline().partition("?")[0]
        _wait_for_server(address)
        yield address
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


def _wait_for_server(address: str) -> None:
    """Waits until the server accepts connections, as it prints its address slightly earlier."""
    host, port = address.removeprefix("http://").rstrip("/").split(":")
    deadline = time.monotonic() + PATIENCE_MS / 1_000
    while time.monotonic() < deadline:
        try:
            socket.create_connection((host, int(port)), timeout=1).close()
        except OSError:
            continue
        return
    pytest.fail("the viewer does not answer")


@dataclass(slots=True)
class Seen:
    """A page and the errors and dialogs that it caused."""

    page: Page
    troubles: list[str] = field(default_factory=list)


def opened(
    browser: Browser, address: str, *, size: ViewportSize = WIDE, dark: bool = False
) -> Seen:
    """Opens a page in a browser context of its own and waits until its script has run."""
    context = browser.new_context(viewport=size, color_scheme="dark" if dark else "light")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    seen = Seen(page)
    page.on("dialog", lambda dialog: seen.troubles.append(f"dialog: {dialog.message}"))
    page.on("pageerror", lambda error: seen.troubles.append(f"error: {error}"))
    page.on("console", lambda message: seen.troubles.extend(_console_errors(message)))
    page.goto(address)
    page.wait_for_selector(SETTLED)
    return seen


def _console_errors(message: ConsoleMessage) -> list[str]:
    """Errors on the console, except Streamlit's probes for its server under the page's path."""
    if message.type != "error" or "_stcore" in message.location["url"]:
        return []
    return [f"console: {message.text}"]
