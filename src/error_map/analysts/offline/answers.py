"""Reading the final answer out of an output, and comparing it with the reference's."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from .mentions import run_on_start
from .routes import ROUTES, Answer, boxed, hashes, last_number
from .values import is_number, same_value

__all__ = [
    "NUMBER_ROUTES",
    "Answer",
    "Profile",
    "StudiedRow",
    "final_answer",
    "gold_answer",
    "learn",
    "same_value",
]

TRUSTED_AGREEMENT: Final = 0.97
"""Below it what a route reads is too uncertain for comparing values (DETECTORS: measured)."""
TRUSTED_RECALL: Final = 0.9
FLOOR_AGREEMENT: Final = 0.75
FLOOR_RECALL: Final = 0.5
"""A route that misses more of the passed rows reads something else than the scorer did."""
FEWEST_ROWS: Final = 20
"""On fewer rows every agreement is luck."""
USUAL: Final = 0.8
"""Share of outputs that a marker must stand in to be the dataset's way of answering."""
MARKED_ROUTES: Final = (
    "####",
    "answer line",
    "boxed",
    "answer field",
    "first letter stated",
    "stated answer",
)

_LETTER_ROUTES: Final = frozenset(
    {"leading letter", "first letter stated", "last letter stated", "option letter"}
)
NUMBER_ROUTES: Final = frozenset(
    {
        "####, else last number",
        "answer line, else last number",
        "last number",
        "stated, else last number",
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

    @property
    def trusted(self) -> bool:
        """Whether answers are read well enough to compare their values with the reference."""
        return (
            self.agreement >= TRUSTED_AGREEMENT
            and self.recall >= TRUSTED_RECALL
            and self.rows >= FEWEST_ROWS
        )

    @property
    def expects_answer(self) -> bool:
        """Whether the route normally finds an answer, so that a missing one means something."""
        return self.route is not None and self.found >= USUAL and self.rows >= FEWEST_ROWS


@dataclass(frozen=True, slots=True)
class StudiedRow:
    """One scored answer, as far as the learning of a profile looks at it."""

    prompt: str
    output: str
    reference: str | None
    passed: bool


def learn(rows: Sequence[StudiedRow]) -> Profile:
    """The route whose answers best reproduce the scores, and how well it does.

    Every route reads every row; its agreement is the share of rows where "the answer read equals
    the reference" is the same as "passed". Ties go to the surer route; the order of the rows
    does not matter. Where scores cannot teach (all passed, all failed), the marker that nearly all
    outputs carry is the route, with agreement 0, so that its values are not trusted.

    Args:
        rows: At most about 2,000 are worth the time: 16 routes read each of them.
    """
    longest = max((len(row.output) for row in rows), default=0)
    known = [row for row in rows if (row.reference or "").strip()]
    if len({row.passed for row in known}) > 1:
        profiles = [_tried(name, known, longest) for name in ROUTES]
        fit = [p for p in profiles if p.recall >= FLOOR_RECALL and p.agreement >= FLOOR_AGREEMENT]
    else:
        profiles = [_marked(name, known, longest) for name in MARKED_ROUTES]
        fit = [p for p in profiles if p.expects_answer]
    untaught = Profile(rows=len(known), max_output_chars=longest)
    return max(fit, key=lambda profile: (profile.agreement, profile.recall), default=untaught)


def final_answer(output: str, profile: Profile) -> Answer | None:
    """The final answer as the dataset's route reads it, before any run-on text.

    Returns:
        The answer with its place, `output[start:end] == text`; None where the profile has no route
        or the route finds nothing.
    """
    if profile.route is None:
        return None
    route = ROUTES[profile.route]
    end = run_on_start(output)
    found = route(output[:end]) if 0 < end < len(output) else None
    return found or route(output)


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


def _tried(name: str, rows: Sequence[StudiedRow], longest: int) -> Profile:
    """How well one route reproduces the scores."""
    trial = Profile(route=name)
    right = [_reads_right(row, trial) for row in rows]
    passed = [hit for row, hit in zip(rows, right, strict=True) if row.passed]
    agreed = sum(bool(hit) == row.passed for row, hit in zip(rows, right, strict=True))
    return Profile(
        route=name,
        agreement=agreed / len(rows),
        recall=sum(map(bool, passed)) / len(passed),
        found=sum(hit is not None for hit in right) / len(rows),
        rows=len(rows),
        max_output_chars=longest,
    )


def _reads_right(row: StudiedRow, profile: Profile) -> bool | None:
    """Whether the answer read equals the reference's; None where none is read."""
    answer = final_answer(row.output, profile)
    gold = gold_answer(row.reference, profile)
    return None if answer is None or gold is None else same_value(answer.text, gold)


def _marked(name: str, rows: Sequence[StudiedRow], longest: int) -> Profile:
    """A route without agreement: in how many outputs its marker stands."""
    answers = [final_answer(row.output, Profile(route=name)) for row in rows]
    marked = sum(answer is not None and not answer.guessed for answer in answers)
    found = marked / len(rows) if rows else 0.0
    return Profile(route=name, found=found, rows=len(rows), max_output_chars=longest)
