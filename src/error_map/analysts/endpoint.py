"""The model endpoint that a configuration names: its engine, its address and its price."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final

from ..config import RunConfig
from ..inference.base import Engine
from ..inference.litellm import LiteLLMEngine, address_of, check_installed
from ..inference.mock import MockEngine
from ..inference.model_table import is_provider, is_reasoning, price_per_token
from ..inference.providers import Endpoint, JudgeOptions, resolve_endpoint
from .estimate import Unsent
from .llm.structured_output import MORE_TOKENS

MOCK: Final = "litellm-mock"
"""The inference type whose replies are made up."""


@asynccontextmanager
async def open_engine(config: RunConfig, notify: Callable[[str], None]) -> AsyncIterator[Engine]:
    """The engine of a run, whose connections are closed at the end of the block.

    Args:
        config: Names the model.
        notify: Called with each message about what the model does not support.

    Raises:
        InputError: The model, its key or the extra `llm` is missing.
    """
    if config.inference_type == MOCK:
        yield MockEngine()
        return
    engine = LiteLLMEngine(_endpoint(config), notify=notify)
    try:
        yield engine
    finally:
        await engine.aclose()


def dry_run_endpoint(config: RunConfig) -> Endpoint | None:
    """The endpoint that a dry run describes, without loading litellm; None for the mock.

    Raises:
        InputError: As `open_engine`.
    """
    if config.inference_type == MOCK:
        return None
    check_installed()
    return _endpoint(config)


def unsent_engine(endpoint: Endpoint | None) -> Unsent:
    """The engine of a dry run, which sends nothing."""
    named = MockEngine() if endpoint is None else endpoint
    return Unsent(named.model, named.parameters)


def judge_address(config: RunConfig) -> str:
    """Host of the judge, or the provider whose address LiteLLM knows."""
    return address_of(_endpoint(config).arguments)


def is_reasoning_model(endpoint: Endpoint | None) -> bool:
    """Whether the model is known to think before it answers."""
    return endpoint is not None and is_reasoning(str(endpoint.arguments["model"]))


def token_prices(endpoint: Endpoint | None) -> tuple[float, float] | None:
    """US dollars per input token and per output token; None if unknown, zero for the mock."""
    return (0.0, 0.0) if endpoint is None else price_per_token(str(endpoint.arguments["model"]))


def _endpoint(config: RunConfig) -> Endpoint:
    """The endpoint, with a higher token limit for reasoning models unless the caller set one."""
    request = JudgeOptions(
        judge=config.judge,
        provider=config.provider,
        litellm_config=config.litellm_config,
        api_base=config.api_base,
        temperature=config.temperature,
        max_tokens=config.max_tokens,
        timeout_s=config.timeout,
    )
    plain = resolve_endpoint(request, os.environ, is_provider=is_provider)
    is_set = "max_tokens" in config.model_fields_set
    if is_set or not is_reasoning(str(plain.arguments["model"])):
        return plain
    higher = replace(request, max_tokens=MORE_TOKENS * config.max_tokens)
    return resolve_endpoint(higher, os.environ, is_provider=is_provider)
