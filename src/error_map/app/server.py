"""Runs the viewer's server until it is interrupted."""

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
from .guard import LOOPBACK, HostGuard

__all__ = [
    "LOOPBACK",
    "SCRIPT",
    "SETTINGS",
    "main",
    "serve",
]  # main is imported here, so that the first visit does not wait for it

SCRIPT: Final = Path(__file__).parent / "entry/streamlit_entry.py"
SETTINGS: Final[Mapping[str, str | int | bool]] = {
    # Nothing about the runs or the visitor leaves this machine.
    "browser.gatherUsageStats": False,
    "server.showEmailPrompt": False,
    # Watching the installed package for changes would only cost file handles.
    "server.fileWatcherType": "none",
    "server.maxUploadSize": 2048,  # MB; Streamlit's 200 are too few for results of large runs
    # Visitors get no developer menu and no tracebacks, which contain paths of the server.
    "client.toolbarMode": "viewer",
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    # The blue of the figures, lighter on dark pages.
    "theme.light.primaryColor": "#0072B2",
    "theme.dark.primaryColor": "#56B4E9",
}
"""Options of Streamlit; `.streamlit/config.toml` has the same ones, and the server address."""


def serve(folder: Path, run: str, *, host: str, port: int, browse: str | None) -> None:
    """Serves the runs of a folder until SIGINT or SIGTERM.

    Args:
        folder: Folder of the runs.
        run: Name of the run that is shown first; empty for the newest.
        host: Name or IP address of the interface to listen on.
        port: Free port of this interface.
        browse: Address to open in a browser; None to open no browser.
    """
    options: dict[str, object] = {
        **SETTINGS,
        "server.address": host,
        "server.port": port,
        "server.headless": True,
        "server.allowedHosts": list(LOOPBACK) if host in LOOPBACK else [],
        "logger.hideWelcomeMessage": True,
    }
    import_module("pandas")  # Streamlit would import it for the first table, while a visitor waits
    handler = _SignalHandler()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, handler)  # the running server replaces it by its own
    sys.argv = [str(SCRIPT), str(folder), run]  # as under `streamlit run`
    lifespan = partial(_lifespan, handler, browse)
    app = App(SCRIPT, middleware=[Middleware(HostGuard)], lifespan=lifespan)
    app.run(config=options)


@dataclass(slots=True)
class _SignalHandler:
    """Handles SIGINT and SIGTERM while the server's own handlers are not installed.

    A server that is interrupted during its start would print a traceback, so that the process
    exits at once. Afterwards the server has shut down by itself, and the handler does nothing, so
    that the caller can remove its temporary files.
    """

    server_started: bool = False

    def __call__(self, number: int, frame: object) -> None:
        """Exits unless the server was started."""
        del frame
        if not self.server_started:
            os._exit(128 + number)  # the status that shells give a process killed by a signal


@asynccontextmanager
async def _lifespan(handler: _SignalHandler, browse: str | None, app: App) -> AsyncGenerator[None]:
    """Opens a browser when the server starts."""
    del app
    handler.server_started = True
    if browse is not None:  # -I: a file webbrowser.py in the working folder is not imported
        command = [sys.executable, "-I", "-m", "webbrowser", browse]
        await anyio.open_process(command, stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL)
    yield
