"""Resolves a run's options to one endpoint: LiteLLM's arguments, public parameters, secrets."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from ..config import STORED, host_of
from ..errors import InputError
from ..options import Provider
from .secrets import secrets_in_environment, secrets_of

NO_KEY: Final = "no-key-needed"
"""Sent to servers that accept any key."""
DEFAULT_JUDGES: Final[Mapping[Provider, str]] = {
    "azure": "Azure/gpt-4.1",
    "rits": "openai/gpt-oss-120b",
}
_MISSPELT: Final = "temprature"
"""A typo in the reference's README. LiteLLM would pass it on, and OpenAI and Azure refuse it."""
# In doubt an option is part of the ledger key: an extra call is better than a reply that was given
# with other options.
_CONNECTION: Final = re.compile(
    r"(^|_)(key|tokens?|secret|password|credentials?|headers?|base|base_url|url|timeout|retries"
    r"|client|session|cache|caching|callbacks?|metadata|user|organization|version|provider|proxy)$"
    r"|^(aws|vertex|azure|ssl|api|litellm|drop|mock|input_cost|output_cost)_",
    re.IGNORECASE,
)
"""Options that affect how a model is reached, not what it answers."""
_TOKEN_LIMIT: Final = re.compile(r"tokens$")
"""Limits such as `max_completion_tokens`, which `_CONNECTION` would take for keys."""
_DIGEST_CHARS: Final = 16
"""64 bits: enough to tell one user's few configurations apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A model, and how to reach it."""

    model: str
    """The name that the output files show."""
    arguments: Mapping[str, object] = field(repr=False)
    """Arguments of every `litellm.acompletion`, including `model`."""
    parameters: Mapping[str, object]
    """Everything else that can change an answer and is not secret."""
    secrets: frozenset[str] = field(repr=False)
    """Texts that no message may show."""

    @property
    def sent_model(self) -> str:
        """The model's name for LiteLLM, usually with its provider."""
        return str(self.arguments["model"])


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeOptions:
    """The options of a run that describe the judge."""

    judge: str | None = None
    provider: Provider | None = None
    litellm_config: Mapping[str, object] | None = field(default=None, repr=False)
    """Any LiteLLM arguments; they override all other options."""
    api_base: str | None = field(default=None, repr=False)
    temperature: float | None = None
    max_tokens: int | None = None
    timeout_s: float | None = None


def resolve_endpoint(
    options: JudgeOptions, environment: Mapping[str, str], *, is_provider: Callable[[str], bool]
) -> Endpoint:
    """Resolves the options to an endpoint.

    Args:
        options: Names of the model and its provider, and parameters.
        environment: Environment variables, for keys and addresses.
        is_provider: Whether LiteLLM knows a provider by a name.

    Raises:
        InputError: No model is named, an environment variable that the provider needs is not set,
            or the address is invalid.
    """
    if options.litellm_config:
        model, specific = _from_litellm_config(options)
    elif options.provider:
        model, specific = _from_provider(options, options.provider, environment)
    else:
        model, specific = _from_judge(options, environment, is_provider)
    optional = {
        "api_base": options.api_base,
        "temperature": options.temperature,
        "max_tokens": options.max_tokens,
        "timeout": options.timeout_s,
    }
    common = {name: value for name, value in optional.items() if value is not None}
    arguments = {**common, **specific}
    return Endpoint(
        model=model,
        arguments=arguments,
        parameters=_public(arguments),
        secrets=(secrets_of(arguments) | secrets_in_environment(environment)) - {model, NO_KEY},
    )


def _from_litellm_config(options: JudgeOptions) -> tuple[str, dict[str, object]]:
    arguments = dict(options.litellm_config or {})
    if _MISSPELT in arguments:
        arguments.setdefault("temperature", arguments.pop(_MISSPELT))
    model = arguments.setdefault("model", options.judge)
    if not isinstance(model, str) or not model:
        raise InputError("litellm_config names no model", hint="add 'model'")
    return model, arguments


def _from_provider(
    options: JudgeOptions, provider: Provider, environment: Mapping[str, str]
) -> tuple[str, dict[str, object]]:
    judge = options.judge or DEFAULT_JUDGES[provider]
    prefix = provider.upper()
    base_name = f"{prefix}_API_BASE"
    variables = {**environment, base_name: options.api_base or environment.get(base_name, "")}
    key, base = _required((f"{prefix}_API_KEY", base_name), variables, provider)
    if provider == "azure":
        sent = judge if judge.startswith("azure/") else f"azure/{judge}"
        return judge, {"model": sent, "api_key": key, "api_base": base}
    headers = {"RITS_API_KEY": key}
    sent = f"openai/{judge}"
    return judge, {"model": sent, "api_key": NO_KEY, "api_base": base, "extra_headers": headers}


def _from_judge(
    options: JudgeOptions, environment: Mapping[str, str], is_provider: Callable[[str], bool]
) -> tuple[str, dict[str, object]]:
    judge = options.judge
    if not judge:
        raise InputError("no model is named", hint="give judge, provider or litellm_config")
    if options.api_base is None:
        return judge, {"model": judge}
    prefix, slash, _ = judge.partition("/")
    has_provider = bool(slash) and is_provider(prefix)
    if has_provider and prefix != "openai":
        return judge, {"model": judge}
    # Local servers need no key, but the OpenAI client does not start without one.
    key = environment.get("OPENAI_API_KEY") or NO_KEY
    return judge, {"model": judge if has_provider else f"openai/{judge}", "api_key": key}


def _required(
    names: Sequence[str], environment: Mapping[str, str], provider: Provider
) -> Sequence[str]:
    values = [environment.get(name, "").strip() for name in names]
    missing = " and ".join(name for name, value in zip(names, values, strict=True) if not value)
    if missing:
        raise InputError(f"provider {provider!r} needs {missing} in the environment")
    return values


def _valid_host(address: str) -> str:
    """The host of an address.

    Raises:
        InputError: It is not an address; the message does not repeat it, as it may hold a key.
    """
    hint = "such as http://127.0.0.1:8000/v1"
    if "://" not in address:
        raise InputError("the api_base does not begin with http:// or https://", hint=hint)
    host = host_of(address)
    if host is None:
        raise InputError("the api_base is not a valid address", hint=hint)
    return host


def _public(arguments: Mapping[str, object]) -> dict[str, object]:
    """The parameters that can change an answer: allowed values, the host, a digest of the rest.

    They are part of the ledger key. A key or a timeout changes no answer, so it is left out: with
    another one, recorded replies are still used.
    """
    public = {n: v for n, v in arguments.items() if n in STORED and n not in {"model", "timeout"}}
    base = arguments.get("api_base") or arguments.get("base_url")
    if base:
        public["host"] = _valid_host(str(base))
    others = {n: v for n, v in arguments.items() if n not in STORED and _affects_answers(n)}
    if others:
        text = json.dumps(others, sort_keys=True, default=repr)
        public["others"] = sha256(text.encode()).hexdigest()[:_DIGEST_CHARS]
    return public


def _affects_answers(name: str) -> bool:
    return bool(_TOKEN_LIMIT.search(name)) or not _CONNECTION.search(name)
