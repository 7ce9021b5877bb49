"""The readable files of a folder, and a notice for each one that is skipped."""

import errno
import os
import stat
from collections.abc import Collection
from pathlib import Path
from typing import Final

from ..errors import InputError, closest
from .foreign_formats import OPENING_BYTES, refuse_other_formats

_WAY_OUT: Final = (
    "--data-path names a folder of result files, or one file; error-map demo runs on bundled ones"
)
_MAX_NAMED: Final = 3
"""Skipped files that an error names; more would make it hard to read."""


def files_under(
    data_path: Path, suffixes: Collection[str], *, logs: Collection[Path] = ()
) -> tuple[list[Path], list[str]]:
    """The readable files of a folder, sorted, and a notice for each one that is skipped.

    Args:
        data_path: A folder, searched without its subfolders, or one file.
        suffixes: Suffixes for which there is a reader, lower case.
        logs: Files of logs that were found: they are no tables, and with them no table is needed.

    Raises:
        InputError: No file can be read.
    """
    if data_path in logs:
        return [], []
    kind = _no_file(data_path)
    if not kind:
        if not _has_suffix(data_path, suffixes):
            with data_path.open("rb") as file:
                refuse_other_formats(file.read(OPENING_BYTES), where=str(data_path))
            hint = closest(data_path.suffix, suffixes)
            raise InputError(f"no reader for {data_path.suffix!r}", where=str(data_path), hint=hint)
        return [data_path], []
    if not data_path.is_dir():
        if os.path.lexists(data_path):
            raise InputError(f"cannot read: {kind}", where=str(data_path), hint=_WAY_OUT)
        near = _similar(data_path)
        hint = f"{near}; {_WAY_OUT}" if near else _WAY_OUT
        raise InputError("no such file or folder", where=str(data_path), hint=hint)
    return _in_folder(data_path, suffixes, logs)


def _in_folder(
    folder: Path, suffixes: Collection[str], logs: Collection[Path]
) -> tuple[list[Path], list[str]]:
    try:
        # Hidden files belong to programs, such as editors, and are not results.
        visible = sorted(path for path in folder.iterdir() if path.name[0] != ".")
    except OSError as error:
        raise InputError(f"cannot read: {error.strerror}", where=str(folder)) from error
    readable: list[Path] = []
    left_alone: list[str] = []
    for path in visible:
        known = _has_suffix(path, suffixes)
        if path in logs or (not known and path.is_dir()):
            continue  # only logs are looked for in subfolders
        reason = _no_file(path) or ("" if known else "no reader for it")
        if reason:
            left_alone.append(f"left alone, {reason}: {path}")
        else:
            readable.append(path)
    if not readable and not logs:
        more = len(left_alone) - _MAX_NAMED
        named = [*left_alone[:_MAX_NAMED], *([f"and {more} more"] if more > 0 else [])]
        kinds = f"it looks for {', '.join(suffixes)}, and for logs of the tools that it knows"
        hint = "; ".join([kinds, *named, _WAY_OUT])
        raise InputError("no file to read", where=str(folder), hint=hint)
    return readable, left_alone


def _has_suffix(path: Path, suffixes: Collection[str]) -> bool:
    return path.name.lower().endswith(tuple(suffixes))


def _no_file(path: Path) -> str:
    """Why a path cannot be read as a file; opening a pipe, for example, would block forever.

    Empty for a readable regular file, or a symbolic link to one.
    """
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return _unreachable(path, error)
    if stat.S_ISREG(mode):
        # An unreadable file should be a notice now, not an error in the middle of a run.
        return "" if os.access(path, os.R_OK) else "permission denied"
    kinds = {stat.S_IFDIR: "folder", stat.S_IFIFO: "pipe", stat.S_IFSOCK: "socket"}
    return f"it is a {kinds.get(stat.S_IFMT(mode), 'device')}"


def _unreachable(path: Path, error: OSError) -> str:
    if error.errno == errno.ELOOP:
        return "it is a symbolic link that leads to itself"
    if error.errno == errno.ENOENT:
        return "it is a symbolic link to what is not there" if path.is_symlink() else "it is gone"
    return (error.strerror or str(error)).lower()


def _similar(path: Path) -> str:
    """The names in the folder of a missing path, the most similar one first; empty for none."""
    try:
        names = [entry.name for entry in path.parent.iterdir() if entry.name[0] != "."]
    except OSError:
        return ""
    return closest(path.name, names) if names else ""
