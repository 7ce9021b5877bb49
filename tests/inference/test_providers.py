"""Resolving options to an endpoint."""

from collections.abc import Mapping
from typing import Any

import pytest

from error_map.errors import InputError
from error_map.inference.providers import NO_KEY, Endpoint, JudgeOptions, resolve_endpoint

AZURE = {"AZURE_API_KEY": "az-0123456789", "AZURE_API_BASE": "https://mine.azure.com"}
RITS = {"RITS_API_KEY": "rits-0123456789", "RITS_API_BASE": "https://rits.example/v1"}
KEY = {"OPENAI_API_KEY": "sk-0123456789"}
BASE = "http://127.0.0.1:8000/v1"


def resolved_from(environment: Mapping[str, str] | None = None, **options: Any) -> Endpoint:  # noqa: ANN401 - what JudgeOptions takes
    known = {"openai", "ollama", "azure"}
    return resolve_endpoint(
        JudgeOptions(**options), environment or {}, is_provider=known.__contains__
    )


def test_azure_takes_its_default_judge_key_and_address() -> None:
    resolved = resolved_from(AZURE, provider="azure")

    assert resolved.model == "Azure/gpt-4.1"
    assert resolved.arguments == {
        "model": "azure/Azure/gpt-4.1",
        "api_key": "az-0123456789",
        "api_base": "https://mine.azure.com",
    }
    assert resolved.secrets == {"az-0123456789"}


def test_the_azure_prefix_is_not_repeated() -> None:
    assert resolved_from(AZURE, provider="azure", judge="azure/o1").arguments["model"] == "azure/o1"


def test_rits_sends_its_key_in_its_own_header() -> None:
    resolved = resolved_from(RITS, provider="rits")

    assert resolved.model == "openai/gpt-oss-120b"
    assert resolved.arguments == {
        "model": "openai/openai/gpt-oss-120b",
        "api_key": NO_KEY,
        "api_base": "https://rits.example/v1",
        "extra_headers": {"RITS_API_KEY": "rits-0123456789"},
    }


@pytest.mark.parametrize(
    ("provider", "missing"),
    [("azure", name) for name in AZURE] + [("rits", name) for name in RITS],
)
def test_a_missing_variable_is_named(provider: str, missing: str) -> None:
    environment = {**AZURE, **RITS, missing: " "}

    with pytest.raises(InputError, match=missing):
        resolved_from(environment, provider=provider)


@pytest.mark.parametrize("provider", ["azure", "rits"])
def test_all_missing_variables_are_named_at_once(provider: str) -> None:
    both = f"needs {provider.upper()}_API_KEY and {provider.upper()}_API_BASE in the environment"

    with pytest.raises(InputError, match=both):
        resolved_from(provider=provider)
    with pytest.raises(InputError, match=f"needs {provider.upper()}_API_KEY in"):
        resolved_from(provider=provider, api_base=BASE)


def test_the_option_for_an_address_overrides_the_environment() -> None:
    resolved = resolved_from({"AZURE_API_KEY": "az-0123456789"}, provider="azure", api_base=BASE)

    assert resolved.arguments["api_base"] == BASE


def test_a_judge_is_left_to_litellm_and_its_variables() -> None:
    resolved = resolved_from(KEY, judge="openai/gpt-4.1-mini")

    assert resolved.arguments == {"model": "openai/gpt-4.1-mini"}
    assert resolved.secrets == {"sk-0123456789"}


@pytest.mark.parametrize(
    ("judge", "sent"),
    [
        ("qwen3", "openai/qwen3"),
        ("Qwen/Qwen3-8B", "openai/Qwen/Qwen3-8B"),
        ("openai/qwen3", "openai/qwen3"),
    ],
)
def test_a_judge_with_an_address_is_an_openai_style_server(judge: str, sent: str) -> None:
    resolved = resolved_from(judge=judge, api_base=BASE)

    assert resolved.model == judge
    assert resolved.arguments == {"model": sent, "api_base": BASE, "api_key": NO_KEY}
    assert resolved.secrets == frozenset()


def test_an_openai_style_server_gets_the_key_that_is_set() -> None:
    assert resolved_from(KEY, judge="qwen3", api_base=BASE).arguments["api_key"] == "sk-0123456789"


def test_a_judge_of_another_provider_keeps_it_with_an_address() -> None:
    resolved = resolved_from(judge="ollama/llama3", api_base=BASE)

    assert resolved.arguments == {"model": "ollama/llama3", "api_base": BASE}


def test_litellm_config_overrides_all_other_options() -> None:
    config = {"model": "openai/a", "temperature": 0.5, "unknown_key": 1}

    resolved = resolved_from(
        litellm_config=config, judge="b", provider="azure", temperature=0.1, max_tokens=9
    )

    assert resolved.model == "openai/a"
    assert resolved.arguments == {**config, "max_tokens": 9}


def test_litellm_config_without_a_model_uses_the_judge() -> None:
    assert resolved_from(litellm_config={"api_key": "k"}, judge="openai/a").model == "openai/a"
    with pytest.raises(InputError, match="names no model"):
        resolved_from(litellm_config={"api_key": "k"})


def test_the_misspelt_temperature_of_the_references_readme_is_understood() -> None:
    resolved = resolved_from(litellm_config={"model": "azure/Azure/o1", "temprature": 0})

    assert resolved.arguments == {"model": "azure/Azure/o1", "temperature": 0}


def test_no_model_is_an_error() -> None:
    with pytest.raises(InputError, match="no model is named"):
        resolved_from()


def test_only_what_can_change_an_answer_is_a_parameter() -> None:
    config = {"model": "openai/a", "api_key": "sk-0123456789", "timeout": 3, "temperature": 0}

    resolved = resolved_from(litellm_config=config, api_base=BASE)

    assert resolved.parameters == {"temperature": 0, "host": "127.0.0.1"}


def test_other_options_are_parameters_as_a_digest() -> None:
    def others(**config: object) -> object:
        return resolved_from(litellm_config={"model": "openai/a", **config}).parameters.get(
            "others"
        )

    assert others(api_key="sk-0123456789", extra_headers={"a": "b"}, aws_region_name="x") is None
    assert others(top_p=0.5) == others(top_p=0.5, api_key="sk-0123456789")
    assert len({others(top_p=0.5), others(top_p=0.6), others(max_completion_tokens=5)}) == 3


def test_an_endpoint_shows_no_secret_when_it_is_printed() -> None:
    resolved = resolved_from(AZURE, provider="azure")

    assert "az-0123456789" not in repr(resolved)
    assert "az-0123456789" not in repr(JudgeOptions(litellm_config=dict(resolved.arguments)))


@pytest.mark.parametrize(
    "options",
    [
        {"api_base": "http://[key"},
        {"litellm_config": {"model": "openai/m", "api_base": "http://[key"}},
    ],
)
def test_an_invalid_address_is_refused_and_not_repeated(options: Mapping[str, Any]) -> None:
    with pytest.raises(InputError, match="not a valid address") as caught:
        resolved_from(KEY, **{"judge": "openai/m", **options})

    assert "key" not in str(caught.value)


def test_an_address_without_a_scheme_is_refused() -> None:
    with pytest.raises(InputError, match="does not begin with http:// or https://"):
        resolved_from(KEY, judge="openai/m", api_base="127.0.0.1:8000/v1")
