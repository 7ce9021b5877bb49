"""Tries answer routes on the scored rows of a dataset, and finds the best for a part of them."""

import zlib
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, Self

from ...studied_row import StudiedRow
from ..values.equality import is_number
from ..values.literal_diff import Difference
from ..values.literals import read_literal
from .alternatives import listed_texts
from .extractors.routes import ROUTES, YES_NO_ROUTE, Answer
from .final_answer import equals_reference, final_answer, form_difference, gold_answer
from .profiles import MIN_ROWS, TRUSTED_AGREEMENT, Profile, Profiles, is_bare

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
PART_ROUTES: Final = 3
"""Routes that are tried besides on the rows of a part of the dataset, by its first-round rows."""
# Fewer may be numbers in brackets by chance.
MIN_LITERALS: Final = 5
"""References that are literals from which on the scorer may compare literals as written."""
# With 28 routes on 20 rows, one that fits two rows better than the common route is often found by
# chance.
MIN_GAIN_ROWS: Final = 3
"""Contradicted rows that a route of its own must save a part of the dataset."""
# A route of its own is one more thing to read in the report, so it must solve most of the problem.
MIN_GAIN_SHARE: Final = 0.5
"""Share of the contradicted rows that it must save."""
# A model that forgets the marker now and then is well read by a guess; a style of answer is more.
MIN_MARKED_SHARE: Final = 0.95
"""Share of the passed outputs with a marker below which parts are searched for that all have it."""
GUESSING: Final[Mapping[str | None, str]] = MappingProxyType(
    {
        "last number": "",
        "first number": "",
        "####, else last number": "####",
        "answer line, else last number": "answer line",
        "boxed, else last number": "boxed",
        "stated, else last number": "stated answer",
    }
)
"""Routes that take any number where there is no marker, with the route that reads the marker."""
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
class _Comparison:
    """How answers and references are compared."""

    strict: bool = False
    unquoted: bool = False


_BY_VALUE: Final = _Comparison()
_AS_WRITTEN: Final = (_Comparison(strict=True), _Comparison(strict=True, unquoted=True))


