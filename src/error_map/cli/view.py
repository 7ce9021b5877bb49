"""`error-map view`: the viewer of finished runs in a browser."""

import os
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Annotated, Final

from cyclopts import Parameter

from ..errors import InputError, closest
from ..importers.run_folder import open_results
from ..outputs.index_builder import open_index
from ..presentation.sanitize import plain_text
from ..store import RunFolder, finished_runs, open_run
from .options import Whole
from .progress_bar import Drawing

FIRST_PORT: Final = 8501
_NOWHERE: Final = "/nonexistent"
"""Where Debian's users without a home have theirs."""
_TRIED: Final = 20
"""Ports that are tried, where none is asked for."""
_NEEDED: Final = ("streamlit", "plotly")


def view(
    path: str | None = None,
    /,
    *,
    output_dir: Path = Path("output"),
    port: Whole = None,
    host: str = "127.0.0.1",
    no_browser: Annotated[bool, Parameter(negative=())] = False,
) -> None:
    """Look at finished runs in a browser.

    Parameters
    ----------
    path
        A run's name, a folder of runs, or a file of results; the newest run of the output folder
        if left out.
    output_dir
        Folder of the runs' files.
    port
        Port to serve on; the first free one from 8501 on if left out.
    host
        Interface to serve on; others than 127.0.0.1 let other machines in.
    no_browser
        Do not open a browser.
    """
    _refuse_without_extra()
    with _run_at(path, output_dir) as run:
        with Drawing(quiet=False) as drawing:
            open_index(run, drawing)
        free = _free_port(host, port)
        _find_a_home()
        from ..app.server import LOOPBACK, serve

        if host not in LOOPBACK:
            _say("who reaches this machine's port can read every run on it; there is no password")
        address = f"http://{f'[{host}]' if ':' in host else host}:{free}/?run={run.exp_id}"
        print(address, flush=True)
        _say("Ctrl-C ends it")
        browse = None if no_browser else address
        serve(run.output_dir, run.exp_id, host=host, port=free, browse=browse)


def _find_a_home() -> None:
    """Gives Streamlit, which looks for its settings at home, one that is not there if need be.

    Users of containers may have none. A folder for temporary files would not do: anybody may leave
    settings there.
    """
    try:
        Path.home()
    except RuntimeError:
        os.environ["HOME"] = _NOWHERE


def _refuse_without_extra() -> None:
    """Says which extra brings what is missing.

    Raises:
        InputError: Something is.
    """
    for name in _NEEDED:
        try:
            import_module(name)
        except ImportError as error:
            told = f"the viewer needs {name}, which the extra error-map[app] brings"
            raise InputError(told, hint="pip install 'error-map[app]'") from error


@contextmanager
def _run_at(path: str | None, output_dir: Path) -> Iterator[RunFolder]:
    """The run that is asked for; a file of results becomes one for as long as it is looked at."""
    given = Path(path) if path is not None else output_dir
    if path is not None and path in {run.exp_id for run in finished_runs(output_dir)}:
        yield open_run(output_dir, path)
    elif given.is_dir():
        yield _newest(given)
    elif given.is_file():
        with tempfile.TemporaryDirectory(prefix="error-map-view-") as folder:
            with Drawing(quiet=False) as drawing:
                run = open_results(given, Path(folder), drawing)
            yield run
    elif path is None:
        raise InputError("no such folder", where=str(output_dir), hint="error-map demo makes one")
    elif os.sep in path:
        hint = "name a folder of runs or a file of results; error-map demo makes a run"
        raise InputError("neither a folder nor a file is there", where=path, hint=hint)
    else:
        known = [run.exp_id for run in finished_runs(output_dir)]
        told = f"no run {path!r}, and no folder or file of that name"
        there = closest(path, known) if output_dir.is_dir() else "this folder is not there either"
        raise InputError(told, where=str(output_dir), hint=there)


def _newest(folder: Path) -> RunFolder:
    runs = finished_runs(folder)
    if not runs:
        hint = "a finished run has a manifest; error-map demo makes one"
        raise InputError("no finished run is there", where=str(folder), hint=hint)
    newest = max(runs, key=lambda run: run.manifest.lstat().st_mtime_ns)
    return open_run(folder, newest.exp_id)


def _free_port(host: str, asked: int | None) -> int:
    """The port that is asked for, else the first free one.

    Raises:
        InputError: The host is not one of this machine's, or no port is free.
    """
    ports = range(FIRST_PORT, FIRST_PORT + _TRIED) if asked is None else (asked,)
    trouble = OSError()
    for port in ports:
        try:
            family, kind, number, _, address = socket.getaddrinfo(
                host, port, type=socket.SOCK_STREAM
            )[0]
            with socket.socket(family, kind, number) as tried:
                tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                tried.bind(address)
                return port
        except (OSError, OverflowError) as error:
            trouble = OSError(str(error))
    where = f"{host}:{ports[0]}" if asked is not None else host
    hint = "leave --port out, and the first free one is taken" if asked else "name another --port"
    raise InputError(f"cannot serve: {trouble}", where=where, hint=hint)


def _say(text: str) -> None:
    print(plain_text(text), file=sys.stderr, flush=True)
