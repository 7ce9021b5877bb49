"""Prices and providers from LiteLLM's files: equal to LiteLLM's own, mostly without loading it."""

import subprocess
import sys
from pathlib import Path

import pytest

from error_map.inference import litellm as by_litellm
from error_map.inference.model_table import is_provider, is_reasoning, price_per_token
from tests.cli.test_cli import ENVIRONMENT
from tests.support import a_row, write_csv

litellm = pytest.importorskip("litellm")
pytestmark = pytest.mark.slow


BY_NAME = {"openai", "anthropic", "gemini", "mistral", "groq", "xai", "azure"}


def models() -> list[str]:
    """Every model of the table, as a judge is named."""
    named = []
    for name, entry in litellm.model_cost.items():
        provider = entry.get("litellm_provider")
        named += [name, f"{provider}/{name.removeprefix(f'{provider}/')}"]
    return sorted(set(named))


def test_all_prices_equal_litellms() -> None:
    differing: dict[str, object] = {}
    for model in models():
        if model.partition("/")[0] in BY_NAME:
            ours, theirs = price_per_token(model), by_litellm.price_per_token(model)
            differing |= {model: (ours, theirs)} if ours != theirs else {}

    # LiteLLM takes this name for one of Mistral's own, which has no such price.
    assert differing == {"azure/mistral-large-latest": ((8e-06, 2.4e-05), None)}


def test_reasoning_models_are_litellms() -> None:
    named = [model for model in models() if model.partition("/")[0] in BY_NAME - {"azure"}]
    reasoning = {model for model in named if is_reasoning(model)}

    assert reasoning == {model for model in named if litellm.supports_reasoning(model)}
    assert 0 < len(reasoning) < len(named)


@pytest.mark.parametrize(
    ("model", "reasons"),
    [
        ("azure/o3", True),
        ("azure/gpt-5-mini", True),
        ("azure/gpt-4.1", False),
        ("azure/our-deployment", False),
        ("hosted_vllm/Qwen/Qwen3-8B", False),
        ("bedrock/anthropic.claude-sonnet-4-20250514-v1:0", True),
    ],
)
def test_the_table_lists_reasoning_models_of_other_providers(model: str, *, reasons: bool) -> None:
    assert is_reasoning(model) is reasons


@pytest.mark.parametrize(
    ("model", "known"),
    [
        ("openai/gpt-4o-mini", True),
        ("gpt-4o-mini", True),
        ("azure/gpt-4o", True),
        ("anthropic/gpt-4o-mini", False),
        ("openai/no-such-model", False),
        ("azure/no-such-deployment", False),
        ("hosted_vllm/no-such-model", False),
        ("lm_studio/no-such-model", False),
        ("no-such-model", False),
    ],
)
def test_prices_are_known_or_none(model: str, *, known: bool) -> None:
    price = price_per_token(model)

    assert price == by_litellm.price_per_token(model)
    assert (price is not None) is known


def test_all_providers_of_litellm_are_known() -> None:
    assert len(by_litellm.provider_names()) > 100
    assert all(map(is_provider, by_litellm.provider_names()))
    assert not any(map(is_provider, ["", "Qwen", "meta-llama", "OPENAI", "openai/gpt-4.1"]))


@pytest.mark.parametrize(
    ("judge", "priced"),
    [("openai/gpt-4o-mini", True), ("azure/our-deployment", False), ("Qwen/Qwen3-8B", False)],
)
def test_a_dry_run_does_not_load_litellm(
    judge: str, data: Path, output: Path, *, priced: bool
) -> None:
    write_csv(data / "d.csv", [a_row(f"e{number}") for number in range(3)])
    code = (
        "import sys; from error_map.cli import exit_code; "
        "code = exit_code(sys.argv[1:]); "
        "sys.exit(code or ('litellm' in sys.modules) * 99)"
    )
    flags = ["--data-path", str(data), "--output-dir", str(output), "--ratio", "1", "--dry-run"]
    flags += [] if priced else ["--api-base", "http://127.0.0.1:8000/v1"]

    done = subprocess.run(
        [sys.executable, "-c", code, *flags, "--judge", judge],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert ("unknown" not in done.stdout) is priced
    assert f"{judge} would study 3 failures" in done.stdout
