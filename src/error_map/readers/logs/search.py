"""Finds the logs in a folder and below it, and decides which of them are read."""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from ...errors import InputError, closest
from ..compressed import opening_bytes
from ..file_names import COMPRESSED
from .log import CHOICES, ChoiceKind, Log, LogFormat, Opening, choose

OPENING_BYTES: Final = 16_384
"""Read of each file to recognise it: enough for the keys of a JSON object, and quick."""
SUFFIXES: Final = (".json", ".jsonl", ".ndjson", ".eval", ".parquet", ".csv")
"""Suffixes of files that may be logs."""
HIDDEN: Final = Path(".deepeval", ".latest_test_run.json")
"""The only hidden file that is a log: deepeval keeps its latest run there, and no other."""
OWN_FILES: Final = "__exp_id="
"""Part of the name of every file that a run of ours writes."""
_MAX_NAMED: Final = 3
"""Datasets that a notice names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found in a folder and below it."""

    logs: tuple[Log, ...] = ()
    refused: tuple[InputError, ...] = ()
    """Logs that cannot be read, each with its place and why."""
    superseded: tuple[tuple[Log, Log], ...] = ()
    """Logs that are not read, each with the later one of the same model and dataset."""
    copies: tuple[tuple[Log, Log], ...] = ()
    """Logs that are not read, each with the one of the same run that is."""
    unordered: tuple[InputError, ...] = ()
    """Two logs each, of one model and dataset, of which nothing says which is the later one."""
    others: tuple[Path, ...] = ()
    """Files that may be logs by their name, but are none of a known tool."""
    files: frozenset[Path] = field(default_factory=frozenset)
    """All files of the logs, read or not."""


def search(data_path: Path, formats: Sequence[LogFormat]) -> Found:
    """The logs in a folder and all folders below it, or in one file.

    Hidden files and folders but HIDDEN, and the files of our own runs, are passed over.

    Args:
        data_path: A folder or a file.
        formats: Those to look for; the first that recognises a file has it.
    """
    logs: list[Log] = []
    refused: list[InputError] = []
    others: list[Path] = []
    taken: set[Path] = set()
    for path in _candidates(data_path):
        if path in taken:
            continue
        try:
            log = _recognised(path, formats)
        except InputError as error:
            refused.append(error)
            taken.add(path)
            continue
        if log is None:
            others.append(path)
        else:
            logs.append(log)
            taken.update((log.path, *log.files))
    return Found(
        logs=tuple(logs),
        # Two files of one log are often refused for the same reason.
        refused=tuple({str(error): error for error in refused}.values()),
        others=tuple(path for path in others if path not in taken),
        files=frozenset(taken),
    )


def _candidates(data_path: Path) -> Iterator[Path]:
    if data_path.is_file():
        yield data_path
        return
    if data_path.name == HIDDEN.parent.name and (hidden := data_path / HIDDEN.name).is_file():
        yield hidden
    for folder, below, names in os.walk(data_path):
        if HIDDEN.parent.name in below and (hidden := Path(folder, HIDDEN)).is_file():
            yield hidden
        below[:] = sorted(name for name in below if name[0] != ".")
        for name in filter(_may_be_log, sorted(names)):
            path = Path(folder, name)
            if path.is_file() and os.access(path, os.R_OK):
                yield path


def _may_be_log(name: str) -> bool:
    lowered = name.lower()
    for suffix in COMPRESSED:
        lowered = lowered.removesuffix(suffix)
    return name[0] != "." and OWN_FILES not in name and lowered.endswith(SUFFIXES)


def _recognised(path: Path, formats: Sequence[LogFormat]) -> Log | None:
    try:
        opening = Opening(path, opening_bytes(path, OPENING_BYTES))
    except OSError as error:
        raise InputError(f"cannot read: {error.strerror}", where=str(path)) from error
    found = (one.recognise(opening) for one in formats)
    return next((log for log in found if log is not None), None)


def latest(found: Found, *, apart: bool) -> Found:
    """What was found, with one log of each run, and only the latest of a tool, dataset and model.

    Logs whose datasets or models are known only after reading are kept, and so are parts of runs,
    and logs that nothing orders.

    Args:
        found: All logs.
        apart: Whether the caller's names of models tell the runs apart, so that all are kept.
    """
    found = _without_copies(found)
    if apart:
        return found
    groups: dict[tuple[object, ...], list[Log]] = defaultdict(list)
    for log in found.logs:
        known = bool(log.is_run and log.datasets and log.models)
        run = (log.tool, log.datasets, log.models, log.settings)
        groups[run if known else (id(log),)].append(log)
    superseded: list[tuple[Log, Log]] = []
    unordered: list[InputError] = []
    for group in groups.values():
        last = max(group, key=lambda log: (log.is_scored, log.written))
        for log in group:
            if log is last:
                continue
            if _is_earlier(log, last):
                superseded.append((log, last))
            else:
                unordered.append(_without_order(log, last))
    return replace(
        found,
        logs=_without(found.logs, superseded),
        superseded=tuple(superseded),
        unordered=tuple(unordered),
    )


