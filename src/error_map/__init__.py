"""ErrorMap: why models fail on a benchmark, failure by failure."""

from typing import TYPE_CHECKING

from ._version import __version__

if TYPE_CHECKING:
    from .config import RunConfig
    from .errors import ErrorMapError, InputError, ModelError, StoreError
    from .outputs.plots import plot
    from .outputs.summary import open_run
    from .pipeline import ErrorMap, RunResult, run, run_config, run_sync
    from .records import Diagnosis, Evidence, Failure, Finding, Record, RecordKey
    from .taxonomy import Category, Taxonomy

_HOMES = {
    "Category": "taxonomy",
    "Diagnosis": "records",
    "ErrorMap": "pipeline",
    "ErrorMapError": "errors",
    "Evidence": "records",
    "Failure": "records",
    "Finding": "records",
    "InputError": "errors",
    "ModelError": "errors",
    "Record": "records",
    "RecordKey": "records",
    "RunConfig": "config",
    "RunResult": "pipeline",
    "StoreError": "errors",
    "Taxonomy": "taxonomy",
    "open_run": "outputs.summary",
    "plot": "outputs.plots",
    "run": "pipeline",
    "run_config": "pipeline",
    "run_sync": "pipeline",
}

__all__ = [
    "Category",
    "Diagnosis",
    "ErrorMap",
    "ErrorMapError",
    "Evidence",
    "Failure",
    "Finding",
    "InputError",
    "ModelError",
    "Record",
    "RecordKey",
    "RunConfig",
    "RunResult",
    "StoreError",
    "Taxonomy",
    "__version__",
    "open_run",
    "plot",
    "run",
    "run_config",
    "run_sync",
]


def __getattr__(name: str) -> object:
    """Loads a public name when it is first used, so that importing the package costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - this is the late loading

    value = getattr(import_module(f".{_HOMES[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
