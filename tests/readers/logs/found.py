"""The one log of a folder, and its samples, as a run would read them."""

from pathlib import Path

from error_map.readers import Log, Sample, choose, log_formats, search


def the_log(place: Path) -> Log:
    """The only log in a place, where nothing is refused."""
    found = search(place, log_formats())
    assert found.refused == ()
    (log,) = found.logs
    return log


def samples(place: Path) -> list[Sample]:
    """The samples of the only log in a place, under its default choices."""
    log = the_log(place)
    return list(log.read(choose(log, {})))
