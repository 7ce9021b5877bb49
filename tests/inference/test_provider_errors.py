"""Translation of LiteLLM's errors, without LiteLLM: by status, message, class and cause."""

from collections.abc import Callable
from typing import Final, TypeAlias

import pytest

from error_map.errors import (
    CallFailed,
    LimitRefused,
    ModelBusy,
    ModelDown,
    ModelUnusable,
    SchemaRefused,
)
from error_map.inference.provider_errors import (
    MAX_MESSAGE_CHARS,
    ProviderError,
    permanent_failure,
    refused_limit,
    refused_mode,
    refused_request,
    transient_failure,
    wrapped_model_error,
)

Translation: TypeAlias = Callable[[ProviderError], CallFailed | ModelUnusable | None]
ALL: Final[dict[str, Translation]] = {
    "mode": refused_mode,
    "limit": refused_limit,
    "request": refused_request,
    "permanent": permanent_failure,
    "transient": transient_failure,
}


class ProviderFault(Exception):
    """An error with LiteLLM's attributes."""

    def __init__(self, message: str, status_code: object = None, **attributes: object) -> None:
        super().__init__(message)
        self.status_code = status_code
        vars(self).update(attributes)


class ContextWindowExceededError(ProviderFault):
    """Has the name of LiteLLM's class."""


class LongContextError(ContextWindowExceededError):
    """A subclass counts too."""


@pytest.mark.parametrize(
    ("status", "text", "translations"),
    [
        (400, "response_format is not supported", {"mode"}),
        (501, "json_schema is not implemented", {"mode", "transient"}),
        (400, "max_tokens is too large", {"limit"}),
        (413, "Payload Too Large", {"limit", "request"}),
        (400, "filtered by our content management policy", {"limit", "request"}),
        (403, "flagged by moderation", {"request", "permanent"}),
        (401, "wrong", {"permanent"}),
        (402, "no credit", {"permanent"}),
        (404, "no such model", {"permanent"}),
        (429, "slow down", {"transient"}),
        (529, "overloaded", {"transient"}),
        (408, "timeout", {"transient"}),
        (500, "oops", {"transient"}),
        (None, "no connection", {"transient"}),
        (418, "teapot", set()),
    ],
)
def test_a_status_and_its_message_have_these_meanings(
    status: int | None, text: str, translations: set[str]
) -> None:
    error = ProviderError(status=status, text=text)

    assert {name for name, translate in ALL.items() if translate(error)} == translations


def test_all_kinds_of_failures_keep_the_message() -> None:
    assert isinstance(refused_mode(ProviderError(status=400, text="json mode")), SchemaRefused)
    assert isinstance(refused_limit(ProviderError(status=422, text="too many")), LimitRefused)
    assert isinstance(transient_failure(ProviderError(status=503, text="x")), ModelDown)
    failure = transient_failure(ProviderError(status=429, text="busy", retry_after_s=7.0))
    assert isinstance(failure, ModelBusy)
    assert (failure.message, failure.retry_after_s) == ("busy", 7.0)


def test_an_exhausted_quota_in_the_body_is_permanent_although_its_status_is_429() -> None:
    error = ProviderError(status=429, text="HTTP 429: no", body="{'code': 'insufficient_quota'}")

    assert isinstance(permanent_failure(error), ModelUnusable)


@pytest.mark.parametrize("kind", [ContextWindowExceededError, LongContextError])
def test_a_too_long_prompt_is_recognized_by_the_class(kind: type[ProviderFault]) -> None:
    failure = refused_request(ProviderError.of(kind("no", 400), ()))

    assert failure is not None
    assert failure.message == "the prompt is too long for the model: HTTP 400: no"


def test_a_missing_package_is_permanent() -> None:
    error = ProviderError.of(ModuleNotFoundError("No module named 'boto3'"), ())

    failure = permanent_failure(error)

    assert failure is not None
    assert failure.hint == "the provider needs this package"


@pytest.mark.parametrize(
    ("message", "status", "text"),
    [
        ("litellm.BadRequestError: OpenAIException - too\n  long", 400, "HTTP 400: too long"),
        ("litellm.InternalServerError: AnthropicError: down", None, "down"),
        ("oops Traceback (most recent call last): File", 500, "HTTP 500: oops"),
        ("half a pair \ud800", "not a status", "half a pair \ufffd"),
    ],
)
def test_the_text_is_one_line_without_class_names(message: str, status: object, text: str) -> None:
    assert ProviderError.of(ProviderFault(message, status), ()).text == text


def test_the_text_of_a_connection_error_is_its_innermost_cause() -> None:
    error = ProviderFault("Connection error.")
    error.__cause__ = ValueError("outer")
    error.__cause__.__cause__ = OSError("name not known")

    parsed = ProviderError.of(error, ())

    assert parsed.text == "Connection error. name not known"
    assert parsed.root == "OSError"


def test_a_secret_at_the_cut_of_the_text_is_removed_whole() -> None:
    key = "sk-0123456789abcdef"

    for before in range(MAX_MESSAGE_CHARS - 30, MAX_MESSAGE_CHARS):
        text = ProviderError.of(ProviderFault("x" * before + key), {key}).text
        assert "sk-" not in text
        assert len(text) <= MAX_MESSAGE_CHARS


def test_headers_are_read_in_any_case() -> None:
    error = ProviderFault("busy", 429, litellm_response_headers={"Retry-After": "7"})

    assert ProviderError.of(error, ()).retry_after_s == 7


def test_our_own_error_is_found_under_others() -> None:
    error = ProviderFault("outer")
    error.__context__ = ValueError("inner")
    assert wrapped_model_error(error) is None

    own = ModelDown("no connection")
    error.__context__.__cause__ = own
    assert wrapped_model_error(error) is own
