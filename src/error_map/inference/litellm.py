"""The only module that imports litellm: questions out, replies in, its errors in our words."""

import logging
import os
import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any, Final
from urllib.parse import urlsplit

import anyio
from pydantic import BaseModel

from ..errors import (
    CallFailed,
    InputError,
    LimitRefused,
    ModelBusy,
    ModelDown,
    ModelError,
    ModelUnusable,
    SchemaRefused,
)
from ..gc_tuning import collect_rarely
from .adaptation import Adaptation, Adapting, WayRefused
from .base import PLAINER, Ask, Message, Mode, Reply, plainest
from .json_schema import response_format, schema_in_words
from .providers import Endpoint
from .retry_after import asked_wait_s
from .secrets import scrub, tokens_among
from .transport import NotReached, guard, our_call

DEFAULT_TIMEOUT_S: Final = 120.0
_OURS: Final[Mapping[str, Any]] = {
    "num_retries": 0,
    "max_retries": 0,
    "drop_params": True,
    "caching": False,
    "stream": False,
}
"""Stands over what the caller says: we retry, record and read whole answers."""
ENVIRONMENT: Final = {
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",  # else its import fetches a price list
    "LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS": "True",
    "LITELLM_MODE": "PRODUCTION",  # else its import reads a .env file
}
"""What LiteLLM is to find when it is imported, where the caller says nothing else."""
_OPENAI: Final = "openai/"
_NO_PRICE: Final = "error_map_no_price"
"""Marks an entry of litellm's table that is ours and says nothing."""
_READ_ONLY: Final = "Items? .* on TypedDict class .* using the `ReadOnly` qualifier"
_NOT_BEGUN: Final = r"coroutine '\w+\.acompletion' was never awaited"
_SHOWN_CHARS: Final = 400
_READ_CHARS: Final = 100_000
"""Of an error that are looked at, so that a key at the cut is far from what is shown."""
_MOST_TOKENS: Final = 100_000_000
"""Of one reply: ten times the longest context there is. More is no count, but a fault."""
_TOO_LONG: Final = 413
_NOT_FOUND: Final = 404
_CONTENT_STATUS: Final = frozenset({400, 403})
_LIMIT_STATUS: Final = frozenset({400, 413, 422})
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
_NO_PROVIDER: Final = "LLM Provider NOT provided"
"""LiteLLM's own words, with which nothing was sent."""
_REFUSED_CONTENT: Final = re.compile(
    r"content[_ ](policy|filter|management)|moderation|flagged", re.IGNORECASE
)
_BAD_ADDRESS: Final = frozenset({"UnsupportedProtocol", "InvalidURL", "InvalidUrlClientError"})
_CLASSES: Final = re.compile(r"^(?:litellm\.)?(?:\w+(?:Error|Timeout): )*(?:\w+Exception - )?")


