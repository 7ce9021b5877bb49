"""A blind sheet of findings to be read, and what the reader made of it.

The sheet has what a reader needs to judge a claim, and neither detector nor confidence; a second
file, the key, has these. A reader fills the column `right` with 1 or 0 and opens the key last.
"""

import csv
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from pathlib import Path
from typing import Final

from error_map.analysis import Rate, Stratum
from error_map.records import Finding

from .steps import BINS
from .studied import Judged, Studied
from .tables import markdown, with_interval

COLUMNS: Final = ("no", "prompt", "answer", "reference", "a right answer", "claim", "right", "note")
KEY_COLUMNS: Final = ("no", "set", "detector", "kind", "confidence", "stratum", "drawn")
CLAIMS: Final = {
    "cause": "This is what made the answer wrong",
    "fault": "The answer is right, or the item, the reference or the scorer is at fault",
    "place": "The working is first wrong here, or right before",
    "fact": "This is true",
}
OPEN, CLOSE = "⟦", "⟧"
LONGEST: Final = 6_000
"""Characters of a text; of longer ones the beginning, the end and what is about the place."""
ROUND: Final = 1_500
_YES: Final = frozenset({"1", "1.0", "y", "yes", "true", "right"})
_NO: Final = frozenset({"0", "0.0", "n", "no", "false", "wrong"})


@dataclass(frozen=True, slots=True)
class Claim:
    """A finding that decides a diagnosis, and where it comes from."""

    name: str
    """Of the set."""
    judged: Judged
    finding: Finding


@dataclass(frozen=True, slots=True)
class Drawn:
    """A claim on the sheet, and of how many of its kind."""

    claim: Claim
    stratum: int
    """Claims of this detector in this set."""
    drawn: int
    """Of these, on the sheet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What the reader said of one claim, with its line of the key."""

    name: str
    detector: str
    kind: str
    confidence: float
    stratum: int
    """Claims of this detector in this set, among all that the sheet was drawn from."""
    right: bool


def write_sheet(
    sets: Sequence[Studied], path: Path, *, count: int, kinds: Sequence[str], seed: int
) -> tuple[int, Path]:
    """Draws findings that decide, in share of the square root of how many each detector has.

    Args:
        sets: Studied.
        path: Of the sheet; the key is put beside it.
        count: Findings, at the most.
        kinds: Of finding.
        seed: Of the draw.

    Returns:
        How many were written, and where the key is.
    """
    rng = random.Random(seed)
    strata = _strata(sets, kinds)
    drawn = [
        Drawn(claim, stratum=len(strata[name]), drawn=size)
        for name, size in _sizes(strata, count).items()
        for claim in rng.sample(strata[name], size)
    ]
    rng.shuffle(drawn)
    key_path = key_of(path)
    numbered = list(enumerate(drawn, start=1))
    _write(path, COLUMNS, (_shown(number, one.claim) for number, one in numbered))
    _write(key_path, KEY_COLUMNS, (_key(number, one) for number, one in numbered))
    return len(drawn), key_path


def key_of(sheet: Path) -> Path:
    """Where a sheet's key is."""
    return sheet.with_name(f"{sheet.stem}.key{sheet.suffix}")


def scored(path: Path) -> str:
    """What was read: by detector, by set and by bin of confidence, as tables."""
    read = list(_read(path))
    by_detector = [
        [f"`{name}`", some[0].kind, f"{_confidence(some):.2f}", _precision(some)]
        for name, some in _grouped(read, "detector").items()
    ]
    by_set = [
        [name, *(_weighted([one for one in some if one.kind in kinds]) for kinds in _TIERS)]
        for name, some in {**_grouped(read, "name"), "all": read}.items()
    ]
    bins = [
        [f"over {low:g}, to {high:g}", f"{_confidence(some):.2f}", _precision(some)]
        for low, high in pairwise(BINS)
        if (some := [one for one in read if low < one.confidence <= high])
    ]
    tables = (
        markdown(["detector", "kind", "mean confidence", "right, of those read"], by_detector),
        markdown(["set", "tier A: causes and faults", "places"], by_set),
        markdown(["confidence", "mean", "right, of those read"], bins),
    )
    return "\n".join(tables)


_TIERS: Final = (("cause", "fault"), ("place",))


