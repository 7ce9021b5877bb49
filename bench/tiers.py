"""Shares of failures that are explained or located, and false alarms on correct answers."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeAlias

from error_map.analysts.offline.detector import Detector

from .examined import ExaminedRow, ExaminedSet
from .tables import NONE, counted, markdown, share

Says: TypeAlias = Callable[[ExaminedRow], bool]


def _cause(one: ExaminedRow) -> bool:
    return "cause" in one.kinds()


def _tier_a(one: ExaminedRow) -> bool:
    return not one.kinds().isdisjoint({"cause", "fault"})


def _a_or_flag(one: ExaminedRow) -> bool:
    return _tier_a(one) or one.row.consensus


def _a_or_b(one: ExaminedRow) -> bool:
    return _tier_a(one) or "place" in one.kinds()


def _located(one: ExaminedRow) -> bool:
    return one.diagnosis.verdict == "located"


def _nothing(one: ExaminedRow) -> bool:
    return one.diagnosis.verdict == "unexplained"


def _flagged(one: ExaminedRow) -> bool:
    return one.row.consensus


def _cause_or_place(one: ExaminedRow) -> bool:
    return not one.kinds().isdisjoint({"cause", "place"})


OF_FAILURES: Final[dict[str, Says]] = {
    "a cause": _cause,
    "**tier A**: a cause or a fault": _tier_a,
    "tier A, or the consensus flag": _a_or_flag,
    "**A and B**: tier A, or a place": _a_or_b,
    "a place only": _located,
    "nothing known": _nothing,
    "consensus flag": _flagged,
}
OF_RIGHT_ANSWERS: Final[dict[str, Says]] = {
    "false alarms: a cause": _cause,
    "false alarms: a cause or a place": _cause_or_place,
}
"""Without faults: a correct answer does have the value of the reference."""


def extraction(sets: Sequence[ExaminedSet]) -> str:
    """The answer route of each set and its agreement with the scores."""
    header = ["", *(one.of.name for one in sets)]
    rows = [
        ["failures in the set", *(f"{one.of.failures:,}" for one in sets)],
        ["failures looked at", *(f"{len(one.failed):,}" for one in sets)],
        ["right answers looked at", *(f"{len(one.passed):,}" for one in sets)],
        ["answer route", *(one.of.profile.route or "none" for one in sets)],
        ["agreement with the scores", *map(_agreement, sets)],
        ["values are compared", *("yes" if one.of.profile.trusted else "no" for one in sets)],
    ]
    return markdown(header, rows)


def _agreement(one: ExaminedSet) -> str:
    if one.of.profile.route is None:
        return NONE
    return f"{one.of.agreed / one.of.compared:.4f} of {one.of.compared:,}"


def tiers(sets: Sequence[ExaminedSet]) -> str:
    """Shares of failures by kind of finding, and false alarms."""
    rows = [
        [what, *(_count(one.failed, says) for one in sets)] for what, says in OF_FAILURES.items()
    ]
    rows += [
        [what, *(_count(one.passed, says) for one in sets)]
        for what, says in OF_RIGHT_ANSWERS.items()
    ]
    return markdown(["", *(one.of.name for one in sets)], rows)


def _count(rows: Sequence[ExaminedRow], says: Says) -> str:
    return counted(sum(map(says, rows)), len(rows))


def by_detector(sets: Sequence[ExaminedSet], detectors: Sequence[Detector]) -> str:
    """By detector, in percent: hits / false alarms / failures with no other finding."""
    cells = {one: list(_cells(sets, one)) for one in detectors}
    rows = [[f"`{one.name}`", one.kind, *own] for one, own in cells.items() if {*own} != {NONE}]
    table = markdown(["detector", "kind", *(one.of.name for one in sets)], rows)
    silent = [f"`{one.name}`" for one, own in cells.items() if {*own} == {NONE}]
    return f"{table}\n\nWithout a finding in these sets: {', '.join(silent) or 'none'}."


def _cells(sets: Sequence[ExaminedSet], detector: Detector) -> Iterator[str]:
    for one in sets:
        found = [_detectors(row, detector) for row in one.failed]
        hits = sum(detector.name in names for names in found)
        alone = sum(names == {detector.name} for names in found)
        alarms = sum(
            any(finding.detector == detector.name for finding in row.diagnosis.findings)
            for row in one.passed
        )
        wrong, right = len(one.failed), len(one.passed)
        false = "·" if detector.kind == "fault" else share(alarms, right)
        silent = not (hits or alarms)
        yield NONE if silent else f"{share(hits, wrong)} / {false} / {share(alone, wrong)}"


def _detectors(row: ExaminedRow, detector: Detector) -> set[str]:
    """Detectors with a finding; of the facts, which explain nothing, only this detector."""
    findings = row.diagnosis.findings
    return {one.detector for one in findings if one.kind != "fact" or one.detector == detector.name}


def speed(sets: Sequence[ExaminedSet]) -> str:
    """Failures per CPU second with all detectors, and peer answers per failure."""
    header = ["", *(one.of.name for one in sets)]
    peers = [
        sum(len(row.row.failure.correct_outputs) for row in one.failed) / max(1, len(one.failed))
        for one in sets
    ]
    rows = [
        ["failures per CPU second", *(f"{len(one.failed) / one.cpu_s:,.0f}" for one in sets)],
        ["peer answers, on average", *(f"{mean:.1f}" for mean in peers)],
    ]
    return markdown(header, rows)
