"""Text of a picture: what its font can draw, how wide it is, and where it is cut."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from matplotlib import get_data_path
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font
from matplotlib.textpath import text_to_path

from ...analysts.texts import clipped
from ...presentation.sanitize import NAME, code, visible

POINTS: Final = 72
"""Of an inch."""
_PARTS: Final = re.compile(r"[^\s/_:-]+[/_:-]*\s*|[/_:-]+\s*|\s+")
"""After which a line may end."""
_SLACK: Final = 1.04
"""Text of an SVG is set by its viewer, perhaps a little wider."""


@cache
def font(size: float, *, bold: bool = False) -> FontProperties:
    """DejaVu Sans as it comes with Matplotlib: the same on every machine.

    Args:
        size: Points.
        bold: The bold face.
    """
    weight = "bold" if bold else "normal"
    return FontProperties(family="sans-serif", weight=weight, size=size, fname=_file(bold=bold))


def _file(*, bold: bool) -> Path:
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return Path(get_data_path(), "fonts", "ttf", name)


@cache
def _drawable() -> frozenset[int]:
    faces = (FT2Font(_file(bold=bold)).get_charmap() for bold in (False, True))
    return frozenset.intersection(*map(frozenset, faces))


def lettered(text: str, *, most: int = NAME) -> str:
    r"""One line that the font can draw: what it lacks is shown by its code.

    Example:
        >>> lettered("a\x1bb \u4e2d")
        'a\\x1bb \\u4e2d'
    """
    drawable = _drawable()
    shown = visible(text, most=most)
    return clipped("".join(c if ord(c) in drawable else code(c) for c in shown), most)


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Inches that a line takes."""
    wide, _, _ = text_to_path.get_text_width_height_descent(text, font(size, bold=bold), False)  # noqa: FBT003 - Matplotlib's
    return _SLACK * wide / POINTS


def fitted(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """The line, cut to a width in inches in its middle: names differ at their ends.

    Args:
        text: As `lettered` gives it.
        room: Inches.
        size: Points.
        bold: The bold face.
    """
    if width(text, size, bold=bold) <= room:
        return text
    fits, over = 1, len(text)
    while over - fits > 1:
        middle = (fits + over) // 2
        narrow = width(_cut(text, middle), size, bold=bold) <= room
        fits, over = (middle, over) if narrow else (fits, middle)
    return _cut(text, fits)


def _cut(text: str, most: int) -> str:
    head = most // 2
    tail = text[len(text) - (most - 1 - head) :]
    return f"{text[:head].rstrip()}…{tail.lstrip()}"


def wrapped(text: str, room: float, size: float, *, lines: int = 2) -> tuple[str, ...]:
    """The text in at most so many lines of a width in inches; what does not fit is cut.

    Args:
        text: As `lettered` gives it.
        room: Inches.
        size: Points.
        lines: At least 1.
    """
    found = list(_lines(text, room, size))
    kept, rest = found[: lines - 1], found[lines - 1 :]
    whole = (*kept, *(["".join(rest)] if rest else []))
    return tuple(fitted(line.strip(), room, size) for line in whole)


def _lines(text: str, room: float, size: float) -> Iterator[str]:
    line = ""
    for part in _PARTS.findall(text):
        if line and width((line + part).rstrip(), size) > room:
            yield line
            line = part
        else:
            line += part
    yield line
