"""Finds detectors: the built-in ones, and those that other distributions register.

Built-in detectors are found by walking the package `detectors`, so that a new one is one new file.
A module there declares one `DETECTOR` or a table of them, `DETECTORS`. Detectors of other
distributions are found by entry point and imported only when they are selected.
"""

import pkgutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Final, get_args

from ...errors import InputError, refuse_unknown
from ...records import Kind
from ...taxonomy import atlas, reserved
from . import detectors as package
from .detector import Detector

GROUP: Final = "error_map.detectors"
"""Entry points of this group are detectors: `name = "module:DETECTOR"`."""
OURS: Final = "error-map"


@dataclass(frozen=True, slots=True)
class Known:
    """A detector that can be loaded, and whose it is."""

    name: str
    origin: str
    """The distribution that brings it, with its version where it is not ours."""
    load: Callable[[], Detector]


def detectors() -> tuple[Detector, ...]:
    """All detectors, in the order in which their hits count; see `chosen`."""
    return chosen()


@cache
def own_detectors() -> tuple[Detector, ...]:
    """The built-in detectors, in the order in which their hits count."""
    modules = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    return _in_order(
        detector for module in modules if not module.ispkg for detector in _declared(module.name)
    )


def chosen(only: Sequence[str] | None = None, without: Sequence[str] = ()) -> tuple[Detector, ...]:
    """The detectors that are to run, in the order in which their hits count.

    Args:
        only: Names; None for all.
        without: Names of those that are left out, and not even imported.

    Raises:
        InputError: A name is unknown or taken twice, none is left, or one cannot be loaded.
    """
    return _chosen(None if only is None else tuple(only), tuple(without))


def origins(some: Iterable[Detector]) -> dict[str, str]:
    """By name, which distribution brings each detector; with its version where it is not ours."""
    return {name: known()[name].origin for name in sorted(detector.name for detector in some)}


@cache
def known() -> Mapping[str, Known]:
    """Every detector that can be loaded, by name; those of others are not imported yet.

    Raises:
        InputError: A name is taken twice.
    """
    found = {own.name: Known(own.name, OURS, partial(_itself, own)) for own in own_detectors()}
    for point in sorted(entry_points(group=GROUP), key=lambda point: (point.name, point.value)):
        one = Known(point.name, _origin(point), partial(_brought, point))
        if one.name in found:
            twice = f"{found[one.name].origin} and {one.origin}"
            raise InputError(
                f"two detectors are named {one.name!r}: of {twice}",
                where=f"entry points {GROUP!r}",
                hint="uninstall one of the two",
            )
        found[one.name] = one
    return found


@cache
def _chosen(only: tuple[str, ...] | None, without: tuple[str, ...]) -> tuple[Detector, ...]:
    there = known()
    refuse_unknown(only or (), there, what="detector", where="detectors")
    refuse_unknown(without, there, what="detector", where="no_detector")
    names = [name for name in there if (only is None or name in only) and name not in without]
    if not names:
        raise InputError("no detector is left", where="detectors, no_detector")
    found = _in_order(there[name].load() for name in names)
    _refuse_twin_findings(found)
    return found


def _in_order(found: Iterable[Detector]) -> tuple[Detector, ...]:
    return tuple(sorted(found, key=lambda detector: (detector.rank, detector.name)))


def _itself(detector: Detector) -> Detector:
    return detector


def _declared(module_name: str) -> tuple[Detector, ...]:
    module = import_module(module_name)
    table: tuple[Detector, ...] | None = getattr(module, "DETECTORS", None)
    return (module.DETECTOR,) if table is None else table


def _brought(point: EntryPoint) -> Detector:
    """A stranger's detector; nothing about it is trusted."""
    try:
        found = point.load()
    except Exception as error:  # whatever a stranger's module raises
        reason = f"{type(error).__name__}: {error}"
        raise _broken(point, f"cannot be loaded: {reason}") from error
    if not isinstance(found, Detector):
        raise _broken(point, f"is not a Detector but {type(found).__name__!r}")
    if fault := _fault(found, point.name):
        raise _broken(point, fault)
    return found


def _fault(found: Detector, name: str) -> str:
    """What is wrong with a detector's declaration; empty where nothing is."""
    categories = {category.id for category in (*atlas(), *reserved())}
    if found.name != name:
        return f"calls itself {found.name!r}"
    if found.category not in categories:
        return f"has a category that is not in the atlas: {found.category!r}"
    if found.kind not in get_args(Kind):
        return f"has the kind {found.kind!r}, not one of {get_args(Kind)}"
    return "" if found.finding.strip() else "has no name for its finding"


def _refuse_twin_findings(found: Sequence[Detector]) -> None:
    """Refuses two sub-categories of one name, which a reader could not tell apart."""
    taken: dict[tuple[str, str], Detector] = {}
    for detector in sorted(found, key=lambda one: known()[one.name].origin != OURS):
        first = taken.setdefault((detector.category, detector.finding.casefold()), detector)
        if first is not detector:
            raise InputError(
                f"detectors {first.name!r} and {detector.name!r} have the same finding "
                f"{detector.finding!r}",
                where=f"entry points {GROUP!r}",
                hint=f"leave one out: --no-detector {detector.name}",
            )


def _broken(point: EntryPoint, fault: str) -> InputError:
    return InputError(
        f"the detector {point.name!r} of {_origin(point)} {fault}",
        where=f"entry points {GROUP!r}",
        hint=f"mend or uninstall it, or leave it out: --no-detector {point.name}",
    )


def _origin(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else "an unnamed distribution"
