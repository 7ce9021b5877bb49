"""Starts the viewer's server, and keeps it until it is interrupted."""

import os
import signal
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Final

from streamlit.web import bootstrap

from . import main

__all__ = ["LOOPBACK", "SETTINGS", "main", "serve"]  # main: so that the first visit finds it loaded

_SCRIPT: Final = Path(__file__).with_name("start.py")
LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
"""Hosts that only this machine reaches."""
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
"""Of Streamlit; `.streamlit/config.toml` has the same."""


def serve(folder: Path, run: str, *, host: str, port: int, with_browser: bool) -> None:
    """Serves the runs of a folder until a signal ends it.

    Args:
        folder: Of the runs.
        run: The one that is shown first.
        host: Name or number of the interface.
        port: Free on it.
        with_browser: Open one.
    """
    options: dict[str, object] = {
        **SETTINGS,
        "server.address": host,
        "server.port": port,
        "server.headless": not with_browser,
        "server.allowedHosts": list(LOOPBACK) if host in LOOPBACK else [],
        "logger.hideWelcomeMessage": True,
    }
    import_module("pandas")  # as the first table would, while somebody waits for it
    signal.signal(signal.SIGINT, _end_at_once)  # until the server, once it is up, has its own
    bootstrap.load_config_options(options)
    bootstrap.run(str(_SCRIPT), is_hello=False, args=[str(folder), run], flag_options=options)


def _end_at_once(number: int, frame: object) -> None:
    """Ends a server that is not up yet, which would tell of its own end at length."""
    del frame
    os._exit(128 + number)
