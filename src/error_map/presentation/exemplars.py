"""Selects exemplars of each category: well supported, of different models, reproducibly."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from ..analysis import DisplayPath
from ..errors import StoreError
from ..records import CategoryId
from ..stages.sampling import draws
from ..store import KEY, ROW_NUMBER

WHOLE: Final = 1_000
"""Up to this number of failures a report carries all; bounds its size, as each has its texts."""
CARRIED: Final = 750
"""Failures that a report carries of a larger run, unless more exemplars are requested."""
PER_CATEGORY: Final = 25
"""Failures of one category among them; more than a person reads of one category."""
_POOL: Final = 200
"""Candidates per category, different models and titles first; the choice takes quadratic time."""
_TITLE_CHARS: Final = 80
_CONFIDENCE: Final = r'"confidence":([0-9.eE+-]+)'
"""Confidence of the first finding; quotations cannot forge it, as their quotes are escaped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The selected failures of one category, by their row in the failures file, from 0."""

    category: CategoryId
    """The last category of the path under which they are displayed."""
    examples: tuple[int, ...]
    """The exemplars: the best supported, of different models and titles if possible; best first."""
    others: tuple[int, ...]
    """A random draw from the rest, in the file's order."""
    of: int
    """Analysed failures of the category."""


def chosen(
    failures: Path, display_path: DisplayPath, *, seed: int, examples: int
) -> tuple[Chosen, ...]:
    """Exemplars and further failures of every category, the category with most failures first.

    Reads no long text. The same file and seed give the same selection.

    Args:
        failures: A run's failures file.
        display_path: Path under which each category is displayed; see `folding`.
        seed: Seed of the draws.
        examples: Maximum exemplars per category; with 0 nothing is selected.

    Raises:
        StoreError: A failure is in a category that is not in the run's taxonomy.
    """
    light = _light(failures, display_path, seed=seed)
    counts = light.group_by("shown").len().sort(["len", "shown"], descending=[True, False])
    whole = light.height <= WHOLE
    room = max(examples, min(PER_CATEGORY, CARRIED // max(counts.height, 1)), 1)
    kept = counts["shown"].to_list()[: light.height if whole else max(CARRIED // room, 1)]
    best = _examples(light, examples) if examples else {}
    rest = _others(light, best, room=light.height if whole else room) if examples else {}
    return tuple(
        Chosen(
            category=CategoryId(category),
            examples=best.get(category, ()) if category in kept else (),
            others=rest.get(category, ()) if category in kept else (),
            of=count,
        )
        for category, count in counts.iter_rows()
    )


def _light(failures: Path, display_path: DisplayPath, *, seed: int) -> pl.DataFrame:
    """One row per failure: its displayed category, how well it is supported, and its draw."""
    decided = pl.col("detector") != ""
    # By a regular expression in Polars: parsing the JSON of every row takes longer.
    confidence = pl.col("findings").str.extract(_CONFIDENCE).cast(pl.Float64, strict=False)
    verified, refuted = (
        pl.col("criteria").str.count_matches(f'"verified":{value}', literal=True) > 0
        for value in ("true", "false")
    )
    proved = (
        pl.when(decided).then(confidence).otherwise(0.0).fill_null(0.0)
        + verified.cast(pl.Float64)
        - refuted.cast(pl.Float64)
    )
    title = pl.col("error_title").str.slice(0, _TITLE_CHARS).alias("title")
    light = (
        pl.scan_parquet(failures, row_index_name=ROW_NUMBER)
        .select(
            pl.col(ROW_NUMBER).alias("row"),
            *KEY,
            "category_id",
            title,
            proved.fill_null(0.0).alias("proved"),
        )
        .collect(engine="streaming")
    )
    try:
        shown = {one: display_path(one)[-1] for one in light["category_id"].unique().to_list()}
    except KeyError as error:
        message = f"the run is damaged: its taxonomy has no category {error.args[0]!r}"
        raise StoreError(message, where=str(failures), hint="run it again") from error
    return light.with_columns(
        pl.col("category_id").replace_strict(shown, return_dtype=pl.String).alias("shown"),
        draws(light, seed),
    )


def _examples(light: pl.DataFrame, examples: int) -> dict[str, tuple[int, ...]]:
    """The rows of the exemplars by category, best first."""
    best_first = light.sort(
        ["shown", "proved", "draw", "row"], descending=[False, True, False, False]
    )
    nth = pl.int_range(pl.len())
    spread = best_first.with_columns(nth.over("shown", "model", "title").alias("twin"))
    pool = spread.sort("shown", "twin", maintain_order=True).filter(nth.over("shown") < _POOL)
    columns = ("row", "model", "title")
    return {
        str(category): _spread(list(rows.select(columns).iter_rows()), examples)
        for (category,), rows in pool.group_by("shown")
    }


def _spread(pool: list[tuple[int, str, str]], examples: int) -> tuple[int, ...]:
    """Rows in which models, and then titles, occur as evenly as possible."""
    taken: list[tuple[int, str, str]] = []
    models, titles = Counter[str](), Counter[str]()
    while pool and len(taken) < examples:
        row = min(pool, key=lambda one: (models[one[1]], titles[one[2]]))
        pool.remove(row)
        taken.append(row)
        models[row[1]] += 1
        titles[row[2]] += 1
    return tuple(row for row, _, _ in taken)


def _others(
    light: pl.DataFrame, best: Mapping[str, Sequence[int]], *, room: int
) -> dict[str, tuple[int, ...]]:
    """Rows drawn from those that are not exemplars, by category, in the file's order."""
    used = [row for rows in best.values() for row in rows]
    spare = light.filter(~pl.col("row").is_in(used)).sort("shown", "draw", "row")
    sizes = {category: room - len(rows) for category, rows in best.items()}
    space = pl.col("shown").replace_strict(sizes, return_dtype=pl.Int64)
    drawn = spare.filter(pl.int_range(pl.len()).over("shown") < space)
    return {
        str(category): tuple(rows["row"].sort()) for (category,), rows in drawn.group_by("shown")
    }