def _strata(sets: Sequence[Studied], kinds: Sequence[str]) -> dict[tuple[str, str], list[Claim]]:
    strata = defaultdict(list)
    for one in sets:
        for judged in one.failed:
            finding = next(iter(judged.diagnosis.findings), None)
            if finding and finding.kind in kinds:
                strata[one.of.name, finding.detector].append(Claim(one.of.name, judged, finding))
    return dict(sorted(strata.items()))


def _sizes(
    strata: Mapping[tuple[str, str], Sequence[Claim]], count: int
) -> dict[tuple[str, str], int]:
    """How many to draw of each: the one that is most behind its share comes next."""
    sizes = dict.fromkeys(strata, 0)
    for _ in range(min(count, sum(map(len, strata.values())))):
        open_ones = [name for name in strata if sizes[name] < len(strata[name])]
        sizes[min(open_ones, key=lambda name: (sizes[name] + 1) / sqrt(len(strata[name])))] += 1
    return sizes


def _shown(number: int, claim: Claim) -> Sequence[object]:
    failure, finding = claim.judged.row.failure, claim.finding
    record = failure.record
    right = failure.correct_outputs[0].output if failure.correct_outputs else ""
    said = f"{CLAIMS[finding.kind]}. {finding.title}: {finding.summary}"
    answer = _marked(record.output, finding)
    texts = (_short(record.prompt), answer, _short(record.reference or ""), _short(right))
    return (number, *texts, said, "", "")


def _marked(output: str, finding: Finding) -> str:
    """The output with the quoted places in brackets that it has not itself."""
    pieces, place = [], 0
    for evidence in sorted(finding.evidence, key=lambda one: one.start):
        if evidence.start >= place:
            pieces += [output[place : evidence.start], OPEN, evidence.quote, CLOSE]
            place = evidence.start + len(evidence.quote)
    text = "".join([*pieces, output[place:]])
    first = text.find(OPEN)
    return _short(text, about=max(first, 0))


def _short(text: str, *, about: int = 0) -> str:
    if len(text) <= LONGEST:
        return text
    ends = [(0, ROUND), (about - ROUND, about + ROUND), (len(text) - ROUND, len(text))]
    parts, place = [], 0
    for start, end in ends:
        left_out = max(0, start - place)
        if end > place:
            parts += [f"\n[… {left_out:,} characters …]\n" if left_out else ""]
            parts += [text[place + left_out : end]]
            place = end
    return "".join(parts)


def _key(number: int, one: Drawn) -> Sequence[object]:
    finding = one.claim.finding
    told = (one.claim.name, finding.detector, finding.kind, finding.confidence)
    return (number, *told, one.stratum, one.drawn)


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", errors="backslashreplace", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        writer.writerows(rows)


def _rows(path: Path) -> Iterator[Mapping[str, str]]:
    csv.field_size_limit(2**31 - 1)
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def _read(path: Path) -> Iterator[Read]:
    """Lines that the reader filled in.

    Raises:
        ValueError: The column `right` has something else than yes, no or nothing.
    """
    said = {row["no"]: row["right"].strip().lower() for row in _rows(path)}
    for row in _rows(key_of(path)):
        answer = said[row["no"]]
        if answer and answer not in _YES | _NO:
            raise ValueError(f"line {row['no']}: {answer!r} is neither 1 nor 0")
        if answer:
            yield Read(
                name=row["set"],
                detector=row["detector"],
                kind=row["kind"],
                confidence=float(row["confidence"]),
                stratum=int(row["stratum"]),
                right=answer in _YES,
            )


def _grouped(read: Iterable[Read], attribute: str) -> dict[str, list[Read]]:
    groups = defaultdict(list)
    for one in read:
        groups[str(getattr(one, attribute))].append(one)
    return dict(sorted(groups.items()))


def _confidence(read: Sequence[Read]) -> float:
    return sum(one.confidence for one in read) / len(read)


def _precision(read: Sequence[Read]) -> str:
    return with_interval(sum(one.right for one in read), len(read))


def _weighted(read: Sequence[Read]) -> str:
    """The share that is right among all claims that the sheet was drawn from."""
    if not read:
        return "-"
    strata = defaultdict(list)
    for one in read:
        strata[one.name, one.detector].append(one)
    rate = Rate.estimated(
        [
            Stratum(hits=sum(one.right for one in some), sampled=len(some), of=some[0].stratum)
            for some in strata.values()
        ]
    )
    return (
        f"{100 * rate.value:.0f} % [{100 * rate.low:.0f}, {100 * rate.high:.0f}]"
        f" from {rate.trials:,} of {rate.of:,}"
    )
