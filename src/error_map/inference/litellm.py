"""The only module that imports litellm: sends requests, and reads replies, prices and providers."""

import logging
import os
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any, Final

import anyio
from pydantic import BaseModel

from ..config import host_of
from ..errors import (
    CallFailed,
    InputError,
    ModelDown,
    ModelError,
    ModelUnusable,
    SchemaRefused,
)
from ..gc_tuning import collect_rarely
from ..records.surrogates import mend
from .adaptation import Adaptation, Adapter, FormRefused
from .base import LESS_STRICT, Ask, Message, Mode, Reply, least_strict
from .json_schema import response_format, schema_instructions
from .provider_errors import (
    MAX_MESSAGE_CHARS,
    ProviderError,
    permanent_failure,
    refused_limit,
    refused_mode,
    refused_request,
    transient_failure,
    wrapped_model_error,
)
from .providers import Endpoint
from .secrets import scrub, tokens_among
from .transport import Unreachable, guard_clients, guarded_call

# As long as the default of --timeout: a reasoning model may think for more than a minute.
DEFAULT_TIMEOUT_S: Final = 120.0
# We retry, cache and read whole replies ourselves. `drop_params` lets LiteLLM leave out parameters
# that a provider does not know.
_FIXED_ARGUMENTS: Final[Mapping[str, object]] = {
    "num_retries": 0,
    "max_retries": 0,
    "drop_params": True,
    "caching": False,
    "stream": False,
}
"""They override the caller's arguments."""
ENVIRONMENT: Final = {
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",  # else its import downloads a price list
    "LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS": "True",
    "LITELLM_MODE": "PRODUCTION",  # else its import reads a .env file
}
"""Defaults of LiteLLM's environment variables, set before it is imported."""
_OPENAI: Final = "openai/"
_NO_PRICE: Final = "error_map_no_price"
"""Marks entries of LiteLLM's table that we added for models without a price."""
_READ_ONLY: Final = "Items? .* on TypedDict class .* using the `ReadOnly` qualifier"
_NOT_AWAITED: Final = r"coroutine '\w+\.acompletion' was never awaited"
# Ten times the longest context window there is. More is a fault of the server, and could overflow
# the ledger's integers.
_MAX_TOKENS_REPORTED: Final = 100_000_000


