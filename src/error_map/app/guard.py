"""Refuses requests that should not reach the viewer: it has no password."""

from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
"""Hosts that only this machine reaches."""
_FORBIDDEN: Final = 403
_NO_ADDRESS: Final = (
    "The viewer shows nothing: no address was chosen, so every machine of the network reaches it, "
    "and there is no password. Start it with error-map view, or with\n\n"
    "    streamlit run src/app/app.py --server.address 127.0.0.1\n\n"
    "for this machine alone, or with --server.address 0.0.0.0 to let others in.\n"
)
_OTHER_NAME: Final = (
    "The viewer answers this machine alone, under the names 127.0.0.1, localhost and ::1. "
    "If the name is that of your proxy, allow it with --server.allowedHosts.\n"
)


def refusal(headers: Headers, *, address: str | None, allowed: Collection[str]) -> str | None:
    """Why a request is not answered; None if it is.

    A page of any site can send its visitor's browser to 127.0.0.1, also under the site's own name
    (DNS rebinding), and would then read what is served there: only the headers Host and Origin
    tell. Streamlit compares the origin too, but a config file of the working folder can stop it.

    Args:
        headers: Of the request.
        address: That the server was told to listen on; None if nobody chose one.
        allowed: Further names, as `server.allowedHosts` has them.

    Example:
        >>> local = Headers({"Host": "localhost:8501"})
        >>> refusal(local, address="127.0.0.1", allowed=())
        >>> rebound = Headers({"Host": "evil.example"})
        >>> refusal(rebound, address="127.0.0.1", allowed=()) is None
        False
    """
    if not address:
        return _NO_ADDRESS
    if address not in LOOPBACK:
        return None  # other machines are let in; Streamlit applies `server.allowedHosts`
    names = [_name(headers.get("host", ""))]
    if "origin" in headers:
        names.append(_name(headers["origin"].partition("://")[2]))
    known = all(_is_known(name, (*LOOPBACK, *allowed)) for name in names)
    return None if known else _OTHER_NAME


def _name(host: str) -> str:
    """The name in a Host header; empty if it is not a name with perhaps a port."""
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port  # refuses one that is no number
    except ValueError:
        return ""
    return "" if parts.netloc != host or "@" in host else (parts.hostname or "").rstrip(".")


def _is_known(name: str, patterns: Collection[str]) -> bool:
    known = [pattern.lower() for pattern in patterns]
    return bool(name) and any(
        pattern in {"*", name} or (pattern.startswith("*.") and name.endswith(pattern[1:]))
        for pattern in known
    )


class Guard:
    """ASGI middleware that applies `refusal` to every request and WebSocket.

    Streamlit itself checks the host of WebSockets only.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request, or hands it on."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        reason = refusal(
            Headers(scope=scope),
            address=st.get_option("server.address"),
            allowed=st.get_option("server.allowedHosts"),
        )
        if reason is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await PlainTextResponse(reason, _FORBIDDEN)(scope, receive, send)
        else:
            await send({"type": "websocket.close"})  # before it is accepted: 403
