"""Text of plots: characters that the font lacks, widths, line breaks and truncation."""

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
"""Points per inch."""
_PARTS: Final = re.compile(r"[^\s/_:-]+[/_:-]*\s*|[/_:-]+\s*|\s+")
"""Parts of a text after which a line may break."""
_SLACK: Final = 1.04
"""Reserve in width: an SVG is rendered by a viewer whose letters may be slightly wider."""


@cache
def font(size: float, *, bold: bool = False) -> FontProperties:
    """DejaVu Sans from Matplotlib's own files, so that plots are the same on every machine.

    Args:
        size: Letter size in points.
        bold: Whether to use the bold face.
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
    r"""The text as one line, with characters that the font lacks replaced by their codes.

    Example:
        >>> lettered("a\x1bb \u4e2d")
        'a\\x1bb \\u4e2d'
    """
    drawable = _drawable()
    line = visible(text, most=most)
    return clipped("".join(c if ord(c) in drawable else code(c) for c in line), most)


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Width of a line of text in inches."""
    wide, _, _ = text_to_path.get_text_width_height_descent(text, font(size, bold=bold), False)  # noqa: FBT003 - Matplotlib's
    return _SLACK * wide / POINTS


def fitted(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """The line, truncated in its middle to a width: names often differ only at their ends.

    Args:
        text: A result of `lettered`.
        room: Available width in inches.
        size: Letter size in points.
        bold: Whether to use the bold face.
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
    """The text in lines of limited width; the last one is truncated if the text is too long.

    Args:
        text: A result of `lettered`.
        room: Available width in inches.
        size: Points.
        lines: Maximum number of lines, at least 1.
    """
    broken = list(_lines(text, room, size))
    first, rest = broken[: lines - 1], broken[lines - 1 :]
    joined = (*first, *(["".join(rest)] if rest else []))
    return tuple(fitted(line.strip(), room, size) for line in joined)


def _lines(text: str, room: float, size: float) -> Iterator[str]:
    line = ""
    for part in _PARTS.findall(text):
        if line and width((line + part).rstrip(), size) > room:
            yield line
            line = part
        else:
            line += part
    yield line
