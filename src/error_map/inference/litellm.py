"""The only module that imports litellm: questions out, replies in, its errors in our words."""

import json
import logging
import os
import re
import warnings
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any, Final

import anyio
from pydantic import BaseModel

from ..collector import collect_seldom
from ..errors import (
    CallFailed,
    InputError,
    ModelBusy,
    ModelDown,
    ModelError,
    ModelUnusable,
    SchemaRefused,
)
from .base import Ask, Message, Mode, Reply
from .providers import Endpoint
from .secrets import scrub

DEFAULT_TIMEOUT_S: Final = 120.0
PLAINER: Final[Mapping[Mode, Mode]] = {"json_schema": "json_object", "json_object": "text"}
"""What is tried where a way of asking for JSON is refused."""
_OURS: Final[Mapping[str, Any]] = {
    "num_retries": 0,
    "max_retries": 0,
    "drop_params": True,
    "caching": False,
    "stream": False,
}
"""Stands over what the caller says: we retry, record and read whole answers."""
_ENVIRONMENT: Final = {
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",  # else its import fetches a price list
    "LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS": "True",
    "LITELLM_MODE": "PRODUCTION",  # else its import reads a .env file
}
_STRICT: Final = frozenset({"type", "items", "enum", "anyOf", "$ref", "description"})
"""JSON-schema keywords that every provider of structured output takes, beside an object's own."""
_OPENAI: Final = "openai/"
_NO_PRICE: Final = "error_map_no_price"
"""Marks an entry of litellm's table that is ours and says nothing."""
_READ_ONLY: Final = "Items? .* on TypedDict class .* using the `ReadOnly` qualifier"
_SHOWN_CHARS: Final = 400
_TOO_LONG: Final = 413
_NOT_FOUND: Final = 404
_CONTENT_STATUS: Final = frozenset({400, 403})
_KEY_STATUS: Final = frozenset({401, 402, 403})
_BUSY_STATUS: Final = frozenset({429, 529})
_DOWN_STATUS: Final = frozenset({408, 409, 425})
_SERVER_FAULT: Final = 500
_FORMAT_STATUS: Final = frozenset({400, 415, 422, 501})
_FORMAT: Final = re.compile(
    r"response[_ ]?(format|schema)|json[_ ]?(schema|object|mode)|structured[_ ]?output"
    r"|guided_|parse grammar|output_(config|format)|additionalProperties",
    re.IGNORECASE,
)
_NO_KEY: Final = re.compile(
    r"missing credentials|api_key client option|unable to locate credentials"
    r"|api[ _]key[^.]{0,40}(missing|required|not (set|found|provided|valid))"
    r"|insufficient_quota",
    re.IGNORECASE,
)
_REFUSED_CONTENT: Final = re.compile(
    r"content[_ ](policy|filter|management)|moderation|flagged", re.IGNORECASE
)
_BAD_ADDRESS: Final = frozenset({"UnsupportedProtocol", "InvalidURL", "InvalidUrlClientError"})
_CLASSES: Final = re.compile(r"^(?:litellm\.)?(?:\w+(?:Error|Timeout): )*(?:\w+Exception - )?")