class Trials:
    """The usable rows of a dataset, and what the routes that were tried extract from them."""

    def __init__(self, rows: Sequence[StudiedRow], longest: int) -> None:
        self._rows = rows
        self.all: Sequence[int] = range(len(rows))
        """The numbers of all rows."""
        self._longest = longest
        self._literals = _mostly_literals(rows)
        self._alternatives = _lists_alternatives(rows)
        self._hits: dict[tuple[str, _Comparison], dict[int, bool | None]] = defaultdict(dict)
        self._answers: dict[tuple[str, int], Answer | None] = {}
        self._few: Container[int] = ()
        """The rows of the first round; empty if there are so few rows that all routes read all."""
        if len(rows) > 2 * FIRST_ROUND_ROWS:
            self._few = frozenset(sorted(self.all, key=self._shuffled)[:FIRST_ROUND_ROWS])

    @classmethod
    def of(cls, rows: Sequence[StudiedRow]) -> Self:
        """Trials on the rows that have a reference."""
        usable = [
            row
            for row in rows
            if (row.reference or "").strip() and len(row.output) <= MAX_OUTPUT_CHARS
        ]
        return cls(usable, max((len(row.output) for row in rows), default=0))

    def common(self, part: Sequence[int] | None = None) -> Profile:
        """The best profile for some rows, by default all."""
        own = self.all if part is None else part
        if len({self._rows[row].passed for row in own}) > 1:
            return self._best(own, SECOND_ROUND_ROUTES)
        profiles = [self._marker_profile(name, own) for name in MARKED_ROUTES]
        fit = [profile for profile in profiles if profile.expects_answer]
        return max(fit, key=_quality, default=self._unknown(own))

    def mixed(self, profile: Profile) -> bool:
        """Whether a part may have a route of its own: rows contradict this one, or it guesses."""
        if len({row.passed for row in self._rows}) < 2:  # noqa: PLR2004 - passed and failed
            return False
        return self._contradicting(profile, self.all) >= MIN_GAIN_ROWS or self._guesses(profile)

    def contradicting(self, profiles: Profiles) -> int:
        """Number of rows whose scores contradict the routes of these profiles."""
        parts: dict[Profile, list[int]] = defaultdict(list)
        for number, row in enumerate(self._rows):
            parts[profiles.of(row.model, row.output)].append(number)
        return sum(self._contradicting(profile, part) for profile, part in parts.items())

    def apart(self, common: Profile) -> tuple[Profile | None, Sequence[int]]:
        """The profile of bare answers, if they are better read by themselves, and the other rows.

        Both parts must gain together, as the common route may be that of either.
        """
        bare = [row for row in self.all if is_bare(self._rows[row].output)]
        short = frozenset(bare)
        others = [row for row in self.all if row not in short]
        if min(len(bare), len(others)) < MIN_ROWS:
            return None, self.all
        profiles = [self._best(part, PART_ROUTES) for part in (bare, others)]
        before = self._contradicting(common, self.all)
        left = sum(map(self._contradicting, profiles, (bare, others)))
        if _gains(before, left) or (left <= before and self._marks(common, profiles)):
            return profiles[0], others
        return None, self.all

    def by_model(self, common: Profile, part: Sequence[int]) -> Mapping[str, Profile]:
        """Profiles of the models whose outputs the common route does not fit.

        If no route fits better, a model has the common one, but is trusted by its own rows. Models
        with the same route share a profile, as the rows of one are few.
        """
        of_model = self._models(part)
        profiles = {}
        guesses = self._guesses(common)
        for model, own in of_model.items():
            misfits = self._contradicting(common, own)
            if len(own) < MIN_ROWS or len(own) == len(part) or not (guesses or _many(misfits, own)):
                continue
            best = self._best(own, PART_ROUTES)
            left = self._contradicting(best, own)
            if _gains(misfits, left) or (left <= misfits and self._marks(common, [best])):
                profiles[model] = best
            elif _many(misfits, own) and common.route is not None:
                profiles[model] = self._profile(common.route, own, _comparison_of(common))
        return self._shared(profiles, of_model)

    def _shared(
        self, profiles: Mapping[str, Profile], of_model: Mapping[str, Sequence[int]]
    ) -> Mapping[str, Profile]:
        """The profiles, one for all models of a route that their rows do not contradict."""
        groups: dict[tuple[str | None, _Comparison], list[str]] = defaultdict(list)
        for model, profile in profiles.items():
            if not _many(self._contradicting(profile, of_model[model]), of_model[model]):
                groups[profile.route, _comparison_of(profile)].append(model)
        shared = dict(profiles)
        for (route, comparison), models in groups.items():
            rows = [row for model in models for row in of_model[model]]
            if route is not None:
                shared.update(dict.fromkeys(models, self._profile(route, rows, comparison)))
        return shared

    def without(self, models: Container[str], part: Sequence[int]) -> Sequence[int]:
        """The rows of a part that are of other models."""
        return [row for row in part if self._rows[row].model not in models]

    def most_used(self, by_model: Mapping[str, Profile], part: Sequence[int]) -> Profile | None:
        """The profile of the route that reads most rows of a part; None if by none of its own."""
        rows: dict[str | None, list[int]] = defaultdict(list)
        for row in part:
            profile = by_model.get(self._rows[row].model)
            rows[profile.route if profile else None].extend([row])
        rows.pop(None, None)
        own = max(rows.values(), key=len, default=[])
        return self._best(own, PART_ROUTES) if own else None

    def _guesses(self, profile: Profile) -> bool:
        """Whether the route guesses many answers: only some outputs have its marker."""
        if profile.route not in GUESSING:
            return False
        passed = [row for row in self.all if self._rows[row].passed]
        marker = GUESSING[profile.route]
        hits = self._hits_of(marker, _BY_VALUE, passed) if marker else []
        return sum(hit is not None for hit in hits) < MIN_MARKED_SHARE * len(passed)

    def _marks(self, common: Profile, profiles: Sequence[Profile]) -> bool:
        """Whether the profiles read markers where the common one guesses."""
        return self._guesses(common) and all(
            profile.route is not None and profile.route not in GUESSING for profile in profiles
        )

    def _models(self, part: Sequence[int]) -> Mapping[str, Sequence[int]]:
        """The rows of a part by model, in the order of the models' names."""
        rows: dict[str, list[int]] = defaultdict(list)
        for row in part:
            rows[self._rows[row].model].append(row)
        return {model: rows[model] for model in sorted(rows)}

    def _shuffled(self, row: int) -> tuple[int, str]:
        """A sort key that shuffles the rows independently of their order."""
        studied = self._rows[row]
        return zlib.crc32(studied.output.encode(errors="surrogatepass")), studied.prompt

    def _unknown(self, part: Sequence[int]) -> Profile:
        return Profile(rows=len(part), max_output_chars=self._longest)

    def _best(self, part: Sequence[int], routes: int) -> Profile:
        """The best profile of a part among the routes that do best on its first-round rows."""
        profiles = self._profiles(self._shortlist(part, routes), part)
        fit = [p for p in profiles if p.recall >= MIN_RECALL and p.agreement >= MIN_AGREEMENT]
        if not fit:
            return self._unknown(part)
        best = self._without_guesses(max(fit, key=_quality), part)
        return replace(best, accepted_forms=self._accepted_forms(best))

    def _accepted_forms(self, profile: Profile) -> tuple[str, ...]:
        """Titles of the differences of form with which answers passed, of any part."""
        if not profile.strict:
            return ()
        passed = (row for row in self.all if self._rows[row].passed)
        differences = (self._form_difference(row, profile) for row in passed)
        return tuple(sorted({one.title for one in differences if one}))

    def _form_difference(self, row: int, profile: Profile) -> Difference | None:
        studied = self._rows[row]
        gold = gold_answer(studied.reference, profile)
        answer = self._answer(row, profile)
        if answer is None or gold is None:
            return None
        return form_difference(
            studied.output, answer, gold=gold, profile=profile, prompt=studied.prompt
        )

    def _without_guesses(self, profile: Profile, part: Sequence[int]) -> Profile:
        """The profile, with only those failed rows as missed that state the reference.

        A guessed number or yes may equal the reference by chance.
        """
        if not profile.missed or profile.route is None:
            return profile
        failed = [row for row in part if not self._rows[row].passed]
        hits = self._hits_of(profile.route, _comparison_of(profile), failed)
        answers = [self._answer(row, profile) for row, hit in zip(failed, hits, strict=True) if hit]
        stated = sum(answer is not None and not answer.guessed for answer in answers)
        stated = 0 if profile.route == YES_NO_ROUTE else stated
        return replace(profile, missed=stated / len(part))

    def _shortlist(self, part: Sequence[int], routes: int) -> Iterable[str]:
        """The routes to try on a part: those that do best on a few of its rows, else all."""
        few = [row for row in part if row in self._few]
        if len({self._rows[row].passed for row in few}) < 2:  # noqa: PLR2004 - as above
            return ROUTES
        profiles = self._profiles(ROUTES, few)
        profiles.sort(key=lambda p: (p.recall >= MIN_RECALL, p.agreement, p.recall), reverse=True)
        best = {profile.route for profile in profiles[:routes]}
        return [name for name in ROUTES if name in best]

    def _profiles(self, names: Iterable[str], part: Sequence[int]) -> list[Profile]:
        """The profile of each route, with the comparison that fits best."""
        return [max(self._comparisons(name, part), key=_quality) for name in names]

    def _comparisons(self, name: str, part: Sequence[int]) -> Iterator[Profile]:
        """The profiles of a route by values and, if they may decide, by literals as written."""
        profile = self._profile(name, part, _BY_VALUE)
        yield profile
        for comparison in _AS_WRITTEN if self._literals else ():
            # Another try costs as much again and can only matter between the extremes.
            if profile.agreement in {0.0, 1.0}:
                return
            profile = self._profile(name, part, comparison)
            yield profile

    def _profile(self, name: str, part: Sequence[int], comparison: _Comparison) -> Profile:
        """The profile of one route, with the share of scores that it reproduces."""
        hits = self._hits_of(name, comparison, part)
        passed = [hit for row, hit in zip(part, hits, strict=True) if self._rows[row].passed]
        found = passed or hits
        right = sum(map(bool, hits))
        recalled = sum(map(bool, passed))
        missed = right - recalled
        return Profile(
            route=name,
            agreement=(len(part) - len(passed) + recalled - missed) / len(part),
            recall=recalled / len(passed) if passed else 0.0,
            found=sum(hit is not None for hit in found) / len(found),
            missed=missed / len(part),
            rows=len(part),
            max_output_chars=self._longest,
            strict=comparison.strict,
            unquoted=comparison.unquoted,
            alternatives=self._alternatives,
        )

    def _contradicting(self, profile: Profile, part: Sequence[int]) -> int:
        """Number of rows whose scores contradict the route.

        They passed although it does not find the reference. If it guesses, also those that failed
        although it does: these guesses are right by chance.
        """
        guesses = profile.route in GUESSING or profile.route == YES_NO_ROUTE
        question = part if guesses else [row for row in part if self._rows[row].passed]
        if profile.route is None:
            return len(question)
        hits = self._hits_of(profile.route, _comparison_of(profile), question)
        return sum(
            bool(hit) != self._rows[row].passed for row, hit in zip(question, hits, strict=True)
        )

    def _hits_of(
        self, name: str, comparison: _Comparison, part: Sequence[int]
    ) -> list[bool | None]:
        """By row, whether the extracted answer equals the reference; None if there is none."""
        known = self._hits[name, comparison]
        trial = Profile(
            route=name,
            strict=comparison.strict,
            unquoted=comparison.unquoted,
            alternatives=self._alternatives,
        )
        for row in part:
            if row not in known:
                known[row] = self._equals_reference(row, trial)
        return [known[row] for row in part]

    def _equals_reference(self, row: int, profile: Profile) -> bool | None:
        """Whether the extracted answer equals the reference; None if there is none."""
        studied = self._rows[row]
        gold = gold_answer(studied.reference, profile)
        answer = self._answer(row, profile)
        if answer is None or gold is None:
            return None
        return equals_reference(studied.output, answer, gold=gold, profile=profile)

    def _answer(self, row: int, profile: Profile) -> Answer | None:
        """The extracted answer, kept for the other comparisons if there are any."""
        studied = self._rows[row]
        if not self._literals:
            return final_answer(studied.output, profile, studied.prompt)
        key = (profile.route or "", row)
        if key not in self._answers:
            self._answers[key] = final_answer(studied.output, profile, studied.prompt)
        return self._answers[key]

    def _marker_profile(self, name: str, part: Sequence[int]) -> Profile:
        """The profile of a route without agreement, with the share of outputs with its marker."""
        trial = Profile(route=name)
        answers = [final_answer(self._rows[row].output, trial) for row in part]
        with_marker = sum(answer is not None and not answer.guessed for answer in answers)
        found = with_marker / len(part) if part else 0.0
        return replace(self._unknown(part), route=name, found=found)


