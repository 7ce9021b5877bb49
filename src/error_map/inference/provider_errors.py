"""Translates errors of LiteLLM and of providers into ours, by HTTP status and message."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Self

from ..errors import (
    CallFailed,
    LimitRefused,
    ModelBusy,
    ModelDown,
    ModelError,
    ModelUnusable,
    SchemaRefused,
)
from ..records.surrogates import mend
from .retry_after import retry_after_s
from .secrets import scrub

# A few lines of a terminal: providers put what matters first, and some append whole prompts.
MAX_MESSAGE_CHARS: Final = 400
# Bounds the search for secrets. Much longer than the message that is shown, so that a key that
# begins before this cut ends far behind the shown part.
_MAX_CHARS_READ: Final = 100_000
_PAYLOAD_TOO_LARGE: Final = 413
_NOT_FOUND: Final = 404
_SERVER_ERROR: Final = 500
# Azure answers 400 to filtered content, OpenRouter 403 to flagged content.
_CONTENT_STATUS: Final = frozenset({400, 403})
_LIMIT_STATUS: Final = frozenset({400, 413, 422})
_KEY_STATUS: Final = frozenset({401, 402, 403})
# Anthropic answers 529 when it is overloaded.
_BUSY_STATUS: Final = frozenset({429, 529})
# Timeout, conflict and "too early" are the 4xx that may succeed if sent again unchanged.
_TRANSIENT_STATUS: Final = frozenset({408, 409, 425})
# All that a server may answer to a response_format that it does not implement.
_FORMAT_STATUS: Final = frozenset({400, 415, 422, 501})
_FORMAT: Final = re.compile(
    r"response[_ ]?(format|schema)|json[_ ]?(schema|object|mode)|structured[_ ]?output"
    r"|guided_|parse grammar|output_(config|format)|additionalProperties",
    re.IGNORECASE,
)
# An empty account comes as 429, like a rate limit, but no wait helps.
_NO_KEY: Final = re.compile(
    r"missing credentials|api_key client option|unable to locate credentials"
    r"|api[ _]key[^.]{0,40}(missing|required|not (set|found|provided|valid))"
    r"|insufficient_quota",
    re.IGNORECASE,
)
_NO_PROVIDER: Final = "LLM Provider NOT provided"
"""LiteLLM's own message; it has sent nothing."""
_CONTENT_REFUSED: Final = re.compile(
    r"content[_ ](policy|filter|management)|moderation|flagged", re.IGNORECASE
)
_INVALID_ADDRESS: Final = frozenset({"UnsupportedProtocol", "InvalidURL", "InvalidUrlClientError"})
_CLASS_PREFIXES: Final = re.compile(
    r"^(?:litellm\.)?(?:\w+(?:Error|Timeout): )*(?:\w+Exception - )?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderError:
    """What an error of LiteLLM says, read once."""

    status: int | None = None
    """The HTTP status, which is more reliable than LiteLLM's class of error; None if unknown."""
    text: str = ""
    """One line without secrets: the status and the provider's message."""
    body: str = field(default="", repr=False)
    """The response's body; it may hold secrets."""
    kinds: frozenset[str] = frozenset()
    """Names of the error's class and of its base classes."""
    root: str = ""
    """Name of the class of the innermost cause."""
    retry_after_s: float | None = None
    """Seconds to wait, if the provider says so."""

    @classmethod
    def of(cls, error: Exception, secrets: Iterable[str]) -> Self:
        """Reads an error.

        Args:
            error: Raised by LiteLLM.
            secrets: Texts that no message may show.
        """
        headers = getattr(error, "litellm_response_headers", None) or {}
        return cls(
            status=_status(error),
            text=mend(scrub(_text(error), secrets)[:MAX_MESSAGE_CHARS])[0],
            body=str(getattr(error, "body", "")),
            kinds=frozenset(base.__name__ for base in type(error).__mro__),
            root=type(_root(error)).__name__,
            retry_after_s=retry_after_s(
                {str(name).lower(): str(value) for name, value in headers.items()}
            ),
        )


def wrapped_model_error(error: BaseException) -> ModelError | None:
    """The error of ours that LiteLLM and other libraries have wrapped; None if there is none."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ModelError):
        cause = cause.__cause__ or cause.__context__
    return cause


def refused_request(error: ProviderError) -> CallFailed | None:
    """The failure if only this request is refused, for its length or its content."""
    if error.status == _PAYLOAD_TOO_LARGE or "ContextWindowExceededError" in error.kinds:
        return CallFailed(f"the prompt is too long for the model: {error.text}")
    refused = error.status in _CONTENT_STATUS and _CONTENT_REFUSED.search(error.text)
    if refused or "ContentPolicyViolationError" in error.kinds:
        return CallFailed(f"the provider refuses the content: {error.text}")
    return None


def refused_limit(error: ProviderError) -> LimitRefused | None:
    """The failure if the request may succeed with its previous token limit."""
    refused = error.status in _LIMIT_STATUS and not _FORMAT.search(error.text)
    return LimitRefused(error.text) if refused else None


def refused_mode(error: ProviderError) -> SchemaRefused | None:
    """The failure if the request may succeed in a less strict mode."""
    refused = error.status in _FORMAT_STATUS and _FORMAT.search(error.text)
    return SchemaRefused(error.text) if refused else None


def permanent_failure(error: ProviderError) -> ModelUnusable | None:
    """The failure if no call can succeed."""
    if error.status in _KEY_STATUS or _NO_KEY.search(f"{error.text} {error.body}"):
        return ModelUnusable(error.text, hint="check the API key and the account")
    if _NO_PROVIDER in error.text:
        hint = "name it with its provider, such as openai/gpt-4.1, or give its server's --api-base"
        return ModelUnusable("LiteLLM knows no provider of the judge", hint=hint)
    if error.status == _NOT_FOUND or error.root in _INVALID_ADDRESS:
        return ModelUnusable(error.text, hint="check the model's name and the api_base")
    if "ImportError" in error.kinds:
        return ModelUnusable(error.text, hint="the provider needs this package")
    return None


def transient_failure(error: ProviderError) -> ModelBusy | ModelDown | None:
    """The failure if a later attempt may succeed."""
    status = error.status
    if status in _BUSY_STATUS:
        return ModelBusy(error.text, retry_after_s=error.retry_after_s)
    if status is None or status >= _SERVER_ERROR or status in _TRANSIENT_STATUS:
        return ModelDown(error.text)
    return None


def _status(error: Exception) -> int | None:
    status = getattr(error, "status_code", None)
    return status if isinstance(status, int) else None


def _root(error: BaseException) -> BaseException:
    """The innermost cause."""
    while cause := error.__cause__ or error.__context__:
        error = cause
    return error


def _text(error: Exception) -> str:
    """One line: the status and the provider's message, or the cause of a connection error."""
    status = _status(error)
    raw = str(error)[:_MAX_CHARS_READ].partition("Traceback (most recent call last)")[0]
    message = _CLASS_PREFIXES.sub("", " ".join(raw.split()))
    root = _root(error)
    if message.rstrip(".").casefold() == "connection error" and root is not error:
        return f"{message} {str(root) or type(root).__name__}"
    return message if status is None else f"HTTP {status}: {message}"