class LiteLLMEngine:
    """Any model that LiteLLM reaches. Making the first one loads litellm, which takes seconds.

    Raises:
        InputError: litellm is not installed.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self._litellm = _load()
        self._openai_error = import_module("openai").OpenAIError
        """What all of litellm's errors are."""
        self._endpoint = endpoint
        timeout = endpoint.arguments.get("timeout", DEFAULT_TIMEOUT_S)
        self._arguments = {**endpoint.arguments, **_OURS, "timeout": timeout}
        self._arguments.pop("response_format", None)
        self._timeout_s = float(timeout) if isinstance(timeout, int | float) else None
        self._mode = _best_mode(self._litellm, endpoint)
        self._is_free = _is_free(self._litellm, endpoint.arguments["model"])
        _stop_looking_for_price(self._litellm, endpoint.arguments["model"])
        self._accepted: set[tuple[type[BaseModel], Mode]] = set()
        """What was answered: an error that echoes a prompt is no refusal of that."""

    @property
    def model(self) -> str:
        """The model's name, as files call it."""
        return self._endpoint.model

    @property
    def parameters(self) -> Mapping[str, object]:
        """Everything else that can change an answer and is not secret."""
        return self._endpoint.parameters

    async def ask(self, ask: Ask) -> Reply:
        """The model's reply; a way of asking for JSON that is refused is not tried again.

        Raises:
            CallFailed: This call has no reply; others may.
            ModelUnusable: No call can have one.
        """
        while True:
            mode = self._mode
            try:
                return await self._ask(ask, mode)
            except SchemaRefused:
                if self._mode == mode:  # else another call has fallen for all
                    self._mode = PLAINER[mode]

    async def aclose(self) -> None:
        """Closes LiteLLM's connections, also those that others made in this process."""
        await self._litellm.close_litellm_async_clients()
        self._litellm.in_memory_llm_clients_cache.flush_cache()

    async def _ask(self, ask: Ask, mode: Mode) -> Reply:
        arguments = {**self._arguments, "messages": _messages(ask, mode)}
        if mode != "text":
            arguments["response_format"] = _response_format(ask.schema, mode)
        may_fall = mode in PLAINER and (ask.schema, mode) not in self._accepted
        outcome = await self._called(arguments, may_fall=may_fall)
        if isinstance(outcome, ModelError):
            raise outcome
        self._accepted.add((ask.schema, mode))
        return _reply(outcome, mode, is_free=self._is_free)

    async def _called(self, arguments: Mapping[str, Any], *, may_fall: bool) -> Any:  # noqa: ANN401 - litellm's object
        """The response, or a fault in our words.

        It is given back, not raised, so that litellm's own error is not chained to it: a
        traceback would show what was scrubbed.
        """
        try:
            with anyio.fail_after(self._timeout_s):
                return await self._litellm.acompletion(**arguments)
        except TimeoutError:
            return ModelDown(f"no answer in {self._timeout_s or 0:g} s")
        except (self._openai_error, ImportError) as error:
            return self._fault(error, may_fall=may_fall)

    def _fault(self, error: Exception, *, may_fall: bool) -> ModelError:
        """What an error of litellm means for the run."""
        text = scrub(_text_of(error), self._endpoint.secrets)[:_SHOWN_CHARS]
        known = (
            _of_this_item(self._litellm.exceptions, error, text)
            or (may_fall and _of_this_mode(error, text))
            or _unusable(error, text)
            or _passing(error, text)
        )
        if known:
            return known
        if self._accepted:
            return CallFailed(text)
        return ModelUnusable(text, hint="check the model's name and its options")


def check_installed() -> None:
    """Says that litellm is missing, without loading it.

    Raises:
        InputError: It is.
    """
    if find_spec("litellm") is None:
        raise _not_installed()


def _not_installed() -> InputError:
    return InputError("an LLM as the analyst needs litellm", hint="pip install error-map[llm]")


def is_provider(name: str) -> bool:
    """Whether LiteLLM knows a provider of that name; loads litellm."""
    return name in _providers()


def price_per_token(model: str) -> tuple[float, float] | None:
    """US dollars for a token in and a token out by LiteLLM's offline table; None if unknown."""
    litellm = _load()
    try:
        prices = litellm.cost_per_token(model=model, prompt_tokens=1, completion_tokens=1)
    except (litellm.exceptions.ModelNotMappedError, litellm.exceptions.BadRequestError):
        return None
    into, out = float(prices[0]), float(prices[1])
    return (into, out) if into or out or _is_free(litellm, model) else None


def _is_free(litellm: ModuleType, model: str) -> bool:
    """Whether a price of zero is the table's; litellm also guesses zero for models like others."""
    names = {model, model.partition("/")[2]} & litellm.model_cost.keys()
    return any(_NO_PRICE not in litellm.model_cost[name] for name in names)


def _stop_looking_for_price(litellm: ModuleType, model: str) -> None:
    """Spares litellm the search of its whole table, after each reply, for a price it has not.

    Only where the provider is OpenAI's protocol: elsewhere an entry can change what is sent.
    """
    if model.startswith(_OPENAI) and price_per_token(model) is None:
        entry = {"litellm_provider": "openai", "mode": "chat"}
        nothing = {"input_cost_per_token": 0.0, "output_cost_per_token": 0.0, _NO_PRICE: True}
        litellm.register_model({model: entry | nothing})


