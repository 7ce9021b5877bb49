"""What report and viewer show of the built-in detectors, without the detectors themselves.

A run stores which detectors it used, not how precise they are: precision is measured after a
detector is written, so that what is known of it grows after the run.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from ..records import Kind
from .offline.detector import Detector
from .offline.examine import UNEXPLAINED_TITLE
from .offline.registry import OURS, chosen, origins, own_detectors, split_detectors

__all__ = ["BUILT_IN", "UNEXPLAINED_TITLE", "DetectorFacts", "builtin_detectors", "list_detectors"]

BUILT_IN: Final = OURS
"""Origin of the built-in detectors, as manifests name it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectorFacts:
    """A detector as people see it."""

    name: str
    finding: str
    """Name of what it finds; its sub-category."""
    description: str
    category: str
    """Id of its category in the atlas."""
    kind: Kind
    rank: int
    """Findings of a lower rank decide the diagnosis."""
    origin: str
    """The distribution that provides it."""
    correct: int = 0
    """Of `read`, hits that were right."""
    read: int = 0
    """Hits that people read to measure its precision; 0 if it was not measured."""


@cache
def builtin_detectors() -> Mapping[str, DetectorFacts]:
    """The built-in detectors by name and former names, with those that were split before them."""
    return {
        name: _facts(detector, BUILT_IN)
        for detector in (*split_detectors(), *own_detectors())
        for name in (detector.name, *detector.former_names)
    }


def list_detectors(without: Sequence[str] = ()) -> tuple[DetectorFacts, ...]:
    """All detectors, those of other distributions too, in the order in which findings count.

    Args:
        without: Names of detectors to leave out, such as one that does not load.

    Raises:
        InputError: A name is unknown, or a detector cannot be loaded.
    """
    detectors = chosen(without=without)
    origin = origins(detectors)
    return tuple(_facts(one, origin[one.name]) for one in detectors)


def _facts(detector: Detector, origin: str) -> DetectorFacts:
    measured = detector.measured
    return DetectorFacts(
        name=detector.name,
        finding=detector.finding,
        description=detector.description,
        category=detector.category,
        kind=detector.kind,
        rank=detector.rank,
        origin=origin,
        correct=measured.right if measured else 0,
        read=measured.read if measured else 0,
    )
