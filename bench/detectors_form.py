"""Measures answer extraction and the form detectors on the shared result sets.

Usage: `python bench/detectors_form.py [--read DETECTOR --count 30]`. The shared data are found by
the variable ERROR_MAP_SHARED, by default `../shared` beside the project.
"""

import argparse
import os
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

import polars as pl

from error_map.analysts.offline.answers import (
    Profile,
    StudiedRow,
    final_answer,
    gold_answer,
    learn,
    same_value,
)
from error_map.analysts.offline.detector import Case, Detector

SETS: Final = ("gsm8k_gpt3", "zeroeval_math_l5", "zeroeval_numersense", "mmlu_pro")
NAMES: Final = (
    "empty_output",
    "refusal",
    "repetition_loop",
    "truncated",
    "no_answer",
    "scorer_missed",
    "format_broken",
)
STUDIED_ROWS: Final = 2_000
SEED: Final = 7
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Seen:
    """One row, as a case, and whether it was scored right."""

    case: Case
    passed: bool


def main() -> None:
    """Print the tables, or hits of one detector for reading."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--read", choices=NAMES)
    parser.add_argument("--count", type=int, default=30)
    parser.add_argument("--passed", action="store_true", help="read false alarms")
    options = parser.parse_args()
    detectors = [_detector(name) for name in NAMES]
    for name in SETS:
        rows = _rows(name)
        profile, seconds = _timed(learn, _sample(rows))
        cases, extraction = _timed(_all_seen, rows, profile)
        if options.read:
            chosen = next(d for d in detectors if d.name == options.read)
            print(f"\n## {name}")
            _print_hits(chosen, [c for c in cases if c.passed == options.passed], options.count)
            continue
        print(f"\n{name}: {len(rows):,} rows; route {profile.route!r},", end=" ")
        print(f"agreement {_agreement(cases):.4f} on all rows, learnt in {seconds:.2f} CPU s")
        _print_table(detectors, cases, extraction)


def _print_table(detectors: Sequence[Detector], cases: Sequence[Seen], extraction: float) -> None:
    failed = [seen for seen in cases if not seen.passed]
    passed = [seen for seen in cases if seen.passed]
    print(f"  {'detector':16} {'failures':>16} {'false alarms':>15} {'cases per CPU s':>16}")
    total, first = extraction, dict.fromkeys((*NAMES, "nothing"), 0)
    for detector in detectors:
        hits, spent = _timed(_hits, detector, cases)
        total += spent
        wrong = sum(hit for hit, seen in zip(hits, cases, strict=True) if not seen.passed)
        alarms = sum(hits) - wrong
        shown = (
            f"{wrong:5,} = {wrong / len(failed):6.2%}",
            "-" if detector.kind == "fault" else f"{alarms:4,} = {alarms / len(passed):6.2%}",
        )
        print(f"  {detector.name:16} {shown[0]:>16} {shown[1]:>15} {len(cases) / spent:16,.0f}")
    for seen in failed:
        first[next((d.name for d in detectors if d.detect(seen.case)), "nothing")] += 1
    print(
        "  lowest rank:", ", ".join(f"{name} {count:,}" for name, count in first.items() if count)
    )
    print(f"  extraction {len(cases) / extraction:,.0f} cases per CPU s; all together", end=" ")
    print(f"{len(cases) / total:,.0f}")


def _print_hits(detector: Detector, cases: Sequence[Seen], count: int) -> None:
    hits = [(seen.case, sign) for seen in cases if (sign := detector.detect(seen.case))]
    for case, sign in random.Random(SEED).sample(hits, min(count, len(hits))):
        quotes = [case.output[start:end] for start, end in sign.spans]
        print(f"\n{sign.title}: {sign.summary}\n  gold {case.gold!r}, quoted {quotes!r}")
        print(f"  prompt …{case.prompt[-200:]!r}")
        print(f"  output {len(case.output)}: {case.output[:250]!r} … {case.output[-500:]!r}")


def _agreement(cases: Sequence[Seen]) -> float:
    agreed = 0
    for seen in cases:
        answer = seen.case.answer
        right = answer is not None and same_value(answer.text, seen.case.gold or "")
        agreed += right == seen.passed
    return agreed / len(cases)


def _hits(detector: Detector, cases: Sequence[Seen]) -> list[bool]:
    return [detector.detect(seen.case) is not None for seen in cases]


def _all_seen(rows: Sequence[StudiedRow], profile: Profile) -> list[Seen]:
    return [_seen(row, profile) for row in rows]


def _seen(row: StudiedRow, profile: Profile) -> Seen:
    case = Case(
        prompt=row.prompt,
        output=row.output,
        reference=row.reference,
        answer=final_answer(row.output, profile),
        gold=gold_answer(row.reference, profile),
        profile=profile,
    )
    return Seen(case, row.passed)


def _rows(name: str) -> list[StudiedRow]:
    shared = Path(os.environ.get("ERROR_MAP_SHARED", Path(__file__).parents[2] / "shared"))
    frame = pl.read_csv(shared / "data" / "outputs" / f"{name}.csv", infer_schema=False)
    columns = frame.select("input_text", "output_text", "correct_answer", "score").fill_null("")
    return [StudiedRow(p, o, ref, float(score) > 0) for p, o, ref, score in columns.iter_rows()]


def _sample(rows: Sequence[StudiedRow]) -> list[StudiedRow]:
    return random.Random(SEED).sample(list(rows), min(STUDIED_ROWS, len(rows)))


def _detector(name: str) -> Detector:
    module = import_module(f"error_map.analysts.offline.detectors.{name}")
    found: Detector = module.DETECTOR
    return found


def _timed(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> tuple[T, float]:
    start = time.process_time()
    result = work(*args, **kwargs)
    return result, max(time.process_time() - start, 1e-9)


if __name__ == "__main__":
    main()
