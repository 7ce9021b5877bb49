"""Finds detectors: the built-in ones and those that other distributions register.

Built-in detectors are found by walking the package `detectors`, so that adding one takes one new
file. A module there declares one `DETECTOR`, or several in a tuple `DETECTORS`. Detectors of other
distributions are registered as entry points and imported only if they are selected.
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
"""Entry-point group of detectors: `name = "module:DETECTOR"`."""
OURS: Final = "error-map"
"""Origin of the built-in detectors."""


@dataclass(frozen=True, slots=True)
class Known:
    """A detector that can be loaded, and the distribution that provides it."""

    name: str
    origin: str
    """The distribution that provides it, with its version unless it is this one."""
    load: Callable[[], Detector]


def detectors() -> tuple[Detector, ...]:
    """Return all detectors, sorted by rank; see `chosen`."""
    return chosen()


@cache
def own_detectors() -> tuple[Detector, ...]:
    """Return the built-in detectors, sorted by rank."""
    modules = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    return _by_rank(
        detector for module in modules if not module.ispkg for detector in _declared(module.name)
    )


@cache
def split_detectors() -> tuple[Detector, ...]:
    """Return the detectors of earlier versions that were split; they find nothing any more.

    Their names are still accepted as options, and old results are described with them.
    """
    modules = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    return tuple(
        split
        for module in modules
        if not module.ispkg and (split := getattr(import_module(module.name), "SPLIT", None))
    )


@cache
def families() -> Mapping[str, str]:
    """Map the names of the built-in detectors to their folders, such as `steps`.

    A module that is in no folder counts as one.
    """
    found = {}
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not module.ispkg:
            folder = module.name.removeprefix(f"{package.__name__}.").partition(".")[0]
            found.update({detector.name: folder for detector in _declared(module.name)})
    return found


def own_detector(name: str) -> Detector | None:
    """Return the built-in detector of this name or former name; None if there is none.

    Example:
        >>> own_detector("went_on").name
        'overran_result'
    """
    return _own_by_name().get(name)


def chosen(only: Sequence[str] | None = None, without: Sequence[str] = ()) -> tuple[Detector, ...]:
    """Load the selected detectors, sorted by rank. Former names are accepted.

    Args:
        only: Names of the detectors to load; None for all.
        without: Names of the detectors to leave out; these are not imported.

    Raises:
        InputError: A name is unknown or used twice, no detector remains, or one fails to load.
    """
    return _chosen(None if only is None else tuple(only), tuple(without))


def origins(selection: Iterable[Detector]) -> dict[str, str]:
    """Map each detector's name to the distribution that provides it; see `Known.origin`."""
    return {name: known()[name].origin for name in sorted(detector.name for detector in selection)}


@cache
def known() -> Mapping[str, Known]:
    """Map names to all detectors that can be loaded; those of other distributions unimported.

    Raises:
        InputError: Two detectors have the same name, or one has a former name of another.
    """
    entries = {own.name: Known(own.name, OURS, partial(_itself, own)) for own in own_detectors()}
    taken = dict.fromkeys(_own_by_name(), OURS)
    for point in sorted(entry_points(group=GROUP), key=lambda point: (point.name, point.value)):
        entry = Known(point.name, _origin(point), partial(_loaded, point))
        if entry.name in taken:
            raise InputError(
                f"two detectors are named {entry.name!r}:"
                f" one from {taken[entry.name]}, one from {entry.origin}",
                where=f"entry points {GROUP!r}",
                hint="uninstall one of the two",
            )
        taken[entry.name] = entry.origin
        entries[entry.name] = entry
    return entries


@cache
def _chosen(only: tuple[str, ...] | None, without: tuple[str, ...]) -> tuple[Detector, ...]:
    entries = known()
    included = None if only is None else _current(only)
    excluded = _current(without)
    refuse_unknown(included or (), entries, what="detector", where="detectors")
    refuse_unknown(excluded, entries, what="detector", where="no_detector")
    names = [
        name for name in entries if (included is None or name in included) and name not in excluded
    ]
    if not names:
        raise InputError("no detector is left", where="detectors, no_detector")
    selection = _by_rank(entries[name].load() for name in names)
    _refuse_same_findings(selection)
    return selection


def _current(names: Sequence[str]) -> tuple[str, ...]:
    """Replace former names by the current ones, and leave unknown names as they are."""
    unknown = [name for name in names if name not in known()]
    renamed = _former_names(own_detectors())
    if any(name not in renamed for name in unknown):
        # Detectors of other distributions are imported only for names that nothing else explains.
        renamed = {**_former_names(_loadable()), **renamed}
    return tuple(
        current
        for name in names
        for current in ((name,) if name in known() else renamed.get(name, (name,)))
    )


def _former_names(selection: Iterable[Detector]) -> dict[str, tuple[str, ...]]:
    """The current names by former name: several if a detector was split."""
    current: dict[str, tuple[str, ...]] = {}
    for detector in selection:
        former = (*detector.former_names, *filter(None, [detector.part_of]))
        current |= {name: (*current.get(name, ()), detector.name) for name in former}
    return current


def _loadable() -> Iterable[Detector]:
    """The detectors of other distributions that load without error."""
    for entry in known().values():
        if entry.origin != OURS:
            try:
                detector = entry.load()
            except InputError:  # reported if this detector is selected
                continue
            yield detector


@cache
def _own_by_name() -> Mapping[str, Detector]:
    former = {name: own for own in own_detectors() for name in own.former_names}
    return {
        **former,
        **{own.name: own for own in (*split_detectors(), *own_detectors())},
    }


def _by_rank(selection: Iterable[Detector]) -> tuple[Detector, ...]:
    # Equal ranks are ordered by the oldest name, so that renaming a detector changes no diagnosis.
    return tuple(sorted(selection, key=lambda detector: (detector.rank, detector.category_key)))


def _itself(detector: Detector) -> Detector:
    return detector


def _declared(module_name: str) -> tuple[Detector, ...]:
    module = import_module(module_name)
    table: tuple[Detector, ...] | None = getattr(module, "DETECTORS", None)
    return (module.DETECTOR,) if table is None else table


def _loaded(point: EntryPoint) -> Detector:
    """Import another distribution's detector and validate everything that it declares."""
    try:
        detector = point.load()
    except Exception as error:  # third-party modules may raise anything on import
        reason = f"{type(error).__name__}: {error}"
        raise _broken(point, f"cannot be loaded: {reason}") from error
    if not isinstance(detector, Detector):
        raise _broken(point, f"is not a Detector but {type(detector).__name__!r}")
    if fault := _fault(detector, point.name):
        raise _broken(point, fault)
    return detector


def _fault(detector: Detector, name: str) -> str:
    """Describe what is wrong with a detector's declaration; empty if nothing is."""
    categories = {category.id for category in (*atlas(), *reserved())}
    if detector.name != name:
        return f"declares another name: {detector.name!r}"
    if detector.category not in categories:
        return f"has a category that is not in the atlas: {detector.category!r}"
    if detector.kind not in get_args(Kind):
        return f"has the kind {detector.kind!r}, not one of {get_args(Kind)}"
    return "" if detector.finding.strip() else "has an empty finding name"


def _refuse_same_findings(selection: Sequence[Detector]) -> None:
    """Refuse two subcategories with the same name, which readers could not tell apart."""
    taken: dict[tuple[str, str], Detector] = {}
    own_first = sorted(selection, key=lambda detector: known()[detector.name].origin != OURS)
    for detector in own_first:
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
        hint=f"fix or uninstall it, or leave it out: --no-detector {point.name}",
    )


def _origin(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else "an unnamed distribution"
