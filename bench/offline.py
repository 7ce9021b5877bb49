"""`make bench-offline`: what the offline analyst finds in the shared result sets, as tables.

Samples failures and correct answers of each set, or takes all with `--all`. Correct answers go
through the detectors as if they had failed. `--sheet` writes a blind annotation sheet, `--score`
evaluates a filled one, `--read` prints hits of one detector.
"""

import argparse
import random
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from error_map.analysts.offline.detector import Detector
from error_map.analysts.offline.registry import chosen
from error_map.gc_tuning import collect_rarely

from . import steps, tiers
from .annotation_sheet import MAX_CHARS, scored, write_sheet
from .examined import ExaminedSet, examine_set
from .explained import explained
from .measurement import ROOT, measure, shared
from .sets import loaded, names
from .tables import insert_table

ROWS: Final = 500
SEED: Final = 42
PAGE: Final = ROOT / "docs/offline-analyst.md"
TOOL_CALLS: Final = "bench.tool_calls"


def main() -> None:
    """Prints the tables, or writes or scores an annotation sheet."""
    options = _parser().parse_args()
    if options.score:
        print(scored(options.score))
        return
    if not (shared() / "data").is_dir():
        print(f"the shared data do not exist: {shared()}")
        return
    detectors = chosen(options.detectors)
    collect_rarely()  # as a worker process does
    rows = None if options.all else options.rows
    sets = [
        _reported(examine_set(loaded(name, rows=rows, seed=options.seed), detectors))
        for name in options.sets
    ]
    if options.sheet:
        count, key = write_sheet(
            sets, options.sheet, count=options.count, kinds=options.kinds, seed=options.seed
        )
        print(f"{count} findings written to {options.sheet}, their key to {key}")
    elif options.read:
        _print_hits(sets, options)
    else:
        _print_tables(sets, detectors, page=PAGE if options.into_page else None)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.offline", description=__doc__)
    there = names()
    parser.add_argument("--sets", nargs="+", choices=there, default=there, metavar="SET")
    parser.add_argument(
        "--rows", type=int, default=ROWS, help="failures, and correct answers, to sample"
    )
    parser.add_argument("--all", action="store_true", help="look at every row")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--detectors", nargs="+", help="run only these")
    parser.add_argument("--into-page", action="store_true", help="insert the tables into the docs")
    parser.add_argument(
        "--sheet", type=Path, help="write a blind annotation sheet to this CSV file"
    )
    parser.add_argument("--count", type=int, default=100, help="findings to annotate")
    parser.add_argument(
        "--kinds",
        nargs="+",
        default=["cause", "fault", "place"],
        help="kinds of finding on the sheet",
    )
    parser.add_argument("--score", type=Path, help="evaluate a filled sheet")
    parser.add_argument("--read", metavar="DETECTOR", help="print hits of this detector")
    parser.add_argument(
        "--passed", action="store_true", help="with --read: hits on correct answers"
    )
    return parser


def _reported(one: ExaminedSet) -> ExaminedSet:
    """Prints that a set is done, as some take a minute."""
    print(f"- {one.of.name}: {one.cpu_s:.1f} CPU s for {len(one.failed):,} failures", flush=True)
    return one


def _print_tables(
    sets: Sequence[ExaminedSet], detectors: Sequence[Detector], *, page: Path | None
) -> None:
    for name, table in _tables(sets, detectors):
        print(f"\n## {name}\n\n{table}")
        if page and not insert_table(page, name, table):
            print(f"({page.name} has no markers for this table)")
    if find_spec(TOOL_CALLS):
        print("\n## tool calls\n")
        print(measure(["-m", TOOL_CALLS]).printed)


def _tables(
    sets: Sequence[ExaminedSet], detectors: Sequence[Detector]
) -> Iterator[tuple[str, str]]:
    yield "extraction", tiers.extraction(sets)
    yield "tiers", tiers.tiers(sets)
    yield "explained", explained(sets, detectors)
    yield "detectors", tiers.by_detector(sets, detectors)
    yield "speed", tiers.speed(sets)
    found = steps.marked(sets, detectors)
    if found:
        yield "first steps", steps.first_steps(sets, detectors)
        yield "first steps by detector", steps.by_detector(found)
        yield "reliability", steps.reliability(found)


def _print_hits(sets: Sequence[ExaminedSet], options: argparse.Namespace) -> None:
    hits = [
        (one.of.name, judged, finding)
        for one in sets
        for judged in (one.passed if options.passed else one.failed)
        for finding in judged.diagnosis.findings
        if finding.detector == options.read
    ]
    drawn = random.Random(options.seed).sample(hits, min(options.count, len(hits)))
    for name, judged, finding in drawn:
        record = judged.row.failure.record
        print(f"\n# {name}: {finding.title}: {finding.summary}")
        print(f"  quoted {[evidence.quote for evidence in finding.evidence]!r}")
        print(f"  prompt {record.prompt[-MAX_CHARS:]!r}\n  reference {record.reference!r}")
        print(f"  output {record.output[:MAX_CHARS]!r}")
    print(f"\n{len(drawn)} of {len(hits)} hits")


if __name__ == "__main__":
    main()
