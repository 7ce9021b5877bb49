"""Refuses requests from other sites and machines, because the viewer has no password."""

from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
"""Host names that only this machine can reach."""
_FORBIDDEN: Final = 403
_NO_ADDRESS: Final = (
    "The viewer shows no runs, because it was started without a server address: every machine in "
    "the network can reach it, and there is no password. Start it with error-map view, or with\n\n"
    "    streamlit run src/app/app.py --server.address 127.0.0.1\n\n"
    "for this machine only, or with --server.address 0.0.0.0 to admit other machines.\n"
)
_FOREIGN_NAME: Final = (
    "The viewer only accepts requests from this machine, to the names 127.0.0.1, localhost and "
    "::1. If you use a proxy, allow its name with --server.allowedHosts.\n"
)


def refusal_reason(
    headers: Headers, *, address: str | None, allowed: Collection[str]
) -> str | None:
    """Why a request is refused; None if it is accepted.

    Any web page can make its visitor's browser send requests to 127.0.0.1. If the page's own name
    resolves to 127.0.0.1 (DNS rebinding), it can also read the replies. Only the headers Host and
    Origin reveal this. Streamlit compares the origin too, but a config file in the working folder
    can turn that off.

    Args:
        headers: Headers of the request.
        address: Address that the server was started for; None if none was given.
        allowed: Further host names, from the option `server.allowedHosts`.

    Example:
        >>> local = Headers({"Host": "localhost:8501"})
        >>> refusal_reason(local, address="127.0.0.1", allowed=())
        >>> rebound = Headers({"Host": "evil.example"})
        >>> refusal_reason(rebound, address="127.0.0.1", allowed=()) is None
        False
    """
    if not address:
        return _NO_ADDRESS
    if address not in LOOPBACK:
        return None  # other machines are admitted; Streamlit applies `server.allowedHosts`
    names = [_host_name(headers.get("host", ""))]
    if "origin" in headers:
        names.append(_host_name(headers["origin"].partition("://")[2]))
    accepted = all(_matches(name, (*LOOPBACK, *allowed)) for name in names)
    return None if accepted else _FOREIGN_NAME


def _host_name(host: str) -> str:
    """The name in a Host header; empty unless the header is a name with an optional port."""
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port  # raises if it is not a number
    except ValueError:
        return ""
    return "" if parts.netloc != host or "@" in host else (parts.hostname or "").rstrip(".")


def _matches(name: str, patterns: Collection[str]) -> bool:
    lower = [pattern.lower() for pattern in patterns]
    return bool(name) and any(
        pattern in {"*", name} or (pattern.startswith("*.") and name.endswith(pattern[1:]))
        for pattern in lower
    )


class HostGuard:
    """ASGI middleware that applies `refusal_reason` to every HTTP request and WebSocket.

    Streamlit itself checks the host of WebSockets only.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuses the request or passes it to the application."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        reason = refusal_reason(
            Headers(scope=scope),
            address=st.get_option("server.address"),
            allowed=st.get_option("server.allowedHosts"),
        )
        if reason is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await PlainTextResponse(reason, _FORBIDDEN)(scope, receive, send)
        else:
            await send({"type": "websocket.close"})  # before it is accepted: status 403
