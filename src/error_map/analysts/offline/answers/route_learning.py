"""Which way of reading final answers reproduces a dataset's scores: learnt, never assumed."""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ..values.equality import is_number, same_value
from ..values.literals import read_literal
from .extractors.routes import ROUTES, Answer
from .profiles import (
    FEWEST_ROWS,
    NUMBER_ROUTES,
    REMEMBERED,
    Profile,
    final_answer,
    gold_answer,
    same_written,
    written,
)

__all__ = [
    "FEWEST_ROWS",
    "NUMBER_ROUTES",
    "Answer",
    "Profile",
    "StudiedRow",
    "final_answer",
    "gold_answer",
    "learn",
    "same_value",
    "same_written",
    "written",
]

FLOOR_AGREEMENT: Final = 0.75
FLOOR_RECALL: Final = 0.5
"""A route that misses more of the passed rows reads something else than the scorer did."""
STUDIED: Final = 100_000
"""Characters of output; longer ones are loops and teach nothing."""
FIRST_ROUND: Final = 250
"""Rows on which all routes are tried; of more rows only the best of these routes read them all."""
SECOND_ROUND: Final = 6
"""Routes that go on to the other rows."""
FEWEST_LITERALS: Final = 5
"""References that are literals, from which on the dataset may be one of exact literals."""
MARKED_ROUTES: Final = (
    "####",
    "answer line",
    "boxed",
    "answer field",
    "answer tags",
    "output line",
    "first letter stated",
    "stated answer",
)


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
        rows: At most about 2,000 are worth the time: six routes read each of them.
    """
    longest = max((len(row.output) for row in rows), default=0)
    known = [row for row in rows if (row.reference or "").strip() and len(row.output) <= STUDIED]
    if len({row.passed for row in known}) > 1:
        profiles = _all_tried(known, longest)
        fit = [p for p in profiles if p.recall >= FLOOR_RECALL and p.agreement >= FLOOR_AGREEMENT]
    else:
        profiles = [_marked(name, known, longest) for name in MARKED_ROUTES]
        fit = [p for p in profiles if p.expects_answer]
    untaught = Profile(rows=len(known), max_output_chars=longest)
    return max(fit, key=lambda profile: (profile.agreement, profile.recall), default=untaught)


def _all_tried(rows: Sequence[StudiedRow], longest: int) -> list[Profile]:
    """The routes as they do on the rows: all on a few of them, the best on the others too."""
    names: Iterable[str] = ROUTES
    if len(rows) > FIRST_ROUND + FIRST_ROUND:
        few = sorted(rows, key=_shuffled)[:FIRST_ROUND]
        if len({row.passed for row in few}) > 1:
            tried = _best_of_each(ROUTES, few, longest)
            tried.sort(
                key=lambda p: (p.recall >= FLOOR_RECALL, p.agreement, p.recall), reverse=True
            )
            best = {profile.route for profile in tried[:SECOND_ROUND]}
            names = [name for name in ROUTES if name in best]
    return _best_of_each(names, rows, longest)


def _shuffled(row: StudiedRow) -> tuple[int, str]:
    """An order that has nothing to do with what the rows are, nor with how they come."""
    return zlib.crc32(row.output.encode(errors="surrogatepass")), row.prompt


def _best_of_each(names: Iterable[str], rows: Sequence[StudiedRow], longest: int) -> list[Profile]:
    """Each route with values compared, or with literals compared as written where that fits."""
    literals = _mostly_literals(rows)
    profiles = []
    for name in names:
        loose = _tried(name, rows, longest)
        settled = loose.agreement in {0.0, 1.0} or not literals
        both = [loose] if settled else [loose, _tried(name, rows, longest, strict=True)]
        profiles.append(max(both, key=lambda profile: (profile.agreement, profile.recall)))
    return profiles


def _mostly_literals(rows: Sequence[StudiedRow]) -> bool:
    """Whether most references that are no number are literals with brackets, quotes or such."""
    golds = {(row.reference or "").strip() for row in rows}
    others = [gold for gold in golds if not is_number(gold)]
    literals = sum(read_literal(gold) is not None for gold in others)
    return literals >= FEWEST_LITERALS and literals * 2 >= len(others)


def _tried(name: str, rows: Sequence[StudiedRow], longest: int, *, strict: bool = False) -> Profile:
    """How well one route reproduces the scores."""
    trial = Profile(route=name, strict=strict)
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
        strict=strict,
    )


def _reads_right(row: StudiedRow, profile: Profile) -> bool | None:
    """Whether the answer read equals the reference's; None where none is read."""
    answer = final_answer(row.output, profile, row.prompt)
    gold = gold_answer(row.reference, profile)
    if answer is None or gold is None:
        return None
    if profile.strict:
        return same_written(written(row.output, answer), gold)
    return _same(answer.text, gold)


@lru_cache(maxsize=REMEMBERED)
def _same(text: str, gold: str) -> bool:
    """As `same_value`, which costs more than the reading: most routes read the same text."""
    return same_value(text, gold)


def _marked(name: str, rows: Sequence[StudiedRow], longest: int) -> Profile:
    """A route without agreement: in how many outputs its marker stands."""
    answers = [final_answer(row.output, Profile(route=name)) for row in rows]
    marked = sum(answer is not None and not answer.guessed for answer in answers)
    found = marked / len(rows) if rows else 0.0
    return Profile(route=name, found=found, rows=len(rows), max_output_chars=longest)
