"""Which requests the viewer's server accepts, however it is started."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

import pytest

from tests.server_process import HEALTH, answer, free_port, serving, status
from tests.support import ROOT, a_row, analysed, write_csv
from tests.viewing import ENVIRONMENT

pytestmark = pytest.mark.slow

STREAM: Final = "/_stcore/stream"
UPGRADE: Final = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}
STREAMLIT: Final = ("-m", "streamlit", "run", str(ROOT / "src" / "app" / "app.py"))


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("served")
    data = root / "data"
    data.mkdir()
    write_csv(data / "d.csv", [a_row("e1", "a", output=""), a_row("e2", "a", score=1)])
    analysed(data, root / "output")
    settings = root / "output" / ".streamlit" / "config.toml"
    settings.parent.mkdir()
    settings.write_text("[server]\nenableCORS = false\nenableXsrfProtection = false\n", "utf-8")
    return root / "output"


def serving_at(command: Sequence[str], port: int, cwd: Path) -> AbstractContextManager[int]:
    settings = {"STREAMLIT_SERVER_HEADLESS": "true", "HOME": str(cwd)}
    return serving(
        [sys.executable, *command], port, environment={**ENVIRONMENT, **settings}, cwd=cwd
    )


@pytest.fixture(scope="module", params=["view", "checkout", "elsewhere"])
def port(request: pytest.FixtureRequest, runs: Path) -> Iterator[int]:
    """Port of a viewer on loopback, started in each possible way."""
    number = free_port()
    flags = ["--server.port", str(number)]
    command, cwd = {
        "view": (["-m", "error_map", "view", str(runs), "--no-browser", f"--port={number}"], runs),
        "checkout": ([*STREAMLIT, *flags, "--", str(runs)], ROOT),
        "elsewhere": ([*STREAMLIT, *flags, "--server.address=127.0.0.1", "--", str(runs)], runs),
    }[request.param]
    with serving_at(command, number, cwd) as served:
        yield served


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST.", "[::1]"])
def test_requests_to_names_of_this_machine_are_accepted(port: int, host: str) -> None:
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
def test_requests_of_pages_of_other_sites_are_refused(port: int, origin: str) -> None:
    foreign, own = {"Origin": origin}, {"Origin": f"http://127.0.0.1:{port}"}

    assert status(port, STREAM, headers={**UPGRADE, **foreign}) == 403
    assert status(port, HEALTH, headers=foreign) == 403
    assert status(port, STREAM, headers={**UPGRADE, **own}) == 101


@pytest.mark.allow_hosts(["127.0.0.1", "127.0.0.2"])
def test_other_interfaces_refuse_connections(port: int) -> None:
    with pytest.raises(ConnectionRefusedError):
        answer(port, HEALTH, at="127.0.0.2")


def test_a_server_without_an_address_shows_no_runs_and_names_the_option(
    runs: Path,
) -> None:
    number = free_port()
    command = [*STREAMLIT, "--server.port", str(number), "--", str(runs)]

    with serving_at(command, number, runs) as served:
        code, text = answer(served, "/")

        assert code == 403
        assert "--server.address 127.0.0.1" in text
        assert status(served, STREAM, headers=UPGRADE) == 403


def test_other_machines_are_admitted_on_request(runs: Path) -> None:
    number = free_port()
    flags = ["--server.port", str(number), "--server.address", "0.0.0.0"]  # noqa: S104

    with serving_at([*STREAMLIT, *flags, "--", str(runs)], number, runs) as served:
        assert status(served, "/", headers={"Host": "hub.example"}) == 200
        assert status(served, STREAM, headers={**UPGRADE, "Host": "hub.example"}) == 101


def test_the_allowed_name_of_a_proxy_is_accepted(runs: Path) -> None:
    number = free_port()
    flags = ["--server.port", str(number), "--server.address", "127.0.0.1"]
    flags += ["--server.allowedHosts", "hub.example"]

    with serving_at([*STREAMLIT, *flags, "--", str(runs)], number, runs) as served:
        assert status(served, "/", headers={"Host": "hub.example"}) == 200
        assert status(served, STREAM, headers={**UPGRADE, "Host": "hub.example"}) == 101
        assert status(served, "/", headers={"Host": "evil.example"}) == 403
