"""Writes blind annotation sheets of findings and evaluates filled ones.

A sheet has all that an annotator needs to judge a claim, but neither detector nor confidence, which
are in a second file, the key. Annotators fill the column `right` with 1 or 0, then open the key.
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

from .examined import ExaminedRow, ExaminedSet
from .steps import BINS
from .tables import markdown, with_interval

COLUMNS: Final = ("no", "prompt", "answer", "reference", "a right answer", "claim", "right", "note")
KEY_COLUMNS: Final = ("no", "set", "detector", "kind", "confidence", "stratum", "drawn")
CLAIMS: Final = {
    "cause": "This is what made the answer wrong",
    "fault": "The answer is right, or the item, the reference or the scorer is at fault",
    "place": "The working is first wrong here, or directly before",
    "fact": "This is true",
}
OPEN, CLOSE = "⟦", "⟧"
# What a person reads in a minute or two.
MAX_CHARS: Final = 6_000
"""Length beyond which only the beginning, the end and the context of the evidence are shown."""
CONTEXT_CHARS: Final = 1_500
_YES: Final = frozenset({"1", "1.0", "y", "yes", "true", "right"})
_NO: Final = frozenset({"0", "0.0", "n", "no", "false", "wrong"})


@dataclass(frozen=True, slots=True)
class Claim:
    """The first finding of a diagnosis and its origin."""

    name: str
    """Name of the result set."""
    judged: ExaminedRow
    finding: Finding


@dataclass(frozen=True, slots=True)
class Drawn:
    """A claim on the sheet, with the size of its stratum."""

    claim: Claim
    stratum: int
    """Number of claims of this detector in this set."""
    drawn: int
    """Number of them on the sheet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """The annotator's verdict on one claim, with its line of the key."""

    name: str
    detector: str
    kind: str
    confidence: float
    stratum: int
    """Number of claims of this detector in this set from which the sheet was sampled."""
    right: bool


def write_sheet(
    sets: Sequence[ExaminedSet], path: Path, *, count: int, kinds: Sequence[str], seed: int
) -> tuple[int, Path]:
    """Samples findings, from each stratum in proportion to the square root of its size.

    Args:
        sets: Examined result sets; a stratum is the claims of one detector in one of them.
        path: File of the sheet; the key is written next to it.
        count: Maximum number of findings.
        kinds: Kinds of finding.
        seed: Seed of the sample.

    Returns:
        The number of findings written and the file of the key.
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
    """The file of a sheet's key."""
    return sheet.with_name(f"{sheet.stem}.key{sheet.suffix}")


def scored(path: Path) -> str:
    """Tables of precision by detector, by set and by bin of confidence."""
    annotations = list(_annotations(path))
    by_detector = [
        [f"`{name}`", some[0].kind, f"{_confidence(some):.2f}", _precision(some)]
        for name, some in _grouped(annotations, "detector").items()
    ]
    by_set = [
        [name, *(_weighted([one for one in some if one.kind in kinds]) for kinds in _TIERS)]
        for name, some in {**_grouped(annotations, "name"), "all": annotations}.items()
    ]
    bins = [
        [f"over {low:g}, to {high:g}", f"{_confidence(some):.2f}", _precision(some)]
        for low, high in pairwise(BINS)
        if (some := [one for one in annotations if low < one.confidence <= high])
    ]
    tables = (
        markdown(["detector", "kind", "mean confidence", "right, of those read"], by_detector),
        markdown(["set", "tier A: causes and faults", "places"], by_set),
        markdown(["confidence", "mean", "right, of those read"], bins),
    )
    return "\n".join(tables)


_TIERS: Final = (("cause", "fault"), ("place",))


def _strata(
    sets: Sequence[ExaminedSet], kinds: Sequence[str]
) -> dict[tuple[str, str], list[Claim]]:
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
    """Sample sizes, assigned one at a time to the stratum furthest below its share."""
    sizes = dict.fromkeys(strata, 0)
    for _ in range(min(count, sum(map(len, strata.values())))):
        open_ones = [name for name in strata if sizes[name] < len(strata[name])]
        sizes[min(open_ones, key=lambda name: (sizes[name] + 1) / sqrt(len(strata[name])))] += 1
    return sizes


def _shown(number: int, claim: Claim) -> Sequence[object]:
    failure, finding = claim.judged.row.failure, claim.finding
    record = failure.record
    right = failure.correct_outputs[0].output if failure.correct_outputs else ""
    claimed = f"{CLAIMS[finding.kind]}. {finding.title}: {finding.summary}"
    answer = _marked(record.output, finding)
    texts = (_short(record.prompt), answer, _short(record.reference or ""), _short(right))
    return (number, *texts, claimed, "", "")


def _marked(output: str, finding: Finding) -> str:
    """The output with the evidence in brackets that outputs do not contain."""
    pieces, place = [], 0
    for evidence in sorted(finding.evidence, key=lambda one: one.start):
        if evidence.start >= place:
            pieces += [output[place : evidence.start], OPEN, evidence.quote, CLOSE]
            place = evidence.start + len(evidence.quote)
    text = "".join([*pieces, output[place:]])
    first = text.find(OPEN)
    return _short(text, about=max(first, 0))


def _short(text: str, *, about: int = 0) -> str:
    if len(text) <= MAX_CHARS:
        return text
    ends = [
        (0, CONTEXT_CHARS),
        (about - CONTEXT_CHARS, about + CONTEXT_CHARS),
        (len(text) - CONTEXT_CHARS, len(text)),
    ]
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
    origin = (one.claim.name, finding.detector, finding.kind, finding.confidence)
    return (number, *origin, one.stratum, one.drawn)


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", errors="backslashreplace", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        writer.writerows(rows)


def _rows(path: Path) -> Iterator[Mapping[str, str]]:
    csv.field_size_limit(2**31 - 1)
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def _annotations(path: Path) -> Iterator[Annotation]:
    """The annotations of the lines that were filled.

    Raises:
        ValueError: The column `right` is neither yes, no nor blank.
    """
    verdicts = {row["no"]: row["right"].strip().lower() for row in _rows(path)}
    for row in _rows(key_of(path)):
        answer = verdicts[row["no"]]
        if answer and answer not in _YES | _NO:
            raise ValueError(f"line {row['no']}: {answer!r} is neither 1 nor 0")
        if answer:
            yield Annotation(
                name=row["set"],
                detector=row["detector"],
                kind=row["kind"],
                confidence=float(row["confidence"]),
                stratum=int(row["stratum"]),
                right=answer in _YES,
            )


def _grouped(annotations: Iterable[Annotation], attribute: str) -> dict[str, list[Annotation]]:
    groups = defaultdict(list)
    for one in annotations:
        groups[str(getattr(one, attribute))].append(one)
    return dict(sorted(groups.items()))


def _confidence(annotations: Sequence[Annotation]) -> float:
    return sum(one.confidence for one in annotations) / len(annotations)


def _precision(annotations: Sequence[Annotation]) -> str:
    return with_interval(sum(one.right for one in annotations), len(annotations))


def _weighted(annotations: Sequence[Annotation]) -> str:
    """The estimated precision of all claims from which the sheet was sampled."""
    if not annotations:
        return "-"
    strata = defaultdict(list)
    for one in annotations:
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
