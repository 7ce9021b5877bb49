"""From a run's options to one endpoint: what LiteLLM is called with, and what may be told of it."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlsplit

from ..config import STORED
from ..errors import InputError
from ..options import Provider
from .secrets import secrets_in_environment, secrets_of

NO_KEY: Final = "no-key-needed"
"""Sent to servers that take any key."""
DEFAULT_JUDGES: Final[Mapping[Provider, str]] = {
    "azure": "Azure/gpt-4.1",
    "rits": "openai/gpt-oss-120b",
}
_MISSPELT: Final = "temprature"
"""As the reference's README has it. LiteLLM would pass it on, and OpenAI and Azure refuse it."""
_ELSEWHERE: Final = re.compile(
    r"(^|_)(key|tokens?|secret|password|credentials?|headers?|base|base_url|url|timeout|retries"
    r"|client|session|cache|caching|callbacks?|metadata|user|organization|version|provider|proxy)$"
    r"|^(aws|vertex|azure|ssl|api|litellm|drop|mock|input_cost|output_cost)_",
    re.IGNORECASE,
)
"""Options that say where and how a model is reached, not what it answers."""
_LENGTH: Final = re.compile(r"tokens$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A model, and how it is reached."""

    model: str
    """As files call it."""
    arguments: Mapping[str, Any] = field(repr=False)
    """Of every `litellm.acompletion`, its `model` among them."""
    parameters: Mapping[str, object]
    """What else can change an answer, without anything secret."""
    secrets: frozenset[str] = field(repr=False)
    """Texts that no message may show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the caller says of the model."""

    judge: str | None = None
    provider: Provider | None = None
    litellm_config: Mapping[str, Any] | None = field(default=None, repr=False)
    """Any LiteLLM arguments; wins over all else."""
    api_base: str | None = field(default=None, repr=False)
    temperature: float | None = None
    max_tokens: int | None = None
    timeout_s: float | None = None


def endpoint(
    wanted: Wanted, environment: Mapping[str, str], *, is_provider: Callable[[str], bool]
) -> Endpoint:
    """The endpoint that the options name.

    Args:
        wanted: The options.
        environment: Where keys and addresses are looked up.
        is_provider: Whether LiteLLM knows a provider of that name.

    Raises:
        InputError: No model is named, a variable that the provider needs is not set, or the
            address is none.
    """
    if wanted.litellm_config:
        model, chosen = _configured(wanted)
    elif wanted.provider:
        model, chosen = _provided(wanted, wanted.provider, environment)
    else:
        model, chosen = _judged(wanted, environment, is_provider)
    options = {
        "api_base": wanted.api_base,
        "temperature": wanted.temperature,
        "max_tokens": wanted.max_tokens,
        "timeout": wanted.timeout_s,
    }
    given = {name: value for name, value in options.items() if value is not None}
    arguments = {**given, **chosen}
    return Endpoint(
        model=model,
        arguments=arguments,
        parameters=_public(arguments),
        secrets=(secrets_of(arguments) | secrets_in_environment(environment)) - {model, NO_KEY},
    )


def _configured(wanted: Wanted) -> tuple[str, dict[str, Any]]:
    arguments = dict(wanted.litellm_config or {})
    if _MISSPELT in arguments:
        arguments.setdefault("temperature", arguments.pop(_MISSPELT))
    model = arguments.setdefault("model", wanted.judge)
    if not isinstance(model, str) or not model:
        raise InputError("litellm_config names no model", hint="add 'model'")
    return model, arguments


def _provided(
    wanted: Wanted, provider: Provider, environment: Mapping[str, str]
) -> tuple[str, dict[str, Any]]:
    judge = wanted.judge or DEFAULT_JUDGES[provider]
    prefix = provider.upper()
    base_name = f"{prefix}_API_BASE"
    known = {**environment, base_name: wanted.api_base or environment.get(base_name, "")}
    key, base = _variables((f"{prefix}_API_KEY", base_name), known, provider)
    if provider == "azure":
        sent = judge if judge.startswith("azure/") else f"azure/{judge}"
        return judge, {"model": sent, "api_key": key, "api_base": base}
    headers = {"RITS_API_KEY": key}
    sent = f"openai/{judge}"
    return judge, {"model": sent, "api_key": NO_KEY, "api_base": base, "extra_headers": headers}


def _judged(
    wanted: Wanted, environment: Mapping[str, str], is_provider: Callable[[str], bool]
) -> tuple[str, dict[str, Any]]:
    judge = wanted.judge
    if not judge:
        raise InputError("no model is named", hint="give judge, provider or litellm_config")
    if wanted.api_base is None:
        return judge, {"model": judge}
    prefix, slash, _ = judge.partition("/")
    known = bool(slash) and is_provider(prefix)
    if known and prefix != "openai":
        return judge, {"model": judge}
    key = environment.get("OPENAI_API_KEY") or NO_KEY
    return judge, {"model": judge if known else f"openai/{judge}", "api_key": key}


def _variables(
    names: Sequence[str], environment: Mapping[str, str], provider: Provider
) -> Sequence[str]:
    values = [environment.get(name, "").strip() for name in names]
    missing = " and ".join(name for name, value in zip(names, values, strict=True) if not value)
    if missing:
        raise InputError(f"provider {provider!r} needs {missing} in the environment")
    return values


def _host_of(address: str) -> str:
    """The host in an address.

    Raises:
        InputError: It is no address; it is not repeated, as a key may be in it.
    """
    hint = "such as http://127.0.0.1:8000/v1"
    if "://" not in address:
        raise InputError("the api_base does not begin with http:// or https://", hint=hint)
    try:
        return urlsplit(address).hostname or ""
    except ValueError as error:
        raise InputError(f"the api_base is no address: {error}", hint=hint) from None


def _public(arguments: Mapping[str, Any]) -> dict[str, object]:
    """What can change an answer: allowed values, the host, and a digest of the rest.

    A key or a timeout changes no answer, so another one asks nothing again.
    """
    told = {n: v for n, v in arguments.items() if n in STORED and n not in {"model", "timeout"}}
    base = arguments.get("api_base") or arguments.get("base_url")
    if base:
        told["host"] = _host_of(str(base))
    others = {n: v for n, v in arguments.items() if n not in STORED and _shapes_answers(n)}
    if others:
        text = json.dumps(others, sort_keys=True, default=repr)
        told["others"] = sha256(text.encode()).hexdigest()[:16]
    return told


def _shapes_answers(name: str) -> bool:
    return bool(_LENGTH.search(name)) or not _ELSEWHERE.search(name)
