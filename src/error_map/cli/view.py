"""`error-map view`: serves the viewer of finished runs to a browser."""

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
from .flags import Whole
from .progress_bar import Drawing

FIRST_PORT: Final = 8501
"""Streamlit's own default."""
_NO_HOME: Final = "/nonexistent"
"""The home folder of Debian's users without a home."""
_MAX_PORTS: Final = 20
"""Ports to try if none is requested: more viewers than anyone opens at once."""
_REQUIRED: Final = ("streamlit", "plotly")


def view(
    path: str | None = None,
    /,
    *,
    output_dir: Path = Path("output"),
    port: Whole = None,
    host: str = "127.0.0.1",
    no_browser: Annotated[bool, Parameter(negative=())] = False,
) -> None:
    """View finished runs in a browser.

    Parameters
    ----------
    path
        Name of a run, a folder of runs, or a file of results (default: the newest run in the
        output folder).
    output_dir
        Folder of the runs' files.
    port
        Port to serve on (default: the first free one from 8501 on).
    host
        Interface to serve on; any other than 127.0.0.1 lets other machines in.
    no_browser
        Do not open a browser.
    """
    _refuse_without_extra()
    with _run_at(path, output_dir) as run:
        with Drawing(quiet=False) as drawing:
            open_index(run, drawing)
        free = _free_port(host, port)
        _ensure_home()
        from ..app.server import LOOPBACK, serve

        if host not in LOOPBACK:
            _say("anyone who can reach this port can read every run on it; there is no password")
        address = f"http://{f'[{host}]' if ':' in host else host}:{free}/?run={run.exp_id}"
        print(address, flush=True)
        _say("press Ctrl-C to stop")
        browse = None if no_browser else address
        serve(run.output_dir, run.exp_id, host=host, port=free, browse=browse)


def _ensure_home() -> None:
    """Sets a home folder for Streamlit, which reads its settings there, if the user has none.

    Users of containers may have none. It does not exist: in a folder for temporary files, other
    users could leave settings.
    """
    try:
        Path.home()
    except RuntimeError:
        os.environ["HOME"] = _NO_HOME


def _refuse_without_extra() -> None:
    """Refuses to start without the packages of the extra `app`.

    Raises:
        InputError: One of them is missing.
    """
    for name in _REQUIRED:
        try:
            import_module(name)
        except ImportError as error:
            message = f"the viewer needs {name}, which the extra error-map[app] installs"
            raise InputError(message, hint="pip install 'error-map[app]'") from error


@contextmanager
def _run_at(path: str | None, output_dir: Path) -> Iterator[RunFolder]:
    """The requested run; a file of results is imported as one for the duration of the block."""
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
        raise InputError("no such folder", where=str(output_dir), hint="error-map demo creates one")
    elif os.sep in path:
        hint = "name a folder of runs or a file of results; error-map demo creates a run"
        raise InputError("no such file or folder", where=path, hint=hint)
    else:
        known = [run.exp_id for run in finished_runs(output_dir)]
        message = f"no run {path!r}, and no file or folder of that name"
        hint = closest(path, known) if output_dir.is_dir() else "this folder does not exist either"
        raise InputError(message, where=str(output_dir), hint=hint)


def _newest(folder: Path) -> RunFolder:
    runs = finished_runs(folder)
    if not runs:
        hint = "a finished run has a manifest; error-map demo creates one"
        raise InputError("no finished run in this folder", where=str(folder), hint=hint)
    newest = max(runs, key=lambda run: run.manifest.lstat().st_mtime_ns)
    return open_run(folder, newest.exp_id)


def _free_port(host: str, requested: int | None) -> int:
    """The requested port, or the first free one.

    Raises:
        InputError: The host is not an interface of this machine, or no port is free.
    """
    ports = range(FIRST_PORT, FIRST_PORT + _MAX_PORTS) if requested is None else (requested,)
    failure = OSError()
    for port in ports:
        try:
            family, kind, number, _, address = socket.getaddrinfo(
                host, port, type=socket.SOCK_STREAM
            )[0]
            with socket.socket(family, kind, number) as probe:
                # As the server itself does: a port of a viewer that just ended is free.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
                return port
        except (OSError, OverflowError) as error:
            failure = OSError(str(error))
    where = f"{host}:{ports[0]}" if requested is not None else host
    hint = "leave out --port to use the first free one" if requested else "name another --port"
    raise InputError(f"cannot serve: {failure}", where=where, hint=hint)


def _say(text: str) -> None:
    print(plain_text(text), file=sys.stderr, flush=True)
