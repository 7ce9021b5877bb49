"""What is explained, what is located, and how often that is said of right answers."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeAlias

from error_map.analysts.offline.detector import Detector

from .studied import Judged, Studied
from .tables import NONE, counted, markdown, share

Says: TypeAlias = Callable[[Judged], bool]


def _cause(one: Judged) -> bool:
    return "cause" in one.kinds()


def _tier_a(one: Judged) -> bool:
    return not one.kinds().isdisjoint({"cause", "fault"})


def _a_or_flag(one: Judged) -> bool:
    return _tier_a(one) or one.row.consensus


def _a_or_b(one: Judged) -> bool:
    return _tier_a(one) or "place" in one.kinds()


def _located(one: Judged) -> bool:
    return one.diagnosis.verdict == "located"


def _nothing(one: Judged) -> bool:
    return one.diagnosis.verdict == "unexplained"


def _flagged(one: Judged) -> bool:
    return one.row.consensus


def _cause_or_place(one: Judged) -> bool:
    return not one.kinds().isdisjoint({"cause", "place"})


OF_FAILURES: Final[dict[str, Says]] = {
    "a cause": _cause,
    "**tier A**: a cause or a fault": _tier_a,
    "tier A, or the consensus flag": _a_or_flag,
    "**A and B**: tier A, or a place": _a_or_b,
    "a place only": _located,
    "unexplained": _nothing,
    "consensus flag": _flagged,
}
OF_RIGHT_ANSWERS: Final[dict[str, Says]] = {
    "false alarms: a cause": _cause,
    "false alarms: a cause or a place": _cause_or_place,
}
"""Faults are left out: that a right answer has the reference's value is no false alarm."""


def extraction(sets: Sequence[Studied]) -> str:
    """How final answers are read in each set, and how well that reproduces the scores."""
    header = ["", *(one.of.name for one in sets)]
    rows = [
        ["failures in the set", *(f"{one.of.failures:,}" for one in sets)],
        ["failures looked at", *(f"{len(one.failed):,}" for one in sets)],
        ["right answers looked at", *(f"{len(one.passed):,}" for one in sets)],
        ["route learnt", *(one.of.profile.route or "none" for one in sets)],
        ["agreement with the scores", *map(_agreement, sets)],
        ["values are compared", *("yes" if one.of.profile.trusted else "no" for one in sets)],
    ]
    return markdown(header, rows)


def _agreement(one: Studied) -> str:
    if one.of.profile.route is None:
        return NONE
    return f"{one.of.agreed / one.of.compared:.4f} of {one.of.compared:,}"


def tiers(sets: Sequence[Studied]) -> str:
    """Shares of failures by what is said of them, and false alarms."""
    rows = [
        [what, *(_count(one.failed, says) for one in sets)] for what, says in OF_FAILURES.items()
    ]
    rows += [
        [what, *(_count(one.passed, says) for one in sets)]
        for what, says in OF_RIGHT_ANSWERS.items()
    ]
    return markdown(["", *(one.of.name for one in sets)], rows)


def _count(rows: Sequence[Judged], says: Says) -> str:
    return counted(sum(map(says, rows)), len(rows))


def by_detector(sets: Sequence[Studied], detectors: Sequence[Detector]) -> str:
    """By detector, in percent: hits / false alarms / failures in which it is alone."""
    rows = [[f"`{one.name}`", one.kind, *_cells(sets, one)] for one in detectors]
    return markdown(["detector", "kind", *(one.of.name for one in sets)], rows)


def _cells(sets: Sequence[Studied], detector: Detector) -> Iterator[str]:
    for one in sets:
        found = [{each.detector for each in row.diagnosis.findings} for row in one.failed]
        hits = sum(detector.name in names for names in found)
        alone = sum(names == {detector.name} for names in found)
        alarms = sum(
            any(each.detector == detector.name for each in row.diagnosis.findings)
            for row in one.passed
        )
        wrong, right = len(one.failed), len(one.passed)
        false = "·" if detector.kind == "fault" else share(alarms, right)
        silent = not (hits or alarms)
        yield NONE if silent else f"{share(hits, wrong)} / {false} / {share(alone, wrong)}"


def speed(sets: Sequence[Studied]) -> str:
    """Failures per CPU second, all detectors, with the right answers that stood beside."""
    header = ["", *(one.of.name for one in sets)]
    beside = [
        sum(len(row.row.failure.correct_outputs) for row in one.failed) / max(1, len(one.failed))
        for one in sets
    ]
    rows = [
        ["failures per CPU second", *(f"{len(one.failed) / one.cpu_s:,.0f}" for one in sets)],
        ["right answers beside, on average", *(f"{mean:.1f}" for mean in beside)],
    ]
    return markdown(header, rows)
