"""How answers of one dataset are read: the final answer of an output, and of its reference."""

import re
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Final

from ..text.mentions import run_on_start
from ..values.equality import is_number
from ..values.literals import read_literal, same_literal
from .extractors.routes import (
    ROUTES,
    WORDS_ROUTE,
    Answer,
    boxed,
    hashes,
    last_number,
    letter_or_words,
)
from .spans import MOST_CHARS

TRUSTED_AGREEMENT: Final = 0.97
"""Below it what a route reads is too uncertain for comparing values (DETECTORS: measured)."""
TRUSTED_RECALL: Final = 0.9
FEWEST_ROWS: Final = 20
"""On fewer rows every agreement is luck."""
USUAL: Final = 0.8
"""Share of outputs that a marker must stand in to be the dataset's way of answering."""
REMEMBERED: Final = 4_096
"""Texts whose reading is kept while every route is tried on them: twice the rows of a dataset
that a profile is learnt from."""

_LETTER_ROUTES: Final = frozenset(
    {
        "leading letter",
        "first letter stated",
        "first letter stated, else boxed",
        "last letter stated",
        "option letter",
    }
)
NUMBER_ROUTES: Final = frozenset(
    {
        "####, else last number",
        "answer line, else last number",
        "last number",
        "stated, else last number",
        "boxed, else last number",
        "first number",
        "number in answer field",
    }
)
"""Routes that read numbers only."""
_LABELLED: Final = re.compile(r"\s*[(\[]?([A-Pa-p])(?:[)\].:]+(?=\s|$)|\s*$)")
_MARKED_GOLD: Final = re.compile(
    r"^(?:a|answer|final answer)[ \t]*:([^\n]+)", re.IGNORECASE | re.MULTILINE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What the outputs and scores of a dataset teach about how answers are to be read."""

    route: str | None = None
    """Name of the extraction route that best reproduces the scores; None where none was learnt."""
    agreement: float = 0.0
    """Share of the studied rows whose score the route reproduces, in [0, 1]."""
    recall: float = 0.0
    """Share of the passed rows whose answer, as the route reads it, equals the reference's."""
    found: float = 0.0
    """Share of the studied rows in whose output the route finds an answer."""
    rows: int = 0
    """Rows with a reference that were studied."""
    max_output_chars: int = 0
    """Longest output seen in the dataset: a hint of where outputs are cut."""
    strict: bool = False
    """Whether the scores go by the literal as written: its type, quotes, case."""

    @property
    def trusted(self) -> bool:
        """Whether answers are read well enough to compare their values with the reference."""
        return (
            self.agreement >= TRUSTED_AGREEMENT
            and self.recall >= TRUSTED_RECALL
            and self.rows >= FEWEST_ROWS
        )

    @property
    def distrust(self) -> str:
        """Why values are not compared, as the end of a sentence; empty where they are."""
        if self.trusted:
            return ""
        if self.rows < FEWEST_ROWS:
            return f"only {self.rows} scored answers with a reference teach how answers are read"
        if self.route is None:
            return "no way of reading the answers reproduces the scores"
        if not self.agreement:
            return f"all scores are alike, so that nothing confirms reading them as {self.route!r}"
        read_as = f"read as {self.route!r}"
        if self.agreement >= TRUSTED_AGREEMENT:
            return f"{read_as}, only {100 * self.recall:.1f} % of the right answers are found"
        return f"{read_as}, answers reproduce only {100 * self.agreement:.1f} % of the scores"

    @property
    def expects_answer(self) -> bool:
        """Whether the route normally finds an answer, so that a missing one means something."""
        return self.route is not None and self.found >= USUAL and self.rows >= FEWEST_ROWS


def final_answer(output: str, profile: Profile, prompt: str = "") -> Answer | None:
    """The final answer as the dataset's route reads it, before any run-on text.

    Args:
        output: To be read.
        profile: Of its dataset.
        prompt: For the one route that has to know the options.

    Returns:
        The answer with its place, `output[start:end] == text`; None where the profile has no route
        or the route finds nothing.
    """
    if profile.route is None:
        return None
    route = ROUTES[profile.route]
    if profile.route == WORDS_ROUTE and prompt:
        route = partial(letter_or_words, prompt=prompt)
    end = run_on_start(output[:MOST_CHARS])
    found = route(output[:end]) if 0 < end < min(len(output), MOST_CHARS) else None
    return found or route(output)


def written(output: str, answer: Answer) -> str:
    """The answer with the quotation marks that stand right round it, as a literal has them.

    Example:
        >>> written("x = 'ab'", Answer("ab", 5, 7))
        "'ab'"
    """
    before, after = output[max(0, answer.start - 1) : answer.start], output[answer.end :][:1]
    quoted = before and before == after and before in "\"'"
    return f"{before}{answer.text}{after}" if quoted else answer.text


def gold_answer(reference: str | None, profile: Profile) -> str | None:
    """The reference's final answer, without its working, as the dataset's route would give it."""
    if reference is None or not reference.strip():
        return None
    gold = _marked_gold(reference)
    if profile.route in _LETTER_ROUTES:
        label = _LABELLED.match(gold)
        return label[1].upper() if label else gold
    if profile.route in NUMBER_ROUTES and not is_number(gold):
        number = last_number(gold)
        return number.text if number else gold
    return gold


@lru_cache(maxsize=REMEMBERED)
def _marked_gold(reference: str) -> str:
    """What follows the reference's own marker, else all of it."""
    if "####" in reference:
        found = hashes(reference)
    elif "\\boxed" in reference:
        found = boxed(reference)
    else:
        lines = _MARKED_GOLD.findall(reference)
        return lines[-1].strip() if lines else reference.strip()
    return found.text if found else reference.strip()


def same_written(left: str, right: str) -> bool:
    """Whether two texts are one literal for a program, or the same text to the letter."""
    if left.strip() == right.strip():
        return True
    first = read_literal(left)
    second = read_literal(right) if first else None
    return first is not None and second is not None and same_literal(first, second)
