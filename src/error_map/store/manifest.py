"""The manifest: inputs, settings and results of a run, read by every later command."""

import sys
from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from .._version import __version__
from ..errors import InputError, StoreError, closest
from ..records import Coverage
from .layout import FileKind, RunFolder, finished_runs

Count: TypeAlias = Annotated[int, Field(ge=0)]
FileName: TypeAlias = Annotated[str, Field(pattern=r"^[\w.=-]+$")]
"""Name of a file in the run's own folder; no path, as anybody may have written the manifest."""
ThresholdOrigin: TypeAlias = Literal["given", "known", "binary", "mean", "unknown"]
"""Where a threshold comes from; `unknown` for imported results."""


class _Strict(BaseModel):
    # A manifest with unknown fields is of a newer version, and would be misread.
    model_config = ConfigDict(frozen=True, extra="forbid")


class InputFile(_Strict):
    """An input file."""

    name: str
    sha256: str
    """SHA-256 of the bytes read, hexadecimal; empty for rows from memory."""
    invalid: int
    """Number of invalid rows."""


class RouteEntry(_Strict):
    """Answer route of a part of a dataset, such as the outputs of some models."""

    models: tuple[str, ...]
    """The models whose outputs the part consists of; empty for outputs of one short line."""
    route: str | None
    agreement: float
    distrust: str


class DatasetEntry(_Strict):
    """Threshold and answer route of one dataset."""

    threshold: float
    rule: str
    origin: ThresholdOrigin
    route: str | None = None
    """Answer route: the rule that extracts final answers; None where none was learned."""
    agreement: float = 0.0
    """Share of the scores that the answer route reproduces."""
    distrust: str = ""
    """Why detectors that compare values are off for the dataset; empty where they are on."""
    parts: tuple[RouteEntry, ...] = ()
    """Parts with an answer route of their own; the fields above are for the other rows."""
    coverage: Coverage | None = None
    """What the detectors could say; None where a judge diagnosed."""


class StageCost(_Strict):
    """Calls and tokens of one stage, and their cost."""

    calls: int
    tokens_in: int
    tokens_cacheable: int = 0
    """Tokens of `tokens_in` that share a prefix with the previous request, for a prefix cache."""
    tokens_cached: int
    """Tokens of `tokens_in` that the provider read from its prompt cache."""
    tokens_out: int
    cost: float | None
    """In US dollars; None where a price is unknown."""


class BaseRateEntry(_Strict):
    """How often a detector's way of answering was in wrong and in right answers."""

    wrong_hits: Count
    wrong: Count
    """Wrong answers that were compared."""
    right_hits: Count
    right: Count


class Manifest(_Strict):
    """Written last: a run with a manifest is finished."""

    exp_id: str
    analyst: str
    mock: bool = False
    fingerprint: str = ""
    """Hash of the analyst's model, parameters, prompts and taxonomy settings."""
    whole: bool = True
    """False where the run was stopped before every failure was analysed."""
    versions: Mapping[str, str]
    # Printed as it is, so a pattern keeps out control characters that somebody may have written.
    completed_at: Annotated[str, Field(pattern=r"^[0-9T:.+Z-]*$")]
    seconds: float
    ratio: float
    seed: int
    rare_freq: float
    inputs: tuple[InputFile, ...]
    datasets: Mapping[str, DatasetEntry]
    models: tuple[str, ...]
    """All models in the data."""
    asked: tuple[str, ...] | None = None
    """Models whose failures were analysed; None for all."""
    accounting: Mapping[str, Count]
    rows: Count
    faults: Mapping[str, Count]
    """Suspected benchmark faults, as failures by kind."""
    fault_examples: Mapping[str, Count] = {}
    """The same as examples by kind; empty for a run of a version that did not count them."""
    trap_failures: Count = 0
    """Failures with a wrong answer that is a trap shared by most models."""
    trap_examples: Count = 0
    """Examples of these."""
    attempts_known: bool = True
    """False where the source has only failures, so that failure rates are unknown."""
    lacks: tuple[str, ...] = ()
    """What an imported file lacks, in sentences; empty for a run of our own."""
    cost: Mapping[str, StageCost] = {}
    """By stage; empty without a model."""
    from_ledger: int = 0
    """Requests that were answered from the ledger."""
    cacheable_share: float | None = None
    """Share of the prompt tokens that a provider's prefix cache can serve; None without tokens."""
    prompts: Mapping[str, str] = {}
    """SHA-256 of each prompt used, by its name."""
    detectors: Mapping[str, str] = {}
    """The detectors that ran, by name, each with the distribution that provides it."""
    base_rates: Mapping[str, BaseRateEntry] = {}
    """By detector, of those whose findings are ways of answering."""
    notices: tuple[str, ...]
    files: Mapping[FileKind, FileName] = {}
    """Current file of each kind; kinds that are missing have their first name.

    An edit writes files under new names and then replaces the manifest, so that a reader sees the
    run before or after it, never a part of both.
    """

    @model_validator(mode="after")
    def _faults_are_rows(self) -> Self:
        if any(count > self.rows for count in self.faults.values()):
            raise ValueError("more rows with a fault than rows")
        return self


def read_manifest(folder: RunFolder) -> Manifest:
    """A finished run's manifest.

    Raises:
        StoreError: It is damaged or cannot be read, or a file of the run is no regular file.
    """
    folder.refuse_irregular()
    return _parsed(folder.manifest)


def current_files(folder: RunFolder) -> RunFolder:
    """The run with the files that its manifest names.

    Raises:
        StoreError: As `read_manifest`.
    """
    return replace(folder, files=dict(read_manifest(folder).files))


def open_run(output_dir: Path, exp_id: str) -> RunFolder:
    """A finished run whose summary can be read, with its current files.

    Raises:
        InputError: There is no such folder, or no such run in it; the message lists the runs.
        StoreError: A file that the summary is read from is missing, damaged or no regular file, or
            a process was killed while it replaced the files.
    """
    if not output_dir.is_dir():
        hint = "--output-dir names the folder of a run's files"
        raise InputError("no such folder", where=str(output_dir), hint=hint)
    runs = {run.exp_id: run for run in finished_runs(output_dir)}
    if exp_id not in runs:
        RunFolder(output_dir, exp_id).refuse_half_replaced()
        raise InputError(f"no run {exp_id!r}", where=str(output_dir), hint=closest(exp_id, runs))
    run = current_files(runs[exp_id])
    run.refuse_irregular()
    for file in (run.records, run.taxonomy):
        if not file.exists():
            raise StoreError("a file of the run is gone", where=str(file), hint="run it again")
    return run


def versions() -> dict[str, str]:
    """Versions of the software, by name."""
    python = ".".join(map(str, sys.version_info[:3]))
    return {"error-map": __version__, "polars": version("polars"), "python": python}


def _parsed(path: Path) -> Manifest:
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise StoreError("the manifest is damaged", where=str(path), hint="run it again") from error
    except OSError as error:
        message = f"the manifest cannot be read: {error.strerror}"
        raise StoreError(message, where=str(path), hint="make it readable") from error