def _quality(profile: Profile) -> tuple[float, float]:
    """Sorts profiles from bad to good."""
    return profile.agreement, profile.recall


def _gains(before: int, after: int) -> bool:
    """Whether a split saves most of the contradicted rows, and more than chance would."""
    saved = before - after
    return saved >= MIN_GAIN_ROWS and saved >= MIN_GAIN_SHARE * before


def _many(contradicting: int, part: Sequence[int]) -> bool:
    """Whether more rows of a part contradict a route than trust and chance allow."""
    return contradicting >= max(MIN_GAIN_ROWS, (1 - TRUSTED_AGREEMENT) * len(part))


def _comparison_of(profile: Profile) -> _Comparison:
    return _Comparison(strict=profile.strict, unquoted=profile.unquoted)


def _mostly_literals(rows: Sequence[StudiedRow]) -> bool:
    """Whether most references that are not numbers are literals with brackets, quotes or such."""
    golds = {(row.reference or "").strip() for row in rows}
    others = [gold for gold in golds if not is_number(gold)]
    literals = sum(read_literal(gold) is not None for gold in others)
    return literals >= MIN_LITERALS and literals * 2 >= len(others)


def _lists_alternatives(rows: Sequence[StudiedRow]) -> bool | None:
    """Whether most passed outputs for a list give a part of it; None if no output tells.

    An answer that has to be the whole list contains all of its items, and a list of one is in
    brackets. An item that contains another one, such as "Republic of Niger", tells nothing.
    """
    given = [
        whole
        for row in rows
        if row.passed
        and (items := listed_texts(row.reference or ""))
        and (whole := _gives_whole(items, row.output)) is not None
    ]
    return 2 * sum(given) < len(given) if given else None


def _gives_whole(items: Sequence[str], output: str) -> bool | None:
    folded, text = [item.casefold() for item in items], output.casefold()
    if not all(item in text for item in folded):
        return False
    longest = max(folded, key=len)
    if len(folded) > 1 and all(item in longest for item in folded):
        return None
    return len(folded) > 1 or "[" in output
