"""Whom the viewer's server answers: this machine, under a name of this machine."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from .support import ROOT, a_row, analysed, write_csv
from .viewing import ENVIRONMENT

pytestmark = pytest.mark.slow

HEALTH: Final = "/_stcore/health"
STREAM: Final = "/_stcore/stream"
UPGRADE: Final = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}
PATIENCE_S: Final = 90
STREAMLIT: Final = ("-m", "streamlit", "run", str(ROOT / "src" / "app" / "app.py"))


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("served")
    data = place / "data"
    data.mkdir()
    write_csv(data / "d.csv", [a_row("e1", "a", output=""), a_row("e2", "a", score=1)])
    analysed(data, place / "output")
    settings = place / "output" / ".streamlit" / "config.toml"
    settings.parent.mkdir()
    settings.write_text("[server]\nenableCORS = false\nenableXsrfProtection = false\n", "utf-8")
    return place / "output"


def free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


@contextmanager
def serving(command: Sequence[str], port: int, *, cwd: Path) -> Iterator[int]:
    """The port of a server that answers."""
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=cwd,
        env={**ENVIRONMENT, "STREAMLIT_SERVER_HEADLESS": "true", "HOME": str(cwd)},
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
    """Status and text of one request; of a WebSocket that is opened, the status alone."""
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


@pytest.fixture(scope="module", params=["view", "checkout", "elsewhere"])
def port(request: pytest.FixtureRequest, runs: Path) -> Iterator[int]:
    """Of a viewer on loopback, in each way that it can be started."""
    number = free_port()
    flags = ["--server.port", str(number)]
    command, cwd = {
        "view": (["-m", "error_map", "view", str(runs), "--no-browser", f"--port={number}"], runs),
        "checkout": ([*STREAMLIT, *flags, "--", str(runs)], ROOT),
        "elsewhere": ([*STREAMLIT, *flags, "--server.address=127.0.0.1", "--", str(runs)], runs),
    }[request.param]
    with serving(command, number, cwd=cwd) as served:
        yield served


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST.", "[::1]"])
def test_this_machine_is_answered_under_its_own_names(port: int, host: str) -> None:
    assert status(port, "/", headers={"Host": f"{host}:{port}"}) == 200
    assert status(port, STREAM, headers={**UPGRADE, "Host": f"{host}:{port}"}) == 101


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "[", "", "a:b:c"]
)
@pytest.mark.parametrize("path", ["/", HEALTH, "/media/x", "/_stcore/host-config"])
def test_a_foreign_name_for_this_machine_is_refused(port: int, host: str, path: str) -> None:
    assert status(port, path, headers={"Host": host}) in {400, 403}
    assert status(port, STREAM, headers={**UPGRADE, "Host": host}) in {400, 403}


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "https://127.0.0.1.evil.example"]
)
def test_a_page_of_another_site_gets_no_answer(port: int, origin: str) -> None:
    foreign, own = {"Origin": origin}, {"Origin": f"http://127.0.0.1:{port}"}

    assert status(port, STREAM, headers={**UPGRADE, **foreign}) == 403
    assert status(port, HEALTH, headers=foreign) == 403
    assert status(port, STREAM, headers={**UPGRADE, **own}) == 101


@pytest.mark.allow_hosts(["127.0.0.1", "127.0.0.2"])
def test_no_other_interface_is_listened_on(port: int) -> None:
    with pytest.raises(ConnectionRefusedError):
        answer(port, HEALTH, at="127.0.0.2")


def test_a_server_whose_address_nobody_chose_shows_nothing_and_says_what_to_type(
    runs: Path,
) -> None:
    number = free_port()
    command = [*STREAMLIT, "--server.port", str(number), "--", str(runs)]

    with serving(command, number, cwd=runs) as served:
        code, text = answer(served, "/")

        assert code == 403
        assert "--server.address 127.0.0.1" in text
        assert status(served, STREAM, headers=UPGRADE) == 403


def test_other_machines_are_let_in_where_it_is_asked_for(runs: Path) -> None:
    number = free_port()
    flags = ["--server.port", str(number), "--server.address", "0.0.0.0"]  # noqa: S104

    with serving([*STREAMLIT, *flags, "--", str(runs)], number, cwd=runs) as served:
        assert status(served, "/", headers={"Host": "hub.example"}) == 200
        assert status(served, STREAM, headers={**UPGRADE, "Host": "hub.example"}) == 101


def test_the_name_of_a_proxy_is_taken_where_it_is_allowed(runs: Path) -> None:
    number = free_port()
    flags = ["--server.port", str(number), "--server.address", "127.0.0.1"]
    flags += ["--server.allowedHosts", "hub.example"]

    with serving([*STREAMLIT, *flags, "--", str(runs)], number, cwd=runs) as served:
        assert status(served, "/", headers={"Host": "hub.example"}) == 200
        assert status(served, STREAM, headers={**UPGRADE, "Host": "hub.example"}) == 101
        assert status(served, "/", headers={"Host": "evil.example"}) == 403
