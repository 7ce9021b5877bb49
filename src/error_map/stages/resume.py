"""What an earlier run of the same name left: a taxonomy to go on with, if of the same make."""

from dataclasses import replace

import polars as pl

from ..records import CategoryId
from ..store import RunFolder, read_manifest
from ..taxonomy import load_taxonomy
from .induction import Induced


def earlier_taxonomy(folder: RunFolder, fingerprint: str) -> tuple[Induced | None, str]:
    """The taxonomy of an earlier run with its places, or None; and what to say of it.

    Args:
        folder: Of the run.
        fingerprint: Of the analyst: model, parameters, prompts, taxonomy settings.

    Raises:
        StoreError: The earlier run is damaged.
    """
    if not folder.manifest.exists():
        return None, ""
    manifest = read_manifest(folder)
    if manifest.fingerprint != fingerprint:
        told = "an earlier run of this name had another analyst: everything is derived anew"
        return None, told
    if not manifest.whole:
        return None, "an earlier run of this name was not finished: it is gone on with"
    current = replace(folder, files=dict(manifest.files))
    return Induced(load_taxonomy(current.taxonomy), _places(current)), ""


def _places(folder: RunFolder) -> dict[tuple[str, str], CategoryId]:
    columns = ["error_title", "detector", "category_id"]
    placed = pl.scan_parquet(folder.failures).filter(
        (pl.col("state") == "assigned") & (pl.col("verdict") == "error")
    )
    rows = placed.select(columns).unique().sort(columns).collect().iter_rows()
    return {(title, detector): CategoryId(category) for title, detector, category in rows}
