"""The formats of logs that can be read: our own, and those of other packages."""

from functools import cache
from importlib.metadata import entry_points
from typing import Final

from ...errors import InputError
from . import (
    adamast,
    agentrx,
    atif,
    bfcl,
    claude_code,
    deepeval,
    evalscope,
    every_eval_ever,
    harbor,
    helm,
    inspect_eval,
    langfuse,
    lighteval,
    lm_eval,
    mlflow,
    no_results,
    openai_batch,
    opencompass,
    phoenix,
    promptfoo,
    tau2,
    tau_bench,
    unitxt,
)
from .log import LogFormat

GROUP: Final = "error_map.readers"
"""Entry points of this group name a LogFormat of another package."""
OWN: Final = (
    adamast.FORMAT,
    agentrx.FORMAT,
    atif.FORMAT,
    bfcl.FORMAT,
    claude_code.FORMAT,
    deepeval.FORMAT,
    evalscope.FORMAT,
    every_eval_ever.FORMAT,
    harbor.FORMAT,
    helm.FORMAT,
    inspect_eval.FORMAT,
    langfuse.FORMAT,
    lighteval.FORMAT,
    lm_eval.FORMAT,
    mlflow.FORMAT,
    no_results.FORMAT,
    openai_batch.FORMAT,
    opencompass.FORMAT,
    phoenix.FORMAT,
    promptfoo.FORMAT,
    tau2.FORMAT,
    tau_bench.FORMAT,
    unitxt.FORMAT,
)


@cache
def log_formats() -> tuple[LogFormat, ...]:
    """All formats, those of other packages last.

    Raises:
        InputError: One of another package cannot be loaded.
    """
    found = list(OWN)
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
