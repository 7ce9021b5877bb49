"""What of a configuration is secret, and texts without it."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from ..config import STORED

SHORTEST: Final = 6
"""Shorter values are ordinary words."""
SCRUBBED: Final = "<not stored>"
_KEY_VARIABLE: Final = re.compile(r"KEY|TOKEN|SECRET|PASSW|CREDENTIAL", re.IGNORECASE)
_SCHEMES: Final = frozenset({"bearer", "basic"})
_LONG: Final = 16
_CODE: Final = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[\w.~-]{8,}")
"""A text that is a token rather than a word."""


def scrub(text: str, secrets: Iterable[str]) -> str:
    """The text without any secret, also where one stands escaped as in an address.

    Example:
        >>> scrub("wrong key sk-123456", {"sk-123456"})
        'wrong key <not stored>'
    """
    forms = {form for secret in secrets for form in (secret, quote(secret, safe=""))}
    for form in sorted(forms, key=len, reverse=True):
        if len(form) >= SHORTEST:
            text = text.replace(form, SCRUBBED)
    return text


def tokens_among(secrets: Iterable[str]) -> frozenset[str]:
    """Those that are no words, so that a text can be scrubbed of them that is a model's own.

    Example:
        >>> sorted(tokens_among({"english", "sk-12345678"}))
        ['sk-12345678']
    """
    return frozenset(secret for secret in secrets if _CODE.fullmatch(secret))


def secrets_of(settings: Mapping[str, object]) -> frozenset[str]:
    """Every text in a configuration that must not be told.

    That is every string of 6 or more characters, at any depth, but those under an allowed name;
    of `api_base`, only what may be a token.
    """
    return frozenset(_found(settings, top=True))


def secrets_in_environment(environment: Mapping[str, str]) -> frozenset[str]:
    """The values of variables that are named like keys."""
    named = {name: value for name, value in environment.items() if _KEY_VARIABLE.search(name)}
    return frozenset(_found(named))


def _found(value: object, *, top: bool = False) -> Iterator[str]:
    if isinstance(value, str):
        yield from _of_text(value)
    elif isinstance(value, Mapping):
        for name, part in value.items():
            if name in {"api_base", "base_url"}:
                yield from _of_address(str(part))
            elif not (top and name in STORED):
                yield from _found(part)
    elif isinstance(value, list | tuple | set | frozenset):
        for part in value:
            yield from _found(part)


def _of_text(text: str) -> Iterator[str]:
    """The text, its words (`Bearer …`) and, if it is JSON, what is in it."""
    if len(text) >= SHORTEST:
        yield text
    for word in text.split():
        if len(word) >= SHORTEST and word.casefold() not in _SCHEMES:
            yield word
    if text.lstrip().startswith("{"):
        try:
            inner = json.loads(text)
        except ValueError:
            return
        yield from _found(inner)


def _of_address(address: str) -> Iterator[str]:
    """User, password, query and every part of the path that looks like a token."""
    parts = urlsplit(address)
    login = [parts.username or "", parts.password or ""]
    query = [piece.partition("=")[2] or piece for piece in re.split("[&;]", parts.query)]
    steps = [step for step in parts.path.split("/") if _CODE.fullmatch(step) or len(step) >= _LONG]
    for piece in (*login, *query, parts.fragment, *steps):
        yield from (form for form in {piece, unquote(piece)} if len(form) >= SHORTEST)
