"""Files that may be one dataset: which of them hold the same examples, and what to say of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

TELL_APART: Final = '--model-name "{model} ({file})"'
_MOST: Final = 0.5
"""Share of the smaller file's examples over which two files hold "most" in common."""
_NAMED: Final = 5
"""Files that a notice names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """Which examples one file holds, as hashes: eight bytes for each."""

    dataset: str
    is_named: bool
    """Whether the rows name the dataset, and not only the file."""
    by_prompt: pl.Series
    """Of id and prompt; ids alone may just count rows, and then mean nothing across files."""
    by_reference: pl.Series
    """Of id and reference, where there is one: prompts may differ from version to version."""
    models: frozenset[str]


def examples_of(frame: pl.DataFrame, stem: str) -> Examples | None:
    """The examples of a file, or None where its rows are of several datasets.

    Args:
        frame: As a Table's.
        stem: What the dataset is called where rows name none.
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
    """A notice for each group of datasets that hold mostly the same examples.

    Datasets that the rows themselves tell apart are taken to be different.
    """
    files = {one.dataset: one for one in every}
    left = sorted(files, key=lambda name: (files[name].is_named, name))
    while left:
        first, *others = left
        if files[first].is_named:
            return
        alike = sorted([first, *(one for one in others if _alike(files[first], files[one]))])
        if len(alike) > 1:
            yield _notice(alike, frozenset.intersection(*(files[name].models for name in alike)))
        left = [name for name in others if name not in alike]


def _hashes(frame: pl.DataFrame, text: str) -> pl.Series:
    return frame.select("example_id", text).hash_rows().unique().alias(text)


def _alike(one: Examples, other: Examples) -> bool:
    pairs = ((one.by_prompt, other.by_prompt), (one.by_reference, other.by_reference))
    return any(_mostly(*pair) for pair in pairs)


def _mostly(one: pl.Series, other: pl.Series) -> bool:
    least = min(len(one), len(other))
    return bool(least) and int(one.is_in(other.implode()).sum()) > _MOST * least


def _notice(names: Sequence[str], models: frozenset[str]) -> str:
    shown, spare = list(names[:_NAMED]), len(names) - _NAMED
    last = f"{spare} more" if spare > 0 else shown.pop()
    told = f"{', '.join(shown)} and {last} have most examples in common, but are datasets of their "
    told += "own, and models are compared within one; where they are one dataset, "
    told += "add --dataset-name NAME"
    if not models:
        return told
    both = "both" if len(names) == len("12") else "all"
    return f"{told} and {TELL_APART}, as {both} have the model {min(models)!r}"
