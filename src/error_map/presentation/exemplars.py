"""Which failures stand for each category: proved best, of many models, the same every time."""

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
"""Failures up to which all are carried."""
CARRIED: Final = 750
"""Failures that are carried of more, at the most, if the examples asked for are no more."""
PER_CATEGORY: Final = 25
"""Of these, of one category."""
_POOL: Final = 200
"""Failures of a category among which its examples are looked for, each model and title first."""
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


def chosen(
    failures: Path, display_path: DisplayPath, *, seed: int, examples: int
) -> tuple[Chosen, ...]:
    """Examples and further failures of every category, the category with most failures first.

    No long text is read. The same file and seed give the same choice.

    Args:
        failures: A run's failures file.
        display_path: What each category counts in; see `folding`.
        seed: Of the draws.
        examples: Of one category, at the most; with 0 nothing is chosen.

    Raises:
        StoreError: A failure is in a category that the run's taxonomy has not.
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
    """By category, the rows of its examples, the best first."""
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
    """The next one is always of a model, and then of a title, that was taken least often."""
    taken: list[tuple[int, str, str]] = []
    models, titles = Counter[str](), Counter[str]()
    while pool and len(taken) < examples:
        one = min(pool, key=lambda each: (models[each[1]], titles[each[2]]))
        pool.remove(one)
        taken.append(one)
        models[one[1]] += 1
        titles[one[2]] += 1
    return tuple(row for row, _, _ in taken)


def _others(
    light: pl.DataFrame, best: Mapping[str, Sequence[int]], *, room: int
) -> dict[str, tuple[int, ...]]:
    """By category, the rows that are drawn from those that are no examples, in order."""
    used = [row for rows in best.values() for row in rows]
    spare = light.filter(~pl.col("row").is_in(used)).sort("shown", "draw", "row")
    sizes = {category: room - len(rows) for category, rows in best.items()}
    space = pl.col("shown").replace_strict(sizes, return_dtype=pl.Int64)
    drawn = spare.filter(pl.int_range(pl.len()).over("shown") < space)
    return {
        str(category): tuple(rows["row"].sort()) for (category,), rows in drawn.group_by("shown")
    }
