"""Which failures stand for each category: proved best, of many models, the same every time."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from ..analysis import ShownAs
from ..records import CategoryId
from ..stages.sampling import KEY, draws

WHOLE: Final = 1_000
"""Failures up to which all are carried."""
CARRIED: Final = 750
"""Failures that are carried of more, at the most, if the examples asked for are no more."""
PER_CATEGORY: Final = 25
"""Of these, of one category."""
_TITLE_CHARS: Final = 80
_CONFIDENCE: Final = r'"confidence":([0-9.eE+-]+)'
"""Of the first finding; a quotation cannot forge it, as its quotation marks are escaped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The failures that stand for one category, by their row in the failures file, from 0."""

    category: CategoryId
    """The last one that they are shown under."""
    examples: tuple[int, ...]
    """The best proved, of different models and titles where there are; the best first."""
    others: tuple[int, ...]
    """Drawn from the rest, in the file's order."""
    of: int
    """Failures of the category that were studied."""


def chosen(failures: Path, shown_as: ShownAs, *, seed: int, examples: int) -> tuple[Chosen, ...]:
    """Examples and further failures of every category, the category with most failures first.

    No long text is read. The same file and seed give the same choice.

    Args:
        failures: A run's failures file.
        shown_as: What each category counts in; see `folding`.
        seed: Of the draws.
        examples: Of one category, at the most; with 0 nothing is chosen.
    """
    light = _light(failures, shown_as, seed=seed)
    counts = light.group_by("shown").len().sort(["len", "shown"], descending=[True, False])
    whole = light.height <= WHOLE
    room = max(examples, min(PER_CATEGORY, CARRIED // max(counts.height, 1)), 1)
    picked = _picked(light, examples=examples, room=light.height if whole else room)
    kept = counts["shown"].to_list()[: light.height if whole else max(CARRIED // room, 1)]
    groups = {category: rows for (category,), rows in picked.group_by("shown") if category in kept}
    return tuple(
        _group(category, groups.get(category), of=count) for category, count in counts.iter_rows()
    )


def _light(failures: Path, shown_as: ShownAs, *, seed: int) -> pl.DataFrame:
    """A row a failure: where it is shown, how well it is proved, and its draw."""
    decided = pl.col("detector") != ""
    confidence = pl.col("findings").str.extract(_CONFIDENCE).cast(pl.Float64, strict=False)
    found, lost = (
        pl.col("criteria").str.count_matches(f'"verified":{said}', literal=True) > 0
        for said in ("true", "false")
    )
    proved = (
        pl.when(decided).then(confidence).otherwise(0.0).fill_null(0.0)
        + found.cast(pl.Float64)
        - lost.cast(pl.Float64)
    )
    title = pl.col("error_title").str.slice(0, _TITLE_CHARS).alias("title")
    light = (
        pl.scan_parquet(failures, row_index_name="row")
        .select("row", *KEY, "category_id", title, proved.fill_null(0.0).alias("proved"))
        .collect(engine="streaming")
    )
    shown = {one: shown_as(one)[-1] for one in light["category_id"].unique().to_list()}
    return light.with_columns(
        pl.col("category_id").replace_strict(shown, return_dtype=pl.String).alias("shown"),
        draws(light, seed),
    )


def _picked(light: pl.DataFrame, *, examples: int, room: int) -> pl.DataFrame:
    """Rows to carry, with their place among the category's examples, or null for the others."""
    ordered = light.sort(["shown", "proved", "draw", "row"], descending=[False, True, False, False])
    nth = pl.int_range(pl.len())
    spread = ordered.with_columns(nth.over("shown", "model").alias("again")).with_columns(
        nth.over("shown", "again", "title").alias("twin")
    )
    placed = spread.sort(
        ["shown", "again", "twin", "proved", "draw", "row"],
        descending=[False, False, False, True, False, False],
    ).with_columns(nth.over("shown").alias("place"))
    place = pl.when(pl.col("place") < examples).then("place")
    taken = placed.with_columns(place).sort(["shown", "place", "draw", "row"], nulls_last=True)
    return taken.filter((pl.int_range(pl.len()).over("shown") < room) & (examples > 0))


def _group(category: str, rows: pl.DataFrame | None, *, of: int) -> Chosen:
    if rows is None:
        return Chosen(category=CategoryId(category), examples=(), others=(), of=of)
    best = rows.filter(pl.col("place").is_not_null()).sort("place")["row"]
    others = rows.filter(pl.col("place").is_null())["row"].sort()
    return Chosen(category=CategoryId(category), examples=tuple(best), others=tuple(others), of=of)
