"""What is said of a run at its end, as one value: the terminal and `--json` show the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from ..analysis import Accounting, Signature, Tally, accounting, signature, tallies
from ..store import Manifest, RunFolder, read_manifest
from ..taxonomy import Taxonomy, load_taxonomy


@dataclass(frozen=True, slots=True)
class ThresholdLine:
    """The rule by which one dataset's records failed."""

    dataset: str
    rule: str
    """Such as `score < 1`."""
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One run in figures."""

    exp_id: str
    analyst: str
    accounting: Accounting
    thresholds: tuple[ThresholdLine, ...]
    overall: Signature | None
    """All models together; None where nothing was scored."""
    models: tuple[Signature, ...]
    faults: Mapping[str, int]
    """Failures in the benchmark-fault lane, by what is suspect."""
    notices: tuple[str, ...]


def summary_of(manifest: Manifest, counted: Sequence[Tally], taxonomy: Taxonomy) -> Summary:
    """The summary of a finished run.

    Args:
        manifest: What the run was.
        counted: Of its records.
        taxonomy: Of the run.
    """
    passive = {tally.model for tally in counted if tally.state == "not_selected"}
    seen = {tally.model for tally in counted if tally.state != "invalid"}
    rare = manifest.rare_freq
    signatures = [
        signature(counted, taxonomy, model=model, rare_below=rare)
        for model in sorted(seen - passive)
    ]
    rules = manifest.datasets.items()
    return Summary(
        exp_id=manifest.exp_id,
        analyst=manifest.analyst,
        accounting=accounting(counted),
        thresholds=tuple(ThresholdLine(name, entry.rule, entry.origin) for name, entry in rules),
        overall=signature(counted, taxonomy, rare_below=rare),
        models=tuple(one for one in signatures if one),
        faults=manifest.faults,
        notices=manifest.notices,
    )


def read_summary(folder: RunFolder) -> Summary:
    """The summary of a run that is on disk.

    Raises:
        StoreError: Its files are damaged.
    """
    manifest = read_manifest(folder)
    counted = tallies(pl.scan_parquet(folder.records))
    return summary_of(manifest, counted, load_taxonomy(folder.taxonomy))
