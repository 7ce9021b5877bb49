"""Protects files that are not ours: a report or picture may only replace an earlier one."""

import re
import stat
from pathlib import Path
from typing import Final

from ..errors import InputError

_PROBE_BYTES: Final = 4_096
"""Bytes read at each end of a file: every mark is within 2,000 bytes of one, and files of any size
are recognised at the same cost."""
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
"""What identifies each format that we write: HTML, Markdown, JSON, SVG, PNG, PDF."""


def refuse_to_replace(path: Path) -> None:
    """Raises unless the path is free, an empty file, or an earlier report or picture.

    Raises:
        InputError: The path is another file, a folder or a link, whose target may be anything; or
            its folder does not exist.
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
            raise InputError("cannot write: it is not a regular file", where=str(path), hint=hint)
        ends = _ends(path)
    except (FileNotFoundError, NotADirectoryError):
        _refuse_no_folder(path.parent)
        return  # the path is free; writing it may still fail, and then says why
    except OSError as error:
        raise InputError(f"cannot write: {error.strerror}", where=str(path), hint=hint) from error
    if ends and not any(mark.search(ends) for mark in _MARKS):
        message = "cannot overwrite a file that is not a report or picture of ErrorMap"
        raise InputError(message, where=str(path), hint=hint)


def _refuse_no_folder(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        hint = "name another place with --out"
        raise InputError("not a folder", where=str(folder), hint=hint)
    if not folder.exists():
        raise InputError("no such folder", where=str(folder), hint="create it first")


def _ends(path: Path) -> bytes:
    """The beginning and the end of a file."""
    with path.open("rb") as stream:
        beginning = stream.read(_PROBE_BYTES)
        size = stream.seek(0, 2)
        stream.seek(max(len(beginning), size - _PROBE_BYTES))
        return beginning + stream.read(_PROBE_BYTES)