class LiteLLMEngine:
    """Any model that LiteLLM supports. Making the first one loads litellm, which takes seconds.

    Args:
        endpoint: The model, and how to reach it.
        notify: Called with a message when the server requires a changed form of the requests and
            has answered one.

    Raises:
        InputError: litellm is not installed.
    """

    def __init__(
        self, endpoint: Endpoint, *, notify: Callable[[str], object] = lambda _: None
    ) -> None:
        self._litellm = _load()
        self._openai_error = import_module("openai").OpenAIError
        """The base class of litellm's errors."""
        self._endpoint = endpoint
        self._tokens = tokens_among(endpoint.secrets)
        timeout = endpoint.arguments.get("timeout", DEFAULT_TIMEOUT_S)
        self._arguments = {**endpoint.arguments, **_FIXED_ARGUMENTS, "timeout": timeout}
        # The mode decides on it.
        self._arguments.pop("response_format", None)
        self._timeout_s = float(timeout) if isinstance(timeout, int | float) else None
        self._mode = _strictest_mode(self._litellm, endpoint)
        self._is_free = _is_free(self._litellm, endpoint.sent_model)
        _skip_price_search(self._litellm, endpoint.sent_model)
        self._accepted: set[tuple[type[BaseModel], Mode]] = set()
        """Forms that were answered: a later error that echoes a prompt does not refuse them."""
        self._adapter = Adapter(endpoint.arguments, notify)

    @property
    def model(self) -> str:
        """The model's name, as the output files show it."""
        return self._endpoint.model

    @property
    def parameters(self) -> Mapping[str, object]:
        """Everything else that can change an answer and is not secret."""
        return self._endpoint.parameters

    async def ask(self, ask: Ask) -> Reply:
        """Returns the model's reply; a form of request that was refused is not sent again.

        Raises:
            CallFailed: This call has no reply; others may have one.
            ModelUnusable: No call can succeed.
        """
        while True:
            mode = least_strict(self._mode, ask.mode)
            attempt = _Attempt(ask=ask, mode=mode, adaptation=self._adapter.adaptation)
            try:
                return await self._send(attempt)
            except SchemaRefused:  # a concurrent call may already have fallen back further
                self._mode = least_strict(self._mode, LESS_STRICT[mode])
            except FormRefused as refused:
                self._adapter.adapt(refused, attempt.adaptation)

    async def aclose(self) -> None:
        """Closes LiteLLM's connections, including those of other engines in this process."""
        await self._litellm.close_litellm_async_clients()
        # Else litellm would use the closed clients again.
        self._litellm.in_memory_llm_clients_cache.flush_cache()

    async def _send(self, attempt: "_Attempt") -> Reply:
        arguments = attempt.adaptation.arguments({**self._arguments, **attempt.limit})
        arguments["messages"] = _encoded(attempt.adaptation.messages(attempt.messages))
        if attempt.mode != "text":
            arguments["response_format"] = response_format(attempt.ask.schema, attempt.mode)
        outcome = await self._completion(arguments, attempt)
        if isinstance(outcome, ModelError):
            raise outcome
        self._accepted.add((attempt.ask.schema, attempt.mode))
        self._adapter.answered(attempt.messages)
        return self._scrubbed(outcome)

    def _scrubbed(self, reply: Reply) -> Reply:
        """The reply without the key: a server may echo it, and replies are written to files."""
        return replace(
            reply,
            text=scrub(reply.text, self._tokens),
            finish=scrub(reply.finish, self._tokens),
            refusal=scrub(reply.refusal, self._tokens),
        )

    async def _completion(
        self, arguments: Mapping[str, object], attempt: "_Attempt"
    ) -> Reply | ModelError:
        """The reply, or our error for what LiteLLM raised.

        It is returned, not raised, so that LiteLLM's error is not chained to it: a traceback would
        show the secrets that were scrubbed.
        """
        try:
            # The HTTP client applies its timeout to each read, so a slow body could last for ever.
            with anyio.fail_after(self._timeout_s), guarded_call():
                response = await self._litellm.acompletion(**arguments)
        except TimeoutError:
            return ModelDown(f"no answer in {self._timeout_s or 0:g} s")
        except (self._openai_error, ImportError) as error:
            return self._translated(error, attempt)
        if not response.choices:
            return ModelDown("the provider gave no answer")
        return _reply(response, attempt.mode, is_free=self._is_free)

    def _translated(self, error: Exception, attempt: "_Attempt") -> ModelError:
        """Our error for one that LiteLLM raised."""
        if own := wrapped_model_error(error):
            return self._transport_error(own)
        parsed = ProviderError.of(error, self._endpoint.secrets)
        failure = (
            self._refused_form(parsed, attempt)
            or (attempt.limit and refused_limit(parsed))
            or refused_request(parsed)
            or permanent_failure(parsed)
            or transient_failure(parsed)
        )
        if failure:
            return failure
        if self._accepted:
            return CallFailed(parsed.text)
        return ModelUnusable(parsed.text, hint="check the model's name and its options")

    def _refused_form(self, error: ProviderError, attempt: "_Attempt") -> CallFailed | None:
        """The failure if the same request may succeed in another form."""
        form = (attempt.ask.schema, attempt.mode)
        if attempt.mode in LESS_STRICT and form not in self._accepted:
            refused = refused_mode(error)
            if refused:
                return refused
        return self._adapter.refusal(
            error.text,
            status=error.status,
            messages=attempt.messages,
            adaptation=attempt.adaptation,
        )

    def _transport_error(self, error: ModelError) -> ModelError:
        """An error of our transport, without the secrets that it may contain."""
        text = scrub(error.message, self._endpoint.secrets)[:MAX_MESSAGE_CHARS]
        if isinstance(error, ModelUnusable):
            return ModelUnusable(text, hint=error.hint)
        if isinstance(error, Unreachable) and not self._accepted:
            return ModelUnusable(text, hint="check the network, and the address in --api-base")
        return ModelDown(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Attempt:
    """A request in the form in which it is sent."""

    ask: Ask
    mode: Mode
    adaptation: Adaptation

    @property
    def messages(self) -> tuple[Message, ...]:
        """The messages; less strict modes append the schema to the first one."""
        if self.mode == "json_schema" or not self.ask.messages:
            return self.ask.messages
        first, *others = self.ask.messages
        instructions = schema_instructions(self.ask.schema)
        return (replace(first, content=first.content + instructions), *others)

    @property
    def limit(self) -> Mapping[str, int]:
        """The request's own token limit as a parameter; empty if it has none."""
        return {} if self.ask.max_tokens is None else {"max_tokens": self.ask.max_tokens}


def check_installed() -> None:
    """Checks that litellm is installed, without loading it.

    Raises:
        InputError: It is not.
    """
    if find_spec("litellm") is None:
        raise _not_installed()


def _not_installed() -> InputError:
    return InputError("an LLM as the analyst needs litellm", hint="pip install error-map[llm]")


def address_of(arguments: Mapping[str, object]) -> str:
    """The host that a call with these arguments is sent to, or a phrase if only LiteLLM knows it.

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
    address = arguments.get("api_base") or base or _default_address(litellm, provider)
    host = host_of(str(address)) if address else None
    return host or f"the address that LiteLLM has for {provider!r}"


def _default_address(litellm: ModuleType, provider: str) -> str | None:
    """A provider's address by LiteLLM's environment variables and defaults; None if unknown."""
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
    """US dollars per input and output token by LiteLLM's offline table; None if unknown."""
    litellm = _load()
    try:
        prices = litellm.cost_per_token(model=model, prompt_tokens=1, completion_tokens=1)
    except (litellm.exceptions.ModelNotMappedError, litellm.exceptions.BadRequestError):
        return None
    price_in, price_out = float(prices[0]), float(prices[1])
    return (price_in, price_out) if price_in or price_out or _is_free(litellm, model) else None


def _is_free(litellm: ModuleType, model: str) -> bool:
    """Whether a price of zero is in the table; litellm also guesses zero for similar names."""
    names = {model, model.partition("/")[2]} & litellm.model_cost.keys()
    return any(_NO_PRICE not in litellm.model_cost[name] for name in names)


def _skip_price_search(litellm: ModuleType, model: str) -> None:
    """Adds an empty price: without one, litellm searches its whole table after each reply.

    Only for OpenAI's protocol: for other providers an entry can change what is sent.
    """
    if model.startswith(_OPENAI) and price_per_token(model) is None:
        entry = {"litellm_provider": "openai", "mode": "chat"}
        nothing = {"input_cost_per_token": 0.0, "output_cost_per_token": 0.0, _NO_PRICE: True}
        litellm.register_model({model: entry | nothing})


# One per process: the module itself.
@cache
def _load() -> ModuleType:
    """The litellm module, imported without logs, warnings or downloads."""
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
    guard_clients()
    collect_rarely()
    module: ModuleType = litellm
    return module


def _silence() -> None:
    """Turns off logs, which hold prompts and addresses, and warnings about litellm's own types."""
    for name in ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    for name in ("httpx", "openai"):  # they log addresses
        logging.getLogger(name).setLevel(logging.WARNING)
    warnings.filterwarnings("ignore", message=_READ_ONLY, category=UserWarning)
    # litellm leaves the coroutine behind if a call is cancelled before it has started.
    warnings.filterwarnings("ignore", message=_NOT_AWAITED, category=RuntimeWarning)


@cache
def provider_names() -> frozenset[str]:
    """Names of all providers that LiteLLM supports; loads litellm."""
    return frozenset(str(getattr(entry, "value", entry)) for entry in _load().provider_list)


def _strictest_mode(litellm: ModuleType, endpoint: Endpoint) -> Mode:
    """`json_schema` if the provider has response_format; else litellm would drop it silently."""
    supported = litellm.get_supported_openai_params(
        model=endpoint.sent_model,
        custom_llm_provider=endpoint.arguments.get("custom_llm_provider"),
    )
    is_supported = supported is None or "response_format" in supported
    return "json_schema" if is_supported else "text"


def _encoded(messages: tuple[Message, ...]) -> list[dict[str, str]]:
    return [{"role": turn.role, "content": _encodable(turn.content)} for turn in messages]


def _encodable(text: str) -> str:
    """The text as valid UTF-8: pairs of surrogates are joined, lone ones become U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _reply(response: Any, mode: Mode, *, is_free: bool) -> Reply:  # noqa: ANN401 - litellm's object
    choice = response.choices[0]
    message = choice.message
    usage = getattr(response, "usage", None)
    details_in = getattr(usage, "prompt_tokens_details", None)
    details_out = getattr(usage, "completion_tokens_details", None)
    extra = getattr(message, "provider_specific_fields", None) or {}
    tokens_in = _token_count(getattr(usage, "prompt_tokens", None))
    tokens_out = _token_count(getattr(usage, "completion_tokens", None))
    tokens_cached = _token_count(getattr(details_in, "cached_tokens", None))
    return Reply(
        text=message.content or "",
        finish=mend(choice.finish_reason or "stop")[0],
        refusal=mend(str(extra.get("refusal") or ""))[0],
        thought=bool(
            getattr(message, "reasoning_content", None)
            or getattr(details_out, "reasoning_tokens", None)
        ),
        mode=mode,
        tokens_in=tokens_in or 0,
        tokens_cached=min(tokens_cached or 0, tokens_in or 0),
        tokens_out=tokens_out or 0,
        cost=_cost(response, is_free=is_free) if tokens_in and tokens_out is not None else None,
    )


def _token_count(value: object) -> int | None:
    """A valid token count; None for anything else, which then counts as not reported."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= _MAX_TOKENS_REPORTED else None


def _cost(response: object, *, is_free: bool) -> float | None:
    """The cost that litellm has already computed by its offline table, in US dollars."""
    hidden = getattr(response, "_hidden_params", None) or {}
    cost = hidden.get("response_cost")
    return float(cost) if cost or (cost == 0 and is_free) else None
