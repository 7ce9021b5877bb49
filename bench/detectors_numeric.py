"""Prints, per data set and numeric detector, hits among failures, false alarms and speed.

The data sets stand beside the project; `ERROR_MAP_SHARED` names their folder.
"""

import csv
import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from error_map.analysts.offline.detector import Case, Detector
from error_map.analysts.offline.detectors import false_equation, first_departure

SETS: Final = ("gsm8k_gpt3", "zeroeval_math_l5", "zeroeval_numersense", "mmlu_pro")
DETECTORS: Final = (false_equation.DETECTOR, first_departure.DETECTOR)
MOST_CORRECT: Final = 3
THRESHOLD: Final = 0.5


@dataclass(frozen=True, slots=True)
class Tried:
    """A case and whether its output was scored correct."""

    case: Case
    passed: bool


def shared() -> Path:
    """The folder of the shared data."""
    beside = Path(__file__).resolve().parents[2] / "shared"
    return Path(os.environ.get("ERROR_MAP_SHARED", beside))


def cases(name: str) -> Iterator[Tried]:
    """Every row of a data set, with up to three correct outputs of other models."""
    csv.field_size_limit(sys.maxsize)
    path = shared() / "data" / "outputs" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    passes = defaultdict(list)
    for row in rows:
        if float(row["score"]) >= THRESHOLD:
            passes[row["example_id"]].append((row["model"], row["output_text"]))
    for row in rows:
        others = [text for model, text in passes[row["example_id"]] if model != row["model"]]
        case = Case(
            prompt=row["input_text"],
            output=row["output_text"],
            reference=row["correct_answer"],
            correct_outputs=tuple(others[:MOST_CORRECT]),
        )
        yield Tried(case, float(row["score"]) >= THRESHOLD)


def measure(name: str, detector: Detector, tried: list[Tried]) -> str:
    """One line of the table."""
    began = time.process_time()
    fired = [detector.detect(each.case) is not None for each in tried]
    seconds = time.process_time() - began
    wrong = [fire for fire, each in zip(fired, tried, strict=True) if not each.passed]
    right = [fire for fire, each in zip(fired, tried, strict=True) if each.passed]
    return (
        f"{name:22}{detector.name:20}{sum(wrong):6}/{len(wrong):<6}{sum(wrong) / len(wrong):8.2%}"
        f"{sum(right):6}/{len(right):<6}{sum(right) / len(right):8.2%}"
        f"{len(tried) / seconds:12,.0f}"
    )


def main() -> None:
    """Prints the table."""
    print(f"{'set':22}{'detector':20}{'hits':>13}{'share':>8}{'false alarms':>13}{'share':>8}")
    for name in SETS:
        tried = list(cases(name))
        for detector in DETECTORS:
            print(measure(name, detector, tried))


if __name__ == "__main__":
    main()
