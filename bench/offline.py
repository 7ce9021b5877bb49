"""`make bench-offline`: what the offline analyst finds in the shared result sets, as tables.

Of each set some failures and right answers are drawn, or all with `--all`. Right answers go through
the detectors as if they had failed. `--sheet` draws findings to be read without knowing who found
them, `--score` says what the reader made of them, `--read` prints hits of one detector.
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
from .measured import ROOT, measured, shared
from .sets import loaded, names
from .sheet import LONGEST, scored, write_sheet
from .studied import Studied, studied
from .tables import put_into

ROWS: Final = 500
SEED: Final = 42
PAGE: Final = ROOT / "docs/offline-analyst.md"
TOOL_CALLS: Final = "bench.tool_calls"


def main() -> None:
    """Prints the tables, or writes or scores a sheet."""
    options = _parser().parse_args()
    if options.score:
        print(scored(options.score))
        return
    if not (shared() / "data").is_dir():
        print(f"the shared data are not there: {shared()}")
        return
    detectors = chosen(options.detectors)
    collect_rarely()  # as a worker process does
    rows = None if options.all else options.rows
    sets = [
        _said(studied(loaded(name, rows=rows, seed=options.seed), detectors))
        for name in options.sets
    ]
    if options.sheet:
        count, key = write_sheet(
            sets, options.sheet, count=options.count, kinds=options.kinds, seed=options.seed
        )
        print(f"{count} findings in {options.sheet}; their key in {key}")
    elif options.read:
        _print_hits(sets, options)
    else:
        _print_tables(sets, detectors, page=PAGE if options.into_page else None)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.offline", description=__doc__)
    there = names()
    parser.add_argument("--sets", nargs="+", choices=there, default=there, metavar="SET")
    parser.add_argument("--rows", type=int, default=ROWS, help="of failures and of right answers")
    parser.add_argument("--all", action="store_true", help="look at every row")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--detectors", nargs="+", help="only these run")
    parser.add_argument("--into-page", action="store_true", help="put the tables into the docs")
    parser.add_argument("--sheet", type=Path, help="write findings to be read to this CSV file")
    parser.add_argument("--count", type=int, default=100, help="of findings to be read")
    parser.add_argument(
        "--kinds", nargs="+", default=["cause", "fault", "place"], help="of finding, on the sheet"
    )
    parser.add_argument("--score", type=Path, help="a sheet that was read")
    parser.add_argument("--read", metavar="DETECTOR", help="print hits of this one")
    parser.add_argument("--passed", action="store_true", help="with --read: on right answers")
    return parser


def _said(one: Studied) -> Studied:
    """Tells that a set is done, as some take a minute."""
    print(f"- {one.of.name}: {one.cpu_s:.1f} CPU s for {len(one.failed):,} failures", flush=True)
    return one


def _print_tables(
    sets: Sequence[Studied], detectors: Sequence[Detector], *, page: Path | None
) -> None:
    for name, table in _tables(sets, detectors):
        print(f"\n## {name}\n\n{table}")
        if page and not put_into(page, name, table):
            print(f"(the page has no place for it: {page.name})")
    if find_spec(TOOL_CALLS):
        print("\n## tool calls\n")
        print(measured(["-m", TOOL_CALLS]).printed)


def _tables(sets: Sequence[Studied], detectors: Sequence[Detector]) -> Iterator[tuple[str, str]]:
    yield "extraction", tiers.extraction(sets)
    yield "tiers", tiers.tiers(sets)
    yield "detectors", tiers.by_detector(sets, detectors)
    yield "speed", tiers.speed(sets)
    found = steps.marked(sets, detectors)
    if found:
        yield "first steps", steps.first_steps(sets, detectors)
        yield "first steps by detector", steps.by_detector(found)
        yield "reliability", steps.reliability(found)


def _print_hits(sets: Sequence[Studied], options: argparse.Namespace) -> None:
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
        print(f"  prompt {record.prompt[-LONGEST:]!r}\n  reference {record.reference!r}")
        print(f"  output {record.output[:LONGEST]!r}")
    print(f"\n{len(drawn)} of {len(hits)} hits")


if __name__ == "__main__":
    main()
