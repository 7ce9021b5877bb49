"""What a model costs by LiteLLM's offline table, read without LiteLLM where that gives the same."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from .litellm import price_per_token as by_litellm

_TABLE: Final = "model_prices_and_context_window_backup.json"
_PLAIN: Final = frozenset({"openai", "anthropic", "gemini", "mistral", "groq", "xai"})
"""Providers whose price is that of the table; for others LiteLLM has rules of its own."""


def price_per_token(model: str) -> tuple[float, float] | None:
    """US dollars for a token in and a token out; None if unknown.

    Loading LiteLLM takes 2 CPU s, reading its table 0.03.
    """
    entry = _entry(model)
    if entry is not None:
        return entry
    return by_litellm(model)


def _entry(model: str) -> tuple[float, float] | None:
    """The price in a chat model's entry under its provider; None where that does not settle it."""
    provider, _, name = model.partition("/")
    if provider not in _PLAIN:
        return None
    entry = _table().get(model) or _table().get(name) or {}
    prices = entry.get("input_cost_per_token"), entry.get("output_cost_per_token")
    if entry.get("litellm_provider") != provider or entry.get("mode") != "chat":
        return None
    into, out = prices
    return (float(into), float(out)) if into and out else None


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
