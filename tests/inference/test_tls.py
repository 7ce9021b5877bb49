"""TLS errors of an endpoint: what is permanent ends the run with the first call."""

import ssl
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from typing import Final

import pytest

from error_map.errors import ModelUnusable
from error_map.inference.litellm import LiteLLMEngine
from error_map.inference.model_table import is_provider
from error_map.inference.providers import JudgeOptions, resolve_endpoint
from tests.inference.test_litellm_engine import KEY, refused

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.slow,
    pytest.mark.skipif(not find_spec("litellm"), reason="the extra llm is not installed"),
]
SELF_SIGNED: Final = Path(__file__).with_name("self_signed.pem")
"""A key and its certificate for 127.0.0.1, made for this test and valid for a hundred years."""


class QuietServer(HTTPServer):
    """Clients end the handshake as they are meant to; that is no error worth printing."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Prints nothing."""


def serving(*, tls: bool) -> Iterator[int]:
    server = QuietServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(SELF_SIGNED)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def self_signed_port() -> Iterator[int]:
    yield from serving(tls=True)


@pytest.fixture
def plain_port() -> Iterator[int]:
    yield from serving(tls=False)


async def first_error(model: str, port: int) -> Exception:
    config = {"model": model, "api_base": f"https://127.0.0.1:{port}", "api_key": KEY}
    options = JudgeOptions(litellm_config=config)
    engine = LiteLLMEngine(resolve_endpoint(options, {}, is_provider=is_provider))
    error = await refused(engine)
    await engine.aclose()
    return error


@pytest.mark.parametrize("model", ["openai/judge-1", "ollama_chat/judge-1"])
@pytest.mark.parametrize("without_aiohttp", ["False", "True"])
async def test_an_untrusted_certificate_makes_the_model_unusable(
    self_signed_port: int, monkeypatch: pytest.MonkeyPatch, *, without_aiohttp: str, model: str
) -> None:
    monkeypatch.setenv("DISABLE_AIOHTTP_TRANSPORT", without_aiohttp)

    error = await first_error(model, self_signed_port)

    assert type(error) is ModelUnusable
    prefix = f"the certificate of https://127.0.0.1:{self_signed_port} is not trusted: "
    assert error.message.startswith(prefix)
    assert "self-signed certificate" in error.message
    assert "SSL_CERT_FILE" in error.hint


@pytest.mark.parametrize("without_aiohttp", ["False", "True"])
async def test_https_to_a_server_without_tls_makes_the_model_unusable(
    plain_port: int, monkeypatch: pytest.MonkeyPatch, *, without_aiohttp: str
) -> None:
    monkeypatch.setenv("DISABLE_AIOHTTP_TRANSPORT", without_aiohttp)

    error = await first_error("openai/judge-1", plain_port)

    assert type(error) is ModelUnusable
    assert error.message.startswith(f"no connection to https://127.0.0.1:{plain_port}: ")
