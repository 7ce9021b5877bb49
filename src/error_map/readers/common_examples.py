"""Notices about files that may be one dataset, as they have mostly the same examples."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

TELL_APART: Final = '--model-name "{model} ({file})"'
_MOSTLY: Final = 0.5
"""Share of the smaller file's examples above which two files have "most" in common."""
_MAX_NAMED: Final = 5
"""Files that a notice names; keeps it to one or two lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """The examples of one file as hashes, eight bytes each."""

    dataset: str
    is_named: bool
    """Whether the rows name the dataset, and not only the file."""
    by_prompt: pl.Series
    """Hashes of id and prompt; ids alone may be row numbers, which mean nothing across files."""
    by_reference: pl.Series
    """Hashes of id and reference, if any: prompts may differ between versions."""
    models: frozenset[str]


def examples_of(frame: pl.DataFrame, stem: str) -> Examples | None:
    """The examples of a file, or None where its rows are of several datasets.

    Args:
        frame: Columns as those of a Table.
        stem: Name of the dataset where the rows name none.
    """
    if frame["dataset"].n_unique() != 1:
        return None
    dataset = str(frame["dataset"][0])
    known = frame.filter(pl.col("correct_answer").is_not_null())
    return Examples(
        dataset=dataset,
        is_named=dataset != stem,
        by_prompt=_hashes(frame, "input_text"),
        by_reference=_hashes(known, "correct_answer"),
        models=frozenset(frame["model"].unique()),
    )


def shared_examples(every: Iterable[Examples]) -> Iterator[str]:
    """A notice for each group of datasets with mostly the same examples.

    Datasets that the rows themselves name are taken to be different.
    """
    files = {one.dataset: one for one in every}
    remaining = sorted(files, key=lambda name: (files[name].is_named, name))
    while remaining:
        first, *others = remaining
        # Sorted: all remaining datasets are named by their rows as well.
        if files[first].is_named:
            return
        alike = sorted([first, *(one for one in others if _alike(files[first], files[one]))])
        if len(alike) > 1:
            yield _notice(alike, frozenset.intersection(*(files[name].models for name in alike)))
        remaining = [name for name in others if name not in alike]


def _hashes(frame: pl.DataFrame, text: str) -> pl.Series:
    return frame.select("example_id", text).hash_rows().unique().alias(text)


def _alike(one: Examples, other: Examples) -> bool:
    pairs = ((one.by_prompt, other.by_prompt), (one.by_reference, other.by_reference))
    return any(_mostly(*pair) for pair in pairs)


def _mostly(one: pl.Series, other: pl.Series) -> bool:
    least = min(len(one), len(other))
    return bool(least) and int(one.is_in(other.implode()).sum()) > _MOSTLY * least


def _notice(names: Sequence[str], models: frozenset[str]) -> str:
    shown, spare = list(names[:_MAX_NAMED]), len(names) - _MAX_NAMED
    last = f"{spare} more" if spare > 0 else shown.pop()
    message = f"{', '.join(shown)} and {last} have most examples in common, but are datasets of "
    message += "their own, and models are compared within one; where they are one dataset, "
    message += "add --dataset-name NAME"
    if not models:
        return message
    both = "both" if len(names) == len("12") else "all"
    return f"{message} and {TELL_APART}, as {both} have the model {min(models)!r}"