@cache
def _load() -> Any:  # noqa: ANN401 - a module whose settings are set
    """litellm, told to be quiet."""
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    _silence()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            litellm: Any = import_module("litellm")
            litellm.ModelResponse(usage=litellm.Usage())  # pydantic warns while it builds these
    except ImportError as error:
        raise _not_installed() from error
    litellm.suppress_debug_info = True  # else it prints
    collect_seldom()
    return litellm


def _silence() -> None:
    """No logs: they hold prompts and addresses. No warnings of how litellm defines its types."""
    for name in ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    for name in ("httpx", "openai"):  # they log addresses
        logging.getLogger(name).setLevel(logging.WARNING)
    warnings.filterwarnings("ignore", message=_READ_ONLY, category=UserWarning)


@cache
def _providers() -> frozenset[str]:
    return frozenset(str(getattr(one, "value", one)) for one in _load().provider_list)


def _best_mode(litellm: ModuleType, endpoint: Endpoint) -> Mode:
    """JSON by schema wherever response_format is known; elsewhere litellm would drop it unsaid."""
    arguments = endpoint.arguments
    known = litellm.get_supported_openai_params(
        model=arguments["model"], custom_llm_provider=arguments.get("custom_llm_provider")
    )
    return "json_schema" if known is None or "response_format" in known else "text"


# ---- the question


def _messages(ask: Ask, mode: Mode) -> list[dict[str, str]]:
    messages = [_message(message) for message in ask.messages]
    if mode != "json_schema" and messages:
        messages[0]["content"] += _in_words(ask.schema)
    return messages


def _message(message: Message) -> dict[str, str]:
    return {"role": message.role, "content": _sendable(message.content)}


