"""`error-map detectors`: lists the detectors, with their categories and measured precision."""

import json as json_format
import sys
from typing import Annotated, Final

from cyclopts import Parameter

from ..analysis import Rate
from ..analysts.offline.detector import Detector
from ..analysts.offline.registry import OURS, chosen, origins
from ..outputs.terminal import print_table
from ..presentation.formatting import whole
from .analyse import words
from .options import Words

HEADER: Final = ("detector", "category", "kind", "rank", "right, of those read")


def detectors(
    *, no_detector: Words = None, json: Annotated[bool, Parameter(negative=())] = False
) -> None:
    """List the detectors of the offline analyst, by rank.

    Parameters
    ----------
    no_detector
        Detectors to leave out, such as one that fails to load.
    json
        Print the list as JSON, with descriptions.
    """
    selection = chosen(without=words(no_detector or ()))
    provided_by = origins(selection)
    if json:
        entries = [_entry(detector, provided_by[detector.name]) for detector in selection]
        print(json_format.dumps(entries, ensure_ascii=False, indent=2))
        return
    rows = [_row(detector) for detector in selection]
    if set(provided_by.values()) == {OURS}:
        print_table(HEADER, rows, sys.stdout)
    else:
        wide = [(*row, provided_by[row[0]]) for row in rows]
        print_table((*HEADER, "provided by"), wide, sys.stdout)


def _row(detector: Detector) -> tuple[str, ...]:
    return (
        detector.name,
        detector.category,
        detector.kind,
        str(detector.rank),
        _precision(detector),
    )


def _precision(detector: Detector) -> str:
    """The share of findings that were right, with its denominator and 95 % interval."""
    if detector.measured is None:
        return "not measured"
    rate = Rate.counted(detector.measured.right, detector.measured.read)
    interval = f"[{whole(rate.low)}, {whole(rate.high)}]"
    return f"{whole(rate.value)} % of {rate.trials:,} {interval}"


def _entry(detector: Detector, provided_by: str) -> dict[str, object]:
    measured = detector.measured
    return {
        "name": detector.name,
        "finding": detector.finding,
        "description": detector.description,
        "category": detector.category,
        "kind": detector.kind,
        "rank": detector.rank,
        "precision": measured and measured.right / measured.read,
        "right": measured and measured.right,
        "read": measured and measured.read,
        "brought_by": provided_by,
    }
