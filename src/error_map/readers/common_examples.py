"""Files that may be one dataset: which of them hold the same examples, and what to say of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

TELL_APART: Final = '--model-name "{model} ({file})"'
_MOST: Final = 0.5
"""Share of the smaller file's examples over which two files hold "most" in common."""
_NAMED: Final = 5
"""Files that a notice names."""


@dataclass(frozen=True, slots=True)
class Examples:
    """Which examples one file holds, as hashes: eight bytes for each."""

    by_prompt: pl.Series
    """Of id and prompt; ids alone may just count rows, and then mean nothing across files."""
    by_reference: pl.Series
    """Of id and reference, where there is one: prompts may differ from version to version."""
    models: frozenset[str]


def examples_of(frame: pl.DataFrame, stem: str) -> Examples | None:
    """The examples of a file, or None where its rows name datasets of their own.

    Args:
        frame: As a Table's.
        stem: What the dataset is called where rows name none.
    """
    if frame["dataset"].unique().to_list() != [stem]:
        return None
    known = frame.filter(pl.col("correct_answer").is_not_null())
    return Examples(
        by_prompt=_hashes(frame, "input_text"),
        by_reference=_hashes(known, "correct_answer"),
        models=frozenset(frame["model"].unique()),
    )


def shared_examples(files: Mapping[str, Examples]) -> Iterator[str]:
    """A notice for each group of files that hold mostly the same examples.

    Args:
        files: By the name of the dataset that each is now.
    """
    left = sorted(files)
    while left:
        first, *others = left
        alike = [first, *(name for name in others if _alike(files[first], files[name]))]
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
    told = f"{', '.join(shown)} and {last} have most examples in common, but each file is a "
    told += "dataset of its own, and models are compared within one; where they are one dataset, "
    told += "add --dataset-name NAME"
    if not models:
        return told
    both = "both" if len(names) == len("12") else "all"
    return f"{told} and {TELL_APART}, as {both} have the model {min(models)!r}"
