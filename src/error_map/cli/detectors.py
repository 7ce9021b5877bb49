"""`error-map detectors`: which there are, what they claim, and how often they were right."""

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
    """List the detectors of the offline analyst, in the order in which their hits count.

    Parameters
    ----------
    no_detector
        Detectors that are left out, as of one that does not load.
    json
        Print them as JSON, with descriptions.
    """
    found = chosen(without=words(no_detector or ()))
    brought_by = origins(found)
    if json:
        listed = [_entry(one, brought_by[one.name]) for one in found]
        print(json_format.dumps(listed, ensure_ascii=False, indent=2))
        return
    rows = [(one.name, one.category, one.kind, str(one.rank), _precision(one)) for one in found]
    if set(brought_by.values()) == {OURS}:
        print_table(HEADER, rows, sys.stdout)
    else:
        wide = [(*row, brought_by[one.name]) for one, row in zip(found, rows, strict=True)]
        print_table((*HEADER, "brought by"), wide, sys.stdout)


def _precision(one: Detector) -> str:
    if one.measured is None:
        return "not measured"
    rate = Rate.counted(one.measured.right, one.measured.read)
    interval = f"[{whole(rate.low)}, {whole(rate.high)}]"
    return f"{whole(rate.value)} % of {rate.trials:,} {interval}"


def _entry(one: Detector, brought_by: str) -> dict[str, object]:
    measured = one.measured
    return {
        "name": one.name,
        "finding": one.finding,
        "description": one.description,
        "category": one.category,
        "kind": one.kind,
        "rank": one.rank,
        "precision": measured and measured.right / measured.read,
        "right": measured and measured.right,
        "read": measured and measured.read,
        "brought_by": brought_by,
    }
