"""What LiteLLM's offline table says of a model, read without LiteLLM where that gives the same."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from . import litellm

_TABLE: Final = "model_prices_and_context_window_backup.json"
_PLAIN: Final = frozenset({"openai", "anthropic", "gemini", "mistral", "groq", "xai"})
"""Providers for which the table alone decides; for others LiteLLM has rules of its own."""
_FACTS: Final = (
    "litellm_provider",
    "mode",
    "input_cost_per_token",
    "output_cost_per_token",
    "supports_reasoning",
)


def price_per_token(model: str) -> tuple[float, float] | None:
    """US dollars for a token in and a token out; None if unknown.

    Loading LiteLLM takes 2 CPU s, reading its table 0.03.
    """
    entry = _entry(model)
    into, out = entry.get("input_cost_per_token"), entry.get("output_cost_per_token")
    return (float(into), float(out)) if into and out else litellm.price_per_token(model)


def is_reasoning(model: str) -> bool:
    """Whether a model is known to think before it answers."""
    entry = _entry(model)
    return bool(entry.get("supports_reasoning")) if entry else litellm.is_reasoning(model)


def _entry(model: str) -> Mapping[str, Any]:
    """A chat model's entry under its provider; empty where the table alone does not decide."""
    provider, _, name = model.partition("/")
    if provider not in _PLAIN:
        return {}
    entries = [entry for entry in (_table().get(model), _table().get(name)) if entry]
    if len({tuple(map(entry.get, _FACTS)) for entry in entries}) != 1:
        return {}
    settled = entries[0].get("litellm_provider") == provider and entries[0].get("mode") == "chat"
    return entries[0] if settled else {}


@cache
def _table() -> Mapping[str, Mapping[str, Any]]:
    """LiteLLM's table; empty where this release of it has none under that name."""
    spec = find_spec("litellm")
    folders = (spec.submodule_search_locations if spec else None) or ()
    for file in (Path(folder) / _TABLE for folder in folders):
        if file.is_file():
            table: Mapping[str, Mapping[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
            return table
    return {}
