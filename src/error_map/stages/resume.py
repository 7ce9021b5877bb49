"""Reuses the taxonomy of an earlier run of the same name, if the analyst is the same."""

from dataclasses import replace

import polars as pl

from ..records import CategoryId
from ..store import RunFolder, read_manifest
from ..taxonomy import load_taxonomy
from .induction import Induced


def earlier_taxonomy(folder: RunFolder, fingerprint: str) -> tuple[Induced | None, str]:
    """The taxonomy of an earlier run with the places of its titles.

    Args:
        folder: Folder of the run.
        fingerprint: Fingerprint of the analyst: model, parameters, prompts, taxonomy settings.

    Returns:
        The taxonomy, or None; and a notice, which is empty if there is nothing to say.

    Raises:
        StoreError: The earlier run is damaged.
    """
    if not folder.manifest.exists():
        return None, ""
    manifest = read_manifest(folder)
    if manifest.fingerprint != fingerprint:
        notice = "an earlier run of this name had another analyst: everything is recomputed"
        return None, notice
    if not manifest.whole:
        return None, "resuming the unfinished run of this name"
    current = replace(folder, files=dict(manifest.files))
    return Induced(load_taxonomy(current.taxonomy), _places(current)), ""


def _places(folder: RunFolder) -> dict[tuple[str, str], CategoryId]:
    columns = ["error_title", "detector", "category_id"]
    placed = pl.scan_parquet(folder.failures).filter(
        (pl.col("state") == "assigned") & (pl.col("verdict") == "error")
    )
    rows = placed.select(columns).unique().sort(columns).collect().iter_rows()
    return {(title, detector): CategoryId(category) for title, detector, category in rows}
