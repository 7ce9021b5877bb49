"""Facts from LiteLLM's table: the same as LiteLLM's own, mostly without loading it."""

import subprocess
import sys
from pathlib import Path

import pytest

from error_map.inference import litellm as by_litellm
from error_map.inference.model_table import is_reasoning, price_per_token

from .support import a_row, write_csv
from .test_cli import ENVIRONMENT

litellm = pytest.importorskip("litellm")
pytestmark = pytest.mark.slow


PLAIN = {"openai", "anthropic", "gemini", "mistral", "groq", "xai"}


def models() -> list[str]:
    """Every model of the table, as a judge is named."""
    named = []
    for name, entry in litellm.model_cost.items():
        provider = entry.get("litellm_provider")
        named += [name, f"{provider}/{name.removeprefix(f'{provider}/')}"]
    return sorted(set(named))


def test_every_price_is_the_one_that_litellm_gives() -> None:
    differing: dict[str, object] = {}
    for model in models():
        if model.partition("/")[0] in PLAIN:
            ours, theirs = price_per_token(model), by_litellm.price_per_token(model)
            differing |= {model: (ours, theirs)} if ours != theirs else {}

    assert differing == {}


def test_a_model_thinks_where_litellm_says_so() -> None:
    named = [model for model in models() if model.partition("/")[0] in PLAIN]
    thinking = {model for model in named if is_reasoning(model)}

    assert thinking == {model for model in named if by_litellm.is_reasoning(model)}
    assert 0 < len(thinking) < len(named)


@pytest.mark.parametrize(
    ("model", "known"),
    [
        ("openai/gpt-4o-mini", True),
        ("gpt-4o-mini", True),
        ("azure/gpt-4o", True),
        ("anthropic/gpt-4o-mini", False),
        ("openai/no-such-model", False),
        ("no-such-model", False),
    ],
)
def test_a_price_is_known_or_said_to_be_unknown(model: str, *, known: bool) -> None:
    price = price_per_token(model)

    assert price == by_litellm.price_per_token(model)
    assert (price is not None) is known


def test_a_dry_run_does_not_load_litellm(data: Path, output: Path) -> None:
    write_csv(data / "d.csv", [a_row(f"e{number}") for number in range(3)])
    code = (
        "import sys; from error_map.cli import exit_code; "
        "code = exit_code(sys.argv[1:]); "
        "sys.exit(code or ('litellm' in sys.modules) * 99)"
    )
    flags = ["--data-path", str(data), "--output-dir", str(output), "--ratio", "1", "--dry-run"]

    done = subprocess.run(
        [sys.executable, "-c", code, *flags, "--judge", "openai/gpt-4o-mini"],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert "unknown" not in done.stdout
    assert "3 failures to study by openai/gpt-4o-mini" in done.stdout
