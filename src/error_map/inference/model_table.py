"""Prices, reasoning models and providers, read from LiteLLM's files without loading LiteLLM."""

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final, TypeGuard

from pydantic import JsonValue

from . import litellm

_PROVIDERS: Final = re.compile(r"^class LlmProviders\(.*\n((?: .*\n|\n)+)", re.MULTILINE)
_PROVIDER: Final = re.compile(r'^    \w+ = "([^"]+)"', re.MULTILINE)
# The copy that LiteLLM uses offline.
_TABLE: Final = "model_prices_and_context_window_backup.json"
_BY_NAME: Final = frozenset({"openai", "anthropic", "gemini", "mistral", "groq", "xai", "azure"})
"""Providers whose prices the table lists by model name; others need LiteLLM's own rules."""
_OWN_SERVERS: Final = frozenset({"openai", "azure", "hosted_vllm", "lm_studio"})
"""Providers whose users name the models: a name that is not in the table has no price."""


def price_per_token(model: str) -> tuple[float, float] | None:
    """US dollars per input and output token; None if unknown.

    Reading the table takes 0.03 s of CPU time, loading LiteLLM 2 s.
    """
    provider = model.partition("/")[0]
    entries = _entries(model)
    if not entries and provider in _OWN_SERVERS:
        return None
    if provider in _BY_NAME and _is_chat(entries[:1], provider):
        price_in = entries[0].get("input_cost_per_token")
        price_out = entries[0].get("output_cost_per_token")
        if _is_positive(price_in) and _is_positive(price_out):
            return float(price_in), float(price_out)
    return litellm.price_per_token(model)


def is_reasoning(model: str) -> bool:
    """Whether the table lists the model as one that reasons before it answers.

    LiteLLM also guesses from prefixes of names. A model that neither recognizes gets more tokens as
    soon as one of its replies is cut.
    """
    return any(entry.get("supports_reasoning") for entry in _entries(model))


def is_provider(name: str) -> bool:
    """Whether LiteLLM supports a provider of this name."""
    return name in (_provider_names() or litellm.provider_names())


# Both caches hold one entry: the files do not change while a process runs.
@cache
def _provider_names() -> frozenset[str]:
    """The names in LiteLLM's source; empty if this release of LiteLLM keeps them elsewhere."""
    file = _package() / "types" / "utils.py"
    enum = _PROVIDERS.search(file.read_text(encoding="utf-8")) if file.is_file() else None
    return frozenset(_PROVIDER.findall(enum[1])) if enum else frozenset()


def _entries(model: str) -> list[Mapping[str, JsonValue]]:
    """The table's entries for the full name, then for the name without its provider."""
    names = (model, model.partition("/")[2])
    return [_table()[name] for name in names if name in _table()]


def _is_positive(price: JsonValue) -> TypeGuard[float]:
    return isinstance(price, int | float) and price > 0


def _is_chat(entries: Sequence[Mapping[str, JsonValue]], provider: str) -> bool:
    return any(
        entry.get("litellm_provider") == provider and entry.get("mode") == "chat"
        for entry in entries
    )


@cache
def _table() -> Mapping[str, Mapping[str, JsonValue]]:
    """LiteLLM's table; empty if this release of LiteLLM has no file of that name."""
    file = _package() / _TABLE
    if not file.is_file():
        return {}
    table: dict[str, dict[str, JsonValue]] = json.loads(file.read_text(encoding="utf-8"))
    return table


def _package() -> Path:
    """The folder of LiteLLM's files; a folder that does not exist if it is not installed."""
    spec = find_spec("litellm")
    folders = (spec.submodule_search_locations if spec else None) or ("litellm",)
    return Path(folders[0])