def _sendable(text: str) -> str:
    """The text as UTF-8 can carry it: lone surrogates become replacement characters."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _response_format(schema: type[BaseModel], mode: Mode) -> Mapping[str, Any]:
    return _by_schema(schema) if mode == "json_schema" else {"type": "json_object"}


@cache
def _by_schema(schema: type[BaseModel]) -> Mapping[str, Any]:
    named = {"name": schema.__name__, "strict": True, "schema": strict_schema(schema)}
    return {"type": "json_schema", "json_schema": named}


@cache
def _in_words(schema: type[BaseModel]) -> str:
    text = json.dumps(strict_schema(schema), separators=(",", ":"))
    return (
        "\n\nAnswer with one JSON object and nothing else: no prose, no code fence."
        f" It must fit this JSON schema:\n{text}"
    )


def strict_schema(schema: type[BaseModel]) -> dict[str, Any]:
    """A model's JSON schema as strict structured output takes it.

    Every property is required, none may be added, and keywords that some providers refuse
    (defaults, lengths, patterns, ranges, titles) are left out: pydantic checks them afterwards.
    """
    return _strict(schema.model_json_schema())


def _strict(node: Mapping[str, Any]) -> dict[str, Any]:
    if "$ref" in node:
        return {"$ref": node["$ref"]}
    kept = {name: _strict_part(value) for name, value in node.items() if name in _STRICT}
    if "const" in node:
        kept["enum"] = [node["const"]]
    if "oneOf" in node:
        kept["anyOf"] = _strict_part(node["oneOf"])
    if "properties" in node:
        kept["properties"] = {n: _strict(part) for n, part in node["properties"].items()}
        kept |= {"required": list(node["properties"]), "additionalProperties": False}
    if "$defs" in node:
        kept["$defs"] = {name: _strict(part) for name, part in node["$defs"].items()}
    return kept


def _strict_part(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, Mapping):
        return _strict(value)
    if isinstance(value, list):
        return [_strict_part(part) for part in value]
    return value


# ---- the reply


def _reply(response: Any, mode: Mode, *, is_free: bool) -> Reply:  # noqa: ANN401 - litellm's object
    choice = response.choices[0]
    usage = getattr(response, "usage", None)
    details = getattr(usage, "prompt_tokens_details", None)
    return Reply(
        text=choice.message.content or "",
        finish=choice.finish_reason or "stop",
        mode=mode,
        tokens_in=getattr(usage, "prompt_tokens", None) or 0,
        tokens_cached=getattr(details, "cached_tokens", None) or 0,
        tokens_out=getattr(usage, "completion_tokens", None) or 0,
        cost=_cost(response, is_free=is_free),
    )


def _cost(response: Any, *, is_free: bool) -> float | None:  # noqa: ANN401 - litellm's object
    """What litellm has worked out by its offline table anyway."""
    hidden = getattr(response, "_hidden_params", None) or {}
    cost = hidden.get("response_cost")
    return float(cost) if cost or (cost == 0 and is_free) else None


# ---- errors


def _of_this_item(kinds: ModuleType, error: Exception, text: str) -> CallFailed | None:
    """The fault if the model takes other items."""
    status = _status(error)
    if status == _TOO_LONG or isinstance(error, kinds.ContextWindowExceededError):
        return CallFailed(f"the question is too long for the model: {text}")
    refused = status in _CONTENT_STATUS and _REFUSED_CONTENT.search(text)
    if refused or isinstance(error, kinds.ContentPolicyViolationError):
        return CallFailed(f"the provider refuses the content: {text}")
    return None


def _of_this_mode(error: Exception, text: str) -> SchemaRefused | None:
    """The fault if JSON may be asked for in a plainer way."""
    refused = _status(error) in _FORMAT_STATUS and _FORMAT.search(text)
    return SchemaRefused(text) if refused else None


def _unusable(error: Exception, text: str) -> ModelUnusable | None:
    """The fault if no call can succeed."""
    status = _status(error)
    if status in _KEY_STATUS or _NO_KEY.search(f"{text} {getattr(error, 'body', '')}"):
        return ModelUnusable(text, hint="check the API key and the account")
    if status == _NOT_FOUND or type(_root(error)).__name__ in _BAD_ADDRESS:
        return ModelUnusable(text, hint="check the model's name and the api_base")
    if isinstance(error, ImportError):
        return ModelUnusable(text, hint="the provider needs this package")
    return None


def _passing(error: Exception, text: str) -> ModelBusy | ModelDown | None:
    """The fault if it may pass by itself."""
    status = _status(error)
    if status in _BUSY_STATUS:
        return ModelBusy(text, retry_after_s=_retry_after_s(error))
    if status is None or status >= _SERVER_FAULT or status in _DOWN_STATUS:
        return ModelDown(text)
    return None


def _status(error: Exception) -> int | None:
    """The HTTP status, which says more than litellm's class of error."""
    status = getattr(error, "status_code", None)
    return status if isinstance(status, int) else None


def _root(error: BaseException) -> BaseException:
    """Where it began."""
    while under := error.__cause__ or error.__context__:
        error = under
    return error


def _text_of(error: Exception) -> str:
    """One line: the status, what the provider said, and what lay under a connection error."""
    status = _status(error)
    told = str(error).partition("\nTraceback (most recent call last)")[0]
    said = _CLASSES.sub("", " ".join(told.split()))
    root = _root(error)
    if said.rstrip(".").casefold() == "connection error" and root is not error:
        return f"{said} {str(root) or type(root).__name__}"[:_SHOWN_CHARS]
    return (
        f"HTTP {status}: {said}"[:_SHOWN_CHARS] if isinstance(status, int) else said[:_SHOWN_CHARS]
    )


def _retry_after_s(error: Exception) -> float | None:
    """Seconds that the provider asks for; a date counts from the response's own."""
    headers = getattr(error, "litellm_response_headers", None) or {}
    fine, coarse = headers.get("retry-after-ms"), headers.get("retry-after")
    try:
        if fine is not None:
            return max(0.0, float(fine) / 1000)
        return None if coarse is None else max(0.0, float(coarse))
    except ValueError:
        return _seconds_until(str(coarse), str(headers.get("date", "")))


def _seconds_until(later: str, now: str) -> float | None:
    try:
        wait = parsedate_to_datetime(later) - parsedate_to_datetime(now)
    except (ValueError, TypeError):
        return None
    return max(0.0, wait.total_seconds())
