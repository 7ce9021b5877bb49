"""Between LiteLLM and the network: what leaves goes to the named host, what comes is readable."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from functools import wraps
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from ..errors import ModelDown, ModelUnusable
from .completions import PATH_END, readable

if TYPE_CHECKING:
    import httpx

_OURS: Final[ContextVar[bool]] = ContextVar("error_map_call", default=False)
_OK: Final = 200
_GUARDED: Final = {"follow_redirects": False, "stream": True}
MOST_BYTES: Final = 8 * 2**20
"""Of a body, unpacked: eighty times the longest answer that is read."""
_OF_THE_OLD_BODY: Final = frozenset({"content-encoding", "content-length", "transfer-encoding"})


class NotReached(ModelDown):
    """There is no connection to the host."""


@contextmanager
def our_call() -> Iterator[None]:
    """A call of ours: whatever else this process does with httpx is left as it is."""
    token = _OURS.set(True)
    try:
        yield
    finally:
        _OURS.reset(token)


def guard() -> None:
    """Has httpx, which LiteLLM sends by, guard our calls.

    LiteLLM follows redirects with the question and its keys, and has no switch for that; nor can
    it be given a client that suits all its providers. So it is done where all its clients end.

    Within `our_call`, `send` raises:
        ModelUnusable: The server sends us elsewhere.
        NotReached: There is no connection.
        ModelDown: A completion holds no answer, or a body has no end.
    """
    httpx = import_module("httpx")
    fault = httpx.ConnectError
    httpx.AsyncClient.send = _guarded(httpx.AsyncClient.send, fault)
    httpx.Client.send = _guarded_in_a_thread(httpx.Client.send, fault)


def _guarded(
    send: Callable[..., Awaitable[httpx.Response]], fault: type[Exception]
) -> Callable[..., Awaitable[httpx.Response]]:
    @wraps(send)
    async def guarded(client: object, request: httpx.Request, **options: Any) -> httpx.Response:  # noqa: ANN401 - httpx's
        if not _OURS.get():
            return await send(client, request, **options)
        with _connecting(request, fault):
            response = await send(client, request, **{**options, **_GUARDED})
        try:
            _refuse_redirect(request, response)
            return response if options.get("stream") else await _whole(response)
        finally:
            if not options.get("stream"):
                await response.aclose()

    return guarded


def _guarded_in_a_thread(
    send: Callable[..., httpx.Response], fault: type[Exception]
) -> Callable[..., httpx.Response]:
    """The same, for the providers that LiteLLM asks in threads."""

    @wraps(send)
    def guarded(client: object, request: httpx.Request, **options: Any) -> httpx.Response:  # noqa: ANN401 - httpx's
        if not _OURS.get():
            return send(client, request, **options)
        with _connecting(request, fault):
            response = send(client, request, **{**options, **_GUARDED})
        try:
            _refuse_redirect(request, response)
            return response if options.get("stream") else _whole_in_a_thread(response)
        finally:
            if not options.get("stream"):
                response.close()

    return guarded


@contextmanager
def _connecting(request: httpx.Request, fault: type[Exception]) -> Iterator[None]:
    try:
        yield
    except fault as error:
        raise NotReached(f"no connection to {_place(request.url)}: {_why(error)}") from error


def _why(error: BaseException) -> str:
    """The system's words, at the bottom of the chain."""
    while under := error.__cause__ or error.__context__:
        error = under
    return str(error) or type(error).__name__


def _refuse_redirect(request: httpx.Request, response: httpx.Response) -> None:
    if response.has_redirect_location:
        raise _elsewhere(request, response)


async def _whole(response: httpx.Response) -> httpx.Response:
    """The response with its body, which is read piece by piece, as far as it may go."""
    body = bytearray()
    async for piece in response.aiter_bytes():
        _add(body, piece, response)
    return _with_body(response, body)


def _whole_in_a_thread(response: httpx.Response) -> httpx.Response:
    body = bytearray()
    for piece in response.iter_bytes():
        _add(body, piece, response)
    return _with_body(response, body)


def _add(body: bytearray, piece: bytes, response: httpx.Response) -> None:
    body += piece
    if len(body) > MOST_BYTES:
        most = f"more than {MOST_BYTES // 2**20} MB"
        raise ModelDown(f"HTTP {response.status_code}: the body has {most}")


def _elsewhere(request: httpx.Request, response: httpx.Response) -> ModelUnusable:
    here, there = _place(request.url), _place(request.url.join(response.headers["location"]))
    to = f"to {there}" if there != here else "to another address on the same host"
    return ModelUnusable(
        f"HTTP {response.status_code}: {here} redirects {to}, and no question is sent there",
        hint="if that is where the model is, name it by --api-base",
    )


def _place(url: httpx.URL) -> str:
    """Scheme, host and port; the rest of an address may hold a key."""
    port = "" if url.port is None else f":{url.port}"
    return f"{url.scheme}://{url.host}{port}"


def _with_body(response: httpx.Response, body: bytearray) -> httpx.Response:
    """The response with a body that LiteLLM can read."""
    asks_completion = response.request.url.path.endswith(PATH_END)
    content = bytes(body)
    if asks_completion and response.status_code == _OK:
        content = readable(content)
    kept = [(n, v) for n, v in response.headers.multi_items() if n not in _OF_THE_OLD_BODY]
    made: httpx.Response = type(response)(
        response.status_code,
        headers=kept,
        content=content,
        request=response.request,
        extensions=response.extensions,
        history=response.history,
    )
    made.elapsed = timedelta(0)
    return made
