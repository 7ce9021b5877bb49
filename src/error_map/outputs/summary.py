"""What is said of a run at its end, as one value: the terminal and `--json` show the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from ..analysis import Accounting, Signature, Tally, accounting, folding, signature, tallies
from ..errors import InputError, StoreError
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
class Reading:
    """How the final answers of one dataset are read."""

    dataset: str
    route: str | None
    """Such as `last number`; None where no way was learnt."""
    agreement: float
    """Share of the studied scores that this reproduces, in [0, 1]."""
    distrust: str
    """Why detectors that compare values are off for it; empty where they are on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One run in figures."""

    exp_id: str
    analyst: str
    accounting: Accounting
    thresholds: tuple[ThresholdLine, ...]
    readings: tuple[Reading, ...]
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
    seen = sorted({tally.model for tally in counted if tally.state != "invalid"})
    asked = seen if manifest.asked is None else [one for one in manifest.asked if one in seen]
    shown_as = folding(counted, taxonomy, rare_below=manifest.rare_freq)

    def own(models: Sequence[str], name: str = "") -> Signature | None:
        return signature(counted, taxonomy, models=models, shown_as=shown_as, name=name)

    signatures = [own([model], model) for model in asked]
    rules = manifest.datasets.items()
    return Summary(
        exp_id=manifest.exp_id,
        analyst=manifest.analyst,
        accounting=accounting(counted),
        thresholds=tuple(ThresholdLine(name, entry.rule, entry.origin) for name, entry in rules),
        readings=tuple(
            Reading(
                dataset=name,
                route=entry.route,
                agreement=entry.agreement,
                distrust=entry.distrust,
            )
            for name, entry in rules
        ),
        overall=own(asked),
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
    try:
        counted = tallies(pl.scan_parquet(folder.records))
        taxonomy = load_taxonomy(folder.taxonomy)
    except (pl.exceptions.PolarsError, InputError) as error:
        told = f"the run is damaged: {error}"
        raise StoreError(told, where=str(folder.records), hint="run it again") from error
    return summary_of(manifest, counted, taxonomy)