def _without_copies(found: Found) -> Found:
    """What was found, with one log of each run: one with scores, by the most scorers."""
    runs: dict[tuple[object, ...], list[Log]] = defaultdict(list)
    for log in found.logs:
        runs[(log.tool, log.run_id) if log.run_id else (id(log),)].append(log)
    copies: list[tuple[Log, Log]] = []
    for group in runs.values():
        kept = max(group, key=_content)
        copies += ((log, kept) for log in group if log is not kept)
    return replace(found, logs=_without(found.logs, copies), copies=tuple(copies))


def _content(log: Log) -> tuple[bool, int, int]:
    return log.is_scored, sum(map(len, log.choices.values())), log.rows or 0


def _without(logs: Iterable[Log], pairs: Iterable[tuple[Log, Log]]) -> tuple[Log, ...]:
    dropped = {id(log) for log, _ in pairs}
    return tuple(log for log in logs if id(log) not in dropped)


def _is_earlier(log: Log, last: Log) -> bool:
    return log.is_scored < last.is_scored or bool(log.written and last.written != log.written)


def _without_order(log: Log, last: Log) -> InputError:
    what = f"{', '.join(last.models)} on {', '.join(last.datasets)}"
    return InputError(
        f"two logs of {what}, and nothing in them says which is the later one",
        where=f"{log.path} and {last.path}",
        hint=f"remove one{_way_apart(log.path, last.path)}",
    )


def _way_apart(one: Path, other: Path) -> str:
    """How to keep two logs as two models; empty if neither folders nor names tell them apart."""
    kinds = {"run": one.parent.name != other.parent.name, "file": one.stem != other.stem}
    kind = next((name for name, differs in kinds.items() if differs), None)
    return f', or keep both as two models: --model-name "{{model}} ({{{kind}}})"' if kind else ""


def chosen_formats(formats: Sequence[LogFormat], names: Sequence[str]) -> list[LogFormat]:
    """The formats with these names; all if none is named.

    Raises:
        InputError: There is no such format.
    """
    known = [one.name for one in formats]
    for name in names:
        if name not in known:
            raise InputError(f"no format {name!r}", where="format", hint=closest(name, known))
    return [one for one in formats if not names or one.name in names]


def found_lines(found: Found, preferred: Mapping[ChoiceKind, Sequence[str]]) -> Iterator[str]:
    """What was found, as lines for people: logs by tool, choices, and what is not read.

    Args:
        found: After `latest`.
        preferred: The caller's choices; see `choose`.
    """
    by_tool: dict[tuple[str, str], list[Log]] = defaultdict(list)
    for log in found.logs:
        by_tool[log.tool, log.version].append(log)
    for (tool, version), logs in sorted(by_tool.items()):
        yield f"{' '.join(filter(None, (tool, version)))}: {_counted(logs)}"
    yield from _choice_lines(found.logs, preferred)
    for log, last in found.superseded:
        why = "is a later run" if log.is_scored == last.is_scored else "has scores, and is a run"
        yield f"not read, as {last.path} {why} of the same model and dataset: {log.path}"
    for log, kept in found.copies:
        yield f"not read, as it is of the same run as {kept.path}: {log.path}"
    for error in found.unordered:
        yield f"to be settled before a run: {error}"
    for error in found.refused:
        yield f"not read: {error}"


def _counted(logs: Sequence[Log]) -> str:
    datasets = {name for log in logs for name in log.datasets}
    models = {name for log in logs for name in log.models}
    parts = [_number(len(logs), "log")]
    if datasets and all(log.datasets for log in logs):
        parts.append(_number(len(datasets), "dataset"))
    if models and all(log.models for log in logs):
        parts.append(_number(len(models), "model"))
    counts = [log.rows for log in logs]
    known = sum(rows for rows in counts if rows is not None)
    parts.append(_number(known, "sample") if None not in counts else "number of samples unknown")
    return ", ".join(parts)


def _number(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _choice_lines(
    logs: Iterable[Log], preferred: Mapping[ChoiceKind, Sequence[str]]
) -> Iterator[str]:
    """For each choice between several names: which one is taken, and which others there are."""
    groups: dict[tuple[str, ChoiceKind, str, tuple[str, ...]], list[str]] = defaultdict(list)
    for log in logs:
        taken = choose(log, preferred)
        for kind in CHOICES:
            names = log.choices.get(kind, ())
            if len(names) > 1:
                others = tuple(name for name in names if name != taken[kind])
                groups[log.tool, kind, taken[kind], others].extend(log.datasets or (log.path.name,))
    for (tool, kind, name, others), datasets in groups.items():
        unique = sorted(set(datasets))
        more = len(unique) - _MAX_NAMED
        listed = ", ".join(unique[:_MAX_NAMED]) + (f" and {more} more" if more > 0 else "")
        yield (
            f"{tool}, {listed}: {kind} {name!r} is taken; there is also {', '.join(others)}"
            f" (--{kind})"
        )
