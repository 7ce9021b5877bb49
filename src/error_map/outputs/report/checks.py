"""What was looked up while a report was made, and what came of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from ...analysis import Rate
from ...presentation.formatting import in_full, percent
from ..summary import FinishedRun
from .report import Check, Instance
from .rows import damage_reported


@dataclass(frozen=True, slots=True, kw_only=True)
class Proofs:
    """The failures file in figures."""

    rows: int
    found: int
    """Quotations that were found in the output."""
    lost: int
    """Quotations that were not."""
    decided: Mapping[str, int]
    """By detector, failures whose diagnosis rests on it."""


def proofs(failures: Path) -> Proofs:
    """Counts over the whole failures file; no text is kept in memory.

    Raises:
        StoreError: The file is damaged.
    """
    with damage_reported(failures):
        scan = pl.scan_parquet(failures)
        if "criteria" not in scan.collect_schema():
            return Proofs(rows=0, found=0, lost=0, decided={})
        quotes = (
            pl.col("criteria").str.count_matches(f'"verified":{said}', literal=True).alias(said)
            for said in ("true", "false")
        )
        sums = [pl.col("true").sum(), pl.col("false").sum(), pl.len().alias("rows")]
        counted = scan.select("detector", *quotes).group_by("detector").agg(sums)
        table = counted.collect(engine="streaming").sort("detector")
    decided = {name: rows for name, _, _, rows in table.iter_rows() if name}
    return Proofs(
        rows=int(table["rows"].sum()),
        found=int(table["true"].sum()),
        lost=int(table["false"].sum()),
        decided=decided,
    )


def checks(run: FinishedRun, proved: Proofs, carried: Iterable[Instance]) -> Iterator[Check]:
    """What a reader may rely on."""
    yield from _totals(run, proved)
    yield from _quotations(proved, carried)
    for one in run.summary.readings:
        if one.agreement:
            told = f"reproduces {percent(one.agreement)} of the scores, read as {one.route!r}"
            yield Check(f"Reading final answers of {one.dataset}", told, None)


def _totals(run: FinishedRun, proved: Proofs) -> Iterator[Check]:
    accounting = run.summary.accounting
    told = f"nine states: {accounting.rows:,} rows; the manifest: {run.manifest.rows:,}"
    same = dict(accounting) == dict(run.manifest.accounting)
    adds_up = accounting.rows == run.manifest.rows and same
    yield Check("Every row is in exactly one state", told, adds_up)
    studied = accounting.studied
    told = f"failures file: {proved.rows:,} rows; studied failures: {studied:,}"
    yield Check("Every studied failure has its diagnosis", told, proved.rows == studied)
    overall = run.summary.overall
    if overall and overall.explained:
        placed = sum(rate.share.hits for rate in overall.top)
        asked = overall.explained.trials
        told = f"top categories: {placed:,} failures; studied: {asked:,}"
        yield Check("Every studied failure is in one category", told, placed == asked)


def _quotations(proved: Proofs, carried: Iterable[Instance]) -> Iterator[Check]:
    quoted = proved.found + proved.lost
    if quoted:
        rate = in_full(Rate.counted(proved.found, quoted))
        yield Check("Quotations looked up in the outputs, and found", rate, None)
    else:
        yield Check("Quotations looked up in the outputs", "there are none", None)
    offsets = [one.texts.offsets for one in carried if one.texts]
    right, every = (sum(counts) for counts in zip(*offsets, strict=True)) if offsets else (0, 0)
    if every:
        told = f"{right:,} of {every:,}, of the failures that are carried here"
        yield Check("Detectors' quotations stand where they say", told, right == every)
