"""Which files a report or a picture may replace: earlier ones, known by what is in them."""

import re
import stat
from pathlib import Path
from typing import Final

from ..errors import InputError

_LOOKED_AT: Final = 4_096
"""Bytes at each end of a file; every mark is within 2,000 of one."""
_MARKS: Final = (
    re.compile(rb'\A\s*<!DOCTYPE html>.*<meta name="generator" content="ErrorMap">', re.DOTALL),
    re.compile(rb"\A# [^\n]*\n\nRun `[^\n]*, analysed by `[^\n]*\n"),
    re.compile(
        rb'\A\{\n "schema_version": \d+,\n "title": "[^\n]*,\n "exp_id": "[^\n]*,\n "analyst"'
    ),
    re.compile(rb"\A<\?xml.*<svg.*<dc:title>ErrorMap</dc:title>", re.DOTALL),
    re.compile(rb"\A\x89PNG.*tEXtSoftware\x00ErrorMap", re.DOTALL),
    re.compile(rb"\A%PDF.*/Creator \(ErrorMap\)", re.DOTALL),
)
"""Of each form that we write."""


def refuse_to_replace(path: Path) -> None:
    """Lets pass a place where nothing is, an empty file, and an earlier report or picture.

    Raises:
        InputError: Something else is there, or a link, whose target may be anything; or there is
            no folder for it.
    """
    hint = "name another file with --out, or move this one away"
    try:
        kind = path.lstat().st_mode
        if stat.S_ISLNK(kind):
            raise InputError("cannot write: it is a link", where=str(path), hint=hint)
        if stat.S_ISDIR(kind):
            raise InputError(
                "cannot write: it is a folder", where=str(path), hint="name a file in it"
            )
        if not stat.S_ISREG(kind):
            raise InputError("cannot write: it is no ordinary file", where=str(path), hint=hint)
        seen = _ends(path)
    except (FileNotFoundError, NotADirectoryError):
        _refuse_no_folder(path.parent)
        return  # nothing is there; whether it can be written is seen when it is
    except OSError as error:
        raise InputError(f"cannot write: {error.strerror}", where=str(path), hint=hint) from error
    if seen and not any(mark.search(seen) for mark in _MARKS):
        message = "a file is there that is no report and no picture of ErrorMap; it is kept"
        raise InputError(message, where=str(path), hint=hint)


def _refuse_no_folder(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        hint = "name another place with --out"
        raise InputError("it is no folder", where=str(folder), hint=hint)
    if not folder.exists():
        raise InputError("no such folder", where=str(folder), hint="make it first")


def _ends(path: Path) -> bytes:
    """The beginning and the end of a file."""
    with path.open("rb") as stream:
        beginning = stream.read(_LOOKED_AT)
        size = stream.seek(0, 2)
        stream.seek(max(len(beginning), size - _LOOKED_AT))
        return beginning + stream.read(_LOOKED_AT)
