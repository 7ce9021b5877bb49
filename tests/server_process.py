"""Runs the viewer's server in a process of its own, and sends plain requests to it."""

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

HEALTH: Final = "/_stcore/health"
PATIENCE_S: Final = 90
"""Start-up takes seconds, but much longer on a busy machine."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(
    command: Sequence[str],
    port: int,
    *,
    environment: Mapping[str, str],
    cwd: Path | None = None,
) -> Iterator[int]:
    """Starts a server and yields its port once it answers."""
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + PATIENCE_S
    try:
        while process.poll() is None and time.monotonic() < deadline:
            try:
                status(port, HEALTH)
            except OSError:
                continue
            break
        yield port
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(timeout=60)


def answer(
    port: int, path: str, *, headers: Mapping[str, str] | None = None, at: str = "127.0.0.1"
) -> tuple[int, str]:
    """Status and body of one request; for a WebSocket only the status."""
    connection = http.client.HTTPConnection(at, port, timeout=30)
    try:
        connection.request("GET", path, headers=dict(headers or {}))
        response = connection.getresponse()
        opened = response.status == http.HTTPStatus.SWITCHING_PROTOCOLS
        return response.status, "" if opened else response.read().decode()
    finally:
        connection.close()


def status(port: int, path: str, *, headers: Mapping[str, str] | None = None) -> int:
    return answer(port, path, headers=headers)[0]
