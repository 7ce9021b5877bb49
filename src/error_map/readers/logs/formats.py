"""The formats of logs that can be read: our own, and those of other packages."""

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import Final

from ...errors import InputError
from .log import LogFormat

GROUP: Final = "error_map.readers"
"""Entry points of this group name a LogFormat of another package."""
_OWN: Final = (
    "adamast",
    "agentrx",
    "atif",
    "bfcl",
    "claude_code",
    "deepeval",
    "evalscope",
    "every_eval_ever",
    "harbor",
    "helm",
    "inspect_eval",
    "langfuse",
    "lighteval",
    "lm_eval",
    "mlflow",
    "no_results",
    "openai_batch",
    "opencompass",
    "phoenix",
    "promptfoo",
    "tau2",
    "tau_bench",
    "unitxt",
)
"""Modules with a `FORMAT`, loaded only where logs are looked for: together they take a while."""


@cache
def log_formats() -> tuple[LogFormat, ...]:
    """All formats, those of other packages last.

    Raises:
        InputError: One of another package cannot be loaded.
    """
    found: list[LogFormat] = [import_module(f".{name}", __package__).FORMAT for name in _OWN]
    for point in sorted(entry_points(group=GROUP), key=lambda one: one.name):
        try:
            loaded = point.load()
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            raise InputError(f"reader {point.name!r} cannot be loaded: {reason}") from error
        if not isinstance(loaded, LogFormat):
            raise InputError(f"reader {point.name!r} is no LogFormat", where=point.value)
        found.append(loaded)
    return tuple(found)
