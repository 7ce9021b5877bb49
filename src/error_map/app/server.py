"""Starts the viewer's server, and keeps it until it is interrupted."""

import os
import signal
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from subprocess import DEVNULL
from typing import Final

import anyio
from starlette.middleware import Middleware
from streamlit.starlette import App

from . import main
from .guard import LOOPBACK, Guard

__all__ = [
    "LOOPBACK",
    "SCRIPT",
    "SETTINGS",
    "main",
    "serve",
]  # main: so that the first visit finds it loaded

SCRIPT: Final = Path(__file__).parent / "entry/streamlit_entry.py"
SETTINGS: Final[Mapping[str, str | int | bool]] = {
    "browser.gatherUsageStats": False,
    "server.fileWatcherType": "none",
    "server.showEmailPrompt": False,
    "server.maxUploadSize": 2048,
    "client.toolbarMode": "viewer",
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "theme.light.primaryColor": "#0072B2",
    "theme.dark.primaryColor": "#56B4E9",
}
"""Of Streamlit; `.streamlit/config.toml` has the same, and the address."""


def serve(folder: Path, run: str, *, host: str, port: int, browse: str | None) -> None:
    """Serves the runs of a folder until a signal ends it.

    Args:
        folder: Of the runs.
        run: The one that is shown first.
        host: Name or number of the interface.
        port: Free on it.
        browse: Address to open in a browser; None for no browser.
    """
    options: dict[str, object] = {
        **SETTINGS,
        "server.address": host,
        "server.port": port,
        "server.headless": True,
        "server.allowedHosts": list(LOOPBACK) if host in LOOPBACK else [],
        "logger.hideWelcomeMessage": True,
    }
    import_module("pandas")  # as the first table would, while somebody waits for it
    ending = _Ending()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ending)  # the server, once it is up, has its own until it ends
    sys.argv = [str(SCRIPT), str(folder), run]  # as `streamlit run` leaves it for a script
    app = App(SCRIPT, middleware=[Middleware(Guard)], lifespan=partial(_while_up, ending, browse))
    app.run(config=options)


@dataclass(slots=True)
class _Ending:
    """Handles a signal to end.

    A server that is not up yet would report its own end at length, so the process exits at once.
    One that was up has ended by itself; returning lets the caller remove its temporary files.
    """

    server_was_up: bool = False

    def __call__(self, number: int, frame: object) -> None:
        """Ends the process unless the server does."""
        del frame
        if not self.server_was_up:
            os._exit(128 + number)


@asynccontextmanager
async def _while_up(ending: _Ending, browse: str | None, app: App) -> AsyncGenerator[None]:
    """Opens a browser when the server starts."""
    del app
    ending.server_was_up = True
    if browse is not None:  # -I: no module of the working folder is taken for webbrowser
        command = [sys.executable, "-I", "-m", "webbrowser", browse]
        await anyio.open_process(command, stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL)
    yield
