"""Checks that are made while a report is built, with their results."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import polars as pl

from ...analysis import Rate
from ...presentation.formatting import in_full, percent
from ..summary import FinishedRun
from .report import Check, Instance
from .rows import damage_reported


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceCounts:
    """Quotations and detectors in the failures file."""

    rows: int
    verified: int
    """Quotations that were found in the output."""
    missing: int
    """Quotations that were not found."""
    decided: Mapping[str, int]
    """Failures by the detector on which their diagnosis rests."""


def evidence_counts(failures: Path) -> EvidenceCounts:
    """Counts over the whole failures file, without loading its long texts.

    Raises:
        StoreError: The file is damaged.
    """
    with damage_reported(failures):
        scan = pl.scan_parquet(failures)
        if "criteria" not in scan.collect_schema():
            return EvidenceCounts(rows=0, verified=0, missing=0, decided={})
        quotes = (
            pl.col("criteria").str.count_matches(f'"verified":{value}', literal=True).alias(value)
            for value in ("true", "false")
        )
        sums = [pl.col("true").sum(), pl.col("false").sum(), pl.len().alias("rows")]
        counted = scan.select("detector", *quotes).group_by("detector").agg(sums)
        table = counted.collect(engine="streaming").sort("detector")
    decided = {name: rows for name, _, _, rows in table.iter_rows() if name}
    return EvidenceCounts(
        rows=int(table["rows"].sum()),
        verified=int(table["true"].sum()),
        missing=int(table["false"].sum()),
        decided=decided,
    )


def checks(
    run: FinishedRun, evidence: EvidenceCounts, included: Iterable[Instance]
) -> Iterator[Check]:
    """What a reader can rely on.

    Args:
        run: A finished run.
        evidence: Counts over its failures file.
        included: The failures that the report contains.
    """
    yield from _totals(run, evidence)
    yield from _quotations(evidence, included)
    for reading in chain.from_iterable(dataset.all for dataset in run.summary.readings):
        if reading.agreement:
            result = (
                f"route {reading.route!r} reproduces {percent(reading.agreement)} of the scores"
            )
            yield Check(f"Final answers of {reading.subject}", result, None)


def _totals(run: FinishedRun, evidence: EvidenceCounts) -> Iterator[Check]:
    accounting = run.summary.accounting
    result = f"sum of the nine states: {accounting.rows:,}; rows read: {run.manifest.rows:,}"
    same = dict(accounting) == dict(run.manifest.accounting)
    adds_up = accounting.rows == run.manifest.rows and same
    yield Check("Every row is in exactly one state", result, adds_up)
    studied = accounting.studied
    result = f"rows of the failures file: {evidence.rows:,}; studied failures: {studied:,}"
    yield Check("Every studied failure is in the failures file", result, evidence.rows == studied)
    overall = run.summary.overall
    if overall and overall.explained:
        placed = sum(rate.share.hits for rate in overall.top)
        total = overall.explained.trials
        result = f"failures in the top categories: {placed:,}; studied failures: {total:,}"
        yield Check("Every studied failure is in one top category", result, placed == total)


def _quotations(evidence: EvidenceCounts, included: Iterable[Instance]) -> Iterator[Check]:
    quoted = evidence.verified + evidence.missing
    if quoted:
        rate = in_full(Rate.counted(evidence.verified, quoted))
        yield Check("Quotations found in the outputs", rate, None)
    else:
        yield Check("Quotations found in the outputs", "no quotations to check", None)
    offsets = [instance.texts.offsets for instance in included if instance.texts]
    exact, total = (sum(counts) for counts in zip(*offsets, strict=True)) if offsets else (0, 0)
    if total:
        result = f"{exact:,} of {total:,}, in the failures that this report contains"
        yield Check("Detectors' quotations are at their offsets", result, exact == total)
