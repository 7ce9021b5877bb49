"""What LiteLLM's own files say of models and providers, read without loading LiteLLM."""

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from . import litellm

_PROVIDERS: Final = re.compile(r"^class LlmProviders\(.*\n((?: .*\n|\n)+)", re.MULTILINE)
_PROVIDER: Final = re.compile(r'^    \w+ = "([^"]+)"', re.MULTILINE)
_TABLE: Final = "model_prices_and_context_window_backup.json"
_BY_NAME: Final = frozenset({"openai", "anthropic", "gemini", "mistral", "groq", "xai", "azure"})
"""Providers whose prices stand in the table under the model's name; LiteLLM works others out."""
_OWN_SERVERS: Final = frozenset({"openai", "azure", "hosted_vllm", "lm_studio"})
"""Providers whose users name their models and deployments: no price but those of the table."""


def price_per_token(model: str) -> tuple[float, float] | None:
    """US dollars for a token in and a token out; None if unknown.

    Loading LiteLLM takes 2 CPU s, reading its table 0.03.
    """
    provider = model.partition("/")[0]
    entries = _entries(model)
    if not entries and provider in _OWN_SERVERS:
        return None
    if provider in _BY_NAME and _is_chat(entries[:1], provider):
        into = entries[0].get("input_cost_per_token")
        out = entries[0].get("output_cost_per_token")
        if into and out:
            return float(into), float(out)
    return litellm.price_per_token(model)


def is_reasoning(model: str) -> bool:
    """Whether the table has the model as one that thinks before it answers.

    LiteLLM itself also guesses from a name's beginning; a model that neither knows is given more
    tokens as soon as a reply of it is cut.
    """
    return any(entry.get("supports_reasoning") for entry in _entries(model))


def is_provider(name: str) -> bool:
    """Whether LiteLLM knows a provider of that name."""
    return name in (_provider_names() or litellm.provider_names())


@cache
def _provider_names() -> frozenset[str]:
    """The names in the source of LiteLLM's list; none where this release keeps it elsewhere."""
    file = _package() / "types" / "utils.py"
    listed = _PROVIDERS.search(file.read_text(encoding="utf-8")) if file.is_file() else None
    return frozenset(_PROVIDER.findall(listed[1])) if listed else frozenset()


def _entries(model: str) -> list[Mapping[str, Any]]:
    """What the table has under the whole name, then under the name without its provider."""
    names = (model, model.partition("/")[2])
    return [_table()[name] for name in names if name in _table()]


def _is_chat(entries: Sequence[Mapping[str, Any]], provider: str) -> bool:
    return any(
        entry.get("litellm_provider") == provider and entry.get("mode") == "chat"
        for entry in entries
    )


@cache
def _table() -> Mapping[str, Mapping[str, Any]]:
    """LiteLLM's table; empty where this release of it has none under that name."""
    file = _package() / _TABLE
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def _package() -> Path:
    """The folder of LiteLLM's files; one that does not exist where it is not installed."""
    spec = find_spec("litellm")
    folders = (spec.submodule_search_locations if spec else None) or ("litellm",)
    return Path(folders[0])
