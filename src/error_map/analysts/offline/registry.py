"""The detectors there are, found by looking: adding one is adding one file."""

import pkgutil
from functools import cache
from importlib import import_module

from . import detectors as package
from .detector import Detector


@cache
def detectors() -> tuple[Detector, ...]:
    """All detectors, in the order in which their hits count."""
    modules = sorted(module.name for module in pkgutil.iter_modules(package.__path__))
    found: list[Detector] = [
        import_module(f"{package.__name__}.{name}").DETECTOR for name in modules
    ]
    return tuple(sorted(found, key=lambda detector: (detector.rank, detector.name)))


def detector_named(name: str) -> Detector:
    """The detector of that name.

    Raises:
        KeyError: There is none.
    """
    return {detector.name: detector for detector in detectors()}[name]
