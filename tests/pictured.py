"""Small finished runs for tests of plots, with arbitrary names."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import polars as pl

from error_map.analysis import folding, tallies
from error_map.outputs.summary import FinishedRun, summary_of
from error_map.records import CategoryId
from error_map.store import DatasetEntry, Manifest, RunFolder
from error_map.taxonomy import Category, Taxonomy, reserved

STATES: Final = ("passed", "not_sampled", "no_error_found")
Outcomes = Mapping[str, Sequence[str]]
"""For each model, the state or category id of each example."""


def category(name: str, number: int, children: Iterable[str] = ()) -> Category:
    """A top category with the id `c<number>`, its children `c<number>.<n>`."""
    below = tuple(
        Category(CategoryId(f"c{number}.{n}"), child, "Below.") for n, child in enumerate(children)
    )
    return Category(CategoryId(f"c{number}"), name, "A kind.", below)


def finished(folder: Path, outcomes: Outcomes, categories: Sequence[Category] = ()) -> FinishedRun:
    """A finished run of which only the records table is written to the folder."""
    taxonomy = Taxonomy((*categories, *reserved()))
    rows = [
        {
            "dataset": "d",
            "example_id": f"e{number}",
            "model": model,
            "repeat": 0,
            "state": outcome if outcome in STATES else "assigned",
            "category_id": outcome if outcome in taxonomy else None,
        }
        for model, of_model in outcomes.items()
        for number, outcome in enumerate(of_model)
    ]
    place = RunFolder(folder, "t")
    texts = dict.fromkeys(("dataset", "example_id", "model", "state", "category_id"), pl.String)
    frame = pl.DataFrame(rows, schema={**texts, "repeat": pl.Int32})
    frame.write_parquet(place.records)
    counted = tallies(frame.lazy())
    manifest = a_manifest(tuple(outcomes), len(rows))
    return FinishedRun(
        folder=place,
        manifest=manifest,
        taxonomy=taxonomy,
        counted=counted,
        summary=summary_of(manifest, counted, taxonomy),
        display_path=folding(counted, taxonomy, rare_below=0.0),
    )


def a_manifest(models: tuple[str, ...], rows: int) -> Manifest:
    """The manifest of a run of one dataset."""
    return Manifest(
        exp_id="t",
        analyst="offline/0",
        versions={},
        completed_at="2026-01-01T00:00:00+00:00",
        seconds=1.0,
        ratio=1.0,
        seed=42,
        rare_freq=0.0,
        inputs=(),
        datasets={"d": DatasetEntry(threshold=1.0, rule="score < 1", origin="binary")},
        models=models,
        accounting={},
        rows=rows,
        faults={},
        notices=(),
    )


HOSTILE: Final = (
    "<script>document.title='run'</script>",
    "</svg><img src=x onerror=document.title='run'>",
    "]]> <!-- &amp; &#x3c;b>",
    "$x^2$ \\(y\\) $\\frac{1}{0}$",
    "\x1b[31mred\x00\x07",
    "\u202etxt.exe\u2066",
    "\ud800 lone",
    "\u4e2d\u6587 \U0001f600 \ufffe",
    "z" + "\u0301" * 50,
    "مرحبا بالعالم",
    "wide " * 2000,
    "W" * 5_000_000,
    " \n\t ",
    "**bold** `code` [link](javascript:alert(1)) :material/home:",
    '=HYPERLINK("x")',
    "%s %(n)d {0} {name}",
)
"""Names with markup, control characters, formulas and extreme lengths."""


def hostile_run(folder: Path) -> FinishedRun:
    """A run in which every hostile text is the name of a model, a category and a subcategory."""
    safe = [text.encode("utf-8", "backslashreplace").decode() for text in HOSTILE]
    kinds = [category(text, n, [text]) for n, text in enumerate(HOSTILE)]
    ids = [kind.children[0].id for kind in kinds]
    models = {
        text: [ids[(n + shift) % len(ids)] for n in range(20)] for shift, text in enumerate(safe)
    }
    return finished(folder, models, kinds)
