"""`error-map detectors`: lists the detectors, their categories and their measured precision."""

import json as json_format
import sys
from typing import Annotated, Final

from cyclopts import Parameter

from ..analysis import Rate
from ..analysts.builtin_detectors import BUILT_IN, DetectorFacts, list_detectors
from ..outputs.terminal import print_table
from ..presentation.formatting import whole
from .analyse import words
from .flags import Words

HEADER: Final = ("detector", "category", "kind", "rank", "right, of those read")


def detectors(
    *, no_detector: Words = None, json: Annotated[bool, Parameter(negative=())] = False
) -> None:
    """List the detectors of the offline analyst, those with the highest priority first.

    Parameters
    ----------
    no_detector
        Detectors to leave out, such as one that does not load.
    json
        Print the list as JSON, with descriptions.
    """
    listed = list_detectors(without=words(no_detector or ()))
    if json:
        entries = [_entry(detector) for detector in listed]
        print(json_format.dumps(entries, ensure_ascii=False, indent=2))
        return
    rows = [(one.name, one.category, one.kind, str(one.rank), _precision(one)) for one in listed]
    if all(detector.origin == BUILT_IN for detector in listed):
        print_table(HEADER, rows, sys.stdout)
    else:
        wide = [(*row, one.origin) for one, row in zip(listed, rows, strict=True)]
        print_table((*HEADER, "brought by"), wide, sys.stdout)


def _precision(detector: DetectorFacts) -> str:
    if not detector.read:
        return "not measured"
    rate = Rate.counted(detector.correct, detector.read)
    interval = f"[{whole(rate.low)}, {whole(rate.high)}]"
    return f"{whole(rate.value)} % of {rate.trials:,} {interval}"


def _entry(detector: DetectorFacts) -> dict[str, object]:
    measured = detector.read > 0
    return {
        "name": detector.name,
        "finding": detector.finding,
        "description": detector.description,
        "category": detector.category,
        "kind": detector.kind,
        "rank": detector.rank,
        "precision": detector.correct / detector.read if measured else None,
        "right": detector.correct if measured else None,
        "read": detector.read if measured else None,
        "brought_by": detector.origin,
    }