class LiteLLMEngine:
    """Any model that LiteLLM reaches. Making the first one loads litellm, which takes seconds.

    Args:
        endpoint: The model, and how it is reached.
        tell: Told what is sent otherwise than it was asked for, once that was answered.

    Raises:
        InputError: litellm is not installed.
    """

    def __init__(
        self, endpoint: Endpoint, *, tell: Callable[[str], object] = lambda _: None
    ) -> None:
        self._litellm = _load()
        self._openai_error = import_module("openai").OpenAIError
        """What all of litellm's errors are."""
        self._endpoint = endpoint
        self._tokens = tokens_among(endpoint.secrets)
        timeout = endpoint.arguments.get("timeout", DEFAULT_TIMEOUT_S)
        self._arguments = {**endpoint.arguments, **_OURS, "timeout": timeout}
        self._arguments.pop("response_format", None)
        self._timeout_s = float(timeout) if isinstance(timeout, int | float) else None
        self._mode = _best_mode(self._litellm, endpoint)
        self._is_free = _is_free(self._litellm, endpoint.arguments["model"])
        _stop_looking_for_price(self._litellm, endpoint.arguments["model"])
        self._accepted: set[tuple[type[BaseModel], Mode]] = set()
        """What was answered: an error that echoes a prompt is no refusal of that."""
        self._adapting = Adapting(endpoint.arguments, tell)

    @property
    def model(self) -> str:
        """The model's name, as files call it."""
        return self._endpoint.model

    @property
    def parameters(self) -> Mapping[str, object]:
        """Everything else that can change an answer and is not secret."""
        return self._endpoint.parameters

    async def ask(self, ask: Ask) -> Reply:
        """The model's reply; a way of asking that is refused is not tried again.

        Raises:
            CallFailed: This call has no reply; others may.
            ModelUnusable: No call can have one.
        """
        while True:
            mode = plainest(self._mode, ask.mode)
            way = _Way(ask=ask, mode=mode, sent=self._adapting.sent)
            try:
                return await self._ask(way)
            except SchemaRefused:  # another call may have fallen for all, and further
                self._mode = plainest(self._mode, PLAINER[mode])
            except WayRefused as refused:
                self._adapting.adapt(refused, way.sent)

    async def aclose(self) -> None:
        """Closes LiteLLM's connections, also those that others made in this process."""
        await self._litellm.close_litellm_async_clients()
        self._litellm.in_memory_llm_clients_cache.flush_cache()

    async def _ask(self, way: "_Way") -> Reply:
        arguments = way.sent.arguments({**self._arguments, **way.limit})
        arguments["messages"] = _as_sent(way.sent.messages(way.messages))
        if way.mode != "text":
            arguments["response_format"] = response_format(way.ask.schema, way.mode)
        outcome = await self._called(arguments, way)
        if isinstance(outcome, ModelError):
            raise outcome
        self._accepted.add((way.ask.schema, way.mode))
        self._adapting.answered(way.messages)
        return self._scrubbed(_reply(outcome, way.mode, is_free=self._is_free))

    def _scrubbed(self, reply: Reply) -> Reply:
        """The reply without the key, which a server may repeat to get it into files."""
        return replace(
            reply,
            text=scrub(reply.text, self._tokens),
            finish=scrub(reply.finish, self._tokens),
            refusal=scrub(reply.refusal, self._tokens),
        )

    async def _called(self, arguments: Mapping[str, Any], way: "_Way") -> Any:  # noqa: ANN401 - litellm's object
        """The response, or a fault in our words.

        It is given back, not raised, so that litellm's own error is not chained to it: a
        traceback would show what was scrubbed.
        """
        try:
            with anyio.fail_after(self._timeout_s), our_call():
                response = await self._litellm.acompletion(**arguments)
        except TimeoutError:
            return ModelDown(f"no answer in {self._timeout_s or 0:g} s")
        except (self._openai_error, ImportError) as error:
            return self._fault(error, way)
        return response if response.choices else ModelDown("the provider gave no answer")

    def _fault(self, error: Exception, way: "_Way") -> ModelError:
        """What an error of litellm means for the run."""
        if ours := _wrapped(error):
            return self._our_fault(ours)
        text = _sendable(scrub(_text_of(error), self._endpoint.secrets)[:_SHOWN_CHARS])
        known = (
            self._of_this_way(error, text, way)
            or (way.limit and _of_this_limit(error, text))
            or _of_this_item(self._litellm.exceptions, error, text)
            or _unusable(error, text)
            or _passing(error, text)
        )
        if known:
            return known
        if self._accepted:
            return CallFailed(text)
        return ModelUnusable(text, hint="check the model's name and its options")

    def _of_this_way(self, error: Exception, text: str, way: "_Way") -> CallFailed | None:
        """The fault if the same may be asked in another way."""
        may_fall = way.mode in PLAINER and (way.ask.schema, way.mode) not in self._accepted
        return (may_fall and _of_this_mode(error, text)) or self._adapting.refusal(
            text, status=_status(error), messages=way.messages, sent=way.sent
        )

    def _our_fault(self, fault: ModelError) -> ModelError:
        """What our transport found; without a secret that stands in it."""
        text = scrub(fault.message, self._endpoint.secrets)[:_SHOWN_CHARS]
        if isinstance(fault, ModelUnusable):
            return ModelUnusable(text, hint=fault.hint)
        if isinstance(fault, NotReached) and not self._accepted:
            return ModelUnusable(text, hint="check the network, and the address in --api-base")
        return ModelDown(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """A question, and how it is sent."""

    ask: Ask
    mode: Mode
    sent: Adaptation

    @property
    def messages(self) -> tuple[Message, ...]:
        """As they are asked for in this mode."""
        return _messages(self.ask, self.mode)

    @property
    def limit(self) -> Mapping[str, int]:
        """The question's own limit of tokens, if it has one, as a parameter."""
        return {} if self.ask.max_tokens is None else {"max_tokens": self.ask.max_tokens}


def check_installed() -> None:
    """Says that litellm is missing, without loading it.

    Raises:
        InputError: It is.
    """
    if find_spec("litellm") is None:
        raise _not_installed()


def _not_installed() -> InputError:
    return InputError("an LLM as the analyst needs litellm", hint="pip install error-map[llm]")


def address_of(arguments: Mapping[str, Any]) -> str:
    """The host that a call with these arguments goes to, in words where only LiteLLM knows it.

    Raises:
        InputError: LiteLLM knows no provider of the model.
    """
    litellm = _load()
    model = str(arguments["model"])
    try:
        _, provider, _, base = litellm.get_llm_provider(model, api_base=arguments.get("api_base"))
    except litellm.exceptions.BadRequestError as error:
        hint = "name it with its provider: openai/gpt-4.1"
        raise InputError(f"no provider of the judge {model!r} is known", hint=hint) from error
    address = arguments.get("api_base") or base or _usual_address(litellm, provider)
    host = urlsplit(address).hostname if address else None
    return host or f"the address that LiteLLM has for {provider!r}"


def _usual_address(litellm: ModuleType, provider: str) -> str | None:
    """Where a provider is asked if no address is given, by LiteLLM's variables and defaults."""
    match provider:
        case "openai":
            address = litellm.OpenAIGPTConfig.get_api_base()
        case "anthropic":
            module = import_module("litellm.llms.anthropic.common_utils")
            address = module.AnthropicModelInfo.get_api_base()
        case _:
            address = None
    return None if address is None else str(address)


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
    for name, value in ENVIRONMENT.items():
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
    guard()
    collect_rarely()
    return litellm


def _silence() -> None:
    """No logs: they hold prompts and addresses. No warnings of how litellm defines its types."""
    for name in ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    for name in ("httpx", "openai"):  # they log addresses
        logging.getLogger(name).setLevel(logging.WARNING)
    warnings.filterwarnings("ignore", message=_READ_ONLY, category=UserWarning)
    # Left behind by litellm where a call is cancelled before it has begun.
    warnings.filterwarnings("ignore", message=_NOT_BEGUN, category=RuntimeWarning)


@cache
def provider_names() -> frozenset[str]:
    """Every provider that LiteLLM knows; loads litellm."""
    return frozenset(str(getattr(one, "value", one)) for one in _load().provider_list)


def _best_mode(litellm: ModuleType, endpoint: Endpoint) -> Mode:
    """JSON by schema wherever response_format is known; elsewhere litellm would drop it unsaid."""
    arguments = endpoint.arguments
    known = litellm.get_supported_openai_params(
        model=arguments["model"], custom_llm_provider=arguments.get("custom_llm_provider")
    )
    return "json_schema" if known is None or "response_format" in known else "text"


# ---- the question


def _messages(ask: Ask, mode: Mode) -> tuple[Message, ...]:
    if mode == "json_schema" or not ask.messages:
        return ask.messages
    first, *others = ask.messages
    return (replace(first, content=first.content + schema_in_words(ask.schema)), *others)


def _as_sent(messages: tuple[Message, ...]) -> list[dict[str, str]]:
    return [{"role": one.role, "content": _sendable(one.content)} for one in messages]


def _sendable(text: str) -> str:
    """The text as UTF-8 can carry it: lone surrogates become replacement characters."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


# ---- the reply


def _reply(response: Any, mode: Mode, *, is_free: bool) -> Reply:  # noqa: ANN401 - litellm's object
    choice = response.choices[0]
    message = choice.message
    usage = getattr(response, "usage", None)
    details = getattr(usage, "prompt_tokens_details", None)
    spent = getattr(usage, "completion_tokens_details", None)
    own = getattr(message, "provider_specific_fields", None) or {}
    told_in, told_out = (
        getattr(usage, name, None) for name in ("prompt_tokens", "completion_tokens")
    )
    tokens_in, tokens_out = _count(told_in), _count(told_out)
    return Reply(
        text=message.content or "",
        finish=_sendable(choice.finish_reason or "stop"),
        refusal=_sendable(str(own.get("refusal") or "")),
        thought=bool(
            getattr(message, "reasoning_content", None) or getattr(spent, "reasoning_tokens", None)
        ),
        mode=mode,
        tokens_in=tokens_in or 0,
        tokens_cached=min(_count(getattr(details, "cached_tokens", None)) or 0, tokens_in or 0),
        tokens_out=tokens_out or 0,
        cost=_cost(response, is_free=is_free) if tokens_in and tokens_out is not None else None,
    )


def _count(value: object) -> int | None:
    """A count of tokens; None where it cannot be one, so that it counts as not told."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_TOKENS:
        return value
    return None


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


def _of_this_limit(error: Exception, text: str) -> LimitRefused | None:
    """The fault if the question is taken with the limit of tokens that it had before."""
    refused = _status(error) in _LIMIT_STATUS and not _FORMAT.search(text)
    return LimitRefused(text) if refused else None


def _of_this_mode(error: Exception, text: str) -> SchemaRefused | None:
    """The fault if JSON may be asked for in a plainer way."""
    refused = _status(error) in _FORMAT_STATUS and _FORMAT.search(text)
    return SchemaRefused(text) if refused else None


def _unusable(error: Exception, text: str) -> ModelUnusable | None:
    """The fault if no call can succeed."""
    status = _status(error)
    if status in _KEY_STATUS or _NO_KEY.search(f"{text} {getattr(error, 'body', '')}"):
        return ModelUnusable(text, hint="check the API key and the account")
    if _NO_PROVIDER in text:
        hint = "name it with its provider, such as openai/gpt-4.1, or give its server's --api-base"
        return ModelUnusable("LiteLLM knows no provider of the judge", hint=hint)
    if status == _NOT_FOUND or type(_root(error)).__name__ in _BAD_ADDRESS:
        return ModelUnusable(text, hint="check the model's name and the api_base")
    if isinstance(error, ImportError):
        return ModelUnusable(text, hint="the provider needs this package")
    return None


def _passing(error: Exception, text: str) -> ModelBusy | ModelDown | None:
    """The fault if it may pass by itself."""
    status = _status(error)
    if status in _BUSY_STATUS:
        return ModelBusy(text, retry_after_s=_asked_wait_s(error))
    if status is None or status >= _SERVER_FAULT or status in _DOWN_STATUS:
        return ModelDown(text)
    return None


def _status(error: Exception) -> int | None:
    """The HTTP status, which says more than litellm's class of error."""
    status = getattr(error, "status_code", None)
    return status if isinstance(status, int) else None


def _wrapped(error: BaseException) -> ModelError | None:
    """Our own fault, where litellm and others have wrapped one."""
    under: BaseException | None = error
    while under is not None and not isinstance(under, ModelError):
        under = under.__cause__ or under.__context__
    return under


def _root(error: BaseException) -> BaseException:
    """Where it began."""
    while under := error.__cause__ or error.__context__:
        error = under
    return error


def _text_of(error: Exception) -> str:
    """One line: the status, what the provider said, and what lay under a connection error."""
    status = _status(error)
    told = str(error)[:_READ_CHARS].partition("Traceback (most recent call last)")[0]
    said = _CLASSES.sub("", " ".join(told.split()))
    root = _root(error)
    if said.rstrip(".").casefold() == "connection error" and root is not error:
        return f"{said} {str(root) or type(root).__name__}"
    return said if status is None else f"HTTP {status}: {said}"


def _asked_wait_s(error: Exception) -> float | None:
    headers = getattr(error, "litellm_response_headers", None) or {}
    return asked_wait_s({str(name).lower(): str(value) for name, value in headers.items()})
