"""Guards LiteLLM's HTTP calls: no redirects, bounded bodies, precise connection errors."""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from functools import wraps
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Final

from ..errors import ModelDown, ModelUnusable
from .completions import PATH_END, repaired

if TYPE_CHECKING:
    import httpx

_IS_GUARDED: Final[ContextVar[bool]] = ContextVar("error_map_call", default=False)
_OK: Final = 200
# Bodies are streamed so that reading can stop at the bound below.
_OPTIONS: Final = {"follow_redirects": False, "stream": True}
# Bounds memory on hostile input: 100 concurrent bodies take at most 0.8 GB. It is eighty times the
# longest answer that is read (`answer_schemas.MAX_CHARS`).
MAX_BODY_BYTES: Final = 8 * 2**20
_BODY_HEADERS: Final = frozenset({"content-encoding", "content-length", "transfer-encoding"})
"""Headers that no longer describe the body once it is unpacked."""


class Unreachable(ModelDown):
    """No connection to the host."""


@contextmanager
def guarded_call() -> Iterator[None]:
    """Guards the calls in this block; other uses of httpx in the process are unaffected."""
    token = _IS_GUARDED.set(True)
    try:
        yield
    finally:
        _IS_GUARDED.reset(token)


def guard_clients() -> None:
    """Patches httpx, which LiteLLM sends through, to guard the calls within `guarded_call`.

    LiteLLM follows redirects with the prompt and its keys and has no switch against it, nor does it
    accept one client for all its providers. So the guard is where all its clients end.

    Within `guarded_call`, `send` raises:
        ModelUnusable: The server redirects, or its certificate is not trusted.
        Unreachable: There is no connection.
        ModelDown: A completion holds no answer, or a body is too long.
    """
    httpx = import_module("httpx")
    httpx.AsyncClient.send = _guarded(httpx.AsyncClient.send, httpx)
    httpx.Client.send = _guarded_in_thread(httpx.Client.send, httpx)


# httpx has one class of client for coroutines and one for threads, so what awaits is written twice;
# every decision is in the functions that both share.
def _guarded(
    send: Callable[..., Awaitable[httpx.Response]], module: ModuleType
) -> Callable[..., Awaitable[httpx.Response]]:
    @wraps(send)
    async def guarded(client: object, request: httpx.Request, **options: object) -> httpx.Response:
        if not _IS_GUARDED.get():
            return await send(client, request, **options)
        with _connecting(request, module):
            response = await send(client, request, **{**options, **_OPTIONS})
        try:
            _refuse_redirect(request, response)
            return response if options.get("stream") else await _whole(response)
        finally:
            if not options.get("stream"):
                await response.aclose()

    return guarded


def _guarded_in_thread(
    send: Callable[..., httpx.Response], module: ModuleType
) -> Callable[..., httpx.Response]:
    """The same for the providers that LiteLLM calls in threads."""

    @wraps(send)
    def guarded(client: object, request: httpx.Request, **options: object) -> httpx.Response:
        if not _IS_GUARDED.get():
            return send(client, request, **options)
        with _connecting(request, module):
            response = send(client, request, **{**options, **_OPTIONS})
        try:
            _refuse_redirect(request, response)
            return response if options.get("stream") else _whole_in_thread(response)
        finally:
            if not options.get("stream"):
                response.close()

    return guarded


async def _whole(response: httpx.Response) -> httpx.Response:
    """The response with its whole body, up to the bound."""
    body = bytearray()
    async for piece in response.aiter_bytes():
        _add(body, piece, response)
    return _with_body(response, body)


def _whole_in_thread(response: httpx.Response) -> httpx.Response:
    body = bytearray()
    for piece in response.iter_bytes():
        _add(body, piece, response)
    return _with_body(response, body)


def _add(body: bytearray, piece: bytes, response: httpx.Response) -> None:
    body += piece
    if len(body) > MAX_BODY_BYTES:
        size = f"more than {MAX_BODY_BYTES // 2**20} MB"
        raise ModelDown(f"HTTP {response.status_code}: the body has {size}")


@contextmanager
def _connecting(request: httpx.Request, module: ModuleType) -> Iterator[None]:
    """Translates connection errors, with the host and the system's reason.

    LiteLLM's aiohttp transport raises a ProtocolError for a failed TLS handshake, where httpx's own
    raises a ConnectError; the cause tells both.
    """
    try:
        yield
    except module.TransportError as error:
        causes = list(_causes(error))
        reason = str(causes[-1]) or type(causes[-1]).__name__
        host = _host(request.url)
        # A certificate stays untrusted, whereas other faults of a handshake may be passing.
        if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
            raise ModelUnusable(
                f"the certificate of {host} is not trusted: {reason}",
                hint="check the address, or name a file of trusted certificates by SSL_CERT_FILE",
            ) from error
        is_tls = any(isinstance(cause, ssl.SSLError) for cause in causes)
        if is_tls or isinstance(error, module.ConnectError):
            raise Unreachable(f"no connection to {host}: {reason}") from error
        raise


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and its causes, the innermost last."""
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


def _refuse_redirect(request: httpx.Request, response: httpx.Response) -> None:
    if not response.has_redirect_location:
        return
    source = _host(request.url)
    target = _host(request.url.join(response.headers["location"]))
    to = f"to {target}" if target != source else "to another address on the same host"
    raise ModelUnusable(
        f"HTTP {response.status_code}: {source} redirects {to}, and no prompt is sent there",
        hint="if that is the model's address, name it by --api-base",
    )


def _host(url: httpx.URL) -> str:
    """Scheme, host and port; the rest of an address may hold a key."""
    port = "" if url.port is None else f":{url.port}"
    return f"{url.scheme}://{url.host}{port}"


def _with_body(response: httpx.Response, body: bytearray) -> httpx.Response:
    """The response with a body that LiteLLM can read."""
    is_completion = response.request.url.path.endswith(PATH_END)
    content = bytes(body)
    if is_completion and response.status_code == _OK:
        content = repaired(content)
    headers = [
        (name, value) for name, value in response.headers.multi_items() if name not in _BODY_HEADERS
    ]
    complete: httpx.Response = type(response)(
        response.status_code,
        headers=headers,
        content=content,
        request=response.request,
        extensions=response.extensions,
        history=response.history,
    )
    complete.elapsed = timedelta(0)
    return complete
