"""Finds secrets in a configuration and removes them from texts."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from ..config import STORED

# Keys are much longer. Shorter values are mostly ordinary words, which must stay in messages.
MIN_SECRET_CHARS: Final = 6
SCRUBBED: Final = "<not stored>"
_KEY_VARIABLE: Final = re.compile(r"KEY|TOKEN|SECRET|PASSW|CREDENTIAL", re.IGNORECASE)
_SCHEMES: Final = frozenset({"bearer", "basic"})
# Ordinary segments of providers' paths, such as `deployments`, are shorter.
_MIN_PATH_TOKEN_CHARS: Final = 16
_TOKEN: Final = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[\w.~-]{8,}")
"""A text with letters and digits: a token rather than a word."""


def scrub(text: str, secrets: Iterable[str]) -> str:
    """Removes all secrets from a text, including their percent-encoded forms.

    Example:
        >>> scrub("wrong key sk-123456", {"sk-123456"})
        'wrong key <not stored>'
    """
    forms = {form for secret in secrets for form in (secret, quote(secret, safe=""))}
    # The longest first, because a secret may contain another one.
    for form in sorted(forms, key=len, reverse=True):
        if len(form) >= MIN_SECRET_CHARS:
            text = text.replace(form, SCRUBBED)
    return text


def tokens_among(secrets: Iterable[str]) -> frozenset[str]:
    """The secrets that are tokens: removing words as well would damage a model's own text.

    Example:
        >>> sorted(tokens_among({"english", "sk-12345678"}))
        ['sk-12345678']
    """
    return frozenset(secret for secret in secrets if _TOKEN.fullmatch(secret))


def secrets_of(settings: Mapping[str, object]) -> frozenset[str]:
    """All secret texts in a configuration.

    That is every string of 6 or more characters, at any depth, except those under an allowed name;
    of `api_base`, only the parts that may be tokens.
    """
    return frozenset(_strings(settings, top=True))


def secrets_in_environment(environment: Mapping[str, str]) -> frozenset[str]:
    """The values of environment variables whose names suggest a key."""
    keys = {name: value for name, value in environment.items() if _KEY_VARIABLE.search(name)}
    return frozenset(_strings(keys))


def _strings(value: object, *, top: bool = False) -> Iterator[str]:
    if isinstance(value, str):
        yield from _of_text(value)
    elif isinstance(value, Mapping):
        for name, part in value.items():
            if name in {"api_base", "base_url"}:
                yield from _of_address(str(part))
            elif not (top and name in STORED):
                yield from _strings(part)
    elif isinstance(value, list | tuple | set | frozenset):
        for part in value:
            yield from _strings(part)


def _of_text(text: str) -> Iterator[str]:
    """The text, its words (`Bearer …`) and, if it is JSON, the strings in it."""
    if len(text) >= MIN_SECRET_CHARS:
        yield text
    for word in text.split():
        if len(word) >= MIN_SECRET_CHARS and word.casefold() not in _SCHEMES:
            yield word
    if text.lstrip().startswith("{"):
        try:
            inner = json.loads(text)
        except ValueError:
            return
        yield from _strings(inner)


def _of_address(address: str) -> Iterator[str]:
    """User, password, query, fragment and the parts of the path that look like tokens."""
    parts = urlsplit(address)
    login = [parts.username or "", parts.password or ""]
    query = [piece.partition("=")[2] or piece for piece in re.split("[&;]", parts.query)]
    steps = [
        step
        for step in parts.path.split("/")
        if _TOKEN.fullmatch(step) or len(step) >= _MIN_PATH_TOKEN_CHARS
    ]
    for piece in (*login, *query, parts.fragment, *steps):
        yield from (form for form in {piece, unquote(piece)} if len(form) >= MIN_SECRET_CHARS)
