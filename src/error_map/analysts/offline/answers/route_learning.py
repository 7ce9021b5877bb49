"""Learns which answer route reproduces the scores of a dataset."""

import zlib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from ...studied_row import StudiedRow
from ..values.equality import is_number, same_value
from ..values.literals import read_literal
from .extractors.routes import ROUTES
from .final_answer import (
    CACHE_SIZE,
    final_answer,
    gold_answer,
    same_written,
    written,
)
from .profiles import Profile

# A route that fails most rows would pass for the best one of a set that no route fits.
MIN_AGREEMENT: Final = 0.75
# A route that misses more of the passed rows reads something else than the scorer did.
MIN_RECALL: Final = 0.5
# Longer outputs are loops, from which nothing is learned.
MAX_OUTPUT_CHARS: Final = 100_000
# All 28 routes on all rows would take nearly five times as long. On 250 rows the agreement of one
# is known to about 3 percentage points, which is enough to shortlist six.
FIRST_ROUND_ROWS: Final = 250
"""Rows on which all routes are tried."""
SECOND_ROUND_ROUTES: Final = 6
"""Routes that are then tried on all rows."""
# Fewer may be numbers in brackets by chance.
MIN_LITERALS: Final = 5
"""References that are literals from which on the scorer may compare literals as written."""
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


def learn(rows: Sequence[StudiedRow]) -> Profile:
    """Learns the profile whose route best reproduces the scores.

    The agreement of a route is the share of rows where "the extracted answer equals the reference"
    is the same as "passed". Ties go to the earlier route; the order of the rows does not matter.
    If all rows passed or all failed, the route is that of the marker in nearly all outputs, with
    agreement 0, so that its values are not trusted.

    Args:
        rows: Of one dataset. Six routes read each of them; more than about 2,000 do not improve
            the profile.
    """
    longest = max((len(row.output) for row in rows), default=0)
    usable = [
        row for row in rows if (row.reference or "").strip() and len(row.output) <= MAX_OUTPUT_CHARS
    ]
    if len({row.passed for row in usable}) > 1:
        profiles = _try_all(usable, longest)
        fit = [p for p in profiles if p.recall >= MIN_RECALL and p.agreement >= MIN_AGREEMENT]
    else:
        profiles = [_marker_profile(name, usable, longest) for name in MARKED_ROUTES]
        fit = [p for p in profiles if p.expects_answer]
    unknown = Profile(rows=len(usable), max_output_chars=longest)
    return max(fit, key=lambda profile: (profile.agreement, profile.recall), default=unknown)


def _try_all(rows: Sequence[StudiedRow], longest: int) -> list[Profile]:
    """Profiles of the routes: all of them on a few rows, the best of these on all rows."""
    names: Iterable[str] = ROUTES
    if len(rows) > 2 * FIRST_ROUND_ROWS:
        few = sorted(rows, key=_shuffled)[:FIRST_ROUND_ROWS]
        if len({row.passed for row in few}) > 1:
            profiles = _try_routes(ROUTES, few, longest)
            profiles.sort(
                key=lambda p: (p.recall >= MIN_RECALL, p.agreement, p.recall), reverse=True
            )
            best = {profile.route for profile in profiles[:SECOND_ROUND_ROUTES]}
            names = [name for name in ROUTES if name in best]
    return _try_routes(names, rows, longest)


def _shuffled(row: StudiedRow) -> tuple[int, str]:
    """A sort key that shuffles the rows independently of their order."""
    return zlib.crc32(row.output.encode(errors="surrogatepass")), row.prompt


def _try_routes(names: Iterable[str], rows: Sequence[StudiedRow], longest: int) -> list[Profile]:
    """The profile of each route, comparing values or literals as written, whichever fits better."""
    literals = _mostly_literals(rows)
    profiles = []
    for name in names:
        loose = _profile(name, rows, longest)
        # A second try costs as much again and can only matter between the extremes.
        settled = loose.agreement in {0.0, 1.0} or not literals
        both = [loose] if settled else [loose, _profile(name, rows, longest, strict=True)]
        profiles.append(max(both, key=lambda profile: (profile.agreement, profile.recall)))
    return profiles


def _mostly_literals(rows: Sequence[StudiedRow]) -> bool:
    """Whether most references that are not numbers are literals with brackets, quotes or such."""
    golds = {(row.reference or "").strip() for row in rows}
    others = [gold for gold in golds if not is_number(gold)]
    literals = sum(read_literal(gold) is not None for gold in others)
    return literals >= MIN_LITERALS and literals * 2 >= len(others)


def _profile(
    name: str, rows: Sequence[StudiedRow], longest: int, *, strict: bool = False
) -> Profile:
    """The profile of one route, with the share of scores that it reproduces."""
    trial = Profile(route=name, strict=strict)
    correct = [_extracts_reference(row, trial) for row in rows]
    passed = [hit for row, hit in zip(rows, correct, strict=True) if row.passed]
    agreed = sum(bool(hit) == row.passed for row, hit in zip(rows, correct, strict=True))
    return Profile(
        route=name,
        agreement=agreed / len(rows),
        recall=sum(map(bool, passed)) / len(passed),
        found=sum(hit is not None for hit in correct) / len(rows),
        rows=len(rows),
        max_output_chars=longest,
        strict=strict,
    )


def _extracts_reference(row: StudiedRow, profile: Profile) -> bool | None:
    """Whether the extracted answer equals the reference; None if there is none."""
    answer = final_answer(row.output, profile, row.prompt)
    gold = gold_answer(row.reference, profile)
    if answer is None or gold is None:
        return None
    if profile.strict:
        return same_written(written(row.output, answer), gold)
    return _same(answer.text, gold)


@lru_cache(maxsize=CACHE_SIZE)
def _same(text: str, gold: str) -> bool:
    """Caches `same_value`, which costs more than the extraction: most routes extract one text."""
    return same_value(text, gold)


def _marker_profile(name: str, rows: Sequence[StudiedRow], longest: int) -> Profile:
    """The profile of a route without agreement, with the share of outputs that have its marker."""
    answers = [final_answer(row.output, Profile(route=name)) for row in rows]
    with_marker = sum(answer is not None and not answer.guessed for answer in answers)
    found = with_marker / len(rows) if rows else 0.0
    return Profile(route=name, found=found, rows=len(rows), max_output_chars=longest)
