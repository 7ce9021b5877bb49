"""Reads scores: numbers, and, as the caller says, words, percentages and decimal commas."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from ...errors import InputError
from ...options import Decimal

_PAIRS: Final[tuple[Mapping[str, float], ...]] = (
    {"c": 1, "i": 0, "p": 0.5, "n": 0},
    {"correct": 1, "incorrect": 0, "partial": 0.5, "wrong": 0},
    {"pass": 1, "fail": 0, "passed": 1, "failed": 0},
    {"yes": 1, "no": 0},
    {"y": 1, "n": 0},
    {"t": 1, "f": 0},
    {"right": 1, "wrong": 0},
)
"""Common words for scores, lower case; C, I, P and N are the grades of Inspect."""
_PERCENT: Final = re.compile(r"[+-]?\d+(?:[.,]\d+)?\s*%")
_COMMA: Final = re.compile(r"[+-]?\d+,\d+\s*%?")
_OBJECT: Final = re.compile(r'\{\s*"([^"\\]+)"\s*:')
_MAX_WORDS: Final = 10
"""Different values from which on a column holds no grades, so that no map is proposed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreFormat:
    """How the scores of a file are written.

    Raises:
        InputError: Two words of the map differ only in upper and lower case or outer blanks.
    """

    words: Mapping[str, float] = field(default_factory=dict)
    """Scores by word; upper and lower case are the same."""
    decimal: Decimal = "."
    percent: bool = False
    """Whether 85 and 85 % mean 0.85."""

    def __post_init__(self) -> None:
        if len(self.scores) < len(self.words):
            raise InputError("a word is in it twice, in upper and lower case", where="score_map")

    @property
    def scores(self) -> dict[str, float]:
        """The scores by their words in lower case, without outer blanks."""
        return {word.strip().lower(): float(score) for word, score in self.words.items()}


AS_NUMBERS: Final = ScoreFormat()
"""Numbers with a decimal point, and the words true and false."""


def parsed_scores(column: pl.Series, written: ScoreFormat = AS_NUMBERS) -> pl.Expr:
    """The scores as float64 in a column `score`; null for what is no score.

    A list of one number is this number, as some tools keep one score per metric in a list.
    """
    whole = 100.0 if written.percent else 1.0
    if column.dtype.is_numeric():
        return (pl.col(column.name).cast(pl.Float64) / whole).alias("score")
    text = pl.col(column.name).str.strip_chars().str.to_lowercase()
    text = text.str.replace(r"^\[\s*([^\[\],]*?)\s*\]$", "$1").str.strip_chars('"')
    number = text.replace({"true": "1", "false": "0"}) if not written.percent else text
    number = number.str.replace(r"^\+([^+\-\s])", "$1")  # one sign, as in any number
    if written.percent:
        number = number.str.replace(r"\s*%$", "")
    if written.decimal == ",":
        # A point would be a thousands separator: which of the two is meant is not guessed.
        number = (
            pl.when(number.str.contains(".", literal=True))
            .then(None)
            .otherwise(number.str.replace(",", ".", literal=True))
        )
    parsed = number.cast(pl.Float64, strict=False) / whole
    if not written.words:
        return parsed.alias("score")
    words = text.replace_strict(written.scores, default=None, return_dtype=pl.Float64)
    return pl.coalesce(words, parsed).alias("score")


def way_out(values: Iterable[str], written: ScoreFormat) -> str:
    """The option by which values that are no scores could be read; empty if none is known.

    Args:
        values: Scores of a file that could not be read.
        written: How they were read.

    Example:
        >>> way_out(["C", "I", "C"], AS_NUMBERS)
        '--score-map "C=1,I=0"'
        >>> way_out(["85 %"], AS_NUMBERS)
        '--percent'
    """
    seen = sorted({value.strip() for value in values})
    if not seen:
        return ""
    lower = {value.lower(): value for value in seen}
    if len(seen) <= _MAX_WORDS:
        # Words that the map has already are scores, so they are not among the values.
        for pair in _PAIRS:
            if lower.keys() <= pair.keys():
                known = [f"{word}={score:g}" for word, score in written.words.items()]
                words = sorted(lower, key=lambda word: (-pair[word], word))
                added = [f"{lower[word]}={pair[word]:g}" for word in words]
                return f'--score-map "{",".join([*known, *added])}"'
    options = []
    if written.decimal == "." and any(_COMMA.fullmatch(value) for value in seen):
        options.append("--decimal ,")
    if not written.percent and any(value.endswith("%") for value in seen):
        options.append("--percent")
    if options:
        readable = all(_COMMA.fullmatch(value) or _PERCENT.fullmatch(value) for value in seen)
        return " ".join(options) if readable else ""
    objects = [_OBJECT.match(value) for value in seen]
    if all(objects) and objects[0]:
        return f'--columns "score=score.{objects[0][1]}"'
    return ""
